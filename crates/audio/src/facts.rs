//! What a file says of itself, and what it may say.

/// What is known of a file before its sound is read; all of it is the file's own claim.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Short name of the container, `wave`, `ogg`, `isomp4`.
    pub container: String,
    /// Short name of the codec, `vorbis`, `mp3`, `pcm_s16le`.
    pub codec: String,
    /// Frames a second, in Hz.
    pub rate_hz: u32,
    /// Channels; 0 if the file does not say before its first packet.
    pub channels: u16,
    /// Length of the sound in milliseconds, if the file says.
    pub duration_ms: Option<u64>,
    /// What it says it is.
    pub tags: Tags,
}

/// What a file says it is; each at most [`Tags::CHARS_MAX`] characters.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Tags {
    /// Title of the recording.
    pub title: Option<String>,
    /// Who plays it.
    pub artist: Option<String>,
    /// Title of the release.
    pub release: Option<String>,
    /// Whose release it is.
    pub release_artist: Option<String>,
    /// ISRC as it stands there, not checked.
    pub isrc: Option<String>,
}

impl Tags {
    /// Characters a tag keeps at most.
    pub const CHARS_MAX: usize = 1_000;
}

/// A stream of sound in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stream {
    /// Number of the stream in its file, as the container counts.
    pub number: u32,
    /// Language as the file spells it, if it does.
    pub language: Option<String>,
    /// Frames a second, in Hz, if the file says.
    pub rate_hz: Option<u32>,
    /// Channels, if the file says.
    pub channels: Option<u16>,
    /// The one that is read.
    pub chosen: bool,
}

/// How much is believed and read.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Channels at most.
    pub channels_max: u16,
    /// Frames a second at least, in Hz.
    pub rate_hz_min: u32,
    /// Frames a second at most, in Hz.
    pub rate_hz_max: u32,
    /// Sound that is read at most, in seconds; what is longer is cut, with a finding.
    pub seconds_max: u32,
}

/// 32 channels, 1 to 768 kHz, a day.
impl Default for Limits {
    fn default() -> Self {
        Self { channels_max: 32, rate_hz_min: 1_000, rate_hz_max: 768_000, seconds_max: 86_400 }
    }
}
