//! What a witness cannot do.

use std::path::{Path, PathBuf};

use tlog::KeyError;
use tlog::cosign::CosignError;
use tlog::policy::PolicyError;

/// Why a witness could not do something; nothing was cosigned.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WitnessError {
    /// A file or folder could not be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another process serves this witness.
    #[error("another leitmotif serves the witness in {folder}; one at a time may sign")]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds a witness already.
    #[error("{folder} holds a witness already; its key cannot be replaced, name another folder")]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder holds no witness.
    #[error("{folder} holds no witness; `leitmotif witness init` makes one")]
    NoWitness {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that was written cannot be read back.
    #[error("{what} cannot be read back: {detail}; restore it from a backup that is not older")]
    Corrupt {
        /// What was read.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The name or key is refused.
    #[error("the name or key is refused")]
    Key(#[from] KeyError),
    /// The file of known logs is refused.
    #[error("the file `logs` is refused")]
    Logs(#[from] PolicyError),
    /// The clock is behind the last cosignature for this log.
    #[error("the clock says {now}, but something was cosigned at {last}; set the clock")]
    Clock {
        /// Seconds since 1970 now.
        now: u64,
        /// Seconds since 1970 at the last cosignature.
        last: u64,
    },
    /// The clock gives a time that no cosignature can have.
    #[error("the clock cannot be right")]
    Time(#[from] CosignError),
    /// An earlier write failed, so that nobody knows what is on the disk.
    #[error("a write failed before, so nothing is signed any more; mend the disk and start again")]
    Stopped,
}

impl WitnessError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.to_owned(), source }
    }

    pub(crate) fn corrupt(what: impl Into<String>, detail: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.into(), detail: detail.to_string() }
    }
}
