//! The offline proof text `c2sp.org/tlog-proof@v1` (C2SP tlog-proof, "Format").

use std::fmt;

use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::encoding::{EncodingError, base64, parse_base64, parse_decimal};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::{NOTE_BYTES_MAX, Note, NoteError};
use crate::verify::{ProofError, verify_inclusion};

/// First line of every proof file.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// File name extension, without the dot.
pub const EXTENSION: &str = "tlog-proof";

/// Longest proof file, in bytes.
pub const PROOF_FILE_BYTES_MAX: usize = 2 * NOTE_BYTES_MAX;

/// Most hashes of an inclusion proof: the height of the tallest tree.
pub const HASHES_MAX: usize = 64;

/// Place of an entry, its inclusion proof and a checkpoint; printed as the proof text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofFile {
    extra: Vec<u8>,
    index: u64,
    hashes: Vec<Hash>,
    note: Note,
}

/// Why a proof file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofFileError {
    /// Above [`PROOF_FILE_BYTES_MAX`].
    #[error("proof file of {bytes} bytes, above 2000000")]
    TooLong {
        /// Length of the text.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("proof file is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// The first line is not [`HEADER`].
    #[error("not a tlog-proof of version 1")]
    Header,
    /// The extra line has no data or no canonical base64.
    #[error("bad extra line")]
    Extra,
    /// No index line where it must be.
    #[error("no index line")]
    NoIndex,
    /// The index is no number.
    #[error("bad index")]
    Index(#[source] EncodingError),
    /// A line of the inclusion proof is no hash.
    #[error("bad hash {number}")]
    Hash {
        /// Number of the hash, from 1.
        number: usize,
        /// What is wrong with it.
        source: EncodingError,
    },
    /// More than [`HASHES_MAX`] hashes.
    #[error("more than 64 hashes")]
    TooManyHashes,
    /// No blank line with a checkpoint below it.
    #[error("no checkpoint")]
    NoCheckpoint,
    /// The checkpoint is no signed note.
    #[error("the checkpoint is not a signed note")]
    Note(#[source] NoteError),
    /// The note is no checkpoint, not of this log or not signed by it.
    #[error("the checkpoint was refused")]
    Checkpoint(#[source] CheckpointError),
    /// The entry is not in the tree of the checkpoint.
    #[error("the entry is not in the log")]
    Proof(#[source] ProofError),
}

impl ProofFile {
    /// A proof file for entry `index`, without extra data.
    ///
    /// # Errors
    ///
    /// [`ProofFileError::Checkpoint`] if the note is no checkpoint, [`ProofFileError::Proof`] if
    /// the index is not below its size, [`ProofFileError::TooManyHashes`]. Nothing further is
    /// verified.
    pub fn new(index: u64, hashes: Vec<Hash>, note: Note) -> Result<Self, ProofFileError> {
        if hashes.len() > HASHES_MAX {
            return Err(ProofFileError::TooManyHashes);
        }
        let checkpoint = Checkpoint::parse(note.text()).map_err(ProofFileError::Checkpoint)?;
        let size = checkpoint.size();
        if index >= size {
            return Err(ProofFileError::Proof(ProofError::Index { index, size }));
        }
        Ok(Self { extra: Vec::new(), index, hashes, note })
    }

    /// Puts application data into the file; none if empty. Nothing vouches for it.
    ///
    /// # Errors
    ///
    /// [`ProofFileError::TooLong`] if the file would be too long.
    pub fn with_extra(mut self, extra: Vec<u8>) -> Result<Self, ProofFileError> {
        self.extra = extra;
        match self.to_string().len() {
            bytes if bytes > PROOF_FILE_BYTES_MAX => Err(ProofFileError::TooLong { bytes }),
            _ => Ok(self),
        }
    }

    /// Reads a proof file, verifying nothing yet.
    ///
    /// # Errors
    ///
    /// [`ProofFileError`] for any bytes that this type does not print.
    pub fn parse(file: impl AsRef<[u8]>) -> Result<Self, ProofFileError> {
        let bytes = file.as_ref();
        if bytes.len() > PROOF_FILE_BYTES_MAX {
            return Err(ProofFileError::TooLong { bytes: bytes.len() });
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| ProofFileError::NotUtf8 { at: error.valid_up_to() })?;
        let (proof, note) = text.split_once("\n\n").ok_or(ProofFileError::NoCheckpoint)?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(ProofFileError::Header);
        }
        let extra = match lines.next_if(|line| line.starts_with("extra")) {
            Some(line) => parse_extra(line).ok_or(ProofFileError::Extra)?,
            None => Vec::new(),
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index = parse_decimal(index.ok_or(ProofFileError::NoIndex)?);
        let index = index.map_err(ProofFileError::Index)?;
        let mut hashes = Vec::new();
        for (number, line) in (1..).zip(lines) {
            if number > HASHES_MAX {
                return Err(ProofFileError::TooManyHashes);
            }
            let hash = Hash::parse(line);
            hashes.push(hash.map_err(|source| ProofFileError::Hash { number, source })?);
        }
        let note = Note::parse(note).map_err(ProofFileError::Note)?;
        Ok(Self { extra, ..Self::new(index, hashes, note)? })
    }

    /// Checks that the entry with hash `leaf` is in the log `origin`, whose keys are `log_keys`.
    ///
    /// Gives the checkpoint that says so (tlog-proof, "Verifying a tlog proof", steps 2 and 4).
    ///
    /// # Errors
    ///
    /// [`ProofFileError::Checkpoint`] or [`ProofFileError::Proof`].
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &str,
        log_keys: &[VerifierKey],
    ) -> Result<Checkpoint, ProofFileError> {
        let checkpoint = Checkpoint::of_note(&self.note, origin, log_keys)
            .map_err(ProofFileError::Checkpoint)?;
        let root = checkpoint.root();
        verify_inclusion(leaf, self.index, checkpoint.size(), &self.hashes, &root)
            .map_err(ProofFileError::Proof)?;
        Ok(checkpoint)
    }

    /// Application data that nothing vouches for; empty if the file has none.
    #[must_use]
    pub fn extra(&self) -> &[u8] {
        &self.extra
    }

    /// Number of the entry in the log, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// The inclusion proof, leaf end first.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// The checkpoint's note, unverified.
    #[must_use]
    pub const fn note(&self) -> &Note {
        &self.note
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if !self.extra.is_empty() {
            writeln!(f, "extra {}", base64(&self.extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

fn parse_extra(line: &str) -> Option<Vec<u8>> {
    let extra = parse_base64(line.strip_prefix("extra ")?).ok()?;
    (!extra.is_empty()).then_some(extra)
}
