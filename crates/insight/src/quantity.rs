//! Figures with a unit, and pictures of them.

use std::fmt;

use money::{Amount, Atoms, Ratio, SCALE};

/// An exact figure and its unit: a currency code, `streams`, `percent`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// How many.
    pub value: Ratio,
    /// Of what.
    pub unit: String,
}

impl Quantity {
    /// From an exact decimal; `None` below zero.
    pub fn of_atoms(atoms: Atoms, unit: impl Into<String>) -> Option<Self> {
        let value = Ratio::new(u128::try_from(atoms.raw()).ok()?, 10_u128.pow(SCALE))?;
        Some(Self { value, unit: unit.into() })
    }

    /// From money; `None` below zero.
    pub fn of_amount(amount: Amount) -> Option<Self> {
        Self::of_atoms(amount.atoms, amount.currency.to_string())
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", picture(self.value), self.unit)
    }
}

/// A figure for people: scaled, at most four digits after the point, or four that are not zero.
pub(crate) fn picture(value: Ratio) -> String {
    let scales = [(12, " trillion"), (9, " bn"), (6, " million")];
    for (power, word) in scales {
        let scale = Ratio::new(1, 10_u128.pow(power)).unwrap_or(Ratio::ONE);
        if let Some(scaled) = value.checked_mul(scale).filter(|scaled| *scaled >= Ratio::ONE) {
            return format!("{}{word}", decimal(scaled, 4));
        }
    }
    let leading = (0..15).find(|zeros| {
        let least = Ratio::new(1, 10_u128.pow(*zeros)).unwrap_or(Ratio::ONE);
        value >= least
    });
    decimal(value, 4 + leading.map_or(0, |zeros| zeros.saturating_sub(1)))
}

/// A factor for people: one digit after the point.
pub(crate) fn factor(value: Ratio) -> String {
    hundredth(value).to_percent(1)
}

/// A share for people: three digits after the point, and the sign.
pub(crate) fn percent(value: Ratio) -> String {
    format!("{} %", value.to_percent(3))
}

fn decimal(value: Ratio, decimals: u32) -> String {
    let text = hundredth(value).to_percent(decimals);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if text.contains('.') { short.to_owned() } else { text }
}

/// `to_percent` prints a hundred times its value; this takes the hundred back.
fn hundredth(value: Ratio) -> Ratio {
    Ratio::new(1, 100).and_then(|hundredth| value.checked_mul(hundredth)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_money() {
        let amount =
            Amount::new(Atoms::parse("12.5").unwrap(), money::Currency::parse("USD").unwrap());
        assert_eq!(Quantity::of_amount(amount).unwrap().to_string(), "12.5 USD");
        assert_eq!(Quantity::of_atoms(Atoms::from_units(-1), "streams"), None);
    }

    #[test]
    fn pictures() {
        let check = |text: &str, expected: &str| {
            assert_eq!(picture(Ratio::parse(text).unwrap()), expected);
        };
        check("14880000000", "14.88 bn");
        check("1400000000000", "1.4 trillion");
        check("12079136690.6475", "12.0791 bn");
        check("0.0106285714", "0.01063");
        check("1/3", "0.3333");
        check("0", "0");
        check("250", "250");
        check("1000000", "1 million");
        assert_eq!(factor(Ratio::parse("24.003").unwrap()), "24.0");
    }
}
