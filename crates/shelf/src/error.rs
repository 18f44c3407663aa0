use std::io;
use std::path::{Path, PathBuf};

use fingerprint::PrintError;
use fingerprint::landmark::LandmarksError;
use thiserror::Error;

/// Why something could not be done with a shelf.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ShelfError {
    /// A file could not be read or written.
    #[error("{path} cannot be {act}")]
    File {
        /// What was to be done.
        act: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The list of segments is not one, or was changed.
    #[error(
        "{path}, line {line}: {what}; restore it from a copy, or delete the folder and add the sounds again"
    )]
    Manifest {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A segment is not one, or was changed.
    #[error(
        "{path} is damaged; restore it from a copy, or delete the folder and add the sounds again"
    )]
    Segment {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: SegmentError,
    },
    /// A label that cannot be kept.
    #[error("{label:?} is no label: 1 to {LABEL_BYTES_MAX} bytes without control characters")]
    Label {
        /// The label.
        label: String,
    },
    /// A label that comes twice in one addition.
    #[error("{label:?} comes twice; give each recording a label of its own")]
    Twice {
        /// The label.
        label: String,
    },
    /// Too many prints, or too large ones, for one addition.
    #[error("{what}; add fewer recordings at once")]
    TooMuch {
        /// What is too much.
        what: &'static str,
    },
}

/// What is wrong with a segment.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SegmentError {
    /// The first bytes are another kind of file's, or another version's.
    #[error("it does not begin as a segment of this version")]
    Foreign,
    /// Its length is not the one that is written in it.
    #[error("it should have {expected} bytes and has {found}")]
    Length {
        /// Bytes by its head.
        expected: u64,
        /// Bytes by the system.
        found: u64,
    },
    /// The list of what is in it does not have the sum that is written beside it.
    #[error("its list of recordings does not have the sum that is written in it")]
    Table,
    /// An entry of that list points outside of the file.
    #[error("entry {entry} of its list points outside of it")]
    Entry {
        /// Number of the entry, from 0.
        entry: usize,
    },
    /// An entry's bytes do not have the sum that is written in the list.
    #[error("the bytes of entry {entry} do not have the sum that is written in it")]
    Sum {
        /// Number of the entry, from 0.
        entry: usize,
    },
    /// An entry's print is none.
    #[error("entry {entry} holds no print")]
    Print {
        /// Number of the entry, from 0.
        entry: usize,
        /// Why not.
        source: PrintError,
    },
    /// An entry's landmarks are none.
    #[error("entry {entry} holds no landmarks")]
    Landmarks {
        /// Number of the entry, from 0.
        entry: usize,
        /// Why not.
        source: LandmarksError,
    },
}

/// Longest label, in bytes.
pub const LABEL_BYTES_MAX: usize = 512;

impl ShelfError {
    pub(crate) fn file(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File { act, path: path.to_owned(), source }
    }
}
