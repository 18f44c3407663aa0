//! Who listens: finds in other files what was added.

use std::path::{Path, PathBuf};

use audio::Facts;
use finding::Finding;
use fingerprint::{Ask, Found, Query, Search, Speed};

use super::folder::{self, Named};
use super::listen::{Meter, listen, sha256};
use super::shelf::Library;
use super::standing::{Standing, standing};
use super::{SoundError, threads};
use crate::{Home, Progress};

/// How sure an answer has to be to be told, if nobody says.
pub const CONFIDENCE: f32 = 0.5;

/// What prints are made by, for whoever checks an answer later.
pub const PRINTS: &str = fingerprint::PRINTED_BY;

/// How often a search at [`CONFIDENCE`] says something where there is nothing, as measured at speeds of broadcast.
pub const FALSE_ALARMS: &str = "Where no music of the catalogue plays, and speeds of broadcast are asked for, nothing was told in 28 hours: 1 of talk, \
                                23 of talk over other music, and 4 of other music alone (BENCHMARKS.md).";

/// Files that are searched for together at most, and bytes of them: a search costs less for many.
const TOGETHER: usize = 32;
const TOGETHER_BYTES: u64 = 16 << 20;

/// How is searched.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many threads listen and search; all cores if not said.
    pub threads: Option<usize>,
    /// How sure an answer has to be to be told, 0 to 1.
    pub confidence: f32,
    /// Which changes of speed and pitch are looked for.
    pub speed: Speed,
}

impl Default for Options {
    fn default() -> Self {
        Self { threads: None, confidence: CONFIDENCE, speed: Speed::Broadcast }
    }
}

/// What was heard in a file.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in hex; empty if it cannot be read.
    pub sha256: String,
    /// Its length.
    pub duration_ms: u64,
    /// Container, codec and tags; nothing if it cannot be heard.
    pub facts: Option<Facts>,
    /// Below and above which frequency nothing sounds in it, in Hz, if it was cut off there.
    pub edges_hz: (Option<u32>, Option<u32>),
    /// What sounds in it, in order of time.
    pub matches: Vec<Match>,
    /// What is wrong with the file.
    pub findings: Vec<Finding>,
    /// Why it cannot be heard.
    pub failure: Option<String>,
}

impl Answer {
    fn empty(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            sha256: String::new(),
            duration_ms: 0,
            facts: None,
            edges_hz: (None, None),
            matches: Vec::new(),
            findings: Vec::new(),
            failure: None,
        }
    }

    /// The answer about a file that cannot be heard.
    #[must_use]
    pub fn unheard(path: &Path, reason: String) -> Self {
        Self { failure: Some(reason), ..Self::empty(path) }
    }
}

/// A recording that sounds in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The sound.
    pub sound: String,
    /// The recording's id in the catalogue, or the label that it goes by.
    pub recording: String,
    /// Its title; may be empty.
    pub title: String,
    /// Its display artist; may be empty.
    pub artist: String,
    /// Its ISRC; may be empty.
    pub isrc: String,
    /// Its length.
    pub recording_ms: u64,
    /// Where it starts in the file.
    pub start_ms: u64,
    /// Where it ends in the file.
    pub end_ms: u64,
    /// Where in the recording the start lies.
    pub in_ms: i64,
    /// Speed over that of the recording.
    pub tempo: f64,
    /// Hundredths of a semitone by which it is heard higher.
    pub pitch_cents: i32,
    /// How loud it is beside everything else, in decibels, if that can be told.
    pub level_db: Option<f32>,
    /// How far the evidence stands above chance, in standard deviations.
    pub z: f32,
    /// The probability that this is right.
    pub confidence: f32,
    /// Other recordings that it may be as well, each with its probability.
    pub alternatives: Vec<(String, f32)>,
}

/// Everything that is listened for, in memory.
pub struct Listener {
    standing: Vec<Standing>,
    library: Library,
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listener").field("sounds", &self.standing.len()).finish_non_exhaustive()
    }
}

/// A file that was heard and is not searched for yet.
struct Asked {
    answer: Answer,
    query: Option<Query>,
}

impl Listener {
    /// Reads what is listened for. The home is not needed any more afterwards.
    ///
    /// # Errors
    /// [`SoundError`]: nothing is listened for, or it cannot be read.
    pub fn open(home: &Home) -> Result<Self, SoundError> {
        let standing = standing(home)?;
        if standing.is_empty() {
            return Err(SoundError::Nothing);
        }
        let library = Library::open(home, standing.iter().map(|it| it.sound.id.as_str()))?;
        Ok(Self { standing, library })
    }

    /// Whether something was added or removed since.
    ///
    /// # Errors
    /// [`SoundError`] if the home cannot be read.
    pub fn is_outdated(&self, home: &Home) -> Result<bool, SoundError> {
        let now = home.store.sounds()?;
        Ok(!now.iter().eq(self.standing.iter().map(|it| &it.sound)))
    }

    /// Everything that is listened for, by recording and id.
    #[must_use]
    pub fn standing(&self) -> &[Standing] {
        &self.standing
    }

    /// How much sound is listened for.
    #[must_use]
    pub fn hours(&self) -> f64 {
        // Lengths of recordings are far from where a float loses milliseconds.
        #[expect(clippy::cast_precision_loss, reason = "a length for people")]
        let ms = self.standing.iter().map(|it| it.sound.duration_ms).sum::<u64>() as f64;
        ms / 3_600_000.0
    }

    /// Listens to files and those in folders, and gives an answer for each, in order.
    ///
    /// A file that cannot be heard has an answer that says why; of those found in folders, what holds
    /// no sound is left out.
    ///
    /// # Errors
    /// [`SoundError`] if a path is not there; whatever `each` returns.
    pub fn hear<E: From<SoundError> + Send>(
        &self,
        paths: &[PathBuf],
        options: &Options,
        progress: &mut dyn Progress,
        mut each: impl FnMut(Answer) -> Result<(), E>,
    ) -> Result<(), E> {
        let files = folder::files(paths)?;
        let groups = groups(&files);
        let (search, meter) = (Search::new(&self.library), Meter::default());
        let total = files.len() as u64;
        let done = std::cell::Cell::new(0_u64);
        let threads = threads::count(options.threads);
        // Threads that no group is left for help those that search.
        let each_threads = (threads / groups.len().max(1)).max(1);
        let ask = Ask { confidence: options.confidence, threads: each_threads };
        let work = |group: &&[Named]| self.answer(&search, group, options.speed, &ask, &meter);
        threads::in_order(
            &groups,
            threads,
            work,
            |number, answers: Vec<Answer>| {
                done.set(done.get() + groups[number].len() as u64);
                answers.into_iter().try_for_each(&mut each)
            },
            || {
                let minutes = meter.seconds() / 60;
                progress.at(&format!("listening, {minutes} min so far, files"), done.get(), total);
            },
        )
    }

    fn answer(
        &self,
        search: &Search<'_>,
        group: &[Named],
        speed: Speed,
        ask: &Ask,
        meter: &Meter,
    ) -> Vec<Answer> {
        let mut asked: Vec<Asked> = group.iter().filter_map(|it| hear_file(it, meter)).collect();
        let queries: Vec<&Query> = asked.iter().filter_map(|it| it.query.as_ref()).collect();
        let mut found = search.identify(&queries, speed, ask).into_iter();
        for it in asked.iter_mut().filter(|it| it.query.is_some()) {
            let found = found.next().unwrap_or_default();
            it.answer.matches = found.iter().map(|it| self.told(it)).collect();
        }
        asked.into_iter().map(|it| it.answer).collect()
    }

    fn told(&self, it: &Found) -> Match {
        let of = |slot: u32| usize::try_from(slot).ok().and_then(|it| self.standing.get(it));
        let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
        let own = of(it.slot);
        Match {
            sound: text(own.map(|it| it.sound.id.as_str())),
            recording: text(own.map(|it| it.sound.recording.as_str())),
            title: text(own.map(Standing::title)),
            artist: text(own.map(Standing::artist)),
            isrc: text(own.map(Standing::isrc)),
            recording_ms: own.map_or(0, |it| it.sound.duration_ms),
            start_ms: it.start_ms,
            end_ms: it.end_ms,
            in_ms: it.in_ms,
            tempo: it.tempo,
            pitch_cents: it.pitch_cents,
            level_db: Some(it.level_db),
            z: it.z,
            confidence: it.confidence,
            alternatives: it
                .alternatives
                .iter()
                .map(|(slot, share)| {
                    (text(of(*slot).map(|it| it.sound.recording.as_str())), *share)
                })
                .collect(),
        }
    }
}

/// Files to be searched for together, in order.
fn groups(files: &[Named]) -> Vec<&[Named]> {
    let mut out = Vec::new();
    let mut rest = files;
    while !rest.is_empty() {
        let (mut count, mut bytes) = (0, 0);
        for it in rest.iter().take(TOGETHER) {
            bytes += it.size_bytes;
            if count > 0 && bytes > TOGETHER_BYTES {
                break;
            }
            count += 1;
        }
        let (group, others) = rest.split_at(count);
        out.push(group);
        rest = others;
    }
    out
}

fn hear_file(file: &Named, meter: &Meter) -> Option<Asked> {
    let path = &file.path;
    let mut answer = Answer::empty(path);
    let heard = sha256(path).and_then(|(sha256, _)| {
        answer.sha256 = sha256;
        listen(path, meter)
    });
    match heard {
        Ok(it) => {
            answer.duration_ms = it.duration_ms;
            answer.facts = Some(it.facts);
            answer.findings = it.findings;
            answer.edges_hz = it.edges_hz;
            Some(Asked { answer, query: Some(Query::new(&it.heard)) })
        }
        Err(SoundError::Open { .. }) if file.found => None,
        Err(error) => {
            answer.failure = Some(crate::home::with_causes(&error));
            Some(Asked { answer, query: None })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_are_searched_for_together() {
        let file = |size_bytes| Named { path: PathBuf::new(), found: true, size_bytes };
        let mut files: Vec<Named> = (0..10).map(|_| file(1)).collect();
        files.extend([file(20 << 20), file(20 << 20), file(1)]);
        let sizes: Vec<usize> = groups(&files).iter().map(|it| it.len()).collect();
        assert_eq!(sizes, [10, 1, 1, 1]);
        assert!(groups(&[]).is_empty());
    }
}
