//! The answers of two programs, held together to the last digit.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Decimals that are told apart.
const DECIMALS: usize = 18;

/// Amounts by payee and territory, in 10^-18.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts(BTreeMap<(String, String), i128>);

impl Amounts {
    /// Reads a table with the columns `payee`, `territory` and `amount`, or a folder of such.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let mut amounts = Self::default();
        if path.is_dir() {
            for entry in fs::read_dir(path)? {
                amounts.take(&fs::read_to_string(entry?.path())?)?;
            }
        } else {
            amounts.take(&fs::read_to_string(path)?)?;
        }
        Ok(amounts)
    }

    fn take(&mut self, text: &str) -> Result<()> {
        let mut lines = text.lines();
        let Some(head) = lines.next() else { return Ok(()) };
        let place = |name: &str| {
            head.split(',').position(|it| it == name).with_context(|| format!("no column {name}"))
        };
        let (payee, territory, amount) = (place("payee")?, place("territory")?, place("amount")?);
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |at: usize| cells.get(at).copied().context("a row is too short");
            let value = atoms(cell(amount)?).with_context(|| format!("no amount: {line}"))?;
            self.0.insert((cell(payee)?.to_owned(), cell(territory)?.to_owned()), value);
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// `exact`, or how far the other one is off.
    pub(super) fn verdict(&self, other: &Self) -> String {
        if self == other {
            return "exact".to_owned();
        }
        let differ = self.0.iter().filter(|(key, value)| other.0.get(key) != Some(value)).count();
        let more = other.0.keys().filter(|key| !self.0.contains_key(key)).count();
        let sum = |it: &Self| it.0.values().sum::<i128>();
        let off = sum(other) - sum(self);
        let sign = if off < 0 { "-" } else { "+" };
        let unit = 10_u128.pow(18);
        let off = off.unsigned_abs();
        format!(
            "NOT exact: {} of {} amounts differ, in sum by {sign}{}.{:018}",
            differ + more,
            self.0.len(),
            off / unit,
            off % unit
        )
    }
}

/// A decimal in 10^-18; `None` for what is none.
fn atoms(text: &str) -> Option<i128> {
    let (sign, body) = text.strip_prefix('-').map_or((1, text), |body| (-1, body));
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > DECIMALS {
        return None;
    }
    let digits = format!("{whole}{fraction:0<DECIMALS$}");
    digits.parse::<i128>().ok().map(|it| sign * it)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(text: &str) -> Amounts {
        let mut amounts = Amounts::default();
        amounts.take(text).unwrap();
        amounts
    }

    #[test]
    fn order_and_zeros_at_the_end_are_no_difference_and_a_last_digit_is() {
        let one = amounts("payee,territory,amount\na,KR,1.50\nb,JP,-2\n");
        let other = amounts("territory,payee,currency,amount\nJP,b,EUR,-2.000\nKR,a,EUR,1.5\n");
        assert_eq!(one.verdict(&other), "exact");
        let third = amounts("payee,territory,amount\na,KR,1.50\nb,JP,-2.00000001\nc,KR,0\n");
        assert_eq!(
            one.verdict(&third),
            "NOT exact: 2 of 2 amounts differ, in sum by -0.000000010000000000"
        );
    }
}
