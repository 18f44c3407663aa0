//! The seal: what a settlement comes to in one currency, public, in one entry of the log.
//!
//! It states, for every kind of account, how it stood and moved, and commits to each account and each
//! source below. Everybody can check that it closes; only who holds a statement can open a leaf.

use std::collections::BTreeMap;

use money::{Atoms, Currency};
use serde::{Deserialize, Serialize};
use tlog::{Hash, SumNode};

use crate::commit::{AccountNode, AccountSums, PairNode};
use crate::entry::ENTRY_FORMAT;
use crate::secret::{hex, parse_hex};
use crate::text;

/// A seal as it stands in the log; the fields are in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// The kinds of accounts, in the order of their names, each once.
    pub categories: Vec<Category>,
    /// The currency of every amount.
    #[serde(with = "text")]
    pub currency: Currency,
    /// The program that settled, and the rule by which lines are checked.
    pub engine: String,
    /// [`ENTRY_FORMAT`].
    pub format: String,
    /// SHA-256 over what was settled, in hex.
    pub inputs: String,
    /// `seal`.
    pub kind: String,
    /// The period.
    pub period: String,
    /// The entry of the seal before, in this currency; none for the first.
    pub previous: Vec<u64>,
    /// The entries of the exchange rate tables that the catalogue had.
    pub rates: Vec<u64>,
    /// The entries of the reports that were settled for the first time.
    pub reports: Vec<u64>,
    /// The settlement.
    pub settlement: String,
    /// What was settled: one leaf for each cell of usage.
    pub sources: Branch,
    /// How many statements there are.
    pub statements: u64,
}

/// A kind of accounts: `payee`, `fee`, `retained`, `suspense:unmatched`, `cash`, `tax` and so on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The accounts, summed up.
    pub accounts: Branch,
    /// What an account's name begins with; of suspense, its whole name.
    pub name: String,
}

/// The root of a sum tree, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// The number of leaves.
    pub count: u64,
    /// The hash, in hex.
    pub root: String,
    /// The sums: credit and debit of sources, the eight columns of accounts.
    pub sums: Vec<String>,
}

impl Branch {
    /// Writes a root down; none if a sum is no amount.
    #[must_use]
    pub fn of<const COLUMNS: usize>(node: &SumNode<COLUMNS>) -> Option<Self> {
        let sum = |it: &u128| i128::try_from(*it).ok().map(|it| Atoms::from_raw(it).to_string());
        Some(Self {
            count: node.count(),
            root: hex(node.hash().as_bytes()),
            sums: node.sums().iter().map(sum).collect::<Option<_>>()?,
        })
    }

    /// Reads a root; none if it is not written as [`Branch::of`] writes it.
    #[must_use]
    pub fn node<const COLUMNS: usize>(&self) -> Option<SumNode<COLUMNS>> {
        let sum = |it: &String| {
            let atoms = Atoms::parse(it).ok().filter(|atoms| atoms.to_string() == *it)?;
            u128::try_from(atoms.raw()).ok()
        };
        let sums: Vec<u128> = self.sums.iter().map(sum).collect::<Option<_>>()?;
        SumNode::stated(Hash(parse_hex(&self.root)?), sums.try_into().ok()?, self.count).ok()
    }
}

/// Why a seal does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The entry is no seal, or of another settlement, period or currency.
    #[error("entry {entry} of the log is not the seal of this settlement and currency")]
    Other {
        /// The entry.
        entry: u64,
    },
    /// A root, a sum or a name is not written as it has to be.
    #[error("the {what} of the seal cannot be read")]
    Malformed {
        /// `sources`, or a category.
        what: String,
    },
    /// A kind of accounts does not close.
    #[error("{what} does not close: opening, what came and what went do not make the closing")]
    Category {
        /// The category.
        what: String,
    },
    /// The books do not balance.
    #[error("the {what} balances of all accounts do not cancel each other out")]
    Books {
        /// `opening` or `closing`.
        what: &'static str,
    },
    /// What was collected is not what was given away.
    #[error("what was collected is not what accounts were given")]
    Sources,
    /// The opening balances are not the closing ones of the seal before.
    #[error("the opening balances of {what} are not the closing ones of the seal before")]
    Previous {
        /// The category.
        what: String,
    },
}

/// A seal whose roots have been read, and that closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedSeal {
    /// The sources' root.
    pub sources: PairNode,
    /// The accounts' roots by category.
    pub categories: BTreeMap<String, AccountNode>,
    /// How many accounts there are.
    pub accounts: u64,
}

/// What kind of account it is: its name up to the first colon; of suspense, all of it.
#[must_use]
pub fn category(account: &str) -> &str {
    match account.split_once(':') {
        Some((kind, _)) if kind != "suspense" => kind,
        _ => account,
    }
}

impl Seal {
    /// The entry's bytes: canonical JSON.
    ///
    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, integers and arrays always have a form")
    }

    /// Reads an entry that is a seal; none for any other bytes.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let seal: Self = serde_json::from_slice(bytes).ok()?;
        let known = seal.format == ENTRY_FORMAT && seal.kind == "seal" && seal.bytes() == bytes;
        known.then_some(seal)
    }

    /// Checks that everything closes: each kind of account, the books as a whole, and what was
    /// collected against what was given away.
    ///
    /// # Errors
    /// [`SealError`] names the first equation that does not hold.
    pub fn check(&self) -> Result<CheckedSeal, SealError> {
        let malformed = |what: &str| SealError::Malformed { what: what.to_owned() };
        let sources: PairNode = self.sources.node().ok_or_else(|| malformed("sources"))?;
        let (mut categories, mut last, mut accounts) = (BTreeMap::new(), "", 0_u64);
        for it in &self.categories {
            let node: AccountNode = it.accounts.node().ok_or_else(|| malformed(&it.name))?;
            if it.name.as_str() <= last || it.name != category(&it.name) {
                return Err(malformed(&it.name));
            }
            if !AccountSums::of(node.sums()).closes() {
                return Err(SealError::Category { what: it.name.clone() });
            }
            last = &it.name;
            accounts = accounts.checked_add(node.count()).ok_or_else(|| malformed(&it.name))?;
            categories.insert(it.name.clone(), node);
        }
        let seal = CheckedSeal { sources, categories, accounts };
        seal.check_books()?;
        seal.check_sources()?;
        Ok(seal)
    }
}

impl CheckedSeal {
    fn check_books(&self) -> Result<(), SealError> {
        for (what, of) in [
            ("opening", (|it| [it.opening_due, it.opening_owed]) as fn(&AccountSums) -> [u128; 2]),
            ("closing", |it| [it.closing_due, it.closing_owed]),
        ] {
            if self.sums(of).is_none_or(|[due, owed]| due != owed) {
                return Err(SealError::Books { what });
            }
        }
        Ok(())
    }

    /// What was collected is what accounts were given: no more, and nothing left over.
    fn check_sources(&self) -> Result<(), SealError> {
        let [credit, debit] = *self.sources.sums();
        let given = self.sums(|it| [it.earned_credit, it.earned_debit]);
        let holds = given.is_some_and(|[more, less]| {
            let left = credit.checked_add(less);
            left.is_some() && left == debit.checked_add(more)
        });
        if holds { Ok(()) } else { Err(SealError::Sources) }
    }

    /// Two columns, summed up over all kinds of accounts.
    fn sums(&self, of: fn(&AccountSums) -> [u128; 2]) -> Option<[u128; 2]> {
        let nodes = self.categories.values().map(|it| of(&AccountSums::of(it.sums())));
        nodes
            .into_iter()
            .try_fold([0_u128, 0], |[a, b], [x, y]| Some([a.checked_add(x)?, b.checked_add(y)?]))
    }

    /// Checks that every kind of account opens as it closed in the seal before.
    ///
    /// # Errors
    /// [`SealError::Previous`] names the first that does not.
    pub fn check_previous(&self, previous: &Self) -> Result<(), SealError> {
        let zero = AccountSums::default();
        for name in self.categories.keys().chain(previous.categories.keys()) {
            let of = |seal: &Self| seal.categories.get(name).map(|it| AccountSums::of(it.sums()));
            let (now, before) = (of(self).unwrap_or(zero), of(previous).unwrap_or(zero));
            if (now.opening_due, now.opening_owed) != (before.closing_due, before.closing_owed) {
                return Err(SealError::Previous { what: name.clone() });
            }
        }
        Ok(())
    }

    /// Checks that every kind of account opens with nothing: there is no seal before.
    ///
    /// # Errors
    /// [`SealError::Previous`] names the first that does not.
    pub fn check_first(&self) -> Result<(), SealError> {
        let nothing = Self { sources: PairNode::empty(), categories: BTreeMap::new(), accounts: 0 };
        self.check_previous(&nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Anybody can write a seal, so its counts are anything.
    #[test]
    fn accounts_are_counted_and_never_overflow() {
        let branch = |count: u64, sums: usize| Branch {
            count,
            root: hex(&[0; 32]),
            sums: vec!["0".to_owned(); sums],
        };
        let category =
            |name: &str, count| Category { accounts: branch(count, 8), name: name.to_owned() };
        let mut seal = Seal {
            categories: vec![category("cash", u64::MAX), category("payee", 0)],
            currency: Currency::parse("KRW").unwrap(),
            engine: String::new(),
            format: ENTRY_FORMAT.to_owned(),
            inputs: String::new(),
            kind: "seal".to_owned(),
            period: String::new(),
            previous: Vec::new(),
            rates: Vec::new(),
            reports: Vec::new(),
            settlement: String::new(),
            sources: branch(0, 2),
            statements: 0,
        };
        assert_eq!(seal.check().unwrap().accounts, u64::MAX);
        seal.categories[1].accounts.count = 1;
        assert_eq!(seal.check(), Err(SealError::Malformed { what: "payee".to_owned() }));
    }
}
