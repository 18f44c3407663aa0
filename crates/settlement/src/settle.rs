//! The settlement of one period.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, RightsType};
use ident::{AgreementId, TermId};
use ledger::{Account, Entry, EntryError, Posting, SuspenseReason};
use money::{AllocateError, Amount, Atoms, Currency, Ratio, Rounding, allocate};
use period::Period;
use usage::{Basis, Cell, CellKey, Target};

use crate::index::AgreementIndex;
use crate::outcome::{ClaimKind, Outside, OutsideCell, Plan, SettledCell, Settlement};
use crate::recoup::{self, Earned};

/// Everything a settlement depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The settlement's id; the entries' ids begin with it.
    pub id: &'a str,
    /// The period; advances paid before its end are in the book.
    pub period: Period,
    /// The catalogue with its agreements and licences.
    pub catalog: &'a Catalog,
    /// The cells, in any order; each key once.
    pub cells: &'a [Cell],
    /// What is still to be recouped of each advance that is already in the book.
    pub unrecouped: &'a BTreeMap<(AgreementId, TermId), Atoms>,
}

/// Why a period cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
    /// An amount could not be divided.
    #[error("an amount could not be divided")]
    Allocate(#[from] AllocateError),
    /// The entries do not balance; this is a defect of the program, and nothing is posted.
    #[error("an entry does not balance")]
    Entry(#[from] EntryError),
}

/// Settles a period.
///
/// # Errors
/// [`SettleError`]; nothing is decided then.
pub fn settle(input: &Input<'_>) -> Result<Settlement, SettleError> {
    let mut order: Vec<usize> = (0..input.cells.len()).collect();
    order.sort_by(|a, b| {
        input.cells.get(*a).map(|it| &it.key).cmp(&input.cells.get(*b).map(|it| &it.key))
    });
    let mut divider = Divider::new(input.catalog);
    for at in order {
        if let Some(cell) = input.cells.get(at) {
            divider.divide(at, cell)?;
        }
    }
    let mut book = Book::default();
    for it in &divider.outcome.settled {
        if let Some(cell) = input.cells.get(it.cell) {
            book.add(cell, it)?;
        }
    }
    let mut outcome = divider.outcome;
    let earned = book.close(input.id, &mut outcome)?;
    outcome.recoupments = recoup::recoup(input.catalog, input.period, input.unrecouped, earned)?;
    outcome.entries.extend(recoup::entries(input.id, &outcome.recoupments)?);
    Ok(outcome)
}

/// Divides cells, keeping each distinct plan once.
struct Divider<'a> {
    catalog: &'a Catalog,
    agreements: AgreementIndex<'a>,
    by_terms: BTreeMap<(&'a AgreementId, Vec<&'a TermId>), usize>,
    by_suspense: BTreeMap<SuspenseReason, usize>,
    outcome: Settlement,
}

impl<'a> Divider<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            agreements: AgreementIndex::new(catalog),
            by_terms: BTreeMap::new(),
            by_suspense: BTreeMap::new(),
            outcome: Settlement::default(),
        }
    }

    fn divide(&mut self, at: usize, cell: &Cell) -> Result<(), SettleError> {
        let agreement = self.agreement(&cell.key);
        let (received, licence) = match self.received(cell, agreement) {
            Ok(it) => it,
            Err(reason) => {
                self.outcome.outside.push(OutsideCell { cell: at, reason });
                return Ok(());
            }
        };
        let received = received.ok_or(SettleError::Overflow)?;
        let index = self.plan(&cell.key, agreement);
        let Some(plan) = self.outcome.plans.get(index) else { return Ok(()) };
        let amounts = allocate(received, &plan.weights)?.into_boxed_slice();
        self.outcome.settled.push(SettledCell {
            cell: at,
            licence,
            received,
            plan: index,
            amounts,
        });
        Ok(())
    }

    /// Returns the agreement that speaks about a cell.
    fn agreement(&self, key: &CellKey) -> Option<&'a Agreement> {
        let (rights, day) = (rights_type(key.rights_type), key.month.first_day());
        match &key.target {
            Target::Recording(recording) => self.agreements.find(rights?, recording, day),
            Target::Product(id) => {
                let product = self.catalog.products.get(id)?;
                let rights = rights.unwrap_or(product.rights_type);
                self.catalog.agreement_for_product(rights, product, &key.use_type, day)
            }
            Target::Unmatched { .. } => None,
        }
    }

    /// Returns what a cell brings to us (none if it is too large), or why it brings nothing.
    #[expect(clippy::type_complexity, reason = "the pair has one reader, above")]
    fn received(
        &self,
        cell: &Cell,
        agreement: Option<&Agreement>,
    ) -> Result<(Option<Atoms>, Option<(AgreementId, Ratio)>), Outside> {
        let key = &cell.key;
        match key.basis {
            Basis::NoMoney => Err(Outside::NoMoney),
            Basis::Received => Ok((Some(cell.amount), None)),
            Basis::ServiceNet => {
                // A service owes us for what we control, and an agreement says what that is.
                let agreement = agreement.ok_or(Outside::NotOurs)?;
                let licence = self
                    .catalog
                    .licence_for(
                        &key.sender,
                        agreement.rights_type,
                        &key.territory,
                        &key.use_type,
                        &key.commercial_model,
                        key.month.first_day(),
                    )
                    .ok_or(Outside::NoLicence)?;
                let received = cell.amount.mul_ratio(licence.rate, Rounding::HalfEven);
                Ok((received, Some((licence.id.clone(), licence.rate))))
            }
        }
    }

    fn plan(&mut self, key: &CellKey, agreement: Option<&'a Agreement>) -> usize {
        let Some(agreement) = agreement else {
            return self.suspense(match key.target {
                Target::Recording(_) | Target::Product(_) => SuspenseReason::NoAgreement,
                Target::Unmatched { .. } => SuspenseReason::Unmatched,
            });
        };
        let date = key.month.first_day();
        let terms = match key.target {
            Target::Product(_) => Agreement::terms_for_product,
            Target::Recording(_) | Target::Unmatched { .. } => Agreement::terms_for,
        };
        let terms = terms(agreement, &key.territory, &key.use_type, &key.commercial_model, date);
        let known = (&agreement.id, terms.iter().map(|it| &it.id).collect::<Vec<_>>());
        if let Some(index) = self.by_terms.get(&known) {
            return *index;
        }
        let plan = Plan::of_terms(agreement, &terms);
        let index = self.outcome.plans.len();
        self.outcome.plans.push(plan);
        self.by_terms.insert(known, index);
        index
    }

    fn suspense(&mut self, reason: SuspenseReason) -> usize {
        *self.by_suspense.entry(reason).or_insert_with(|| {
            self.outcome.plans.push(Plan::suspense(None, reason));
            self.outcome.plans.len().saturating_sub(1)
        })
    }
}

/// Sums divided cells by report, currency and plan, and these to what is posted: one entry for
/// each report and currency.
#[derive(Default)]
struct Book<'a> {
    sums: BTreeMap<(&'a str, Currency, usize), PlanSums<'a>>,
}

#[derive(Default)]
struct PlanSums<'a> {
    sender: &'a str,
    received: Atoms,
    parts: Vec<Atoms>,
}

#[derive(Default)]
struct ReportSums<'a> {
    sender: &'a str,
    received: Atoms,
    accounts: BTreeMap<&'a Account, Atoms>,
}

impl<'a> Book<'a> {
    fn add(&mut self, cell: &'a Cell, settled: &SettledCell) -> Result<(), SettleError> {
        let Some(currency) = cell.key.currency else { return Ok(()) };
        let sums = self.sums.entry((&cell.key.report, currency, settled.plan)).or_default();
        sums.sender = &cell.key.sender;
        sums.parts.resize(settled.amounts.len(), Atoms::ZERO);
        plus(&mut sums.received, settled.received)?;
        sums.parts.iter_mut().zip(&settled.amounts).try_for_each(|(sum, it)| plus(sum, *it))
    }

    /// Writes entries and totals, and returns what each payee earned under each agreement.
    fn close(&self, id: &str, outcome: &mut Settlement) -> Result<Earned, SettleError> {
        let Settlement { plans, totals, entries, .. } = outcome;
        let mut earned = Earned::new();
        let mut reports: BTreeMap<(&str, Currency), ReportSums<'_>> = BTreeMap::new();
        for ((report, currency, plan), sums) in &self.sums {
            let Some(plan) = plans.get(*plan) else { continue };
            let of_report = reports.entry((report, *currency)).or_default();
            of_report.sender = sums.sender;
            plus(&mut of_report.received, sums.received)?;
            let totals = totals.entry(*currency).or_default();
            plus(&mut totals.received, sums.received)?;
            for (claim, amount) in plan.claims.iter().zip(&sums.parts) {
                plus(of_report.accounts.entry(&claim.account).or_default(), *amount)?;
                let total = match claim.kind {
                    ClaimKind::Fee => &mut totals.fees,
                    ClaimKind::RoyaltyRate | ClaimKind::ProfitShare => &mut totals.payees,
                    ClaimKind::Retained => &mut totals.retained,
                    ClaimKind::Suspense => &mut totals.suspense,
                };
                plus(total, *amount)?;
                if let (Account::Payee(payee), Some(agreement)) = (&claim.account, &plan.agreement)
                {
                    let key = (agreement.clone(), payee.clone(), *currency);
                    plus(earned.entry(key).or_default(), *amount)?;
                }
            }
        }
        for ((report, currency), ReportSums { sender, received, accounts }) in reports {
            let amount = |atoms: Atoms| Amount { atoms, currency };
            let from = Account::Received(sender.to_owned());
            let mut postings = vec![Posting::debit(from, amount(received))];
            let credit = |(it, sum): (&Account, Atoms)| Posting::credit(it.clone(), amount(sum));
            postings.extend(accounts.into_iter().map(credit));
            let memo = format!("report {report} of {sender}, {currency}");
            entries.push(Entry::new(&format!("{id}/report/{report}/{currency}"), &memo, postings)?);
        }
        Ok(earned)
    }
}

fn plus(sum: &mut Atoms, part: Atoms) -> Result<(), SettleError> {
    // The one sum without a negation is no amount: a posting has two sides.
    let sum_of = sum.checked_add(part).filter(|it| it.checked_neg().is_some());
    *sum = sum_of.ok_or(SettleError::Overflow)?;
    Ok(())
}

const fn rights_type(of: usage::RightsType) -> Option<RightsType> {
    match of {
        usage::RightsType::Master => Some(RightsType::Master),
        usage::RightsType::Work => Some(RightsType::Work),
        usage::RightsType::Performer => Some(RightsType::Performer),
        usage::RightsType::Unspecified => None,
    }
}
