//! Erasing what opens a payee's commitments.

use ident::PartyId;
use ledger::{Account, Pipe};
use money::{Atoms, Currency};
use statement::file_stem;

use crate::Home;
use crate::bundle::forget_bundle;
use crate::publish::{PublishError, forget};

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The accounts.
    pub accounts: Vec<String>,
    /// How many statements can no longer be opened.
    pub statements: usize,
    /// The settlements whose bundle of receipts held one of the payee's, and was removed.
    pub bundles: Vec<String>,
}

/// Why nothing is erased.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EraseError {
    /// The store or a file refused.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// There is money on the account.
    #[error(
        "{account} still has {balance} {currency}: pay it out first, since its next statement has to show \
         where it comes from"
    )]
    Balance {
        /// The account.
        account: String,
        /// What stands there.
        balance: Atoms,
        /// In which currency.
        currency: Currency,
    },
    /// A settlement of the account is not sealed.
    #[error("{settlement} is not published yet, and its seal needs what would be erased")]
    NotSealed {
        /// The settlement.
        settlement: String,
    },
    /// Nothing is known of the payee.
    #[error("no statement of {party} is sealed")]
    Unknown {
        /// The party.
        party: String,
    },
}

impl From<store::StoreError> for EraseError {
    fn from(source: store::StoreError) -> Self {
        Self::Publish(source.into())
    }
}

/// Erases the keys of a payee's statements and removes what was published of it.
///
/// Bundles with a receipt of it go, too. The log and its seals stay, and nobody can open any more what they
/// commit to; whoever has a receipt still can.
///
/// # Errors
/// [`EraseError`]; nothing is erased then.
pub fn erase(home: &mut Home, party: &PartyId) -> Result<Erased, EraseError> {
    let pipes = Pipe::ALL.map(|it| Account::PayeeIn(it, party.clone()));
    let accounts = [Account::Payee(party.clone()), Account::Fee(party.clone())];
    let accounts: Vec<Account> = accounts.into_iter().chain(pipes).collect();
    let book = home.store.trial_balance()?;
    for (account, currency, balance) in book.iter().filter(|it| accounts.contains(it.0)) {
        let balance = balance.due().unwrap_or_default();
        if !balance.is_zero() {
            return Err(EraseError::Balance { account: account.to_string(), balance, currency });
        }
    }
    let rows = home.store.settlements()?;
    if let Some(open) = rows.iter().find(|it| !it.sealed) {
        return Err(EraseError::NotSealed { settlement: open.id.clone() });
    }
    let mut erased = Erased { accounts: Vec::new(), statements: 0, bundles: Vec::new() };
    for account in &accounts {
        let statements = home.store.shred(account)?;
        if statements > 0 {
            erased.statements += statements;
            erased.accounts.push(account.to_string());
        }
    }
    let known = |it: &&store::StatementRow| accounts.iter().any(|a| a.to_string() == it.account);
    for it in home.store.statements(None)?.iter().filter(known) {
        let folder = home.statements_folder().join(&it.settlement);
        forget(&folder, &file_stem(&it.account, it.currency))?;
        if forget_bundle(&folder)? {
            erased.bundles.push(it.settlement.clone());
        }
    }
    match erased.statements {
        0 => Err(EraseError::Unknown { party: party.to_string() }),
        _ => Ok(erased),
    }
}
