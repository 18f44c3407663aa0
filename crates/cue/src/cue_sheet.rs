//! The cue sheet of an episode.

use period::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Cue, CueId};

/// What music sounds in one programme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CueSheet {
    /// Which programme.
    pub head: Head,
    /// What sounds, by begin, then end, then recording; cues without a begin come last, as they came.
    pub cues: Vec<Cue>,
    /// What may sound, but is too unsure to be claimed; in the same order.
    pub doubtful: Vec<Cue>,
}

/// The programme of a cue sheet. A text is empty when nothing is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Id of the production in the catalogue.
    pub production: String,
    /// Title of the production.
    pub title: String,
    /// Number of the season.
    pub season: Option<u16>,
    /// Number of the episode.
    pub episode: Option<u16>,
    /// Title of the episode.
    pub episode_title: String,
    /// The day it was first shown.
    #[serde(serialize_with = "write_date", deserialize_with = "read_date")]
    pub aired: Option<Date>,
    /// How long it is.
    pub length_ms: u64,
    /// Whoever made the sheet.
    pub provider: String,
}

#[expect(clippy::ref_option, reason = "serde hands out a reference")]
fn write_date<S: Serializer>(date: &Option<Date>, to: S) -> Result<S::Ok, S::Error> {
    date.map(|it| it.to_string()).serialize(to)
}

fn read_date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    text.map(|it| period::parse_date(&it).map_err(serde::de::Error::custom)).transpose()
}

impl Head {
    /// `Goblin 1×04`: title, season and episode as far as they are known.
    #[must_use]
    pub fn name(&self) -> String {
        let title = if self.title.is_empty() { &self.production } else { &self.title };
        let number = match (self.season, self.episode) {
            (Some(season), Some(episode)) => format!("{season}×{episode:02}"),
            (None, Some(episode)) => format!("{episode}"),
            (Some(season), None) => format!("season {season}"),
            (None, None) => String::new(),
        };
        [title.as_str(), &number]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

impl CueSheet {
    /// Puts cues into the order of a sheet.
    pub fn sort(&mut self) {
        for cues in [&mut self.cues, &mut self.doubtful] {
            cues.sort_by(|a, b| {
                let key = |it: &Cue| {
                    (it.start_ms.is_none(), it.start_ms, it.start_ms.map(|_| it.length_ms))
                };
                key(a).cmp(&key(b)).then_with(|| match a.start_ms {
                    Some(_) => a.recording.cmp(&b.recording).then(a.id.cmp(&b.id)),
                    None => std::cmp::Ordering::Equal,
                })
            });
        }
    }

    /// Gives the cues their numbers from 1, in order, the doubtful ones after the others.
    pub fn number(&mut self) {
        self.sort();
        for (id, cue) in (1..).zip(self.cues.iter_mut().chain(&mut self.doubtful)) {
            cue.id = id;
        }
    }

    /// The cue with a number, doubtful or not.
    #[must_use]
    pub fn cue(&self, id: CueId) -> Option<&Cue> {
        self.cues.iter().chain(&self.doubtful).find(|it| it.id == id)
    }

    /// The next number that no cue has.
    #[must_use]
    pub fn next_id(&self) -> CueId {
        let last = self.cues.iter().chain(&self.doubtful).map(|it| it.id).max();
        last.unwrap_or(0).saturating_add(1)
    }

    /// How much of the programme has music in it, in milliseconds; what overlaps counts once.
    #[must_use]
    pub fn music_ms(&self) -> u64 {
        union_ms(self.cues.iter().filter_map(Cue::span))
    }

    /// A lane for each cue, from 0, so that no two in a lane sound at once; in the order of the cues.
    /// A cue without a begin is in lane 0.
    #[must_use]
    pub fn lanes(&self) -> Vec<usize> {
        let mut ends: Vec<u64> = Vec::new();
        let lane = |cue: &Cue| {
            let Some((start, end)) = cue.span() else { return 0 };
            let free = ends.iter().position(|it| *it <= start).unwrap_or(ends.len());
            match ends.get_mut(free) {
                Some(lane) => *lane = end,
                None => ends.push(end),
            }
            free
        };
        self.cues.iter().map(lane).collect()
    }
}

/// How much a set of stretches covers.
pub(crate) fn union_ms(spans: impl Iterator<Item = (u64, u64)>) -> u64 {
    let mut spans: Vec<_> = spans.collect();
    spans.sort_unstable();
    let (mut sum, mut until) = (0_u64, 0_u64);
    for (start, end) in spans {
        let start = start.max(until);
        sum += end.saturating_sub(start);
        until = until.max(end);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{CueSheet, union_ms};
    use crate::Cue;

    fn cue(start: u64, end: u64) -> Cue {
        Cue { start_ms: Some(start), length_ms: end - start, ..Cue::default() }
    }

    #[test]
    fn what_overlaps_counts_once_and_has_lanes() {
        let cues = vec![cue(0, 10), cue(5, 8), cue(8, 20), cue(10, 12), Cue::default()];
        let sheet = CueSheet { cues, ..CueSheet::default() };
        assert_eq!(sheet.lanes(), [0, 1, 1, 0, 0]);
        assert_eq!(sheet.music_ms(), 20);
        assert_eq!(union_ms([(5, 7), (0, 2), (1, 3), (6, 6)].into_iter()), 5);
    }

    #[test]
    fn a_sheet_is_kept_as_json() {
        let mut sheet = CueSheet { cues: vec![cue(5, 9), cue(0, 10)], ..CueSheet::default() };
        sheet.head.aired = Some(period::parse_date("2016-12-02").unwrap());
        sheet.number();
        assert_eq!(sheet.cues[0].start_ms, Some(0));
        let text = serde_json::to_string(&sheet).unwrap();
        assert_eq!(serde_json::from_str::<CueSheet>(&text).unwrap(), sheet);
    }
}
