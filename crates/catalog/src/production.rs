//! Dramas, films and shows.

use ident::ProductionId;
use period::Date;

use crate::{Texts, Validity};

/// A drama, film or show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Production {
    /// Our own id.
    pub id: ProductionId,
    /// What it is: `drama`, `film`, `variety` and so on; an open list of lower-case words.
    pub kind: String,
    /// Country of origin, ISO 3166-1 alpha-2.
    pub origin: String,
    /// Titles by language; at least one.
    pub titles: Texts,
    /// Who first showed it.
    pub network: Option<String>,
    /// Its seasons, by number.
    pub seasons: Vec<Season>,
}

/// A run of episodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Season {
    /// From 1.
    pub number: u16,
    /// When it was first shown.
    pub aired: Validity,
    /// Its episodes, by number.
    pub episodes: Vec<Episode>,
}

/// One episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// From 1.
    pub number: u16,
    /// Its own title.
    pub title: Option<String>,
    /// The day it was first shown.
    pub aired: Option<Date>,
}

impl Production {
    /// Whether the season, and in it the episode, is listed.
    pub fn lists(&self, season: Option<u16>, episode: Option<u16>) -> bool {
        let mut seasons = self
            .seasons
            .iter()
            .filter(|listed| season.is_none_or(|number| listed.number == number));
        match (season, episode) {
            (None, None) => true,
            (Some(_), None) => seasons.next().is_some(),
            (_, Some(number)) => seasons.any(|s| s.episodes.iter().any(|e| e.number == number)),
        }
    }
}
