//! Delimited text, workbooks and archives to rows of cells, each with its place.
//!
//! # Purpose
//!
//! Statements come as text of any delimiter and encoding, as workbooks, and packed. Here they are
//! cut into rows of cells. What the cells mean is not known; that every row has its place and its
//! bytes is.
//!
//! # Words
//!
//! - **row**: a line of text, or several where a quoted cell goes on over line ends; a row of a
//!   worksheet.
//! - **form**: encoding, delimiter and whether quotes hold cells together.
//! - **fault**: why a row could not be cut into cells as its form says; the row comes all the same.
//! - **member**: a file in a zip archive.
//!
//! # Drawing
//!
//! ```text
//!  bytes ── TextRows (form) ─────────┐
//!                                    ├─▶ Row: line, byte, raw, cells, fault
//!  .xlsx ── Workbook ── SheetRows ───┘
//!  .zip  ── Archive ── members ── bytes
//! ```
//!
//! # Example
//!
//! ```
//! use sheet::{Encoding, Form, Limits, Row, Rows as _, TextRows};
//!
//! let bytes = b"Titel;Betrag\n\"Regen; leise\";1,50\n";
//! let form = Form { encoding: Encoding::Utf8, delimiter: ';', quotes: true };
//! let mut rows = TextRows::new("r.csv", &bytes[..], form, Limits::default());
//! let mut row = Row::default();
//! assert!(rows.read(&mut row)? && rows.read(&mut row)?);
//! assert_eq!((row.line, row.byte), (2, 13));
//! assert_eq!(row.cells().collect::<Vec<_>>(), ["Regen; leise", "1,50"]);
//! assert_eq!(row.raw(), b"\"Regen; leise\";1,50");
//! assert!(!rows.read(&mut row)?);
//! # Ok::<(), sheet::ReadError>(())
//! ```
//!
//! # Invariants
//!
//! - The raw bytes of all rows of a text, with their line ends and a byte order mark before them,
//!   are the text; only of a line beyond the limit the rest is passed over, and counted.
//! - An open quote never swallows more than a bounded number of lines.
//! - Whatever the bytes, reading ends, and memory is bounded by [`Limits`].
//!
//! # What it does not do
//!
//! It does not guess delimiters, knows no header, trims nothing, and reads no number: a number in
//! a workbook is written out as the shortest decimal that names it.

mod archive;
mod encoding;
mod limits;
mod places;
mod row;
mod split;
mod text;
mod workbook;

pub use archive::{Archive, Member, Packing, packing};
pub use encoding::{Encoding, ParseEncodingError};
pub use limits::{Limits, ReadError};
pub use row::{Fault, Row, Rows};
pub use text::{Form, TextRows};
pub use workbook::{SheetRows, Workbook};
