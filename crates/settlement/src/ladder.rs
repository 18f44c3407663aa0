//! Ladders: rates that change with what was sold.
//!
//! What a ladder counts is summed by month of use, not by arrival, so the order of reports does not
//! matter. In the month in which a step is reached, every cell of that month is cut in the ratio of
//! what lies below the step and above it.

use std::collections::BTreeMap;

use catalog::{Ladder, Meter};
use ident::{AgreementId, RecordingId, TermId};
use money::{Atoms, Currency, Ratio, allocate};
use period::Month;
use usage::Target;

use crate::settle::{SettleError, plus};

/// What a ladder counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeterKey {
    /// The agreement.
    pub agreement: AgreementId,
    /// The term with the ladder.
    pub term: TermId,
    /// The recording, if each is counted for itself.
    pub recording: Option<RecordingId>,
    /// The currency, if revenue is counted.
    pub currency: Option<Currency>,
}

/// Sums by month of use.
pub type Meters = BTreeMap<MeterKey, BTreeMap<Month, Atoms>>;

/// Adds what `more` counts.
pub(crate) fn add(meters: &mut Meters, more: &Meters) -> Result<(), SettleError> {
    for (key, months) in more {
        let sums = meters.entry(key.clone()).or_default();
        months.iter().try_for_each(|(month, sum)| plus(sums.entry(*month).or_default(), *sum))?;
    }
    Ok(())
}

impl MeterKey {
    pub(crate) fn of(
        agreement: &AgreementId,
        term: &TermId,
        ladder: &Ladder,
        target: &Target,
        currency: Option<Currency>,
    ) -> Self {
        let recording = match target {
            Target::Recording(id) if ladder.per_recording => Some(id.clone()),
            _ => None,
        };
        let currency = currency.filter(|_| ladder.meter == Meter::Revenue);
        Self { agreement: agreement.clone(), term: term.clone(), recording, currency }
    }
}

/// The steps that a month lies on: the rate of each, and how much of the month.
pub(crate) fn steps(
    first: Ratio,
    ladder: &Ladder,
    months: Option<&BTreeMap<Month, Atoms>>,
    month: Month,
) -> Result<Vec<(Ratio, u128)>, SettleError> {
    let before = months.into_iter().flat_map(|it| it.range(..month)).map(|it| *it.1);
    let before = Atoms::checked_sum(before).and_then(|it| it.checked_add(ladder.prior));
    let before = before.ok_or(SettleError::Overflow)?;
    let own = months.and_then(|it| it.get(&month)).copied().unwrap_or_default();
    let after = before.checked_add(own.max(Atoms::ZERO)).ok_or(SettleError::Overflow)?;
    let mut steps = Vec::new();
    let (mut rate, mut from) = (first, before);
    for (above, next) in &ladder.steps {
        if *above > from && *above < after {
            let part = above.checked_sub(from).ok_or(SettleError::Overflow)?;
            steps.push((rate, part.raw().unsigned_abs()));
            from = *above;
        }
        if *above <= from {
            rate = *next;
        }
    }
    let part = after.checked_sub(from).ok_or(SettleError::Overflow)?;
    steps.push((rate, part.raw().unsigned_abs().max(1)));
    Ok(steps)
}

/// A part of a cell, and the rates of its terms.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) usages: Atoms,
    pub(crate) reported: Atoms,
    pub(crate) rates: Vec<Ratio>,
}

impl Piece {
    /// Cuts a piece by the steps of one more term.
    pub(crate) fn cut(&self, steps: &[(Ratio, u128)]) -> Result<Vec<Self>, SettleError> {
        let weights: Vec<u128> = steps.iter().map(|it| it.1).collect();
        let usages = allocate(self.usages, &weights)?;
        let reported = allocate(self.reported, &weights)?;
        let parts = steps.iter().zip(usages).zip(reported);
        let piece = |(((rate, _), usages), reported): ((&(Ratio, u128), Atoms), Atoms)| {
            let rates = self.rates.iter().copied().chain([*rate]).collect();
            Self { usages, reported, rates }
        };
        Ok(parts.map(piece).collect())
    }
}
