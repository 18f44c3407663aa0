//! Sums times right shares.

use money::{Atoms, Currency, Ratio, Rounding};

use super::{Column, Holdings, Money, Preview};

/// Columns of a piece of the sums by payee.
const WIDTH: usize = 32;
/// Atoms of 10^-9.
const NANO: i128 = 1_000_000_000;

/// A sum leaves the range of amounts.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sum is too large to be counted")]
pub struct Overflow;

/// The division of one report: weights times numerators, by payee and column.
pub struct Division<'a> {
    holdings: &'a Holdings,
    /// By payee, then by column, in pieces.
    payees: Vec<Vec<Option<Box<[i128; WIDTH]>>>>,
    columns: Vec<Totals>,
    overflow: bool,
}

/// Weights and usages of a column.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    all: [i128; 2],
    unmatched: [i128; 2],
    tagged: [i128; 2],
    /// Weight times what right shares leave over.
    unshared: i128,
}

impl<'a> Division<'a> {
    /// Nothing divided yet.
    #[must_use]
    pub fn new(holdings: &'a Holdings) -> Self {
        let payees = vec![Vec::new(); holdings.payees().len()];
        Self { holdings, payees, columns: Vec::new(), overflow: false }
    }

    /// Adds sums of a place, in atoms: weight and usages of a first column, which is a multiple of
    /// 32, and of those behind it.
    pub fn add(&mut self, place: u32, first: usize, sums: &[[i128; 2]]) {
        let atoms = |sum: [i128; 2]| Some(sum);
        self.overflow |= self.checked_add(place, first, sums, atoms, times).is_none();
    }

    /// As [`Division::add`], of sums in 10^-9, which is quicker.
    pub fn add_nano(&mut self, place: u32, first: usize, sums: &[[i64; 2]]) {
        let atoms = |sum: [i64; 2]| Some(sum.map(|it| i128::from(it).wrapping_mul(NANO)));
        let largest = self.holdings.shares(place).iter().map(|it| it.1).max().unwrap_or(0);
        // Below 2^63 times 2^33 times 10^9, so no product leaves the range.
        self.overflow |= match largest < 1 << 33 {
            true => self.checked_add(place, first, sums, atoms, times_nano).is_none(),
            false => {
                let general = |it: i64, share: u64| times(i128::from(it) * NANO, share);
                self.checked_add(place, first, sums, atoms, general).is_none()
            }
        };
    }

    fn checked_add<T: Copy>(
        &mut self,
        place: u32,
        first: usize,
        sums: &[[T; 2]],
        atoms: impl Fn([T; 2]) -> Option<[i128; 2]>,
        product: impl Fn(T, u64) -> Option<i128>,
    ) -> Option<()> {
        if self.columns.len() < first + sums.len() {
            self.columns.resize(first + sums.len(), Totals::default());
        }
        let is_tagged = self.holdings.is_tagged(place);
        let shares = self.holdings.shares(place);
        let denominator = self.holdings.denominator();
        let given: u64 = shares.iter().map(|it| it.1).sum();
        for (total, sum) in self.columns[first..].iter_mut().zip(sums) {
            let sum = atoms(*sum)?;
            add(&mut total.all, sum)?;
            if place == 0 {
                add(&mut total.unmatched, sum)?;
            } else if given < denominator {
                let left = times(sum[0], denominator - given)?;
                total.unshared = total.unshared.checked_add(left)?;
            }
            if is_tagged {
                add(&mut total.tagged, sum)?;
            }
        }
        for (payee, share) in shares {
            let row = &mut self.payees[usize::try_from(*payee).ok()?];
            for (offset, piece) in sums.chunks(WIDTH).enumerate() {
                let at = first / WIDTH + offset;
                if row.len() <= at {
                    row.resize(at + 1, None);
                }
                let products = row[at].get_or_insert_with(|| Box::new([0; WIDTH]));
                for (sum, [weight, _]) in products.iter_mut().zip(piece) {
                    *sum = sum.checked_add(product(*weight, *share)?)?;
                }
            }
        }
        Some(())
    }

    /// Puts the division into a preview; what a column means is known now. Sums of a column that is
    /// `None` do not count.
    ///
    /// # Errors
    /// [`Overflow`] when a sum left the range.
    pub fn finish(self, columns: &[Option<Column>], into: &mut Preview) -> Result<(), Overflow> {
        if self.overflow {
            return Err(Overflow);
        }
        let denominator = u128::from(self.holdings.denominator());
        into.amounts.resize_with(self.payees.len().max(into.amounts.len()), Vec::new);
        for (at, (column, totals)) in columns.iter().zip(&self.columns).enumerate() {
            let Some(column) = column else { continue };
            into.count(totals)?;
            let Some(currency) = column.currency else { continue };
            let value = |products: i128, parts: u128| worth(column, products, parts);
            let mut money = [Atoms::ZERO; 5];
            let weights = [totals.all[0], totals.unmatched[0], totals.tagged[0]];
            for (amount, weight) in money.iter_mut().zip(weights) {
                *amount = value(weight, 1)?.0;
            }
            money[3] = value(totals.unshared, denominator)?.0;
            let territory = into.territory(&column.territory, currency);
            for (payee, row) in self.payees.iter().enumerate() {
                let piece = row.get(at / WIDTH).and_then(Option::as_ref);
                let products = piece.map_or(0, |it| it[at % WIDTH]);
                if products == 0 {
                    continue;
                }
                let (amount, exact) = value(products, denominator)?;
                money[4] = money[4].checked_add(amount).ok_or(Overflow)?;
                into.rounded += u64::from(!exact);
                into.pay(payee, territory, amount)?;
            }
            into.total(currency, money)?;
        }
        Ok(())
    }
}

impl Preview {
    fn count(&mut self, totals: &Totals) -> Result<(), Overflow> {
        let usages = &mut self.usages;
        let sums = [&mut usages.all, &mut usages.unmatched, &mut usages.tagged];
        for (sum, part) in sums.into_iter().zip([totals.all, totals.unmatched, totals.tagged]) {
            *sum = sum.checked_add(Atoms::from_raw(part[1])).ok_or(Overflow)?;
        }
        Ok(())
    }

    fn territory(&mut self, name: &str, currency: Currency) -> usize {
        let found = self.territories.iter().position(|it| it.0 == name && it.1 == currency);
        found.unwrap_or_else(|| {
            self.territories.push((name.to_owned(), currency));
            self.territories.len() - 1
        })
    }

    fn pay(&mut self, payee: usize, territory: usize, amount: Atoms) -> Result<(), Overflow> {
        let row = &mut self.amounts[payee];
        if row.len() <= territory {
            row.resize(territory + 1, Atoms::ZERO);
        }
        row[territory] = row[territory].checked_add(amount).ok_or(Overflow)?;
        Ok(())
    }

    fn total(&mut self, currency: Currency, parts: [Atoms; 5]) -> Result<(), Overflow> {
        let Money { revenue, shared_out, unshared, unmatched, tagged } =
            self.money.entry(currency).or_default();
        for (sum, part) in [revenue, unmatched, tagged, unshared, shared_out].into_iter().zip(parts)
        {
            *sum = sum.checked_add(part).ok_or(Overflow)?;
        }
        Ok(())
    }
}

fn add(sum: &mut [i128; 2], more: [i128; 2]) -> Option<()> {
    *sum = [sum[0].checked_add(more[0])?, sum[1].checked_add(more[1])?];
    Some(())
}

/// The product, or `None` beyond the range; without the slow check where it cannot be.
fn times(weight: i128, share: u64) -> Option<i128> {
    match weight.unsigned_abs() < 1 << 95 && share < 1 << 31 {
        true => Some(weight.wrapping_mul(i128::from(share))),
        false => weight.checked_mul(i128::from(share)),
    }
}

/// A product in atoms of a weight in 10^-9 and a share below 2^33.
#[inline]
fn times_nano(weight: i64, share: u64) -> Option<i128> {
    // One multiplication of 64 bits: the factor stays below 2^63.
    let factor = i64::try_from(share).ok()?.wrapping_mul(1_000_000_000);
    Some(i128::from(weight).wrapping_mul(i128::from(factor)))
}

/// What weights times numerators are worth, and whether that is exact.
fn worth(column: &Column, products: i128, parts: u128) -> Result<(Atoms, bool), Overflow> {
    let magnitude = products.unsigned_abs();
    let (value, exact) = match column.pool {
        None => {
            let (quotient, rest) = (magnitude / parts, magnitude % parts);
            let up = rest > parts - rest || (rest == parts - rest && quotient % 2 == 1);
            (Atoms::from_raw(signed(quotient + u128::from(up && rest > 0))?), rest == 0)
        }
        Some((_, whole)) if whole <= Atoms::ZERO => (Atoms::ZERO, true),
        Some((revenue, whole)) => {
            let whole = whole.raw().unsigned_abs().checked_mul(parts).ok_or(Overflow)?;
            let ratio = Ratio::new(magnitude, whole).ok_or(Overflow)?;
            let down = revenue.mul_ratio(ratio, Rounding::Down).ok_or(Overflow)?;
            let up = revenue.mul_ratio(ratio, Rounding::Ceil).ok_or(Overflow)?;
            let even = revenue.mul_ratio(ratio, Rounding::HalfEven).ok_or(Overflow)?;
            (even, down == up)
        }
    };
    match products < 0 {
        true => Ok((value.checked_neg().ok_or(Overflow)?, exact)),
        false => Ok((value, exact)),
    }
}

fn signed(magnitude: u128) -> Result<i128, Overflow> {
    i128::try_from(magnitude).map_err(|_| Overflow)
}
