//! Sounds that are listened for: added, listed, compared with each other, and found in other files.

mod add;
mod duplicates;
mod edges;
mod folder;
mod listen;
mod listener;
mod shelf;
mod spectra;
mod standing;
mod threads;
mod watch;

use std::path::{Path, PathBuf};

pub use add::{AddRequest, Added, Addition, add, replace};
pub use duplicates::{Duplicate, Sameness, duplicates};
pub use fingerprint::Speed;
pub use listener::{Answer, CONFIDENCE, FALSE_ALARMS, Listener, Match, Options, PRINTS};
pub use spectra::{PICTURE_BANDS, Spectra, Spectrum, spectra};
pub use standing::{Standing, remove, standing, the_one};
pub use watch::{Ready, Watch};

use finding::{RuleDoc, Severity};
use store::StoreError;

/// Why nothing can be done with a sound.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SoundError {
    /// A file or folder refused.
    #[error("{path} cannot be read")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file holds no sound that can be read.
    #[error("{path} cannot be heard")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: audio::OpenError,
    },
    /// Reading broke off.
    #[error("{path} cannot be heard to its end")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: audio::ReadError,
    },
    /// There are too many files.
    #[error("there are more than {most} files; name fewer folders at once")]
    TooManyFiles {
        /// How many are taken.
        most: usize,
    },
    /// The catalogue has no such recording.
    #[error(
        "the catalogue has no recording {recording}; `leitmotif catalog export` shows all, and without \
         --recording the file's ISRC or its name is taken"
    )]
    NoRecording {
        /// What was named.
        recording: String,
    },
    /// Nothing of that name is listened for.
    #[error("no sound is called {name}; `leitmotif audio list` shows all")]
    Unknown {
        /// What was named.
        name: String,
    },
    /// Several are called so.
    #[error("{name} may be {found}; name one of them by its id")]
    Ambiguous {
        /// What was named.
        name: String,
        /// The ids that it may be.
        found: String,
    },
    /// Nothing is listened for yet.
    #[error("nothing is listened for yet; `leitmotif audio add FOLDER` adds recordings' sound")]
    Nothing,
    /// A new sound cannot be what replaces another.
    #[error("{path} does not replace {sound}: {reason}")]
    NotReplaced {
        /// The new file.
        path: PathBuf,
        /// The old sound.
        sound: String,
        /// Why not.
        reason: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The shelf of prints refused.
    #[error("the prints of sounds could not be read or written")]
    Shelf(#[from] ::shelf::ShelfError),
    /// An earlier version made prints that this one does not read.
    #[error(
        "an earlier version printed {count} of {of} sounds, which this one cannot search; \
         `leitmotif audio add` hears their files again and keeps everything else that is known of them"
    )]
    Outdated {
        /// How many sounds.
        count: usize,
        /// Of how many.
        of: usize,
    },
    /// A print is not where it was.
    #[error(
        "the print of {sound} is gone; remove the sound (`leitmotif audio remove {sound}`) and add its file \
         again"
    )]
    NoPrint {
        /// The sound.
        sound: String,
    },
}

/// SHA-256 of a file's bytes, in hex.
pub(crate) fn sha256_of(path: &Path) -> Result<String, SoundError> {
    Ok(listen::sha256(path)?.0)
}

impl SoundError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::File { path: path.to_owned(), source }
    }
}

/// The same sound came twice.
const TWICE: RuleDoc = RuleDoc {
    id: "sound-twice",
    severity: Severity::Note,
    title: "a file sounds exactly as another that is listened for",
    doc: "Both have the same print, so whatever is found could be either: they are kept as one sound of one \
          recording. If they are two recordings in the catalogue, it has one of them twice.",
};

/// The same sound came twice, for two recordings.
const TWO_RECORDINGS: RuleDoc = RuleDoc {
    id: "sound-two-recordings",
    severity: Severity::Error,
    title: "two recordings are given the same sound",
    doc: "A file sounds exactly as that of another recording. It is not added, because whatever is found could \
          be either. Take the wrong file back (`leitmotif audio remove`), or make the two recordings of the \
          catalogue one.",
};

/// Nothing in the file can be recognised.
const SILENT: RuleDoc = RuleDoc {
    id: "sound-silent",
    severity: Severity::Error,
    title: "a file has no sound that could be recognised",
    doc: "It is silent, or shorter than can be told from other sounds; it is not added.",
};

/// Every rule about sounds as they are added.
pub const RULES: [&RuleDoc; 3] = [&TWICE, &TWO_RECORDINGS, &SILENT];
