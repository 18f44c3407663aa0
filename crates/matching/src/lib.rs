//! Ties usage lines to recordings and products, with confidence and evidence.
//!
//! # Purpose
//!
//! A usage line says what was used in the words of whoever reported it. [`Matcher`] says which
//! recording of the catalogue that is, how sure it is, and why; or that it cannot tell.
//!
//! # Words
//!
//! * **identity**: what a usage line says about the recording ([`usage::Identity`]).
//! * **confidence**: of a match, in thousandths; see [`Confidence`] for the scale.
//! * **evidence**: what the match rests on.
//! * **ambiguous**: the best evidence there is points at several recordings.
//!
//! # Drawing
//!
//! ```text
//! identity -> ISRC? -> release and title? -> title and artist? -> looser title and artist? -> none
//!               |             |                    |                        |
//!              1000        950..850               900                      700    (first that speaks)
//! ```
//!
//! # Example
//!
//! ```
//! use matching::{Confidence, Matcher};
//!
//! let folder = [(
//!     "recordings.toml".to_owned(),
//!     "[[recording]]\nid = \"good-day\"\ntitles = { en = \"Good Day\" }\nartist = \"IU\"\n".to_owned(),
//! )];
//! let (catalogue, _) = catalog::read_files(&folder.into());
//! let matcher = Matcher::new(&catalogue);
//! let identity =
//!     usage::Identity { isrc: "", icpn: "", title: "GOOD DAY", artist: "iu", resource_id: "" };
//! let found = matcher.match_(&identity);
//! assert_eq!(found.target.unwrap().as_str(), "good-day");
//! assert_eq!(found.confidence, Confidence::TITLE_ARTIST);
//! ```
//!
//! # Invariants
//!
//! * The same catalogue and identity give the same match; the order of entries plays no part.
//! * There is a target exactly if the confidence is above zero.
//! * Where the evidence points at several recordings, none of them is chosen.
//! * An instrumental, live or remixed version is never taken for another version by its title.
//!
//! # What it does not do
//!
//! It writes nothing, keeps no decisions of people, and does not split one line over recordings.

mod index;
mod matcher;
#[cfg(test)]
mod tests;

use std::fmt;

use ident::{Icpn, Isrc, RecordingId};

pub use matcher::Matcher;

/// What a usage line was tied to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The recording, if one was found.
    pub target: Option<RecordingId>,
    /// How sure that is.
    pub confidence: Confidence,
    /// What it rests on.
    pub evidence: Evidence,
}

/// How sure a match is: 0 (no match) to 1000.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// No match.
    pub const NONE: Self = Self(0);
    /// The ISRC, and a title that fits or no title.
    pub const ISRC: Self = Self(1000);
    /// The ISRC, but the title is another.
    pub const ISRC_OTHER_TITLE: Self = Self(980);
    /// The release number and the title.
    pub const ICPN_TITLE: Self = Self(950);
    /// The release number, which has this recording only, and no title.
    pub const ICPN_ONLY: Self = Self(930);
    /// The title and the artist.
    pub const TITLE_ARTIST: Self = Self(900);
    /// The release number, which has this recording only, but the title is another.
    pub const ICPN_OTHER_TITLE: Self = Self(850);
    /// The title and the artist, but the line has an ISRC the recording does not have.
    pub const TITLE_ARTIST_OTHER_ISRC: Self = Self(800);
    /// The title without remarks, and the artist in another spelling.
    pub const LOOSE: Self = Self(700);
    /// As before, but the line has an ISRC the recording does not have.
    pub const LOOSE_OTHER_ISRC: Self = Self(600);

    /// From thousandths; `None` above 1000.
    pub const fn new(per_mille: u16) -> Option<Self> {
        if per_mille <= 1000 { Some(Self(per_mille)) } else { None }
    }

    /// In thousandths, 0 to 1000.
    pub const fn per_mille(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/1000", self.0)
    }
}

/// What a match rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The ISRC.
    Isrc {
        /// The ISRC that line and recording share.
        isrc: Isrc,
        /// The line has a title, and it is none of the recording's.
        title_differs: bool,
    },
    /// The release number, alone or with the title.
    Icpn {
        /// The release number that line and release share.
        icpn: Icpn,
        /// The title key that line and recording share; `None` if the release decided alone.
        title: Option<String>,
        /// The line has a title, and it is none of the recording's.
        title_differs: bool,
    },
    /// Title and artist, each equal after folding.
    TitleArtist {
        /// The title key they share.
        title: String,
        /// The artist key they share.
        artist: String,
        /// The line has an ISRC, and the recording has others.
        isrc_differs: bool,
    },
    /// Title without remarks, and one of the artist's looser keys.
    TitleArtistLoose {
        /// The looser title key they share.
        title: String,
        /// The artist key they share.
        artist: String,
        /// The line has an ISRC, and the recording has others.
        isrc_differs: bool,
    },
    /// Nothing in the catalogue fits.
    None,
    /// The best evidence fits each of these.
    Ambiguous(Vec<RecordingId>),
}

/// What ties a line to a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductEvidence {
    /// The seller's stock number, or our own id of the product.
    Sku,
    /// The product number.
    Icpn,
    /// The title, and an artist who is one of its parties or is not named.
    Title,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let but = |differs: &bool, what| if *differs { what } else { "" };
        match self {
            Self::Isrc { isrc, title_differs } => {
                write!(f, "ISRC {isrc}{}", but(title_differs, ", but another title"))
            }
            Self::Icpn { icpn, title: Some(title), .. } => {
                write!(f, "release {icpn} and title {title}")
            }
            Self::Icpn { icpn, title: None, title_differs } => {
                let but = but(title_differs, ", but another title");
                write!(f, "release {icpn}, which has one recording{but}")
            }
            Self::TitleArtist { title, artist, isrc_differs } => {
                let but = but(isrc_differs, ", but another ISRC");
                write!(f, "title {title} and artist {artist}{but}")
            }
            Self::TitleArtistLoose { title, artist, isrc_differs } => {
                let but = but(isrc_differs, ", but another ISRC");
                write!(f, "title without remarks {title} and artist {artist}{but}")
            }
            Self::None => f.write_str("nothing fits"),
            Self::Ambiguous(ids) => {
                let ids: Vec<&str> = ids.iter().map(RecordingId::as_str).collect();
                write!(f, "fits each of {}", ids.join(", "))
            }
        }
    }
}
