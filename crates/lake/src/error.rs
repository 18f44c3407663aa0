//! What can go wrong with the lake itself.

use std::io;
use std::path::{Path, PathBuf};

use arrow_schema::ArrowError;
use parquet::errors::ParquetError;
use usage::{BatchError, CellKey, LineError};

use crate::engine::EngineError;

/// Why the lake could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// The file system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written or read as Parquet.
    #[error("{} is not readable or writable as parquet", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ParquetError,
    },
    /// Record batches could not be made or read.
    #[error("cannot move record batches of {}", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ArrowError,
    },
    /// A file holds something else than usage lines.
    #[error("{} does not hold usage lines", path.display())]
    Batch {
        /// The file.
        path: PathBuf,
        /// Why.
        source: BatchError,
    },
    /// A usage line does not fit the columns; the writer goes on without it.
    #[error("usage line refused")]
    Line {
        /// Why.
        #[from]
        source: LineError,
    },
    /// A report id is not 1 to 64 ASCII letters, digits, `-` or `_`.
    #[error("not a report id: {}", report.escape_debug())]
    ReportId {
        /// The text.
        report: String,
    },
    /// A usage line belongs to another report than the one being written.
    #[error("line {line} belongs to report {}", found.escape_debug())]
    OtherReport {
        /// Line number.
        line: u64,
        /// The report the line names.
        found: String,
    },
    /// The lines of a report belong to too many months and senders.
    #[error("report {report} needs more than {limit} files")]
    TooManyFiles {
        /// Report id.
        report: String,
        /// How many files a report may have.
        limit: u32,
    },
    /// A manifest names a path outside the folder of usage lines.
    #[error("not a path of usage lines: {}", path.escape_debug())]
    Path {
        /// The path as given.
        path: String,
    },
    /// A file of a report is neither staged nor in place.
    #[error("{path} is neither staged nor in place")]
    NotStaged {
        /// Path relative to the root.
        path: String,
    },
    /// Another file is where a staged file should go.
    #[error("{path} exists with other content")]
    Occupied {
        /// Path relative to the root.
        path: String,
    },
    /// A file has another number of lines than its manifest says.
    #[error("{path} should have {expected} lines and has {found}")]
    Count {
        /// Path relative to the root.
        path: String,
        /// Lines by the manifest.
        expected: u64,
        /// Lines found.
        found: u64,
    },
    /// The sums of a file do not fit.
    #[error("the sum of {column} of {path} is too large")]
    FileOverflow {
        /// Path relative to the root.
        path: String,
        /// The column.
        column: &'static str,
    },
    /// The engine gave no answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The sums of a cell do not fit; it is the first such cell in key order.
    #[error("the sum of {column} of a cell of report {} is too large", key.context.report)]
    CellOverflow {
        /// The column.
        column: &'static str,
        /// The cell.
        key: Box<CellKey>,
    },
}

impl LakeError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn parquet(path: &Path) -> impl FnOnce(ParquetError) -> Self {
        move |source| Self::Parquet { path: path.to_owned(), source }
    }

    pub(crate) fn arrow(path: &Path) -> impl FnOnce(ArrowError) -> Self {
        move |source| Self::Arrow { path: path.to_owned(), source }
    }

    pub(crate) fn batch(path: &Path) -> impl FnOnce(BatchError) -> Self {
        move |source| Self::Batch { path: path.to_owned(), source }
    }
}
