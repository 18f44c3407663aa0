//! The embedded database and the folders beside it.
//!
//! # Purpose
//! Keeps, in one folder, what must not be lost: the catalogue, which reports came, what was
//! decided and posted, the statements as issued, the transparency log and the files as received.
//!
//! # Words
//! A **home** is the folder. The **book** is settlements, entries, statements and payments. **Received**
//! files are byte-exact copies of what came in. To **publish** the log is to bring its static files
//! up to what the database has signed.
//!
//! # Drawing
//! ```text
//! home/ leitmotif.db   catalogue · reports · book · log (the truth)
//!       received/      files as they came, by SHA-256
//!       log/           checkpoint and tiles, for any web server (a copy)
//!       audio/         prints of sounds (who they are of stands in the database)
//!       keys/          log signing key and salt secret, readable by the owner only
//! ```
//!
//! # Example
//! ```
//! let home = tempfile::tempdir()?;
//! let store = store::Store::open(home.path())?;
//! assert!(store.catalogue()?.recordings.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - What belongs together is written in one transaction; a kill leaves all of it or none.
//! - A settlement, an entry and a statement are never changed once written.
//! - The log's static files can be lost and are made again from the database.
//!
//! # What it does not do
//! It decides nothing: no matching, no settlement, no verdict.

mod act;
mod ahead;
mod book;
mod catalogue;
mod connection;
mod cue;
mod error;
mod keys;
mod log;
mod packed;
mod past;
mod payment;
mod payout;
mod publish;
mod received;
mod report;
mod seal;
mod sound;
mod source;
mod tables;

pub use act::{Act, Decision};
pub use ahead::Text;
pub use book::{PostedSettlement, SettlementRow, StatementRow, StatementToPost};
pub use connection::Store;
pub use cue::CueAct;
pub use error::StoreError;
pub use keys::{Keys, random_bytes, random_seed};
pub use log::{LogState, NewEntry};
pub use payment::{BatchRow, BatchState, Destination, PaymentRow, ReturnRow, SentPayment, Way};
pub use payout::{ClaimRow, EpochRow, EpochState, Sending};
pub use publish::{LogFault, LogFindings, verify_log};
pub use received::Kept;
pub use report::{NewReport, QuarantinedLine, ReportFile, ReportRow, ReportState, UsageFile};
pub use seal::{LeafRow, NewSeal, Nonces};
pub use sound::{Heard, SoundFile, SoundRow, Tie};
pub use source::StatementSource;
pub use tables::{FindingRow, PostingRow};
