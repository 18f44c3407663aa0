//! Findings: what is wrong or doubtful in other people's data, and exactly where.
//!
//! # Purpose
//!
//! Dirty data is no error of ours: it is read as far as it goes, and what is wrong with it is
//! told to the people who can mend it. A [`Finding`] names the rule, the place down to the cell,
//! and the offending text.
//!
//! # Words
//!
//! - **finding**: one thing that is wrong or doubtful, in one place.
//! - **rule**: what is looked for; its [`RuleDoc`] is its page of the manual.
//! - **severity**: [`Severity::Note`], [`Severity::Warning`] or [`Severity::Error`].
//! - **position**: file, line, byte, record, cell.
//! - **evidence**: the offending text, cut to 200 characters.
//!
//! # Drawing
//!
//! ```text
//!  RuleDoc { id, severity, title, doc }
//!     |
//!     +-- finding(message) --.at(position)--.evidence(text)--> Finding
//!                                                                 |
//!  error dsr-sy-dangling DSR_x.tsv:13 SU02.02 cell 3 SummaryRecordId: no such record (SR9)
//!  severity rule         position                                     message         evidence
//! ```
//!
//! # Example
//!
//! ```
//! use finding::{Finding, Position, RuleDoc, Severity};
//!
//! const DANGLING: RuleDoc = RuleDoc {
//!     id: "dsr-sy-dangling",
//!     severity: Severity::Error,
//!     title: "a record refers to a summary record that is not there",
//!     doc: "Every SummaryRecordId of a block stands in a summary record before it.",
//! };
//! let position = Position {
//!     line: 13,
//!     record: "SU02.02".into(),
//!     cell: Some(3),
//!     ..Position::of_file("DSR_x.tsv")
//! };
//! let finding = DANGLING.finding("no such record").at(position).evidence("SR9\t");
//! assert_eq!(
//!     finding.to_string(),
//!     r"error dsr-sy-dangling DSR_x.tsv:13 SU02.02 cell 3: no such record (SR9\t)"
//! );
//! ```
//!
//! # Invariants
//!
//! - A finding is shown on one line: control characters, line separators and characters that
//!   turn the direction of writing or have no width are visible escapes.
//! - Evidence set by [`Finding::evidence`] has at most [`EVIDENCE_CHARS_MAX`] characters, none of
//!   them cut in half.
//!
//! # What it does not do
//!
//! It looks for nothing: the rules live beside the data they judge. It does not count, sort,
//! filter or print findings, and an error of ours is not a finding.

mod position;
mod report;
mod rule;
mod shown;
#[cfg(test)]
mod tests;

pub use crate::position::Position;
pub use crate::report::{EVIDENCE_CHARS_MAX, Finding};
pub use crate::rule::{RuleDoc, Severity};
