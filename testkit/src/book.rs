//! Settlement after settlement, what was settled before carried along.

use std::collections::BTreeMap;

use catalog::{Catalog, ChangeKind, EntryKind, RateTable, Term, diff};
use money::Atoms;
use num_bigint::BigInt;
use period::{Month, Period};
use settlement::{Earned, Input, Past, Restated, Rulings, SettleError, Settlement, settle};

use crate::auditor::audit;
use crate::compare::{TotalSums, add, book_differences, cell_differences};
use crate::{Cell, Chapter, table};

/// What a chain of settlements left behind.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// The periods that were settled, in the order of their ends.
    pub origins: Vec<Period>,
    /// What the last settlement left for the next one.
    pub past: Past,
    /// Credits less debits of each account, in atoms; the keys are `CURRENCY account`.
    pub due: BTreeMap<String, BigInt>,
    /// The cells that were settled, as the last catalogue matches them.
    cells: Vec<Cell>,
    /// The catalogue of the last settlement.
    catalog: Catalog,
    /// What had been decided for the last settlement.
    rulings: Rulings,
    totals: TotalSums,
}

impl Books {
    /// Settles a chapter. Returns what was decided, and one line for each difference from the
    /// auditor.
    ///
    /// # Errors
    /// [`SettleError`] as [`settle()`] has it.
    pub fn settle(&mut self, chapter: &Chapter) -> Result<(Settlement, Vec<String>), SettleError> {
        let Chapter { period, catalog, rulings, known, open } = chapter;
        let is_anew = self.is_anew(chapter);
        self.past.restated = is_anew.then(|| Restated {
            catalog: self.catalog.clone(),
            rulings: self.rulings.clone(),
            before: table(&self.cells),
            now: table(known),
        });
        self.origins.push(*period);
        let id = period.to_string();
        let (origins, past) = (&self.origins, &self.past);
        let cells = table(open);
        let input = Input { id: &id, origins, catalog, cells: &cells, past, rulings };
        let outcome = settle(&input)?;
        let all: Vec<Cell> = known.iter().chain(open).cloned().collect();
        let audit = audit(catalog, rulings, &self.origins, &all);
        let mut differences = cell_differences(&audit, &input, &outcome);
        add(&mut self.due, &mut self.totals, &outcome);
        self.due.retain(|_, sum| *sum != BigInt::default());
        differences.extend(book_differences(&audit, &self.due, &self.totals));
        self.carry(&outcome)?;
        self.cells = all;
        self.catalog = catalog.clone();
        self.rulings = rulings.clone();
        Ok((outcome, differences))
    }

    /// Whether settled cells may have to be divided anew: by the rule of the use case that settles.
    fn is_anew(&self, chapter: &Chapter) -> bool {
        let Some(last) = self.origins.last() else { return false };
        let until = Month::of(last.last_day()).period().last_day();
        let differs = |it: &RateTable| {
            let before = self.catalog.rate_tables.get(&it.id);
            before.is_some_and(|before| it.differs_until(before, until))
        };
        let divides = diff(&self.catalog, &chapter.catalog).iter().any(|it| match it.entry {
            // A rate of a day after all that is settled changes nothing of it.
            EntryKind::RateTable => chapter.catalog.rate_tables.values().any(differs),
            EntryKind::Party | EntryKind::Production | EntryKind::Repertoire => {
                it.kind == ChangeKind::Removed
            }
            _ => true,
        });
        let has_ladder = |it: &Term| it.ladder.is_some();
        let mut terms = chapter.catalog.agreements.values().flat_map(|it| &it.terms);
        let is_late = |it: &Cell| it.key.context.month.first_day() < last.end();
        divides
            || self.rulings != chapter.rulings
            || (terms.any(has_ladder) && chapter.open.iter().any(is_late))
    }

    fn carry(&mut self, outcome: &Settlement) -> Result<(), SettleError> {
        let plus = |sum: &mut Atoms, more: Atoms| {
            sum.checked_add(more).ok_or(SettleError::Overflow).map(|it| *sum = it)
        };
        for (key, Earned { amount, sales }) in &outcome.earned {
            let sum = self.past.earned.entry(key.clone()).or_default();
            plus(&mut sum.amount, *amount)?;
            plus(&mut sum.sales, *sales)?;
        }
        for (key, amount) in &outcome.movements {
            plus(self.past.movements.entry(key.clone()).or_default(), *amount)?;
        }
        for (key, amount) in &outcome.brought {
            plus(self.past.brought.entry(key.clone()).or_default(), *amount)?;
        }
        self.past.meters = outcome.meters.clone();
        Ok(())
    }
}
