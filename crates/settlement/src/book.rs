//! What was divided, as entries, totals and sums of what was earned.

use std::collections::BTreeMap;

use ledger::{Account, Entry, Posting};
use money::{Amount, Atoms, Currency};
use period::{Date, Month};
use usage::Cell;

use crate::divide::Position;
use crate::fold::{EarnedKey, Movements, origin_of};
use crate::outcome::{ClaimKind, SettledCell, Settlement};
use crate::settle::{Input, SettleError, plus};

/// Sums divided cells by report, currency, plan, month and use type.
#[derive(Default)]
pub(crate) struct Book<'a> {
    sums: BTreeMap<SumKey<'a>, PlanSums>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SumKey<'a> {
    restated: bool,
    report: &'a str,
    sender: &'a str,
    currency: Currency,
    plan: usize,
    month: Month,
    use_type: &'a str,
}

#[derive(Default)]
struct PlanSums {
    received: Atoms,
    /// For each claim what it got, and what of it is from sales.
    parts: Vec<[Atoms; 2]>,
}

#[derive(Default)]
struct ReportSums<'a> {
    received: Atoms,
    accounts: BTreeMap<&'a Account, Atoms>,
}

impl<'a> Book<'a> {
    pub(crate) fn add(&mut self, cell: &'a Cell, settled: &SettledCell) -> Result<(), SettleError> {
        let Some(currency) = cell.key.currency else { return Ok(()) };
        let key = SumKey {
            restated: settled.position != Position::Open,
            report: &cell.key.report,
            sender: &cell.key.sender,
            currency,
            plan: settled.plan,
            month: cell.key.month,
            use_type: &cell.key.use_type,
        };
        let sums = self.sums.entry(key).or_default();
        sums.parts.resize(settled.amounts.len(), [Atoms::ZERO; 2]);
        plus(&mut sums.received, settled.received)?;
        // What is taken back of a sale is no return.
        let is_sale = settled.received.is_negative() == (settled.position == Position::Before);
        for ([sum, sales], amount) in sums.parts.iter_mut().zip(&settled.amounts) {
            plus(sum, *amount)?;
            if is_sale {
                plus(sales, *amount)?;
            }
        }
        Ok(())
    }

    /// Writes entries, totals and what was earned.
    pub(crate) fn close(
        &self,
        input: &Input<'_>,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let Settlement { plans, totals, entries, earned, .. } = outcome;
        let mut reports: BTreeMap<(bool, &str, &str, Currency), ReportSums<'_>> = BTreeMap::new();
        for (key, sums) in &self.sums {
            let Some(plan) = plans.get(key.plan) else { continue };
            let report = (key.restated, key.report, key.sender, key.currency);
            let of_report = reports.entry(report).or_default();
            plus(&mut of_report.received, sums.received)?;
            let totals = totals.entry(key.currency).or_default();
            plus(&mut totals.received, sums.received)?;
            let origin = origin(input, key.month);
            for (claim, [amount, sales]) in plan.claims.iter().zip(&sums.parts) {
                plus(of_report.accounts.entry(&claim.account).or_default(), *amount)?;
                let total = match claim.account {
                    Account::Retained => &mut totals.retained,
                    Account::Suspense(_) => &mut totals.suspense,
                    Account::Fee(_) => &mut totals.fees,
                    _ => &mut totals.payees,
                };
                plus(total, *amount)?;
                let (Some(agreement), false) = (&plan.agreement, is_waiting(claim.kind)) else {
                    continue;
                };
                let sum = earned
                    .entry(EarnedKey {
                        agreement: agreement.clone(),
                        currency: key.currency,
                        origin,
                        term: claim.term.clone(),
                        account: claim.account.clone(),
                        use_type: key.use_type.to_owned(),
                    })
                    .or_default();
                plus(&mut sum.amount, *amount)?;
                plus(&mut sum.sales, *sales)?;
            }
        }
        for ((restated, report, sender, currency), sums) in reports {
            let amount = |atoms: Atoms| Amount { atoms, currency };
            let accounts = sums.accounts.into_iter().filter(|it| !restated || !it.1.is_zero());
            let mut postings: Vec<Posting> =
                accounts.map(|(it, sum)| Posting::credit(it.clone(), amount(sum))).collect();
            if restated && postings.is_empty() && sums.received.is_zero() {
                continue;
            }
            if !restated || !sums.received.is_zero() {
                let from = Account::Received(sender.to_owned());
                postings.insert(0, Posting::debit(from, amount(sums.received)));
            }
            let word = if restated { "restated" } else { "report" };
            let memo = format!("{word} {report} of {sender}, {currency}");
            let id = format!("{}/{word}/{report}/{currency}", input.id);
            entries.push(Entry::new(&id, &memo, postings)?);
        }
        Ok(())
    }
}

fn is_waiting(kind: ClaimKind) -> bool {
    kind == ClaimKind::Suspense
}

/// The period of origin of a month; the open one, if no earlier one ends after it.
fn origin(input: &Input<'_>, month: Month) -> Date {
    let open = input.origins.last().map_or(Date::MAX, |it| it.end());
    origin_of(input.origins, month.first_day()).unwrap_or(open)
}

/// Writes movements down, one entry each.
pub(crate) fn entries(id: &str, movements: &Movements) -> Result<Vec<Entry>, SettleError> {
    let entry = |(key, atoms): (&crate::MovementKey, &Atoms)| {
        let amount = Amount { atoms: *atoms, currency: key.currency };
        let agreement = key.agreement.as_ref().map_or("", |it| it.as_str());
        let (step, of) = (key.step.as_str(), &key.reference);
        let (from, to, origin) = (&key.from, &key.to, key.origin);
        let id = format!("{id}/{step}/{agreement}/{of}/{from}/{to}/{origin}/{}", key.currency);
        let memo = format!("{step} {agreement}/{of}: {from} to {to}");
        let postings =
            vec![Posting::debit(from.clone(), amount), Posting::credit(to.clone(), amount)];
        Ok(Entry::new(&id, &memo, postings)?)
    };
    movements.iter().map(entry).collect()
}
