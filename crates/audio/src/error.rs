//! Why a file cannot be read.

use std::io;
use std::path::PathBuf;

/// What is read, for the errors.
const READ: &str = "WAVE, AIFF, CAF, FLAC, MP1 to MP3, AAC (ADTS), Ogg, Matroska and WebM, MP4 and M4A; with PCM, \
                    ADPCM, FLAC, ALAC, MP1 to MP3, AAC-LC, Vorbis or Opus inside";

/// Why a file cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system does not give it.
    #[error("cannot open {}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("{} is no file; name the sound files themselves", path.display())]
    NoFile {
        /// What was named.
        path: PathBuf,
    },
    /// No container that is known, or one that is broken before its first packet.
    #[error("this is no sound file that can be read ({reason}); what is read: {READ}")]
    Container {
        /// What its reader said.
        reason: String,
    },
    /// A container without any sound in it.
    #[error("there is no sound in this {container} file; name a file with a stream of sound")]
    Silent {
        /// Short name of the container.
        container: String,
    },
    /// Sound in a codec that is not read.
    #[error(
        "the codec of this {container} file is not read ({reason}); convert it, to FLAC say; what is read: {READ}"
    )]
    Codec {
        /// Short name of the container.
        container: String,
        /// What its decoder said.
        reason: String,
    },
    /// Beyond what [`crate::Limits`] allow.
    #[error("this file claims {claim}, and {limit} can be read; it is broken, or no music")]
    Limit {
        /// What it says of itself.
        claim: String,
        /// What is read.
        limit: String,
    },
}

/// Why reading cannot go on.
///
/// Broken files are no error: what is wrong in them are findings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system does not give more of it.
    #[error("cannot read on at {at_ms} ms; is the disk or the connection to it gone?")]
    File {
        /// How far it was read, in milliseconds of sound.
        at_ms: u64,
        /// What the system said.
        source: io::Error,
    },
}
