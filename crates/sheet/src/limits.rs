//! What a reader refuses to take in, and why it stops.

use std::io;

/// What a reader refuses to take in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest row, in bytes.
    pub row_bytes_max: usize,
    /// Most lines that a quoted cell may go over.
    pub quoted_lines_max: usize,
    /// Most cells of a row.
    pub cells_max: usize,
    /// Most bytes that an archive or a workbook may unpack to.
    pub unpacked_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            row_bytes_max: 1 << 20,
            quoted_lines_max: 64,
            cells_max: 1024,
            unpacked_bytes_max: 1 << 30,
        }
    }
}

/// Why no further row can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The source failed.
    #[error("{file}: read failed at line {line}")]
    Io {
        /// Name of the file.
        file: String,
        /// Line that was being read; 0 before the first.
        line: u64,
        /// What the source said.
        #[source]
        source: io::Error,
    },
    /// It is not a workbook, or a broken one.
    #[error("{file}: not a readable workbook: {reason}")]
    Workbook {
        /// Name of the file.
        file: String,
        /// What its reader said.
        reason: String,
    },
    /// It is not an archive, or a broken one.
    #[error("{file}: not a readable archive: {reason}")]
    Archive {
        /// Name of the file.
        file: String,
        /// What its reader said.
        reason: String,
    },
    /// It unpacks to more than the limit.
    #[error("{file}: unpacks to more than {limit} bytes")]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The limit it broke.
        limit: u64,
    },
}
