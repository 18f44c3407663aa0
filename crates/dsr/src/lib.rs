//! DDEX DSR flat files: bytes to records and back, loss-free, with positions and findings.
//!
//! # Purpose
//!
//! A digital sales report tells how often recordings were used and what was earned with them. This
//! crate reads such a file record by record, says what is wrong or doubtful in it, exactly where,
//! and writes files that are valid. It covers every profile of the flat-file standard, in both
//! block variants: Basic Audio, User-Generated Content, Audio-Visual, Royalty Reporting, Financial
//! Reporting to Record Companies, Radio Broadcast and Master List.
//!
//! # Words
//!
//! - **record**: one line; its first cell names its type and version, `SU02.03`.
//! - **summary record**: a record `SYxx`; it says territory, commercial model, currency, revenue.
//! - **block**: the records of one release or recording, tied together by a block id.
//! - **sales transaction**: a record `SUxx` or `SRxx`; it says how often, and refers to a summary
//!   record for all else.
//! - **field**: the canonical name of a cell; versions call the same cell by different names.
//! - **finding**: something wrong or doubtful in the file; each comes from one **rule**.
//!
//! # Drawing
//!
//! ```text
//!            Reader                 lookup
//!   bytes ───────────▶ Record ────────────────▶ RecordSpec ──▶ Cell by Field
//!     ▲                  │ raw + ending            (tables)
//!     │                  ▼
//!   Writer           check: HEAD, SY…, block, block, …, FOOT
//!     ▲                  │
//!     │                  ├──▶ findings, in the order of the file
//!   cells by Field       └──▶ Summary: counts, usages by summary record
//! ```
//!
//! # Example
//!
//! ```
//! use dsr::{Field, Limits, Reader};
//!
//! let file = b"#SU02.02\tBlockId\nSU02.02\t1\tS1\tT1\t\tA1\tTRUE\t120\r\n";
//! let mut streams = Vec::new();
//! for record in Reader::new("DSR_x.tsv", &file[..], Limits::default()) {
//!     let record = record?;
//!     if let Some(spec) = record.lookup().spec() {
//!         streams.push((record.line, record.field(spec, Field::Usages).text().into_owned()));
//!     }
//! }
//! assert_eq!(streams, [(2, "120".to_owned())]);
//! # Ok::<(), dsr::ReadError>(())
//! ```
//!
//! # Invariants
//!
//! - The raw bytes of all records and their endings, one after the other, are the bytes of the file.
//! - What a file says is never an error: an error means that no more bytes could be read.
//! - The same bytes under the same name give the same findings in the same order.
//! - What [`Writer`] writes is read back as the same values, and its footer counts agree.
//!
//! # What it does not do
//!
//! - It does not interpret business meaning: revenue, shares and periods are for `ingest`.
//! - It does not unpack archives or compressed files, and does not guess encodings.
//! - It does not look over the edge of one file, except in [`check_parts`].
//! - It carries names and order of cells only; the standard itself, its licence and its text are
//!   DDEX's, and whoever exchanges reports needs that licence.

mod by_id;
mod cell;
mod check;
mod cue;
mod file_name;
mod header;
mod profile;
mod reader;
mod record;
pub mod rule;
pub mod table;
pub mod value;
mod writer;

pub use by_id::ById;
pub use cell::Cell;
pub use check::{Checker, Count, Summary, SummaryUsage, check};
pub use cue::{Cue, Programme, cues};
pub use file_name::FileName;
pub use header::{Footer, Header};
pub use profile::{Profile, Purpose};
pub use reader::{Limits, ReadError, Reader};
pub use record::{Ending, Record};
pub use rule::{check_parts, message_reused};
pub use table::Field;
pub use writer::{Escape, Totals, Value, WriteError, Writer, write_as_read};
