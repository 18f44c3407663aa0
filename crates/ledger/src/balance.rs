//! What postings add up to.

use std::collections::BTreeMap;

use money::{Atoms, Currency};

use crate::{Account, Entry, EntryError, Posting, Side};

/// The two sides of one account in one currency; both only grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// The sum of the debits.
    pub debit: Atoms,
    /// The sum of the credits.
    pub credit: Atoms,
}

impl Balance {
    /// Returns credits less debits: what is due, if it is positive.
    #[must_use]
    pub fn due(&self) -> Option<Atoms> {
        self.credit.checked_sub(self.debit)
    }
}

/// The balances of all accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrialBalance {
    accounts: BTreeMap<(Account, Currency), Balance>,
}

impl TrialBalance {
    /// Adds an entry's postings.
    ///
    /// # Errors
    /// [`EntryError::Overflow`] if a side leaves the range of [`Atoms`].
    pub fn add(&mut self, entry: &Entry) -> Result<(), EntryError> {
        entry.postings().iter().try_for_each(|it| self.post(it))
    }

    /// Adds one posting.
    ///
    /// # Errors
    /// [`EntryError::Overflow`] if a side leaves the range of [`Atoms`].
    pub fn post(&mut self, posting: &Posting) -> Result<(), EntryError> {
        let currency = posting.amount().currency;
        let balance = self.accounts.entry((posting.account().clone(), currency)).or_default();
        let side = match posting.side() {
            Side::Debit => &mut balance.debit,
            Side::Credit => &mut balance.credit,
        };
        *side =
            side.checked_add(posting.amount().atoms).ok_or(EntryError::Overflow { currency })?;
        Ok(())
    }

    /// Returns one account's balance, zero if nothing was posted.
    #[must_use]
    pub fn balance(&self, account: &Account, currency: Currency) -> Balance {
        self.accounts.get(&(account.clone(), currency)).copied().unwrap_or_default()
    }

    /// Visits the accounts in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Account, Currency, Balance)> {
        self.accounts.iter().map(|((account, currency), it)| (account, *currency, *it))
    }

    /// Returns the sum of all debits and of all credits of one currency; they are equal in a book
    /// that is made of entries.
    #[must_use]
    pub fn sides(&self, currency: Currency) -> Option<Balance> {
        let mut total = Balance::default();
        for (_, _, it) in self.iter().filter(|(_, it, _)| *it == currency) {
            total.debit = total.debit.checked_add(it.debit)?;
            total.credit = total.credit.checked_add(it.credit)?;
        }
        Some(total)
    }
}

#[cfg(test)]
mod tests {
    use money::Amount;

    use super::*;

    #[test]
    fn a_book_made_of_entries_has_equal_sides() {
        let krw = Currency::parse("KRW").unwrap();
        let amount = |units| Amount { atoms: Atoms::from_units(units), currency: krw };
        let mut book = TrialBalance::default();
        for (id, units) in [("a", 7), ("b", 12)] {
            let entry = Entry::new(
                id,
                "",
                vec![
                    Posting::debit(Account::Received("s".into()), amount(units)),
                    Posting::credit(Account::Retained, amount(units)),
                ],
            );
            book.add(&entry.unwrap()).unwrap();
        }
        let sides = book.sides(krw).unwrap();
        assert_eq!(sides.debit, sides.credit);
        assert_eq!(book.balance(&Account::Retained, krw).due(), Some(Atoms::from_units(19)));
    }
}
