//! Sales reports and charts to usage lines and findings.
//!
//! # Purpose
//!
//! Reports say the same in many ways: territory and revenue stand in one record, usages in another,
//! the title in a third. This crate reads them into [`usage::Line`]s, one a sales transaction or row
//! of a chart, each complete in itself, and closes the sums on the way.
//!
//! # Words
//!
//! - **usage line**: who used what, where, when, how often, for how much.
//! - **pool**: the net revenue that one summary record announces for many lines.
//! - **survey**: the first pass; it adds up usages, because they share out the pools.
//! - **quarantined**: a record that should be a usage line and is not; kept whole, with a reason.
//!
//! # Drawing
//!
//! ```text
//!  report ──pass 1──▶ Survey: header, pools, sums of usages
//!    │                   │
//!    └─────pass 2────────┴──▶ usage lines      amount = pool × usages ÷ all usages (Audio, Video)
//!                        ├──▶ findings                 or as stated (UGC, Royalty, Financial)
//!  chart ────────────────┴──▶ Ingested: control totals, pools, quarantined
//! ```
//!
//! # Example
//!
//! ```
//! use ingest::{Chart, ingest_chart};
//!
//! let text = "date,song,artist,streams\n2021-02-01,Rain,Kim,2587\n2021-02-02,Rain,Kim,2600\n";
//! let chart = Chart {
//!     report: "5d41402abc4b2a76",
//!     file: 0,
//!     name: "daily.csv",
//!     chart: "Daily Top 200",
//!     service: "Streams",
//!     territory: "KR",
//! };
//! let mut lines = Vec::new();
//! let ingested =
//!     ingest_chart(&chart, text.as_bytes(), &mut |line| lines.push(line), &mut |_| {})?;
//! assert_eq!(ingested.usages.to_string(), "5187");
//! assert_eq!((lines[1].line, lines[1].title.as_str()), (3, "Rain"));
//! # Ok::<(), ingest::IngestError>(())
//! ```
//!
//! # Invariants
//!
//! - Every sales transaction becomes one usage line, or one finding and one quarantined record.
//! - The amounts of the lines of a pool add up to its attributed revenue, exactly; when the detail is
//!   as much as the announced total, that is all of the net revenue, to the last atom.
//! - No amount is rounded on reading: what cannot be held exactly is kept aside.
//! - The same bytes give the same lines in the same order.
//!
//! # What it does not do
//!
//! - It does not match recordings, convert currencies (it reads the rates that others convert by) or apply agreements.
//! - It does not judge a file as a whole: for that, see [`dsr::check`].
//! - It does not look at records of claims (`LI01`, `RU01`, `SY05`) beyond keeping step with them,
//!   except in royalty reporting, where `LI01` says what is paid.
//! - It makes no lines of cues (`CU01`, see [`dsr::cues`]) and of master lists.

mod chart;
mod error;
mod outcome;
mod rates;
mod report;
mod rule;
mod statement;

pub use chart::{Chart, ingest_chart};
pub use error::IngestError;
pub use outcome::{Ingested, Pool, Quarantined};
pub use rates::ingest_rates;
pub use report::{Sink, Source, Sum, Sums, Survey, Tallied, Tally, TallyColumn, Worth, ingest_dsr};
pub use rule::RULES;
pub use statement::{
    Evidence, Head, Open, SHIPPED, SourceSpec, SpecError, Statement, Told, Way, agrees,
    ingest_statement, open_statement, recognise, tell_unread_member, write_without_persons,
};
