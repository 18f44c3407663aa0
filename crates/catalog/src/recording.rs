//! Sound recordings and the productions they sound in.

use ident::{Isrc, ProductionId, RecordingId, WorkId};

use crate::{Contributor, Texts};

/// A sound recording: what ISRC identifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Our own id.
    pub id: RecordingId,
    /// Its ISRCs, the first being the usual one; reissues may have given it more.
    pub isrcs: Vec<Isrc>,
    /// Titles by language; at least one.
    pub titles: Texts,
    /// Other spellings of the title met in reports.
    pub aliases: Vec<String>,
    /// Display artist.
    pub artist: String,
    /// Other spellings of the artist met in reports.
    pub artist_aliases: Vec<String>,
    /// Performers, producers.
    pub contributors: Vec<Contributor>,
    /// What is played in it.
    pub works: Vec<WorkId>,
    /// Where it sounds.
    pub productions: Vec<ProductionUse>,
    /// Length in milliseconds.
    pub duration_ms: Option<u64>,
}

impl Recording {
    /// Every title and title spelling.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.titles.values().chain(&self.aliases).map(String::as_str)
    }

    /// The display artist and its other spellings.
    pub fn artist_spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.artist.as_str()).chain(self.artist_aliases.iter().map(String::as_str))
    }
}

/// A link from a recording to the production it was made for or is used in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProductionUse {
    /// The production.
    pub production: ProductionId,
    /// Season number, if the link is to one season.
    pub season: Option<u16>,
    /// Episode number, if the link is to one episode.
    pub episode: Option<u16>,
    /// What it is there: `OST`, `BGM`, `insert`.
    pub usage: String,
    /// How sure the link is.
    pub confidence: LinkConfidence,
    /// What the link rests on, in words or as an address.
    pub evidence: String,
}

/// How sure a link between a recording and a production is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkConfidence {
    /// A guess.
    Low,
    /// Likely, from one indirect source.
    Medium,
    /// Stated by a release, a cue sheet or the makers.
    High,
}

impl LinkConfidence {
    /// Every degree, least first.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}
