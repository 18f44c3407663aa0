//! # Purpose
//! Usage lines at rest: written once per report as Parquet files, read again line by line, and
//! summed to cells for settlement.
//!
//! # Words
//! - **lake**: a folder of usage lines.
//! - **file entry**: what is recorded about one file: where it is, how long, its digest, and the
//!   number and sums of its lines. The file entries of all reports are the **manifest**; the
//!   caller keeps it, in the same transaction as the report itself.
//! - **staged**: written and forced to disk, but not in place yet.
//! - **cell**: the exact sum of all usage lines that agree in everything settlement looks at.
//!
//! # Drawing
//! ```text
//! begin ──▶ ReportWriter ──push…──▶ finish ──▶ StagedReport ──▶ commit ──▶ (caller records
//!              staging/<report>/usage/…                          rename     the file entries)
//!
//! <root>/usage/month=2021-06/sender=PADPIDA2013021901W/<report>-<n>.parquet
//! <root>/staging/<report>/…the same…
//!
//! manifest ──▶ cells ──▶ Cells       every distinct identity asked once, sorted by key
//!          ──▶ lines ──▶ Line…       "why": the lines of a report again
//!          ──▶ cells_on ──▶ ClusterCells   the same, asked of the engine and checked
//!          ──▶ verify ──▶ [Mismatch]
//!          ──▶ sweep ──▶ Swept       after a crash
//! ```
//!
//! The folder names are the ones query engines know how to split into columns; the columns are in
//! the files as well, and those count: the folder of a sender has `_` for every character outside
//! `[A-Za-z0-9_-]` and ends after 64 characters, so two senders may share one.
//!
//! # Example
//! ```
//! use lake::{Filter, Lake};
//! use money::{Atoms, Currency};
//! use usage::{Basis, Line, RightsType};
//!
//! let line = Line {
//!     report: "5d41402abc4b2a76".to_owned(),
//!     line: 14,
//!     file: 0,
//!     transaction: String::new(),
//!     sender: "PADPIDA2013021901W".to_owned(),
//!     service: "Melody".to_owned(),
//!     territory: "KR".to_owned(),
//!     use_type: "OnDemandStream".to_owned(),
//!     commercial_model: "SubscriptionModel".to_owned(),
//!     rights_type: RightsType::Master,
//!     basis: Basis::Received,
//!     from: period::Date::constant(2021, 6, 1),
//!     until: period::Date::constant(2021, 7, 1),
//!     isrc: "KRA012100001".to_owned(),
//!     icpn: String::new(),
//!     resource_id: "r1".to_owned(),
//!     title: "Over the River".to_owned(),
//!     artist: "Han".to_owned(),
//!     usages: Atoms::from_units(1200),
//!     currency: Some(Currency::parse("KRW")?),
//!     amount: Atoms::parse("8400.25")?,
//!     unit_price: None,
//!     price_category: String::new(),
//!     subscribed: None,
//!     adjustment: String::new(),
//!     corrects: String::new(),
//! };
//! let folder = tempfile::tempdir()?;
//! let lake = Lake::open(folder.path())?;
//! let mut writer = lake.begin(&line.report)?;
//! writer.push(&line)?;
//! writer.push(&line)?;
//! let staged = writer.finish()?;
//! lake.commit(&staged)?;
//! // here the caller records staged.files
//! let cells = lake.cells(&staged.files, &Filter::all(), &mut |identity| identity.unmatched())?;
//! assert_eq!(cells.len(), 1);
//! let cell = cells.get(0).unwrap();
//! assert_eq!(cell.lines, 2);
//! assert_eq!(cell.amount, Atoms::parse("16800.5")?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A report is wholly in place or not at all: files move only after all are safe on disk, and
//!   what the manifest does not name is removed by the next sweep.
//! - A file has the lines of one report, one month and one sender.
//! - Cells are the same for any order of files and lines; sums are exact, and one that does not
//!   fit is an error, never a wrapped number.
//! - What a cluster summed becomes a cell only if its partition closes on the manifest, to the atom.
//! - No path is built from received text: senders are spelled anew, report ids and paths of a
//!   manifest are checked, and everything stays below the root.
//!
//! # What it does not do
//! It keeps no manifest, takes no locks, matches nothing and converts no currency. Reduction holds
//! all distinct identities and cells in memory and does not spill to disk.

mod cells;
mod digest;
mod encode;
pub mod engine;
mod error;
mod intern;
mod layout;
mod manifest;
mod place;
mod read;
mod sum;
mod sweep;
mod verify;
mod write;

pub use error::LakeError;
pub use manifest::{Amounts, FileEntry, StagedReport};
pub use place::Lake;
pub use read::Filter;
pub use sweep::Swept;
pub use verify::{Difference, Mismatch};
pub use write::ReportWriter;
