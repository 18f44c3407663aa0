//! What a report would pay, before any agreement is written: sums by recording times right shares.
//!
//! [`Holdings`] say which recordings are known, to whom they belong and which are tagged;
//! [`Preview`] takes the sums of reports and divides them, exactly. An amount is rounded at most once,
//! at its 18th decimal, and the outcome says whether any was.

mod divide;
mod holdings;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use money::{Atoms, Currency, Ratio};

pub use divide::{Division, Overflow};
pub use holdings::{Holdings, Tables};
pub use text::write_csv;

/// A column of a report's sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Territory.
    pub territory: String,
    /// Currency of the money; without one, the column counts usages only.
    pub currency: Option<Currency>,
    /// What the weights share out and the sum of all of them; without it, they are amounts.
    pub pool: Option<(Atoms, Atoms)>,
}

/// An amount for a payee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<'a> {
    /// Who; empty when payees are added up.
    pub payee: &'a str,
    /// Where; empty when territories are added up.
    pub territory: &'a str,
    /// In which currency.
    pub currency: Currency,
    /// How much.
    pub amount: Atoms,
}

/// Control totals in one currency; `revenue` is the sum of the three behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// All that the lines are worth.
    pub revenue: Atoms,
    /// What right shares give to payees.
    pub shared_out: Atoms,
    /// What the right shares of known recordings leave over.
    pub unshared: Atoms,
    /// What no known recording earned.
    pub unmatched: Atoms,
    /// What tagged recordings earned.
    pub tagged: Atoms,
}

/// Usages of all lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usages {
    /// Of all of them.
    pub all: Atoms,
    /// Of those of no known recording.
    pub unmatched: Atoms,
    /// Of those of tagged recordings.
    pub tagged: Atoms,
}

/// What reports would pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Control totals by currency.
    pub money: BTreeMap<Currency, Money>,
    /// Usages.
    pub usages: Usages,
    /// How many amounts had to be rounded at their 18th decimal.
    pub rounded: u64,
    /// Places and currencies in the order they came.
    territories: Vec<(String, Currency)>,
    /// By payee, then by territory.
    amounts: Vec<Vec<Atoms>>,
}

/// Least and most share of the tagged recordings, as far as known recordings tell.
///
/// `None` when there is nothing to divide by, or a part is negative.
#[must_use]
pub fn bounds(tagged: Atoms, unmatched: Atoms, all: Atoms) -> Option<(Ratio, Ratio)> {
    let part = |part: Atoms| {
        let (part, all) = (u128::try_from(part.raw()).ok()?, u128::try_from(all.raw()).ok()?);
        Ratio::new(part, all)
    };
    Some((part(tagged)?, part(tagged.checked_add(unmatched)?)?))
}

impl Preview {
    /// The amounts, in the order of payees, territories and currencies; those not asked for are
    /// added up.
    ///
    /// # Errors
    /// [`Overflow`] when a sum leaves the range.
    pub fn dues<'a>(
        &'a self,
        holdings: &'a Holdings,
        by_payee: bool,
        by_territory: bool,
    ) -> Result<Vec<Due<'a>>, Overflow> {
        let mut territories: Vec<usize> = (0..self.territories.len()).collect();
        territories.sort_by_key(|at| &self.territories[*at]);
        let mut payees: Vec<usize> = (0..self.amounts.len()).collect();
        payees.sort_by_key(|at| &holdings.payees()[*at]);
        let mut dues: Vec<Due<'_>> = Vec::new();
        let cells = payees.iter().flat_map(|payee| territories.iter().map(move |it| (*payee, *it)));
        for (payee, at) in cells {
            let amount = self.amounts[payee].get(at).copied().unwrap_or_default();
            if amount.is_zero() {
                continue;
            }
            let (territory, currency) = &self.territories[at];
            dues.push(Due {
                payee: if by_payee { &holdings.payees()[payee] } else { "" },
                territory: if by_territory { territory } else { "" },
                currency: *currency,
                amount,
            });
        }
        match by_payee && by_territory {
            true => Ok(dues),
            false => added_up(&dues),
        }
    }
}

fn added_up<'a>(dues: &[Due<'a>]) -> Result<Vec<Due<'a>>, Overflow> {
    let mut sums: BTreeMap<(&str, &str, Currency), Atoms> = BTreeMap::new();
    for due in dues {
        let sum = sums.entry((due.payee, due.territory, due.currency)).or_default();
        *sum = sum.checked_add(due.amount).ok_or(Overflow)?;
    }
    let due = |((payee, territory, currency), amount)| Due { payee, territory, currency, amount };
    Ok(sums.into_iter().map(due).collect())
}
