//! What was divided, as entries, totals and sums of what was earned.
//!
//! Cells are many, and the sums that are posted few; so the sums are found by numbers, and names
//! come in at the end.

use std::collections::BTreeMap;

use ledger::{Account, Entry, Posting};
use money::{Amount, Atoms, Currency};
use period::{Date, Month};
use usage::Context;

use crate::divide::Position;
use crate::fold::{Brought, BroughtKey, EarnedKey, Movements, origin};
use crate::outcome::{Plan, SettledCell, Settlement, Totals};
use crate::settle::{Input, SettleError, plus};

/// What the cells have in common that are summed to one, plan by plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Class<'a> {
    restated: bool,
    report: &'a str,
    sender: &'a str,
    currency: Currency,
    /// The currency that it became, if that is another one.
    exchanged_to: Option<Currency>,
    month: Month,
    use_type: &'a str,
}

/// Sums by plan: what was received, then for each claim what it got and what of it is from sales.
#[derive(Default)]
struct PlanSums {
    /// One more than the place of a plan's sums, by the number of the plan; 0 if there are none.
    places: Vec<usize>,
    sums: Vec<Atoms>,
}

impl PlanSums {
    /// The sums of a plan with so many claims, zero at first.
    fn of(&mut self, plan: u32, claims: usize) -> Option<&mut [Atoms]> {
        let (plan, length) = (usize::try_from(plan).ok()?, claims.checked_mul(2)?.checked_add(1)?);
        if self.places.len() <= plan {
            self.places.resize(plan.checked_add(1)?, 0);
        }
        let place = self.places.get_mut(plan)?;
        if *place == 0 {
            *place = self.sums.len().checked_add(1)?;
            self.sums.resize(self.sums.len().checked_add(length)?, Atoms::ZERO);
        }
        let from = place.checked_sub(1)?;
        self.sums.get_mut(from..from.checked_add(length)?)
    }

    /// The plans with sums, in order of their numbers: number, plan and sums.
    fn iter<'s>(
        &'s self,
        plans: &'s [Plan],
    ) -> impl Iterator<Item = (usize, &'s Plan, &'s [Atoms])> {
        let of = |(number, place): (usize, &usize)| {
            let plan = plans.get(number)?;
            let from = place.checked_sub(1)?;
            let length = plan.claims.len().checked_mul(2)?.checked_add(1)?;
            Some((number, plan, self.sums.get(from..from.checked_add(length)?)?))
        };
        self.places.iter().enumerate().filter_map(of)
    }

    /// Adds what a plan has elsewhere.
    fn add(&mut self, plan: usize, more: &[Atoms]) -> Result<(), SettleError> {
        let claims = more.len().saturating_sub(1) >> 1;
        let plan = u32::try_from(plan).map_err(|_| SettleError::TooMany)?;
        let sums = self.of(plan, claims).ok_or(SettleError::Overflow)?;
        sums.iter_mut().zip(more).try_for_each(|(sum, more)| plus(sum, *more))
    }
}

/// Writes entries, totals and what was earned into what was decided.
pub(crate) fn post(input: &Input<'_>, outcome: &mut Settlement) -> Result<(), SettleError> {
    let classes = sum(input, outcome)?;
    let accounts: BTreeMap<&Account, usize> =
        outcome.plans.iter().flat_map(|it| &it.claims).map(|it| (&it.account, 0)).collect();
    let accounts: BTreeMap<&Account, usize> = accounts.into_keys().zip(0..).collect();
    let numbers: Vec<Vec<usize>> = outcome
        .plans
        .iter()
        .map(|plan| {
            plan.claims.iter().filter_map(|it| accounts.get(&it.account).copied()).collect()
        })
        .collect();
    let accounts: Vec<&Account> = accounts.into_keys().collect();
    let mut reports: BTreeMap<ReportKey<'_>, ReportSums> = BTreeMap::new();
    let mut origins: BTreeMap<(Currency, Date, &str), PlanSums> = BTreeMap::new();
    for (class, sums) in &classes {
        let report = (class.restated, class.report, class.sender, class.currency);
        let of_report = reports.entry(report).or_default();
        let currency = class.exchanged_to.unwrap_or(class.currency);
        let of_currency = of_report.accounts.entry(currency).or_default();
        of_currency.resize(accounts.len(), None);
        let origin = (currency, origin(input.origins, class.month), class.use_type);
        let of_origin = origins.entry(origin).or_default();
        for (number, _, sums) in sums.iter(&outcome.plans) {
            of_origin.add(number, sums)?;
            let received = sums.first().copied().unwrap_or_default();
            plus(&mut of_report.received, received)?;
            if class.exchanged_to.is_some() {
                plus(&mut of_report.given, received)?;
            }
            let amounts = sums.iter().skip(1).step_by(2);
            for (account, amount) in numbers.get(number).into_iter().flatten().zip(amounts) {
                if let Some(sum) = of_currency.get_mut(*account) {
                    plus(sum.get_or_insert(Atoms::ZERO), *amount)?;
                }
            }
        }
    }
    let brought = brought(input, &classes, &outcome.plans)?;
    let mut entries = Vec::new();
    for (key, sums) in &reports {
        entries.extend(entry(input, *key, sums, &accounts)?);
    }
    let sums = totals(&reports, &accounts, &mut outcome.totals)?;
    earned(&origins, outcome)?;
    outcome.accounts = sums;
    outcome.brought = brought;
    outcome.entries.extend(entries);
    Ok(())
}

type ReportKey<'a> = (bool, &'a str, &'a str, Currency);

#[derive(Default)]
struct ReportSums {
    received: Atoms,
    /// What of it became other currencies.
    given: Atoms,
    /// What each account gets in a currency, by its number; none if it has no part in the report.
    accounts: BTreeMap<Currency, Vec<Option<Atoms>>>,
}

impl ReportSums {
    /// What there is in a currency.
    fn sum(&self, currency: Currency) -> Result<Atoms, SettleError> {
        let all = self.accounts.get(&currency).into_iter().flatten().flatten();
        Atoms::checked_sum(all.copied()).ok_or(SettleError::Overflow)
    }
}

/// Adds up the totals of each currency; returns what the cells give to each account.
fn totals(
    reports: &BTreeMap<ReportKey<'_>, ReportSums>,
    accounts: &[&Account],
    totals: &mut BTreeMap<Currency, Totals>,
) -> Result<BTreeMap<(Account, Currency), Atoms>, SettleError> {
    let mut sums: BTreeMap<(Account, Currency), Atoms> = BTreeMap::new();
    for ((.., own), of_report) in reports {
        let of_own = totals.entry(*own).or_default();
        plus(&mut of_own.received, of_report.received)?;
        let given = of_report.given.checked_neg().ok_or(SettleError::Overflow)?;
        plus(&mut of_own.exchanged, given)?;
        for (currency, of_currency) in &of_report.accounts {
            let totals = totals.entry(*currency).or_default();
            if currency != own {
                plus(&mut totals.exchanged, of_report.sum(*currency)?)?;
            }
            for (account, amount) in accounts.iter().zip(of_currency) {
                let Some(amount) = amount else { continue };
                let total = match account {
                    Account::Retained => &mut totals.retained,
                    Account::Suspense(_) => &mut totals.suspense,
                    Account::Fee(_) => &mut totals.fees,
                    _ => &mut totals.payees,
                };
                plus(total, *amount)?;
                plus(sums.entry((Account::clone(account), *currency)).or_default(), *amount)?;
            }
        }
    }
    Ok(sums)
}

/// Sums divided cells by report, currency, month, use type and plan.
fn sum<'a>(
    input: &Input<'a>,
    outcome: &Settlement,
) -> Result<BTreeMap<Class<'a>, PlanSums>, SettleError> {
    let mut classes: Vec<PlanSums> = Vec::new();
    let mut numbers: BTreeMap<Class<'a>, usize> = BTreeMap::new();
    let mut here: Option<(&Context, Position, Option<Currency>, usize)> = None;
    for it in &outcome.settled {
        let Some(cell) = input.cell(it.position, it.cell) else { continue };
        let exchange = outcome.route(it).and_then(|it| it.exchange.as_ref());
        let exchanged_to = exchange.map(|it| it.to);
        let class = match here {
            Some((context, position, to, class))
                if std::ptr::eq(context, cell.context)
                    && (position, to) == (it.position, exchanged_to) =>
            {
                class
            }
            _ => {
                let Some(class) = Class::of(cell.context, it, exchanged_to) else { continue };
                let next = classes.len();
                let number = *numbers.entry(class).or_insert(next);
                if number == next {
                    classes.push(PlanSums::default());
                }
                here = Some((cell.context, it.position, exchanged_to, number));
                number
            }
        };
        let divided = outcome.divided(&cell, it)?;
        let Some(of_class) = classes.get_mut(class) else { continue };
        let sums = of_class.of(it.plan, divided.amounts.len()).ok_or(SettleError::Overflow)?;
        // What is taken back of a sale is no return.
        let side = match divided.received.is_zero() {
            true => divided.published,
            false => divided.received,
        };
        let is_sale = side.is_negative() == (it.position == Position::Before);
        let Some((received, sums)) = sums.split_first_mut() else { continue };
        plus(received, divided.received)?;
        for (sums, amount) in sums.chunks_exact_mut(2).zip(divided.amounts) {
            let [sum, sales] = sums else { continue };
            plus(sum, amount)?;
            if is_sale {
                plus(sales, amount)?;
            }
        }
    }
    let of = |(class, number): (Class<'a>, usize)| {
        Some((class, classes.get_mut(number).map(std::mem::take)?))
    };
    Ok(numbers.into_iter().filter_map(of).collect())
}

impl<'a> Class<'a> {
    fn of(
        context: &'a Context,
        settled: &SettledCell,
        exchanged_to: Option<Currency>,
    ) -> Option<Self> {
        Some(Self {
            restated: settled.position != Position::Open,
            report: &context.report,
            sender: &context.sender,
            currency: context.currency?,
            exchanged_to,
            month: context.month,
            use_type: &context.use_type,
        })
    }
}

/// The entry of a report in one currency, with what that became in others; none if nothing of it is
/// restated. It balances in each currency: an exchange takes in the one what it gives in the other.
fn entry(
    input: &Input<'_>,
    (restated, report, sender, currency): ReportKey<'_>,
    sums: &ReportSums,
    accounts: &[&Account],
) -> Result<Option<Entry>, SettleError> {
    let amount = |atoms: Atoms, currency: Currency| Amount { atoms, currency };
    let mut postings = Vec::new();
    let mut post = |it: Posting| {
        if !restated || !it.amount().atoms.is_zero() {
            postings.push(it);
        }
    };
    post(Posting::debit(Account::Received(sender.to_owned()), amount(sums.received, currency)));
    let is_own = |it: &Currency| *it == currency;
    let (own, others): (Vec<_>, Vec<_>) = sums.accounts.iter().partition(|it| is_own(it.0));
    for (other, of_currency) in own.iter().chain(&others) {
        if !is_own(other) {
            post(Posting::debit(Account::Exchange, amount(sums.sum(**other)?, **other)));
        }
        let parts = accounts.iter().zip(*of_currency);
        for (account, sum) in parts.filter_map(|(it, sum)| Some((*it, (*sum)?))) {
            post(Posting::credit(account.clone(), amount(sum, **other)));
        }
    }
    if !others.is_empty() {
        // What is given in the others was taken in this one.
        post(Posting::credit(Account::Exchange, amount(sums.given, currency)));
    }
    if restated && postings.is_empty() {
        return Ok(None);
    }
    let word = if restated { "restated" } else { "report" };
    let memo = format!("{word} {report} of {sender}, {currency}");
    let id = format!("{}/{word}/{report}/{currency}", input.id);
    Ok(Some(Entry::new(&id, &memo, postings)?))
}

/// What the reports of each sender brought, by period of origin.
fn brought(
    input: &Input<'_>,
    classes: &BTreeMap<Class<'_>, PlanSums>,
    plans: &[Plan],
) -> Result<Brought, SettleError> {
    let mut brought = Brought::new();
    for (class, sums) in classes {
        let (currency, origin) = (class.currency, origin(input.origins, class.month));
        let key = BroughtKey { sender: class.sender.to_owned(), currency, origin };
        let sum = brought.entry(key).or_default();
        for received in sums.iter(plans).filter_map(|(.., sums)| sums.first()) {
            plus(sum, *received)?;
        }
    }
    brought.retain(|_, sum| !sum.is_zero());
    Ok(brought)
}

/// Writes down what was earned by agreements, by period of origin.
fn earned(
    origins: &BTreeMap<(Currency, Date, &str), PlanSums>,
    outcome: &mut Settlement,
) -> Result<(), SettleError> {
    for ((currency, origin, use_type), sums) in origins {
        for (_, plan, sums) in sums.iter(&outcome.plans) {
            let Some(agreement) = &plan.agreement else { continue };
            let parts = sums.get(1..).unwrap_or_default().chunks_exact(2);
            for (claim, parts) in plan.claims.iter().zip(parts) {
                let ([amount, sales], false) =
                    (parts, matches!(claim.account, Account::Suspense(_)))
                else {
                    continue;
                };
                let key = EarnedKey {
                    agreement: agreement.clone(),
                    currency: *currency,
                    origin: *origin,
                    term: claim.term.clone(),
                    account: claim.account.clone(),
                    use_type: (*use_type).to_owned(),
                };
                let sum = outcome.earned.entry(key).or_default();
                plus(&mut sum.amount, *amount)?;
                plus(&mut sum.sales, *sales)?;
            }
        }
    }
    Ok(())
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
