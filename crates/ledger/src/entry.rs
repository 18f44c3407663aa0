//! Postings and the entries they make.

use std::collections::BTreeMap;

use money::{Amount, Atoms, Currency};

use crate::Account;

/// The side of an account that a posting adds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What came in, or what somebody owes us.
    Debit,
    /// What we owe, hold or keep.
    Credit,
}

impl Side {
    /// Returns the token used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debit => "debit",
            Self::Credit => "credit",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// One unsigned amount on one side of one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    account: Account,
    side: Side,
    amount: Amount,
}

impl Posting {
    /// Makes a debit; a negative amount becomes a credit of its magnitude.
    ///
    /// # Panics
    /// If the amount is the single value whose negation does not fit.
    #[must_use]
    pub fn debit(account: Account, amount: Amount) -> Self {
        Self::on(Side::Debit, account, amount)
    }

    /// Makes a credit; a negative amount becomes a debit of its magnitude.
    ///
    /// # Panics
    /// If the amount is the single value whose negation does not fit.
    #[must_use]
    pub fn credit(account: Account, amount: Amount) -> Self {
        Self::on(Side::Credit, account, amount)
    }

    fn on(side: Side, account: Account, amount: Amount) -> Self {
        if !amount.atoms.is_negative() {
            return Self { account, side, amount };
        }
        let atoms = amount.atoms.checked_neg().expect("amounts are read from at most 38 digits");
        Self { account, side: side.other(), amount: Amount { atoms, ..amount } }
    }

    /// Returns the account that is posted to.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// Returns the side that is posted to.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// Returns the amount, never negative.
    #[must_use]
    pub const fn amount(&self) -> Amount {
        self.amount
    }
}

/// Postings whose debits equal their credits in every currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: String,
    memo: String,
    postings: Vec<Posting>,
}

impl Entry {
    /// Makes an entry, or says by how much it does not balance.
    ///
    /// # Errors
    /// [`EntryError::Unbalanced`] for the first currency whose sides differ;
    /// [`EntryError::Overflow`] if a side leaves the range of [`Atoms`].
    pub fn new(id: &str, memo: &str, postings: Vec<Posting>) -> Result<Self, EntryError> {
        let mut sides: BTreeMap<Currency, (Atoms, Atoms)> = BTreeMap::new();
        for it in &postings {
            let (debit, credit) = sides.entry(it.amount.currency).or_default();
            let side = if it.side == Side::Debit { debit } else { credit };
            *side = side
                .checked_add(it.amount.atoms)
                .ok_or(EntryError::Overflow { currency: it.amount.currency })?;
        }
        match sides.into_iter().find(|(_, (debit, credit))| debit != credit) {
            Some((currency, (debit, credit))) => {
                Err(EntryError::Unbalanced { currency, debit, credit })
            }
            None => Ok(Self { id: id.to_owned(), memo: memo.to_owned(), postings }),
        }
    }

    /// Returns the entry's id, unique in the book.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what the entry is about, in words.
    #[must_use]
    pub fn memo(&self) -> &str {
        &self.memo
    }

    /// Returns the postings, in the order in which they were given.
    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

/// Why postings do not make an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryError {
    /// The two sides differ.
    #[error("{currency} debits of {debit} do not equal credits of {credit}")]
    Unbalanced {
        /// The currency whose sides differ.
        currency: Currency,
        /// The sum of the debits.
        debit: Atoms,
        /// The sum of the credits.
        credit: Atoms,
    },
    /// A side is too large to be counted.
    #[error("the {currency} side of an entry is too large to be counted")]
    Overflow {
        /// The currency of that side.
        currency: Currency,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str, currency: &str) -> Amount {
        Amount { atoms: Atoms::parse(text).unwrap(), currency: Currency::parse(currency).unwrap() }
    }

    #[test]
    fn an_atom_out_of_balance_is_refused() {
        let off = Entry::new(
            "e",
            "",
            vec![
                Posting::debit(Account::Cash, amount("1", "KRW")),
                Posting::credit(Account::Retained, amount("0.999999999999999999", "KRW")),
            ],
        );
        expect_test::expect!["KRW debits of 1 do not equal credits of 0.999999999999999999"]
            .assert_eq(&off.unwrap_err().to_string());
    }

    #[test]
    fn two_currencies_do_not_balance_each_other() {
        let off = Entry::new(
            "e",
            "",
            vec![
                Posting::debit(Account::Cash, amount("1", "KRW")),
                Posting::credit(Account::Retained, amount("1", "USD")),
            ],
        );
        assert!(matches!(off, Err(EntryError::Unbalanced { .. })));
    }

    #[test]
    fn a_refund_is_a_posting_to_the_other_side() {
        let refund = Posting::credit(Account::Retained, amount("-2.5", "USD"));
        assert_eq!((refund.side(), refund.amount()), (Side::Debit, amount("2.5", "USD")));
    }
}
