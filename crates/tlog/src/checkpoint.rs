//! Checkpoints: the note text that states a tree (C2SP tlog-checkpoint, "Note text").

use std::fmt;

use thiserror::Error;

use crate::encoding::{EncodingError, parse_decimal};
use crate::hash::{Hash, empty_root};
use crate::key::{SigningKey, VerifierKey};
use crate::note::{Note, NoteError};

/// Origin, size and root of a log's tree; printed as note text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    /// Only ever filled by reading.
    extensions: Vec<String>,
}

/// Why a checkpoint was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The origin is empty or has a control character.
    #[error("bad origin {origin:?}")]
    Origin {
        /// The origin.
        origin: String,
    },
    /// Fewer than three lines, an empty line, or no newline at the end.
    #[error("not the lines of a checkpoint")]
    Lines,
    /// The second line is no tree size.
    #[error("bad tree size")]
    Size(#[source] EncodingError),
    /// The third line is no root hash.
    #[error("bad root hash")]
    Root(#[source] EncodingError),
    /// Size 0 with another root than that of the empty tree.
    #[error("size 0 with the root of another tree")]
    EmptyRoot,
    /// The note is malformed or its signatures do not hold.
    #[error("the signed note was refused")]
    Note(#[source] NoteError),
    /// The checkpoint is of another log.
    #[error("checkpoint of {found:?}, not of {expected:?}")]
    OtherLog {
        /// Origin asked for.
        expected: String,
        /// Origin found.
        found: String,
    },
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Origin`], or [`CheckpointError::EmptyRoot`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.contains(|c| c < ' ') {
            return Err(CheckpointError::Origin { origin: origin.to_owned() });
        }
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions: Vec::new() })
    }

    /// Reads note text, whoever signed it.
    ///
    /// # Errors
    ///
    /// [`CheckpointError`] for any text that this type does not print.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let read = Self::parse_lines(text)?;
        Ok(Self { extensions: read.extensions, ..Self::new(&read.origin, read.size, read.root)? })
    }

    /// As [`Checkpoint::parse`], but size 0 may have any root: a witness has an answer of its own
    /// for that (tlog-witness, "add-checkpoint").
    pub(crate) fn parse_lines(text: &str) -> Result<Self, CheckpointError> {
        let text = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let size = parse_decimal(size).map_err(CheckpointError::Size)?;
        let root = Hash::parse(root).map_err(CheckpointError::Root)?;
        let extensions = lines.map(str::to_owned).collect::<Vec<_>>();
        if extensions.iter().any(|line| line.is_empty() || line.contains(|c| c < ' ')) {
            return Err(CheckpointError::Lines);
        }
        if origin.is_empty() || origin.contains(|c| c < ' ') {
            return Err(CheckpointError::Origin { origin: origin.to_owned() });
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// Reads a signed checkpoint of the log `origin`; `log_keys` are that log's keys.
    ///
    /// # Errors
    ///
    /// [`CheckpointError::Note`] unless [`Note::open`] accepts it,
    /// [`CheckpointError::OtherLog`] for another origin; else as for [`Checkpoint::parse`].
    pub fn open(
        note: impl AsRef<[u8]>,
        origin: &str,
        log_keys: &[VerifierKey],
    ) -> Result<Self, CheckpointError> {
        Self::of_note(&Note::parse(note).map_err(CheckpointError::Note)?, origin, log_keys)
    }

    /// As [`Checkpoint::open`], of a note already read.
    pub(crate) fn of_note(
        note: &Note,
        origin: &str,
        log_keys: &[VerifierKey],
    ) -> Result<Self, CheckpointError> {
        let opened = note.verify(log_keys).map_err(CheckpointError::Note)?;
        let checkpoint = Self::parse(opened.text())?;
        if checkpoint.origin != origin {
            let expected = origin.to_owned();
            return Err(CheckpointError::OtherLog { expected, found: checkpoint.origin });
        }
        Ok(checkpoint)
    }

    /// Signs the checkpoint. Never sign two that contradict each other.
    ///
    /// # Errors
    ///
    /// As for [`Note::sign`].
    pub fn sign(&self, keys: &[&SigningKey]) -> Result<Note, NoteError> {
        Note::sign(&self.to_string(), keys)
    }

    /// Name of the log, `log.example/royalties`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Root hash at that size.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Further lines as read, without meaning here; none in a checkpoint of our own.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
