//! The settlement of one period.

use std::collections::BTreeSet;

use catalog::Catalog;
use ledger::EntryError;
use money::{AllocateError, Atoms};
use period::{Month, Period};
use usage::{Cell, Cells, Target};

use crate::book::post;
use crate::divide::{Divider, Position};
use crate::fold::{Brought, EarnedSums, Movements, difference, fold};
use crate::index::AgreementIndex;
use crate::ladder::{Meters, add};
use crate::outcome::Settlement;

/// Everything a settlement depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The settlement's id; the entries' ids begin with it.
    pub id: &'a str,
    /// The periods of all settlements in the order of their ends; the one to be settled last.
    pub origins: &'a [Period],
    /// The catalogue with its agreements and licences.
    pub catalog: &'a Catalog,
    /// The cells.
    pub cells: &'a Cells,
    /// What was settled before.
    pub past: &'a Past,
    /// What the operator decided about single recordings and old money.
    pub rulings: &'a Rulings,
}

/// What the operator decided beside the catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rulings {
    /// What is disputed, by report: its money waits.
    pub disputed: BTreeSet<(String, Target)>,
    /// What could not be matched and was used in an earlier month has lapsed.
    pub lapsed_before: Option<Month>,
}

/// Nothing is decided beside the catalogue.
pub static NO_RULINGS: Rulings = Rulings { disputed: BTreeSet::new(), lapsed_before: None };

/// What was settled before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// What was earned.
    pub earned: EarnedSums,
    /// What the reports of each sender brought, by period of origin.
    pub brought: Brought,
    /// What moved.
    pub movements: Movements,
    /// What ladders counted.
    pub meters: Meters,
    /// Cells that were settled and may have to be divided anew; none if nothing changed for them.
    pub restated: Option<Restated>,
}

/// Settled cells, as they were divided and as they are to be divided now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restated {
    /// The catalogue that they were divided by.
    pub catalog: Catalog,
    /// What had been decided then.
    pub rulings: Rulings,
    /// The cells as that catalogue matches them.
    pub before: Cells,
    /// The same usage, as the present catalogue matches it.
    pub now: Cells,
}

/// Why a period cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
    /// There are more cells than places for them.
    #[error("there are more than 4,294,967,295 cells; settle shorter periods")]
    TooMany,
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
    let mut outcome = Settlement::default();
    let index = AgreementIndex::new(input.catalog);
    let mut divider = Divider::new(&index, input.rulings, input.origins);
    let counted = divider.count(input.cells)?;
    let mut meters = input.past.meters.clone();
    let before = meters.clone();
    if let Some(restated) = &input.past.restated {
        meters = divider.count(&restated.now)?;
    }
    add(&mut meters, &counted)?;
    divider.divide(Position::Open, input.cells, &meters, &mut outcome)?;
    if let Some(restated) = &input.past.restated {
        divider.divide(Position::Now, &restated.now, &meters, &mut outcome)?;
        let index = AgreementIndex::new(&restated.catalog);
        let mut earlier = Divider::new(&index, &restated.rulings, input.origins);
        earlier.divide(Position::Before, &restated.before, &before, &mut outcome)?;
        outcome.leave_out_what_stands(restated)?;
    }
    post(input, &mut outcome)?;
    let mut earned = input.past.earned.clone();
    for (key, more) in &outcome.earned {
        let sum = earned.entry(key.clone()).or_default();
        plus(&mut sum.amount, more.amount)?;
        plus(&mut sum.sales, more.sales)?;
    }
    // What was earned and taken back altogether leaves no trace.
    earned.retain(|_, it| !it.amount.is_zero() || !it.sales.is_zero());
    let mut brought = input.past.brought.clone();
    for (key, more) in &outcome.brought {
        plus(brought.entry(key.clone()).or_default(), *more)?;
    }
    let target = fold(input.catalog, input.origins, &earned, &brought)?;
    outcome.movements = difference(&target, &input.past.movements)?;
    outcome.entries.extend(crate::book::entries(input.id, &outcome.movements)?);
    outcome.meters = meters;
    Ok(outcome)
}

impl<'a> Input<'a> {
    /// Returns the cells of a position, if there are any.
    #[must_use]
    pub fn cells(&self, position: Position) -> Option<&'a Cells> {
        let restated = self.past.restated.as_ref();
        match position {
            Position::Open => Some(self.cells),
            Position::Before => Some(&restated?.before),
            Position::Now => Some(&restated?.now),
        }
    }

    /// Returns a cell by its place.
    #[must_use]
    pub fn cell(&self, position: Position, at: u32) -> Option<Cell<'a>> {
        self.cells(position)?.get(usize::try_from(at).ok()?)
    }
}

pub(crate) fn plus(sum: &mut Atoms, part: Atoms) -> Result<(), SettleError> {
    // The one sum without a negation is no amount: a posting has two sides.
    let sum_of = sum.checked_add(part).filter(|it| it.checked_neg().is_some());
    *sum = sum_of.ok_or(SettleError::Overflow)?;
    Ok(())
}
