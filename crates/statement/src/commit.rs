//! What a statement comes to in the trees of a seal: its cells, its lines, its account.
//!
//! ```text
//! note hash     = SHA-256 of the note's canonical JSON
//! cell          = SHA-256( "leitmotif/cell/v1" 00 ‖ source ‖ recording ‖ context (note hashes) ‖ report_lines
//!                          ‖ first_line ‖ last_line (8 bytes each) ‖ usages ‖ reported ‖ received (16 each) )
//! line payload  = SHA-256( "leitmotif/line/v1" 00 ‖ cell ‖ term (note hash) ‖ amount (16) ‖ rounded (1) )
//! a source's payload hash is its cell, and its sums are what its lines give away
//! account payload=SHA-256( "leitmotif/account/v1" 00 ‖ pseudonym ‖ SHA-256 of the account's text
//!                          ‖ SHA-256 of the statement, or zeros ‖ root of the lines ‖ their number (8) )
//! ```
//!
//! Integers are big-endian; amounts are atoms in two's complement; `rounded` is 0 for exact, 1 for down,
//! 2 for up.

use money::Atoms;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tlog::sum::sum_root;
use tlog::{SumError, SumNode};

use crate::secret::StatementKey;
use crate::statement::{Line, LineNotes, Rounded, Statement};

/// A leaf of the tree of accounts: eight columns.
pub type AccountNode = SumNode<8>;

/// A leaf of the tree of sources, or of lines: credit and debit.
pub type PairNode = SumNode<2>;

/// Which cell of which place a line is about; equal facts have equal ids.
pub(crate) type CellId = [u8; 32];

/// How an account stood and moved, each side apart so that nothing can be netted away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AccountSums {
    /// Due to the account before.
    pub opening_due: u128,
    /// Owed by the account before.
    pub opening_owed: u128,
    /// Lines above zero.
    pub earned_credit: u128,
    /// Lines below zero.
    pub earned_debit: u128,
    /// Movements above zero.
    pub moved_credit: u128,
    /// Movements below zero.
    pub moved_debit: u128,
    /// Due to the account afterwards.
    pub closing_due: u128,
    /// Owed by the account afterwards.
    pub closing_owed: u128,
}

impl AccountSums {
    /// The names of the columns, in order.
    pub const COLUMNS: [&'static str; 8] = [
        "opening_due",
        "opening_owed",
        "earned_credit",
        "earned_debit",
        "moved_credit",
        "moved_debit",
        "closing_due",
        "closing_owed",
    ];

    /// The columns, in order.
    #[must_use]
    pub const fn columns(&self) -> [u128; 8] {
        [
            self.opening_due,
            self.opening_owed,
            self.earned_credit,
            self.earned_debit,
            self.moved_credit,
            self.moved_debit,
            self.closing_due,
            self.closing_owed,
        ]
    }

    /// Of columns in order.
    #[must_use]
    pub const fn of(columns: &[u128; 8]) -> Self {
        let [
            opening_due,
            opening_owed,
            earned_credit,
            earned_debit,
            moved_credit,
            moved_debit,
            closing_due,
            closing_owed,
        ] = *columns;
        Self {
            opening_due,
            opening_owed,
            earned_credit,
            earned_debit,
            moved_credit,
            moved_debit,
            closing_due,
            closing_owed,
        }
    }

    /// Those of an account without a statement: what moved is what its balances differ by.
    #[must_use]
    pub fn of_balances(opening: Atoms, closing: Atoms) -> Option<Self> {
        let (opening_due, opening_owed) = sides(opening);
        let (closing_due, closing_owed) = sides(closing);
        let (moved_credit, moved_debit) = sides(closing.checked_sub(opening)?);
        Some(Self {
            opening_due,
            opening_owed,
            moved_credit,
            moved_debit,
            closing_due,
            closing_owed,
            ..Self::default()
        })
    }

    /// Whether opening and what came and went make the closing.
    #[must_use]
    pub fn closes(&self) -> bool {
        let all = |parts: [u128; 4]| parts.into_iter().try_fold(0_u128, u128::checked_add);
        let plus =
            all([self.opening_due, self.earned_credit, self.moved_credit, self.closing_owed]);
        let minus = all([self.opening_owed, self.earned_debit, self.moved_debit, self.closing_due]);
        plus.is_some() && plus == minus
    }
}

/// An amount as credit and debit, of which one is zero.
#[must_use]
pub const fn sides(amount: Atoms) -> (u128, u128) {
    match amount.is_negative() {
        false => (amount.raw().unsigned_abs(), 0),
        true => (0, amount.raw().unsigned_abs()),
    }
}

/// The SHA-256 hashes of a statement's notes, each computed once.
pub(crate) struct NoteHashes {
    sources: Vec<[u8; 32]>,
    recordings: Vec<[u8; 32]>,
    contexts: Vec<[u8; 32]>,
    terms: Vec<[u8; 32]>,
}

impl NoteHashes {
    pub(crate) fn new(statement: &Statement) -> Self {
        Self {
            sources: hashes(&statement.sources),
            recordings: hashes(&statement.recordings),
            contexts: hashes(&statement.contexts),
            terms: hashes(&statement.terms),
        }
    }

    /// The cell of a line, with the first bytes of its source's and its recording's hash, by which
    /// cells are sorted; none if the line points nowhere.
    pub(crate) fn cell(&self, line: &Line) -> Option<CellKey> {
        let source = at(&self.sources, line.source)?;
        let recording = at(&self.recordings, line.recording)?;
        let mut hasher = Sha256::new();
        hasher.update(b"leitmotif/cell/v1\0");
        hasher.update(source);
        hasher.update(recording);
        hasher.update(at(&self.contexts, line.context)?);
        for it in [line.report_lines, line.first_line, line.last_line] {
            hasher.update(it.to_be_bytes());
        }
        for it in [line.usages, line.reported, line.received] {
            hasher.update(it.raw().to_be_bytes());
        }
        Some(CellKey {
            source: head(source),
            recording: head(recording),
            id: hasher.finalize().into(),
        })
    }

    /// The leaf of a line.
    fn line(&self, cell: &CellId, line: &Line, salt: &[u8; 32]) -> Result<PairNode, CommitError> {
        let term = at(&self.terms, line.term).ok_or(CommitError::Dangling)?;
        let rounded = match line.rounded {
            Rounded::Exact => 0,
            Rounded::Down => 1,
            Rounded::Up => 2,
        };
        let payload = Sha256::new()
            .chain_update(b"leitmotif/line/v1\0")
            .chain_update(cell)
            .chain_update(term)
            .chain_update(line.amount.raw().to_be_bytes())
            .chain_update([rounded])
            .finalize();
        let (credit, debit) = sides(line.amount);
        Ok(PairNode::leaf(salt, &payload.into(), [credit, debit])?)
    }
}

/// Where a cell stands among the sources: by source, then recording, so that what one payee asks for
/// lies together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct CellKey {
    pub(crate) source: u64,
    pub(crate) recording: u64,
    pub(crate) id: CellId,
}

fn head(hash: &[u8; 32]) -> u64 {
    hash.first_chunk::<8>().map_or(0, |it| u64::from_be_bytes(*it))
}

fn hashes<T: Serialize>(notes: &[T]) -> Vec<[u8; 32]> {
    let hash = |it: &T| {
        let bytes = serde_json::to_vec(it).expect("strings and integers always have a form");
        Sha256::digest(bytes).into()
    };
    notes.iter().map(hash).collect()
}

fn at<T>(list: &[T], index: u64) -> Option<&T> {
    usize::try_from(index).ok().and_then(|it| list.get(it))
}

/// Why a statement cannot be committed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// A line points to a note that is not there.
    #[error("a line refers to what is not in the statement")]
    Dangling,
    /// A sum reaches 2¹²⁷ atoms.
    #[error("a sum is too large")]
    TooLarge(#[from] SumError),
}

/// What a line says of a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mention {
    pub(crate) cell: CellKey,
    /// What the cell brings, in the statement's currency; none if it is restated.
    pub(crate) settled: Option<Atoms>,
    /// What the line gives of it.
    pub(crate) amount: Atoms,
}

/// Commits to a statement: its leaf, and the root over its lines. `mention` is told of each line's cell.
pub(crate) fn commit(
    statement: &Statement,
    canonical_sha256: &[u8; 32],
    key: &StatementKey,
    mut mention: impl FnMut(Mention),
) -> Result<(AccountNode, PairNode), CommitError> {
    let hashes = NoteHashes::new(statement);
    let leaves = statement.lines.iter().zip(key.line_salts()).map(|(line, salt)| {
        let LineNotes { source, .. } = statement.notes(line).ok_or(CommitError::Dangling)?;
        let cell = hashes.cell(line).ok_or(CommitError::Dangling)?;
        let settled = source.exchanged(line.received).ok_or(SumError::TooLarge)?;
        let settled = source.restated.is_empty().then_some(settled);
        mention(Mention { cell, settled, amount: line.amount });
        hashes.line(&cell.id, line, &salt)
    });
    let lines = sum_root(leaves)?;
    let mut sums = AccountSums::default();
    let note = &statement.balance;
    (sums.opening_due, sums.opening_owed) = sides(note.opening);
    (sums.closing_due, sums.closing_owed) = sides(note.closing);
    [sums.earned_credit, sums.earned_debit] = *lines.sums();
    for it in &statement.movements {
        let (credit, debit) = sides(it.amount);
        let add = |to: u128, more: u128| to.checked_add(more).ok_or(SumError::TooLarge);
        sums.moved_credit = add(sums.moved_credit, credit)?;
        sums.moved_debit = add(sums.moved_debit, debit)?;
    }
    let leaf = account_leaf(&statement.account, Some(canonical_sha256), &lines, &sums, key)?;
    Ok((leaf, lines))
}

/// The leaf of an account; of one without a statement, there is no hash of it, and there are no lines.
pub(crate) fn account_leaf(
    account: &str,
    statement_sha256: Option<&[u8; 32]>,
    lines: &PairNode,
    sums: &AccountSums,
    key: &StatementKey,
) -> Result<AccountNode, CommitError> {
    let payload = Sha256::new()
        .chain_update(b"leitmotif/account/v1\0")
        .chain_update(key.pseudonym())
        .chain_update(Sha256::digest(account))
        .chain_update(statement_sha256.unwrap_or(&[0; 32]))
        .chain_update(lines.hash().0)
        .chain_update(lines.count().to_be_bytes())
        .finalize();
    Ok(AccountNode::leaf(&key.salt(), &payload.into(), sums.columns())?)
}

/// The leaf of a cell among the sources: `given` is what its lines give away.
pub(crate) fn source_leaf(
    cell: &CellId,
    given: Atoms,
    salt: &[u8; 32],
) -> Result<PairNode, SumError> {
    let (credit, debit) = sides(given);
    PairNode::leaf(salt, cell, [credit, debit])
}

/// Whether lines may give `given` away of a cell that brings `settled`: all of it, or, of several cells
/// that are alike, a multiple. Of a cell that is restated the lines that stay as they are are left out,
/// before and now alike, so nothing can be told of it alone.
pub(crate) fn gives_all(settled: Atoms, given: Atoms) -> bool {
    match (settled.raw(), given.raw()) {
        (0, given) => given == 0,
        (settled, given) => {
            given.checked_rem(settled) == Some(0) && given.checked_div(settled) > Some(0)
        }
    }
}
