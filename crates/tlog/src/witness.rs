//! What a witness answers, as a function of what it saw (C2SP tlog-witness v1.0.0, "add-checkpoint").
//!
//! ```text
//!  request ─ log known? ─ signed? ─ old <= size? ─ old = latest? ─ empty root? ─ proof? ─▶ Accepted
//!              404         403         400            409             422         422
//! ```
//!
//! Who calls this holds the log's record from before [`consider`] until the new one is at rest, and
//! answers only then; else two requests could both pass, and the smaller roll the larger back.

use thiserror::Error;

use crate::checkpoint::Checkpoint;
use crate::cosign::{CosignError, CosignerKey};
use crate::hash::{Hash, empty_root};
use crate::key::VerifierKey;
use crate::note::{Note, NoteError, Signature};
use crate::request::AddCheckpoint;
use crate::verify::{ProofError, verify_consistency};

/// The tree of a log that a witness cosigned last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Latest {
    /// Number of leaves.
    pub size: u64,
    /// Root hash at that size.
    pub root: Hash,
}

impl Latest {
    /// Before anything was cosigned: the empty tree.
    #[must_use]
    pub fn nothing() -> Self {
        Self { size: 0, root: empty_root() }
    }
}

/// A checkpoint that may be cosigned, once it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    checkpoint: Checkpoint,
    note: Note,
}

/// A checkpoint that is not cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the checkpoint is not cosigned")]
pub struct Refused {
    /// Why.
    #[source]
    pub refusal: Refusal,
    /// What the log's signature on it is worth.
    pub evidence: Option<Evidence>,
}

/// What a refused checkpoint with the log's own signature shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The log signed two histories: this checkpoint and the latest cosigned one have one size and
    /// two roots, or it gives the empty tree another root.
    Fork,
    /// The checkpoint is larger and was not shown to continue the latest one: the log may have
    /// forked, or somebody sent a wrong proof with a good checkpoint.
    Doubt,
}

/// Why a checkpoint is not cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// No key of this log is known: answer 404.
    #[error("no log is known here as {origin:?}")]
    UnknownLog {
        /// The origin.
        origin: String,
    },
    /// No known key of the log signed, or a line of one is bad: answer 403.
    #[error("the log's signature is missing or bad")]
    Signature(#[source] NoteError),
    /// The old size is above the checkpoint's: answer 400.
    #[error("old size {old} above the checkpoint's size {size}")]
    OldSize {
        /// The old size.
        old: u64,
        /// The size of the checkpoint.
        size: u64,
    },
    /// Another size was cosigned last: answer 409, with that size.
    #[error("the size cosigned last is {latest}, not {old}")]
    Conflict {
        /// The size cosigned last.
        latest: u64,
        /// The old size of the request.
        old: u64,
    },
    /// Size 0 with another root than that of the empty tree: answer 422.
    #[error("size 0 with the root of another tree")]
    EmptyRoot,
    /// From the empty tree no proof is needed, and none may be sent: answer 422.
    #[error("a consistency proof from the empty tree is empty")]
    ProofFromNothing,
    /// The checkpoint has the size of the latest one and another root: answer 422.
    #[error("another root at size {size} was cosigned already")]
    OtherRoot {
        /// The size of both.
        size: u64,
    },
    /// The consistency proof does not hold: answer 422.
    #[error("the consistency proof does not hold")]
    Proof(#[source] ProofError),
}

impl Refusal {
    /// The HTTP status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::UnknownLog { .. } => 404,
            Self::Signature(_) => 403,
            Self::OldSize { .. } => 400,
            Self::Conflict { .. } => 409,
            Self::EmptyRoot | Self::ProofFromNothing | Self::OtherRoot { .. } | Self::Proof(_) => {
                422
            }
        }
    }
}

/// Decides about a request; `log_keys` are the known keys of the log that it names, none if it is
/// not known, and `latest` what was cosigned last.
///
/// The checks come in the order of the document, so that a request that is wrong in two ways gets
/// the same answer everywhere.
///
/// # Errors
///
/// [`Refused`], with the status of the answer and what is worth keeping.
pub fn consider(
    request: &AddCheckpoint,
    log_keys: &[VerifierKey],
    latest: Latest,
) -> Result<Accepted, Refused> {
    let plain = |refusal| Refused { refusal, evidence: None };
    if log_keys.is_empty() {
        return Err(plain(Refusal::UnknownLog { origin: request.origin().to_owned() }));
    }
    let opened =
        request.note().verify(log_keys).map_err(|error| plain(Refusal::Signature(error)))?;
    let refused = |refusal| Refused { evidence: evidence(request, latest, &refusal), refusal };
    check(request, latest).map_err(refused)?;
    let checkpoint = Checkpoint::parse(request.note().text())
        .expect("its lines were read, and size 0 was seen to have the empty root");
    let by_log = |line: &&Signature| {
        opened.signers().iter().any(|key| key.name() == line.name() && key.id() == line.id())
    };
    let lines = request.note().signatures().iter().filter(by_log).cloned().collect();
    let note = request.note().with_signatures(lines);
    Ok(Accepted { checkpoint, note: note.expect("a known key signed, and lines only went") })
}

/// The checks behind the signature.
fn check(request: &AddCheckpoint, latest: Latest) -> Result<(), Refusal> {
    let (old, size, root) = (request.old_size(), request.size(), request.root());
    if old > size {
        return Err(Refusal::OldSize { old, size });
    }
    if old != latest.size {
        return Err(Refusal::Conflict { latest: latest.size, old });
    }
    if size == 0 && root != empty_root() {
        return Err(Refusal::EmptyRoot);
    }
    if old == 0 {
        let empty = request.proof().is_empty();
        return if empty { Ok(()) } else { Err(Refusal::ProofFromNothing) };
    }
    if old == size && root != latest.root {
        return Err(Refusal::OtherRoot { size });
    }
    verify_consistency(old, size, &latest.root, &root, request.proof()).map_err(Refusal::Proof)
}

/// What is worth keeping of a signed checkpoint that was refused, whatever the answer says.
fn evidence(request: &AddCheckpoint, latest: Latest, refusal: &Refusal) -> Option<Evidence> {
    let (size, root) = (request.size(), request.root());
    if (size == latest.size && root != latest.root) || (size == 0 && root != empty_root()) {
        return Some(Evidence::Fork);
    }
    let doubt = matches!(refusal, Refusal::Proof(_)) && size > latest.size;
    doubt.then_some(Evidence::Doubt)
}

impl Accepted {
    /// The checkpoint.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// What is cosigned last once this is.
    #[must_use]
    pub const fn latest(&self) -> Latest {
        Latest { size: self.checkpoint.size(), root: self.checkpoint.root() }
    }

    /// The checkpoint with the log's verified lines and a cosignature: what is written down and
    /// shown to monitors. Its last line is the answer to the request.
    ///
    /// # Errors
    ///
    /// [`CosignError`] for a time that no cosignature can have.
    pub fn cosign(&self, key: &CosignerKey, time: u64) -> Result<(Note, Signature), CosignError> {
        let line = key.cosign(self.note.text(), time)?;
        let mut lines = self.note.signatures().to_vec();
        lines.truncate(crate::note::SIGNATURES_MAX - 1);
        lines.push(line.clone());
        let note = self.note.with_signatures(lines);
        Ok((note.expect("a request is far below the longest note"), line))
    }
}
