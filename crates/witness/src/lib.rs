//! A witness: its state at rest, and the asking of other witnesses.
//!
//! # Purpose
//! Keeps what a witness must never forget: which tree of each log it cosigned last, so that it
//! never signs two histories of one log. And asks other witnesses to cosign our own checkpoints
//! (C2SP tlog-witness v1.0.0).
//!
//! # Words
//! A **record** is the checkpoint of one log that was cosigned last. An **exhibit** is a refused
//! checkpoint that the log had signed, beside the record it is held against. The **submission
//! prefix** is the address below which a witness takes checkpoints.
//!
//! # Drawing
//! ```text
//!  body ─▶ parse ─▶ [ lock ─ record ─ tlog::witness::consider ─▶ write, sync, rename, sync ] ─▶ answer
//!                                             └─ refused, but signed ─▶ evidence/
//!
//!  folder/ witness.seed   the secret, readable by its keeper only
//!          witness.name   the key's name
//!          logs           log <vkey>, one a line
//!          state/H        the record of the log whose origin has the SHA-256 H
//!          evidence/H/    exhibits: fork-… and doubt-…, each .cosigned and .refused
//!          lock           held by whoever may sign
//! ```
//!
//! # Example
//! ```
//! use tlog::{AddCheckpoint, Checkpoint, SigningKey, leaf_hash};
//!
//! let folder = tempfile::tempdir()?;
//! witness::init(folder.path(), "witness.example", &[5; 32].into())?;
//! let log = SigningKey::from_seed("log.example", [7; 32].into())?;
//! witness::add_log(folder.path(), &log.verifier_key())?;
//!
//! let note = Checkpoint::new("log.example", 1, leaf_hash(b"entry"))?.sign(&[&log])?;
//! let request = AddCheckpoint::new(0, Vec::new(), note)?.to_string();
//! let witness = witness::Witness::open(folder.path())?;
//! let answer = witness.add_checkpoint(request.as_bytes(), 1_700_000_000)?;
//! assert_eq!(answer.status, 200);
//! // The same again is no longer the first: the witness says which size it saw.
//! let answer = witness.add_checkpoint(request.as_bytes(), 1_700_000_001)?;
//! assert_eq!((answer.status, answer.body.as_str()), (409, "1\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A cosignature is answered only after its record is at rest: written, synced, renamed, synced.
//! - Reading a record, deciding and writing are one step: no other request of this process comes
//!   between, and no other process has the folder open for signing.
//! - After a write that failed nothing is signed until the witness is opened anew.
//! - No path is made from what a stranger sent; everything that is read has a limit.
//!
//! # What it does not do
//! It makes no random bytes and reads no clock: both are arguments. It opens no port; that is for a
//! door. It cannot see that its folder was put back from an old copy: never do that, make a new
//! witness instead. Whether a fork is the log's fault is told by exhibits, judged by people.

mod ask;
mod disk;
mod error;
mod evidence;
mod logs;
mod place;
mod serve;
#[cfg(test)]
mod tests;

pub use ask::{AskError, Endpoint, Given, ask};
pub use error::WitnessError;
pub use evidence::{Exhibit, KEPT_MAX, Kept, exhibits};
pub use logs::{add_log, known_logs, origin_hash};
pub use place::{init, witness_key};
pub use serve::{Answer, LogRow, Witness, log_rows};
