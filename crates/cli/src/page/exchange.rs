//! An exchange, as people read it: both amounts, the rate, its day, and who states it.

use ::statement::{Line, Measure, SourceNote, Statement};
use money::{Atoms, Ratio, Rounding};

use super::sums::at;
use super::text::{DASH, exact};
use crate::words::{Words, fill};

/// How many decimals a rate is shown with that has no end.
const DECIMALS: u32 = 9;

/// A rate as a decimal; one without end as its fraction, with a picture of it.
pub(crate) fn rate_text(rate: Ratio) -> String {
    let decimal = |rounding| Atoms::ONE.mul_ratio(rate, rounding);
    match (decimal(Rounding::Floor), decimal(Rounding::Ceil)) {
        (Some(down), Some(up)) if down == up => down.to_string(),
        (Some(down), _) => match down.checked_quantise(DECIMALS, Rounding::HalfEven) {
            Some((shown, _)) => format!("{rate} ≈ {shown}"),
            None => rate.to_string(),
        },
        _ => rate.to_string(),
    }
}

/// `USD 100 × 1080 = KRW 108,000`; nothing where the currency is the statement's own.
pub(super) fn figures(
    it: &Statement,
    note: &SourceNote,
    line: &Line,
    words: &Words,
) -> Option<String> {
    let measured = measured(it, line)?;
    let whole = note.exchanged(measured).map_or(DASH.to_owned(), exact);
    let measured = format!("{} {}", note.currency, exact(measured));
    let whole = format!("{} {whole}", it.currency);
    let told = fill(words.exchanged, &[&measured, &rate_text(note.rate), &whole]);
    note.is_exchanged().then_some(told)
}

/// What a line's amount is a part of, in the currency of the report: what was received, or the
/// published price of all units.
fn measured(it: &Statement, line: &Line) -> Option<Atoms> {
    match at(&it.terms, line.term).map(|it| it.measure) {
        Some(Measure::Price) => {
            let price = Atoms::parse(&at(&it.contexts, line.context)?.unit_price).ok()?;
            line.usages.checked_mul(price, Rounding::HalfEven)
        }
        Some(Measure::Received) | None => Some(line.received),
    }
}

/// `rate of 2021-06-30 over EUR, European Central Bank (ecb)`.
pub(crate) fn origin(note: &SourceNote, words: &Words) -> String {
    format!("{}, {}", time(note, words), note.rate_source)
}

/// `rate of 2021-06-30 over EUR`, or that of a month.
pub(super) fn time(note: &SourceNote, words: &Words) -> String {
    // A month has no day.
    let is_day = note.rate_day.matches('-').count() == 2;
    let form = if is_day { words.rate_on_day } else { words.rate_mean };
    let time = fill(form, &[&note.rate_day]);
    match note.rate_over.is_empty() {
        true => time,
        false => format!("{time} {}", fill(words.rate_over, &[&note.rate_over])),
    }
}

/// `USD `, before a figure that is not in the statement's currency.
pub(super) fn mark(note: Option<&SourceNote>) -> String {
    let note = note.filter(|it| it.is_exchanged());
    note.map_or_else(String::new, |it| format!("{} ", it.currency))
}
