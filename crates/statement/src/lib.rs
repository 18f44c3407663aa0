//! A payee's allocations as a statement that the payee can check without asking anybody.
//!
//! # Purpose
//! Says what an account earned in a period, line by line with the reason for every amount, in one
//! canonical form of bytes; commits to those bytes in a transparency log; and checks such a
//! commitment offline.
//!
//! # Words
//! A **statement** is what a payee receives. Its **canonical bytes** are RFC 8785 JSON made of
//! strings, integers, arrays and objects only. A **leaf** is what the log keeps of it: a salted
//! commitment that shows no name and no amount. A **receipt** is statement, salt, inclusion proof
//! and checkpoint in one file. A **refusal** is why a receipt proves nothing.
//!
//! # Drawing
//! ```text
//! statement ─ canonical bytes ─ SHA-256 ─┐
//!                                 salt ──┴─ commitment ─ leaf ─ inclusion proof ─ root ─ checkpoint
//! ```
//!
//! # Example
//! ```
//! use statement::{Refusal, Trust, verify};
//! let refusal = verify(b"{}", &Trust::Nothing).unwrap_err();
//! assert!(matches!(refusal, Refusal::Malformed { .. }));
//! assert_eq!(refusal.exit_code(), 10);
//! ```
//!
//! # Invariants
//! - Reading canonical bytes and writing them gives the same bytes; other bytes are refused.
//! - A statement is for one account and one currency.
//! - The lines add up to what was earned, and the balance closes, or [`Statement::check`] refuses.
//!
//! # What it does not do
//! It renders no HTML, stores nothing, and cannot prove that a service reported all its income.

mod builder;
mod check;
mod commit;
mod csv;
mod entry;
mod receipt;
mod seal;
mod sealer;
mod secret;
mod statement;
#[cfg(test)]
mod tests;
mod text;
mod verdict;
mod verify;

pub use builder::{AmountLine, Places, StatementBuilder, Subject};
pub use check::{CheckError, payable};
pub use commit::{AccountNode, AccountSums, CommitError, PairNode, sides};
pub use csv::{csv_cell, write_csv};
pub use entry::{
    AgreementParts, ENTRY_FORMAT, Entry, OpenedPart, attestation_text, commitment, committed,
    part_leaf,
};
pub use receipt::{
    AgreementNote, EntryNote, PartNote, PathNote, PreviousNote, RECEIPT_FORMAT, Receipt,
    ReceiptError, SourcesNote,
};
pub use seal::{Branch, Category, CheckedSeal, Seal, SealError, category};
pub use sealer::{AccountTrees, SealHead, Sealed, SealedAccount, Sealer, SealingError};
pub use secret::{SourceKey, StatementKey, entry_salt, hex, parse_hex};
pub use statement::{
    BalanceNote, ContextNote, Line, LineNotes, Measure, MovementNote, NO_RATE_WORDS, OpenNote,
    OutsideNote, RecordingNote, Rounded, STATEMENT_FORMAT, SourceNote, Statement, StatementError,
    TermNote, file_stem,
};
pub use verdict::{Attested, NOT_WITNESSED, Refusal, Verdict, Witnessing};
pub use verify::{Trust, verify};
