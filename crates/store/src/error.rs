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
    /// The database is gone, but what it knew of is still there.
    #[error(
        "{home} has {remains} but no leitmotif.db; restore the database from a backup, or name a \
         new --home (nothing was changed)"
    )]
    DatabaseMissing {
        /// The home.
        home: PathBuf,
        /// What is still there.
        remains: &'static str,
    },
    /// A secret is gone that published statements rest on.
    #[error("{path} is missing, and statements were published with it; restore it from a backup")]
    KeyMissing {
        /// The file.
        path: PathBuf,
    },
    /// The log's static files say more, or something else, than the database signed.
    #[error(
        "the log in {folder} has a checkpoint of {published} entries that the database, with \
         {known}, does not know; an older database was restored, and signing again would fork the log"
    )]
    LogAhead {
        /// The folder.
        folder: PathBuf,
        /// The size in the static files.
        published: u64,
        /// The size in the database.
        known: u64,
    },
    /// A sum of a statement leaves the range of amounts.
    #[error("a sum in the statement of {account} is too large to be counted")]
    TooLarge {
        /// The account.
        account: String,
    },
    /// Somebody else changed the cue sheet in between.
    #[error(
        "the cue sheet {sheet} was changed in between; look at it again with `leitmotif cue show {sheet}`"
    )]
    Overtaken {
        /// The sheet.
        sheet: String,
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
