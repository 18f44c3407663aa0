//! Sealing a settlement: the trees over its sources and accounts, and what opens them.

use std::collections::{BTreeMap, BTreeSet};

use money::{Atoms, Currency};
use sha2::{Digest as _, Sha256};
use tlog::sum::encode_nodes;
use tlog::{SumError, SumTree};

use crate::commit::{
    AccountNode, AccountSums, CellKey, CommitError, Mention, NoteHashes, PairNode, account_leaf,
    commit, gives_all, source_leaf,
};
use crate::entry::ENTRY_FORMAT;
use crate::receipt::{PathNote, SourcesNote, base64};
use crate::seal::{Branch, Category, Seal, category};
use crate::secret::{SourceKey, StatementKey, hex};
use crate::statement::Statement;

/// What a seal says beside its sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealHead {
    /// The settlement.
    pub settlement: String,
    /// The period.
    pub period: String,
    /// The currency.
    pub currency: Currency,
    /// The program that settled, with its version, and the rule by which lines are checked.
    pub engine: String,
    /// SHA-256 over what was settled, in hex.
    pub inputs: String,
    /// The entry of the seal before, in this currency.
    pub previous: Option<u64>,
    /// The entries of the exchange rate tables.
    pub rates: Vec<u64>,
    /// The entries of the reports that were settled for the first time.
    pub reports: Vec<u64>,
}

/// A seal in the making: statements come one after the other, and are not kept.
#[derive(Debug)]
pub struct Sealer {
    key: SourceKey,
    accounts: Vec<SealedAccount>,
    statements: u64,
    /// What lines say of cells, each with the place of its account.
    mentions: Vec<(Mention, u32)>,
}

/// An account in a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedAccount {
    /// The account.
    pub account: String,
    /// What stands for it.
    pub pseudonym: [u8; 32],
    /// Its leaf.
    pub leaf: AccountNode,
    /// The root over its lines.
    pub lines: PairNode,
}

/// The trees over the accounts of a seal, one a category, each in the order of the pseudonyms.
#[derive(Debug)]
pub struct AccountTrees {
    /// Where each account stands in its category.
    places: BTreeMap<String, u64>,
    trees: BTreeMap<String, SumTree<8>>,
}

impl AccountTrees {
    /// Builds the trees.
    ///
    /// # Errors
    /// [`SealingError`] if an account is there twice, or a sum is too large.
    pub fn new(accounts: &[SealedAccount]) -> Result<Self, SealingError> {
        let mut sorted: Vec<&SealedAccount> = accounts.iter().collect();
        sorted.sort_by_key(|it| (category(&it.account), it.pseudonym));
        let mut places = BTreeMap::new();
        let mut leaves: BTreeMap<&str, Vec<AccountNode>> = BTreeMap::new();
        for it in sorted {
            let of = leaves.entry(category(&it.account)).or_default();
            if places.insert(it.account.clone(), of.len() as u64).is_some() {
                return Err(SealingError::Twice { account: it.account.clone() });
            }
            of.push(it.leaf);
        }
        let tree = |(name, leaves): (&str, _)| Ok((name.to_owned(), SumTree::new(leaves)?));
        let trees = leaves.into_iter().map(tree).collect::<Result<_, SumError>>()?;
        Ok(Self { places, trees })
    }

    /// The categories as a seal states them; none if a sum is no amount.
    fn categories(&self) -> Option<Vec<Category>> {
        let trees = self.trees.iter();
        trees
            .map(|(name, it)| {
                Some(Category { accounts: Branch::of(&it.root())?, name: name.clone() })
            })
            .collect()
    }

    /// Where an account stands; none if it is not in the seal.
    #[must_use]
    pub fn path(&self, account: &str) -> Option<PathNote> {
        let at = *self.places.get(account)?;
        let nodes = self.trees.get(category(account))?.prove(&[at]).ok()?;
        Some(PathNote { at, nodes: base64(&encode_nodes(&nodes)) })
    }
}

/// Why a settlement cannot be sealed: its books do not close, which is a defect of the program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealingError {
    /// A statement cannot be committed to.
    #[error("the statement of {account} cannot be committed to")]
    Commit {
        /// The account.
        account: String,
        /// Why.
        source: CommitError,
    },
    /// What a cell brought is not what its lines give away.
    #[error("a cell brought {settled}, but lines give {given} of it away")]
    Cell {
        /// What it brought.
        settled: Atoms,
        /// What the lines make.
        given: Atoms,
    },
    /// Two accounts have one pseudonym.
    #[error("{account} is in the seal already")]
    Twice {
        /// The account.
        account: String,
    },
    /// A sum is too large.
    #[error("a sum is too large")]
    TooLarge,
}

impl From<SumError> for SealingError {
    fn from(_: SumError) -> Self {
        Self::TooLarge
    }
}

impl Sealer {
    /// Begins a seal.
    #[must_use]
    pub const fn new(key: SourceKey) -> Self {
        Self { key, accounts: Vec::new(), statements: 0, mentions: Vec::new() }
    }

    /// Adds an account with its statement.
    ///
    /// # Errors
    /// [`SealingError`] if it leaves the range of sums.
    pub fn add_statement(
        &mut self,
        statement: &Statement,
        canonical: &[u8],
        key: &StatementKey,
    ) -> Result<(), SealingError> {
        let account = statement.account.as_str();
        let (mentions, at) = (&mut self.mentions, place(&self.accounts)?);
        let (leaf, lines) =
            commit(statement, &Sha256::digest(canonical).into(), key, |it| mentions.push((it, at)))
                .map_err(|source| SealingError::Commit { account: account.to_owned(), source })?;
        self.statements = self.statements.saturating_add(1);
        let (account, pseudonym) = (account.to_owned(), key.pseudonym());
        self.accounts.push(SealedAccount { account, pseudonym, leaf, lines });
        Ok(())
    }

    /// Adds an account whose key was erased, as the seal had it; with its statement, if it has one.
    ///
    /// # Errors
    /// [`SealingError`] if it leaves the range of sums.
    pub fn add_erased(
        &mut self,
        account: SealedAccount,
        statement: Option<&Statement>,
    ) -> Result<(), SealingError> {
        if let Some(statement) = statement {
            // What opens the leaf is gone; its cells are counted among the sources as before.
            let key = StatementKey::erased();
            let (mentions, at) = (&mut self.mentions, place(&self.accounts)?);
            commit(statement, &[0; 32], &key, |it| mentions.push((it, at))).map_err(|source| {
                SealingError::Commit { account: account.account.clone(), source }
            })?;
            self.statements = self.statements.saturating_add(1);
        }
        self.accounts.push(account);
        Ok(())
    }

    /// Adds an account that gets no statement, with its balances before and afterwards.
    ///
    /// # Errors
    /// [`SealingError`] if it leaves the range of sums.
    pub fn add_account(
        &mut self,
        account: &str,
        opening: Atoms,
        closing: Atoms,
        key: &StatementKey,
    ) -> Result<(), SealingError> {
        let sums = AccountSums::of_balances(opening, closing).ok_or(SealingError::TooLarge)?;
        let lines = PairNode::empty();
        let leaf = account_leaf(account, None, &lines, &sums, key)
            .map_err(|source| SealingError::Commit { account: account.to_owned(), source })?;
        let (account, pseudonym) = (account.to_owned(), key.pseudonym());
        self.accounts.push(SealedAccount { account, pseudonym, leaf, lines });
        Ok(())
    }

    /// Builds the trees.
    ///
    /// # Errors
    /// [`SealingError::Cell`] if lines do not give away exactly what a cell brought.
    pub fn finish(self, head: SealHead) -> Result<Sealed, SealingError> {
        let Self { key, accounts, statements, mentions } = self;
        let (cells, sources) = sources(&key, mentions, &accounts)?;
        let trees = AccountTrees::new(&accounts)?;
        let seal = Seal {
            categories: trees.categories().ok_or(SealingError::TooLarge)?,
            currency: head.currency,
            engine: head.engine,
            format: ENTRY_FORMAT.to_owned(),
            inputs: head.inputs,
            kind: "seal".to_owned(),
            period: head.period,
            previous: head.previous.into_iter().collect(),
            rates: head.rates,
            reports: head.reports,
            settlement: head.settlement,
            sources: Branch::of(&sources.root()).ok_or(SealingError::TooLarge)?,
            statements,
        };
        Ok(Sealed { seal, key, cells, sources, accounts, trees })
    }
}

/// The place that the next account gets.
fn place(accounts: &[SealedAccount]) -> Result<u32, SealingError> {
    u32::try_from(accounts.len()).map_err(|_| SealingError::TooLarge)
}

/// A cell, what its lines give away, and where it stands.
#[derive(Clone, Copy, Debug)]
struct Counted {
    cell: CellKey,
    given: Atoms,
    /// The pseudonym of the account with the fewest lines that gets of it.
    rarest: [u8; 32],
    at: u64,
}

/// The cells in the order of their ids, and the tree over them.
///
/// Leaves stand by the account with the fewest lines that gets of them, so that what one payee asks
/// for lies together and a proof of it stays short.
fn sources(
    key: &SourceKey,
    mut mentions: Vec<(Mention, u32)>,
    accounts: &[SealedAccount],
) -> Result<(Vec<Counted>, SumTree<2>), SealingError> {
    mentions.sort_unstable_by_key(|(it, account)| (it.cell.id, *account));
    let rarity = |account: u32| {
        let of = usize::try_from(account).ok().and_then(|it| accounts.get(it));
        of.map_or((u64::MAX, [0xff; 32]), |it| (it.lines.count(), it.pseudonym))
    };
    let mut cells = Vec::new();
    for alike in mentions.chunk_by(|(a, _), (b, _)| a.cell == b.cell) {
        let Some((Mention { cell, settled, .. }, _)) = alike.first().copied() else { continue };
        let given = Atoms::checked_sum(alike.iter().map(|(it, _)| it.amount));
        let given = given.ok_or(SealingError::TooLarge)?;
        if let Some(settled) = settled.filter(|it| !gives_all(*it, given)) {
            return Err(SealingError::Cell { settled, given });
        }
        let rarest = alike.iter().map(|(_, account)| rarity(*account)).min();
        let (_, rarest) = rarest.unwrap_or_else(|| rarity(u32::MAX));
        cells.push(Counted { cell, given, rarest, at: 0 });
    }
    drop(mentions);
    cells.sort_unstable_by_key(|it| (it.rarest, it.cell));
    let salt = key.salts();
    let mut leaves = Vec::with_capacity(cells.len());
    for (at, it) in (0..).zip(&mut cells) {
        it.at = at;
        leaves.push(source_leaf(&it.cell.id, it.given, &salt(at))?);
    }
    cells.sort_unstable_by_key(|it| it.cell.id);
    Ok((cells, SumTree::new(leaves)?))
}

/// A sealed settlement in one currency, with everything that opens its leaves.
#[derive(Debug)]
pub struct Sealed {
    seal: Seal,
    key: SourceKey,
    cells: Vec<Counted>,
    sources: SumTree<2>,
    accounts: Vec<SealedAccount>,
    trees: AccountTrees,
}

impl Sealed {
    /// The seal.
    #[must_use]
    pub const fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The accounts, in the order in which they were added.
    #[must_use]
    pub fn accounts(&self) -> &[SealedAccount] {
        &self.accounts
    }

    /// The trees over them.
    #[must_use]
    pub const fn trees(&self) -> &AccountTrees {
        &self.trees
    }

    /// Opens the cells of a statement; none if one is not in the seal.
    #[must_use]
    pub fn open_sources(&self, statement: &Statement) -> Option<SourcesNote> {
        let hashes = NoteHashes::new(statement);
        let salt = self.key.salts();
        let (mut cells, mut seen) = (Vec::new(), BTreeSet::new());
        for line in &statement.lines {
            let cell = hashes.cell(line)?;
            let found = self.cells.binary_search_by_key(&cell.id, |it| it.cell.id).ok()?;
            let Counted { given, at, .. } = *self.cells.get(found)?;
            if seen.insert(at) {
                cells.push((at, given.to_string(), hex(&salt(at))));
            }
        }
        let places: Vec<u64> = seen.into_iter().collect();
        let nodes = self.sources.prove(&places).ok()?;
        Some(SourcesNote { cells, nodes: base64(&encode_nodes(&nodes)) })
    }
}
