//! Sums: those that a statement states are compared with those of its rows.

use std::collections::BTreeMap;

use money::{Amount, Atoms, Currency, Rounding};

/// Whether a stated amount is a sum, as exactly as it is stated.
///
/// The sum is rounded once to the decimals of the stated amount, or to those of the currency where
/// these are more, half up or half to even: sources do either, and banks pay whole cents.
#[must_use]
pub fn agrees(stated: Amount, sum: Atoms) -> bool {
    let digits = stated.atoms.to_string();
    let written = digits.split_once('.').map_or(0, |(_, it)| it.len());
    let decimals = u32::try_from(written).unwrap_or(u32::MAX).max(stated.currency.minor_digits());
    [Rounding::HalfUp, Rounding::HalfEven].into_iter().any(|it| {
        sum.checked_quantise(decimals, it).is_some_and(|(rounded, _)| rounded == stated.atoms)
    })
}

/// Sums by currency: of all rows, and of those since the last total.
#[derive(Debug, Default)]
pub(super) struct Sums {
    all: BTreeMap<Currency, Atoms>,
    since: BTreeMap<Currency, Atoms>,
}

impl Sums {
    /// Adds the money of a row; a sum beyond the range is left as it is, and agrees with nothing.
    pub(super) fn add(&mut self, amount: Amount) {
        for sums in [&mut self.all, &mut self.since] {
            let sum = sums.entry(amount.currency).or_default();
            *sum = sum.checked_add(amount.atoms).unwrap_or(*sum);
        }
    }

    /// The sum that a stated total has to be: of all rows or of those since the last total,
    /// whichever is nearer to it.
    pub(super) fn nearest(&self, stated: Amount) -> Atoms {
        let of = |sums: &BTreeMap<Currency, Atoms>| {
            sums.get(&stated.currency).copied().unwrap_or_default()
        };
        let far = |sum: Atoms| sum.raw().abs_diff(stated.atoms.raw());
        let (all, since) = (of(&self.all), of(&self.since));
        if far(since) < far(all) { since } else { all }
    }

    /// The only currency so far.
    pub(super) fn currency(&self) -> Option<Currency> {
        match self.all.len() {
            1 => self.all.keys().next().copied(),
            _ => None,
        }
    }

    /// Begins a new group of rows.
    pub(super) fn close_group(&mut self) {
        self.since.clear();
    }
}

/// What the first words of a row that sums up are, in the languages that sources write.
const TOTAL_WORDS: [&str; 13] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "sum",
    "합계",
    "총계",
    "소계",
    "итого",
    "всего",
    "合計",
    "summe",
];

/// Whether a text says that its row sums up.
pub(super) fn is_total_word(text: &str) -> bool {
    let text = text.trim().trim_end_matches(':').to_lowercase();
    TOTAL_WORDS.contains(&text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, currency: &str) -> Amount {
        let currency = Currency::parse(currency).unwrap();
        Amount { atoms: Atoms::parse(text).unwrap(), currency }
    }

    #[test]
    fn a_total_is_rounded_once() {
        let lines = ["100.0000", "7.2916", "7.2916"].map(|it| Atoms::parse(it).unwrap());
        let sum = Atoms::checked_sum(lines).unwrap();
        assert!(agrees(amount("114.58", "EUR"), sum));
        assert!(agrees(amount("114.5832", "EUR"), sum));
        assert!(!agrees(amount("114.59", "EUR"), sum));
        assert!(!agrees(amount("114.583", "EUR"), Atoms::parse("114.5838").unwrap()));
        assert!(!agrees(amount("114", "EUR"), sum), "a round number is no licence to be off");
        assert!(agrees(amount("115", "KRW"), Atoms::parse("114.6").unwrap()));
        assert!(agrees(amount("0.12", "EUR"), Atoms::parse("0.125").unwrap()));
        assert!(agrees(amount("0.13", "EUR"), Atoms::parse("0.125").unwrap()));
    }
}
