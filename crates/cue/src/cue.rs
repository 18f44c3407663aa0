//! One cue: a recording that sounds in a programme.

use serde::{Deserialize, Serialize};

use crate::UsageCode;

/// A number of a cue in its sheet; it stays with the cue whatever is decided about it.
pub type CueId = u32;

/// One sounding of a recording in a programme.
///
/// Times are milliseconds from the begin of the programme. A delivered sheet may tell only how long a
/// cue is: then `start_ms` is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    /// Its number in the sheet.
    pub id: CueId,
    /// Where it begins; nothing when that is not told.
    pub start_ms: Option<u64>,
    /// How long it sounds.
    pub length_ms: u64,
    /// The recording: its ISRC, its id in the catalogue, or the name that its print was made under;
    /// empty when a sheet tells only a title.
    pub recording: String,
    /// Title, as the catalogue or the sheet has it.
    pub title: String,
    /// Display artist.
    pub artist: String,
    /// Where in the recording it begins; before zero if the recording's start was heard late.
    pub in_ms: Option<i64>,
    /// How loud it is beside everything else, in tenths of a decibel.
    pub level_tenths_db: Option<i32>,
    /// Whether it is in front or behind.
    pub level: Option<Level>,
    /// How it is used.
    pub code: Option<UsageCode>,
    /// Why that is said, in words.
    pub reason: String,
    /// Who says so.
    pub standing: Standing,
    /// How fast it is played, as parts in a million of the recorded tempo.
    pub tempo_ppm: u32,
    /// How much higher it is played, in hundredths of a semitone.
    pub pitch_cents: i32,
    /// How sure it is that this recording sounds here, in thousandths; nothing when nobody measured.
    pub confidence_permille: Option<u16>,
    /// Other recordings that it may be, the likeliest first.
    pub alternatives: Vec<Alternative>,
    /// Where the cue comes from.
    pub source: Source,
    /// A remark.
    pub note: String,
}

/// Another recording that a cue may be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Alternative {
    /// The recording, named as in a [`Cue`].
    pub recording: String,
    /// How likely that is, in thousandths.
    pub confidence_permille: u16,
}

/// Whether music is in front or behind.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As loud as everything else, or louder.
    Foreground,
    /// Under talk or noise.
    Background,
}

impl Level {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Foreground, Self::Background];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Foreground => "foreground",
            Self::Background => "background",
        }
    }
}

/// Who stands for what a cue says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nobody yet: it was computed.
    #[default]
    Suggested,
    /// A sheet that somebody delivered.
    Stated,
    /// A person.
    Confirmed {
        /// Who.
        by: String,
        /// When, as it was told to us.
        at: String,
    },
}

impl Standing {
    /// The word used in files.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Stated => "stated",
            Self::Confirmed { .. } => "confirmed",
        }
    }
}

/// Where a cue comes from.
#[derive(
    Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// It was heard.
    #[default]
    Detected,
    /// A sheet says it.
    Imported,
    /// A person wrote it.
    Entered,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Detected, Self::Imported, Self::Entered];

    /// The word used in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Detected => "detected",
            Self::Imported => "imported",
            Self::Entered => "entered",
        }
    }
}

/// A tempo as recorded, in parts in a million.
pub const TEMPO_AS_RECORDED: u32 = 1_000_000;

impl Default for Cue {
    fn default() -> Self {
        Self {
            id: 0,
            start_ms: None,
            length_ms: 0,
            recording: String::new(),
            title: String::new(),
            artist: String::new(),
            in_ms: None,
            level_tenths_db: None,
            level: None,
            code: None,
            reason: String::new(),
            standing: Standing::Suggested,
            tempo_ppm: TEMPO_AS_RECORDED,
            pitch_cents: 0,
            confidence_permille: None,
            alternatives: Vec::new(),
            source: Source::Detected,
            note: String::new(),
        }
    }
}

impl Cue {
    /// Where it ends; nothing when its begin is not told.
    #[must_use]
    pub fn end_ms(&self) -> Option<u64> {
        self.start_ms.map(|it| it.saturating_add(self.length_ms))
    }

    /// Begin and end; nothing when its begin is not told.
    #[must_use]
    pub fn span(&self) -> Option<(u64, u64)> {
        Some((self.start_ms?, self.end_ms()?))
    }

    /// Whether a person stands for it.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        matches!(self.standing, Standing::Confirmed { .. })
    }

    /// What a reader calls it: the title, or the recording where there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        if self.title.is_empty() { &self.recording } else { &self.title }
    }

    /// How long both sound at once, in milliseconds.
    #[must_use]
    pub fn overlap_ms(&self, other: &Self) -> u64 {
        let (Some(a), Some(b)) = (self.span(), other.span()) else { return 0 };
        a.1.min(b.1).saturating_sub(a.0.max(b.0))
    }
}
