//! The settlement of one period.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, RightsType};
use ident::{AgreementId, TermId};
use ledger::{Account, Entry, EntryError, Posting, SuspenseReason};
use money::{AllocateError, Amount, Atoms, Currency, Ratio, Rounding, allocate};
use period::Period;
use usage::{Basis, Cell, CellKey, Target};

use crate::index::AgreementIndex;
use crate::outcome::{ClaimKind, Outside, OutsideCell, Plan, SettledCell, Settlement, Totals};
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
        if let (Some(cell), Some(plan)) =
            (input.cells.get(it.cell), divider.outcome.plans.get(it.plan))
        {
            book.add(cell, plan, it)?;
        }
    }
    let mut outcome = divider.outcome;
    outcome.entries = book.entries(input.id)?;
    outcome.totals = book.totals;
    outcome.recoupments =
        recoup::recoup(input.catalog, input.period, input.unrecouped, book.earned)?;
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
        let Target::Recording(recording) = &key.target else { return None };
        self.agreements.find(rights_type(key.rights_type)?, recording, key.month.first_day())
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
                Target::Recording(_) => SuspenseReason::NoAgreement,
                Target::Unmatched { .. } => SuspenseReason::Unmatched,
            });
        };
        let date = key.month.first_day();
        let terms = agreement.terms_for(&key.territory, &key.use_type, &key.commercial_model, date);
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

/// Sums divided cells to what is posted: one entry for each report and currency.
#[derive(Default)]
struct Book {
    reports: BTreeMap<(String, Currency), ReportSums>,
    totals: BTreeMap<Currency, Totals>,
    earned: Earned,
}

#[derive(Default)]
struct ReportSums {
    sender: String,
    received: Atoms,
    accounts: BTreeMap<Account, Atoms>,
}

impl Book {
    fn add(&mut self, cell: &Cell, plan: &Plan, settled: &SettledCell) -> Result<(), SettleError> {
        let Some(currency) = cell.key.currency else { return Ok(()) };
        let sums = self.reports.entry((cell.key.report.clone(), currency)).or_default();
        if sums.sender.is_empty() {
            sums.sender.clone_from(&cell.key.sender);
        }
        plus(&mut sums.received, settled.received)?;
        let totals = self.totals.entry(currency).or_default();
        plus(&mut totals.received, settled.received)?;
        for (claim, amount) in plan.claims.iter().zip(&settled.amounts) {
            match sums.accounts.get_mut(&claim.account) {
                Some(sum) => plus(sum, *amount)?,
                None => {
                    sums.accounts.insert(claim.account.clone(), *amount);
                }
            }
            let total = match claim.kind {
                ClaimKind::Fee => &mut totals.fees,
                ClaimKind::RoyaltyRate | ClaimKind::ProfitShare => &mut totals.payees,
                ClaimKind::Retained => &mut totals.retained,
                ClaimKind::Suspense => &mut totals.suspense,
            };
            plus(total, *amount)?;
            if let (Account::Payee(payee), Some(agreement)) = (&claim.account, &plan.agreement) {
                let key = (agreement.clone(), payee.clone(), currency);
                plus(self.earned.entry(key).or_default(), *amount)?;
            }
        }
        Ok(())
    }

    fn entries(&self, id: &str) -> Result<Vec<Entry>, SettleError> {
        let entry = |((report, currency), sums): (&(String, Currency), &ReportSums)| {
            let amount = |atoms: Atoms| Amount { atoms, currency: *currency };
            let received = Account::Received(sums.sender.clone());
            let mut postings = vec![Posting::debit(received, amount(sums.received))];
            postings.extend(
                sums.accounts.iter().map(|(it, sum)| Posting::credit(it.clone(), amount(*sum))),
            );
            let memo = format!("report {report} of {}, {currency}", sums.sender);
            Ok(Entry::new(&format!("{id}/report/{report}/{currency}"), &memo, postings)?)
        };
        self.reports.iter().map(entry).collect()
    }
}

fn plus(sum: &mut Atoms, part: Atoms) -> Result<(), SettleError> {
    *sum = sum.checked_add(part).ok_or(SettleError::Overflow)?;
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
