//! Money: atoms with their currency beside them.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Atoms, Currency};

/// Money in one currency.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Amount {
    /// How much, in units of the currency.
    pub atoms: Atoms,
    /// Of which currency.
    pub currency: Currency,
}

/// Why two amounts have no sum.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AmountError {
    /// The amounts are in different currencies.
    #[error("currencies differ: {left} and {right}")]
    Currencies {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the second.
        right: Currency,
    },
    /// The result is beyond the range of [`Atoms`].
    #[error("amount too large")]
    Overflow,
}

impl Amount {
    /// Money of this currency.
    #[must_use]
    pub const fn new(atoms: Atoms, currency: Currency) -> Self {
        Self { atoms, currency }
    }

    /// The sum of two amounts in one currency.
    ///
    /// # Errors
    /// [`AmountError`]: the currencies differ, or the sum is beyond the range.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.join(other, Atoms::checked_add)
    }

    /// The difference of two amounts in one currency.
    ///
    /// # Errors
    /// [`AmountError`]: the currencies differ, or the difference is beyond the range.
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.join(other, Atoms::checked_sub)
    }

    fn join(
        self,
        other: Self,
        join: fn(Atoms, Atoms) -> Option<Atoms>,
    ) -> Result<Self, AmountError> {
        if self.currency != other.currency {
            return Err(AmountError::Currencies { left: self.currency, right: other.currency });
        }
        let atoms = join(self.atoms, other.atoms).ok_or(AmountError::Overflow)?;
        Ok(Self { atoms, ..self })
    }
}

/// Currency, space, shortest exact form: `KRW 12.5`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.atoms)
    }
}

/// A bag of money: at most one sum for each currency, in order of their codes.
///
/// A currency whose sum is zero is not in the bag, so equal bags are equal in every respect.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Balances(BTreeMap<Currency, Atoms>);

impl Balances {
    /// An empty bag.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds money to the sum of its currency; on an error the bag is as it was.
    ///
    /// # Errors
    /// [`AmountError::Overflow`] where the sum is beyond the range.
    pub fn add(&mut self, amount: Amount) -> Result<(), AmountError> {
        let sum =
            self.get(amount.currency).checked_add(amount.atoms).ok_or(AmountError::Overflow)?;
        if sum.is_zero() {
            self.0.remove(&amount.currency);
        } else {
            self.0.insert(amount.currency, sum);
        }
        Ok(())
    }

    /// The sum of one currency, zero if there is none.
    #[must_use]
    pub fn get(&self, currency: Currency) -> Atoms {
        self.0.get(&currency).copied().unwrap_or(Atoms::ZERO)
    }

    /// Currencies and their sums, none of them zero, in order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (Currency, Atoms)> {
        self.0.iter().map(|(currency, atoms)| (*currency, *atoms))
    }

    /// Whether every sum is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}
