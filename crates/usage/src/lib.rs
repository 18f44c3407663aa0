//! # Purpose
//! The usage line: who used what, where, when, how often, for how much. One row for every way a
//! report can say it, as a Rust struct, as Arrow columns, and summed to cells.
//!
//! # Words
//! - **usage line**: one recording, one month, one territory, one offer of a service; the texts
//!   are as received.
//! - **basis**: what the amount is: money that reached us, net revenue of the service, or none.
//! - **rights type**: which right the money belongs to.
//! - **identity**: what matching sees of a line; **target**: what it made of it.
//! - **offer**: what many lines share; **subject**: what was used, in the report's words; **row**: a
//!   line in these parts.
//! - **income**: the head that the money of a use type is shown under.
//! - **cell**: the exact sum of all lines that agree in everything settlement looks at.
//!
//! # Drawing
//! ```text
//! Line ──push──────▶ LineBatch ──finish──▶ RecordBatch ──▶ LineReader ──▶ Line, row by row
//!   │                   ▲                           └─────▶ Columns, column by column
//!   │  Row ──push_row───┘   many lines that share an Offer, a Subject
//!   └──▶ Identity ──(matching)──▶ Target ──▶ CellKey ──(sum)──▶ Cells
//! ```
//!
//! # Example
//! ```
//! use money::{Atoms, Currency};
//! use usage::{Basis, Line, LineBatch, LineReader, RightsType};
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
//! let mut batch = LineBatch::new(&line.report);
//! batch.push(&line)?;
//! let batch = batch.finish()?;
//! let reader = LineReader::try_new(&batch)?;
//! assert_eq!(reader.lines().next(), Some(line));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A line survives the way through a record batch unchanged, or is refused with a typed error.
//! - Names, order and types of the columns are stable: files at rest depend on them.
//! - An amount that is not zero has a currency and a basis other than [`Basis::NoMoney`].
//! - Keys are ordered field by field, so sorted cells are the same on every machine.
//!
//! # What it does not do
//! It knows no file format of any sender, reads and writes no files, converts no currency, and
//! does not judge whether an ISRC, a territory or a use type is valid.

mod batch;
mod cell;
mod columns;
mod day;
mod kind;
mod line;
mod reader;
mod row;
mod schema;
mod use_type;

pub use batch::{LineBatch, LineError};
pub use cell::{Cell, CellKey, CellRow, Cells, Context, Target};
pub use columns::{BatchError, Columns, Tokens};
pub use kind::{Basis, ParseTokenError, RightsType};
pub use line::{Identity, Line};
pub use reader::LineReader;
pub use row::{Offer, Parting, Row, Subject};
pub use schema::{CELL_COLUMNS, column, schema};
pub use use_type::{Income, OwnUseType};
