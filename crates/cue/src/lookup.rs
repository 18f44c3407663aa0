//! What the catalogue knows about the recordings of a sheet.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, Contributor, Party, Recording, Texts, title::version_marks};
use ident::{Isrc, PartyId, RecordingId};
use money::Ratio;

use crate::Cue;

/// Finds recordings by the labels of cues, and tells who made them.
#[derive(Debug)]
pub struct Lookup<'c> {
    catalog: &'c Catalog,
    languages: &'c [&'c str],
    by_isrc: BTreeMap<Isrc, &'c Recording>,
}

/// Who made a recording, as a cue sheet tells it. A text is empty when the catalogue is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credits {
    /// Title.
    pub title: String,
    /// Display artist.
    pub artist: String,
    /// The usual ISRC.
    pub isrc: String,
    /// The ISWC of each work in it.
    pub iswcs: Vec<String>,
    /// Authors, composers and arrangers of its works.
    pub writers: Vec<Credit>,
    /// Publishers of its works.
    pub publishers: Vec<Credit>,
}

/// One who made a work or publishes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credit {
    /// Name.
    pub name: String,
    /// Role, CISAC's code.
    pub role: String,
    /// The society that collects for it.
    pub society: String,
    /// IPI name number.
    pub ipi: String,
    /// Its share of the work, if the catalogue knows it and the recording has one work only.
    pub share: Option<Ratio>,
}

/// What the catalogue says about whether a recording is sung.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Sung(&'static str),
    Played(&'static str),
    Unknown,
}

/// Roles of CISAC that make music or words.
const WRITERS: [&str; 8] = ["A", "AD", "AR", "C", "CA", "SA", "SR", "TR"];
/// Roles of CISAC that publish.
const PUBLISHERS: [&str; 4] = ["E", "SE", "AM", "PA"];

impl<'c> Lookup<'c> {
    /// Turns a catalogue round. Names are told in the first of `languages` that they have.
    #[must_use]
    pub fn new(catalog: &'c Catalog, languages: &'c [&'c str]) -> Self {
        let by_isrc =
            catalog.recordings.values().flat_map(|it| it.isrcs.iter().map(move |isrc| (*isrc, it)));
        Self { catalog, languages, by_isrc: by_isrc.collect() }
    }

    /// The recording that a label names by its ISRC or id.
    #[must_use]
    pub fn recording(&self, label: &str) -> Option<&'c Recording> {
        let by_isrc = Isrc::parse(label).ok().and_then(|it| self.by_isrc.get(&it).copied());
        by_isrc.or_else(|| self.catalog.recordings.get(&RecordingId::parse(label).ok()?))
    }

    /// One name for each recording, however a label names it: its id, or the label itself.
    #[must_use]
    pub fn identity<'l>(&self, label: &'l str) -> &'l str
    where
        'c: 'l,
    {
        self.recording(label).map_or(label, |it| it.id.as_str())
    }

    /// A recording's title, in the language that is asked for.
    #[must_use]
    pub fn title(&self, recording: &'c Recording) -> &'c str {
        self.text(&recording.titles)
    }

    /// Who made what sounds in a cue; what the catalogue does not know, the cue tells.
    #[must_use]
    pub fn credits(&self, cue: &Cue) -> Credits {
        let Some(recording) = self.recording(&cue.recording) else {
            let isrc = Isrc::parse(&cue.recording).map(|it| it.to_string()).unwrap_or_default();
            let (title, artist) = (cue.title.clone(), cue.artist.clone());
            return Credits { title, artist, isrc, ..Credits::default() };
        };
        let works = || recording.works.iter().filter_map(|it| self.catalog.works.get(it));
        let made_by = |roles: &[&str]| {
            let mut credits: Vec<Credit> = Vec::new();
            for it in works().flat_map(|it| &it.contributors) {
                let mut credit = self.credit(it);
                credit.share = credit.share.filter(|_| recording.works.len() == 1);
                if roles.contains(&it.role.as_str()) && !credits.contains(&credit) {
                    credits.push(credit);
                }
            }
            credits
        };
        Credits {
            title: self.title(recording).to_owned(),
            artist: recording.artist.clone(),
            isrc: recording.isrcs.first().map(ToString::to_string).unwrap_or_default(),
            iswcs: works().filter_map(|it| it.iswc.as_ref().map(ToString::to_string)).collect(),
            writers: made_by(&WRITERS),
            publishers: made_by(&PUBLISHERS),
        }
    }

    /// Those who have one of these roles in a recording or in its works, in the order of their ids.
    pub(crate) fn team(&self, label: &str, roles: &[&str]) -> Vec<PartyId> {
        let Some(recording) = self.recording(label) else { return Vec::new() };
        let works = recording.works.iter().filter_map(|it| self.catalog.works.get(it));
        let all = recording.contributors.iter().chain(works.flat_map(|it| &it.contributors));
        let of = all.filter(|it| roles.contains(&it.role.as_str())).map(|it| it.party.clone());
        of.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn credit(&self, it: &Contributor) -> Credit {
        let role = it.role.as_str().to_owned();
        let share = it.share;
        let Some(party) = self.catalog.parties.get(&it.party) else {
            return Credit { name: it.party.to_string(), role, share, ..Credit::default() };
        };
        let Party { names, ipi, society, .. } = party;
        let ipi = ipi.as_ref().map(ToString::to_string).unwrap_or_default();
        let society = society.clone().unwrap_or_default();
        Credit { name: self.text(names).to_owned(), role, society, ipi, share }
    }

    fn text(&self, texts: &'c Texts) -> &'c str {
        let asked = self.languages.iter().find_map(|it| texts.get(*it));
        asked.or_else(|| texts.values().next()).map_or("", String::as_str)
    }

    /// Whether a recording is sung, and what says so.
    pub(crate) fn voice(&self, recording: &Recording) -> Voice {
        if recording.spellings().any(|it| version_marks(it).contains("instrumental")) {
            return Voice::Played("its title says instrumental");
        }
        let sings = |it: &Contributor| {
            let role = it.role.as_str().to_ascii_lowercase();
            role.contains("vocal") || role.contains("singer")
        };
        if recording.contributors.iter().any(sings) {
            return Voice::Sung("the catalogue names who sings");
        }
        let is_score = |it: &str| matches!(it.to_lowercase().as_str(), "bgm" | "score");
        if recording.productions.iter().any(|it| is_score(&it.usage)) {
            return Voice::Played("it was made as background music");
        }
        let works = recording.works.iter().filter_map(|it| self.catalog.works.get(it));
        match works.flat_map(|it| &it.contributors).any(|it| it.role.as_str() == "A") {
            true => Voice::Sung("its work has an author of words"),
            false => Voice::Unknown,
        }
    }
}
