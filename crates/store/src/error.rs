//! What the store cannot do.

use std::path::{Path, PathBuf};

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database refused.
    #[error("the database could not be read or written")]
    Database(#[from] rusqlite::Error),
    /// A file or folder could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process is at work on the home.
    #[error("another leitmotif is at work on {home}; wait for it, or name another --home")]
    Busy {
        /// The home.
        home: PathBuf,
    },
    /// The database was written by a newer version of the program.
    #[error("the database has schema {found}, this program knows {known}; use a newer program")]
    Newer {
        /// The schema found.
        found: u32,
        /// The newest schema this program knows.
        known: u32,
    },
    /// Something that was written cannot be read back.
    #[error("{what} cannot be read back: {detail}")]
    Corrupt {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// The log refused.
    #[error("the log could not be grown: {detail}")]
    Log {
        /// What the log says.
        detail: String,
    },
    /// No random bytes could be had for a new key.
    #[error("the system gives no random bytes for a new key")]
    Random,
}

impl StoreError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.to_owned(), source }
    }

    pub(crate) fn corrupt(what: &'static str, detail: impl std::fmt::Display) -> Self {
        Self::Corrupt { what, detail: detail.to_string() }
    }
}
