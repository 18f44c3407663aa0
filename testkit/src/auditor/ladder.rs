//! Rates that change with what was sold, counted by month of use.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, Ladder, Meter, Term};
use num_bigint::BigInt;
use num_rational::BigRational;
use period::{Month, Period};
use usage::Target;

use crate::Cell;

use super::exchange::exchange;
use super::number::{largest_remainder, rational, whole};
use super::{divide, speak};

/// What every ladder counted: by agreement, term, recording and currency, then by month of use.
pub(super) type Counted = BTreeMap<[String; 4], BTreeMap<Month, BigInt>>;

/// A piece of a cell, and its terms with their rates.
pub(super) struct Cut<'a> {
    pub(super) usages: BigInt,
    pub(super) reported: BigInt,
    pub(super) terms: Vec<(&'a Term, BigRational)>,
}

/// Adds up all that is known, in whatever order it came.
pub(super) fn count(catalog: &Catalog, origins: &[Period], cells: &[Cell]) -> Counted {
    let mut counted = Counted::new();
    for cell in cells {
        for right in speak::rights(catalog, &cell.key) {
            let Some(agreement) = speak::speaking(catalog, &cell.key, right) else { continue };
            let amount = BigInt::from(cell.amount.raw());
            let Ok(received) = speak::received(catalog, &cell.key, right, &amount) else {
                continue;
            };
            for term in counting(catalog, agreement, cell) {
                let Some(ladder) = &term.ladder else { continue };
                let sold = match (ladder.meter, exchange(catalog, origins, agreement, &cell.key)) {
                    (Meter::Units, _) => BigInt::from(cell.usages.raw()),
                    (Meter::Revenue, Ok(None)) => received.clone(),
                    (Meter::Revenue, Ok(Some(it))) => it.of(&received),
                    // What has no rate is not yet sold for anything.
                    (Meter::Revenue, Err(())) => continue,
                };
                let meter = counted.entry(name(agreement, term, ladder, cell)).or_default();
                *meter.entry(cell.key.context.month).or_default() += sold;
            }
        }
    }
    counted
}

/// The terms that count; those on the price only where something was sold.
pub(super) fn counting<'a>(
    catalog: &Catalog,
    agreement: &'a Agreement,
    cell: &Cell,
) -> Vec<&'a Term> {
    let all = speak::counting(catalog, agreement, &cell.key);
    let some = cell.usages.raw() != 0;
    let kept = |it: &&&Term| some || !divide::is_on_price(it, &all);
    all.iter().filter(kept).copied().collect()
}

fn name(agreement: &Agreement, term: &Term, ladder: &Ladder, cell: &Cell) -> [String; 4] {
    let recording = match &cell.key.target {
        Target::Recording(id) if ladder.per_recording => id.to_string(),
        _ => String::new(),
    };
    let own = agreement.settled_in.as_ref().map(|it| it.currency).or(cell.key.context.currency);
    let currency = match (ladder.meter, own) {
        (Meter::Revenue, Some(currency)) => currency.to_string(),
        _ => String::new(),
    };
    [agreement.id.to_string(), term.id.to_string(), recording, currency]
}

/// Cuts a cell by one ladder after the other.
pub(super) fn cut<'a>(
    catalog: &Catalog,
    counted: &Counted,
    cell: &Cell,
    agreement: Option<&'a Agreement>,
) -> Vec<Cut<'a>> {
    let (usages, reported) = (cell.usages.raw().into(), cell.amount.raw().into());
    let mut cuts = vec![Cut { usages, reported, terms: Vec::new() }];
    let Some(agreement) = agreement else { return cuts };
    for term in counting(catalog, agreement, cell) {
        let stretches = match &term.ladder {
            None => vec![(rational(term.rate), whole(1))],
            Some(ladder) => {
                let months = counted.get(&name(agreement, term, ladder, cell));
                stretches(term, ladder, months, cell.key.context.month)
            }
        };
        let cut = |it: Cut<'a>| {
            let lengths = stretches.iter().map(|(_, length)| length);
            let usages = largest_remainder(&it.usages, lengths.clone());
            let reported = largest_remainder(&it.reported, lengths);
            let parts = stretches.iter().zip(usages).zip(reported);
            let part = |(((rate, _), usages), reported): ((&(_, _), _), _)| {
                let rated = (term, BigRational::clone(rate));
                let terms = it.terms.iter().cloned().chain([rated]).collect();
                Cut { usages, reported, terms }
            };
            parts.map(part).collect::<Vec<_>>()
        };
        cuts = cuts.into_iter().flat_map(cut).collect();
    }
    cuts
}

/// How a month lies on the steps: a rate for each stretch, and how long it is. A month in which
/// nothing was sold, or more came back, lies where it begins.
fn stretches(
    term: &Term,
    ladder: &Ladder,
    months: Option<&BTreeMap<Month, BigInt>>,
    month: Month,
) -> Vec<(BigRational, BigRational)> {
    let nothing = BigInt::default();
    let mut begin = BigInt::from(ladder.prior.raw());
    let mut sold = nothing.clone();
    for (at, counted) in months.into_iter().flatten() {
        match at.cmp(&month) {
            std::cmp::Ordering::Less => begin += counted,
            std::cmp::Ordering::Equal => sold = counted.clone(),
            std::cmp::Ordering::Greater => {}
        }
    }
    let rate_above = |point: &BigInt| {
        let mut passed =
            ladder.steps.iter().filter(|(above, _)| BigInt::from(above.raw()) <= *point);
        rational(passed.next_back().map_or(term.rate, |(_, rate)| *rate))
    };
    if sold <= nothing {
        return vec![(rate_above(&begin), whole(1))];
    }
    let end = &begin + sold;
    let mut points = vec![begin.clone()];
    let inside = ladder.steps.iter().map(|(above, _)| BigInt::from(above.raw()));
    points.extend(inside.filter(|it| begin < *it && *it < end));
    points.push(end);
    points.windows(2).map(|it| (rate_above(&it[0]), whole(&it[1] - &it[0]))).collect()
}
