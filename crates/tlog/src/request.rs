//! What is sent to a witness and what comes back (C2SP tlog-witness v1.0.0, "add-checkpoint").

use std::fmt;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::encoding::{EncodingError, parse_decimal};
use crate::hash::Hash;
use crate::note::{Note, NoteError};

/// Longest request, in bytes: a proof and a checkpoint with 16 post-quantum signatures fit in.
pub const REQUEST_BYTES_MAX: usize = 131_072;

/// Most hashes of the consistency proof.
pub const PROOF_HASHES_MAX: usize = 63;

/// Longest answer with a size, in bytes: 2^64 - 1 and a line feed.
pub const SIZE_BODY_BYTES_MAX: usize = 21;

/// The media type of an answer with a size.
pub const SIZE_MEDIA_TYPE: &str = "text/x.tlog.size";

/// A checkpoint for a witness, with the proof that it continues what the witness saw last; printed
/// as the body of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    old_size: u64,
    proof: Vec<Hash>,
    note: Note,
    /// Of the note's text; size 0 may have any root here.
    checkpoint: Checkpoint,
}

/// Why a request was refused: answer 400.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RequestError {
    /// Above [`REQUEST_BYTES_MAX`].
    #[error("request of {bytes} bytes, above 131072")]
    TooLong {
        /// Length of the body.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("request is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// No blank line with a checkpoint below it.
    #[error("request without a checkpoint below a blank line")]
    NoCheckpoint,
    /// The first line is not `old` and a size.
    #[error("the first line is not `old <size>`")]
    OldSize,
    /// A line of the proof is no hash.
    #[error("bad hash {number} of the consistency proof")]
    Hash {
        /// Number of the hash, from 1.
        number: usize,
        /// What is wrong with it.
        source: EncodingError,
    },
    /// More than [`PROOF_HASHES_MAX`] hashes.
    #[error("more than 63 hashes in the consistency proof")]
    TooManyHashes,
    /// The checkpoint is no signed note.
    #[error("the checkpoint is not a signed note")]
    Note(#[source] NoteError),
    /// The note is no checkpoint.
    #[error("the note is no checkpoint")]
    Checkpoint(#[source] CheckpointError),
}

impl AddCheckpoint {
    /// A request for a cosignature on `note`, proven to continue the tree of `old_size` leaves.
    ///
    /// # Errors
    ///
    /// [`RequestError`] for what no request can hold. Nothing is verified.
    pub fn new(old_size: u64, proof: Vec<Hash>, note: Note) -> Result<Self, RequestError> {
        if proof.len() > PROOF_HASHES_MAX {
            return Err(RequestError::TooManyHashes);
        }
        let checkpoint = Checkpoint::parse_lines(note.text()).map_err(RequestError::Checkpoint)?;
        let request = Self { old_size, proof, note, checkpoint };
        match request.to_string().len() {
            bytes if bytes > REQUEST_BYTES_MAX => Err(RequestError::TooLong { bytes }),
            _ => Ok(request),
        }
    }

    /// Reads the body of a request, verifying nothing yet.
    ///
    /// # Errors
    ///
    /// [`RequestError`] for any bytes that this type does not print.
    pub fn parse(body: impl AsRef<[u8]>) -> Result<Self, RequestError> {
        let bytes = body.as_ref();
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(RequestError::TooLong { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| RequestError::NotUtf8 { at: error.valid_up_to() })?;
        let (head, note) = text.split_once("\n\n").ok_or(RequestError::NoCheckpoint)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let old = old.and_then(|size| parse_decimal(size).ok()).ok_or(RequestError::OldSize)?;
        let mut proof = Vec::new();
        for (number, line) in (1..).zip(lines) {
            if number > PROOF_HASHES_MAX {
                return Err(RequestError::TooManyHashes);
            }
            let hash = Hash::parse(line);
            proof.push(hash.map_err(|source| RequestError::Hash { number, source })?);
        }
        let note = Note::parse(note).map_err(RequestError::Note)?;
        Self::new(old, proof, note)
    }

    /// Size of the tree that the witness is thought to have seen last.
    #[must_use]
    pub const fn old_size(&self) -> u64 {
        self.old_size
    }

    /// The consistency proof from the old size.
    #[must_use]
    pub fn proof(&self) -> &[Hash] {
        &self.proof
    }

    /// The checkpoint's note, unverified.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// Name of the log that is said to have signed.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.checkpoint.origin()
    }

    /// Number of leaves that the checkpoint states.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.checkpoint.size()
    }

    /// Root that the checkpoint states.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.checkpoint.root()
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old_size)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

/// Reads the answer that states the size a witness saw last.
///
/// # Errors
///
/// [`EncodingError`] for anything but a decimal and a line feed.
pub fn parse_size_body(body: &[u8]) -> Result<u64, EncodingError> {
    let text = std::str::from_utf8(body).map_err(|_| EncodingError::Decimal)?;
    parse_decimal(text.strip_suffix('\n').ok_or(EncodingError::Decimal)?)
}
