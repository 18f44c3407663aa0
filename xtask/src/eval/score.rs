//! What a system's answers are worth, by class of file.

pub(crate) mod confidence;
pub(crate) mod segments;
pub(crate) mod times;
pub(crate) mod uploads;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::truth::{Answer, Cue, Made, Match};
use confidence::Reliability;
use segments::{Segments, length, merge, overlap, spans};
use times::{Repeat, Times};

/// Everything about one system on one kind of file.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Score {
    /// Files that it answered, and all.
    pub(crate) answered: usize,
    pub(crate) files: usize,
    /// By class of file, in order.
    pub(crate) classes: BTreeMap<String, Group>,
    pub(crate) reliability: Reliability,
    pub(crate) uploads: uploads::Uploads,
}

/// Files of one class.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Group {
    pub(crate) files: usize,
    pub(crate) segments: Segments,
    /// By level of the cue against speech, loudest first; only where a file has one level.
    pub(crate) levels: BTreeMap<Level, Segments>,
    pub(crate) times: Times,
    /// Found cues and all, by kind of cue.
    pub(crate) kinds: BTreeMap<String, (u64, u64)>,
    /// Cues that are told, or named as what a match at that time may be instead.
    pub(crate) cues_offered: u64,
    /// Files in which nothing of the catalogue sounds.
    pub(crate) empty_seconds: f64,
    pub(crate) empty_matches: u64,
    /// Σ |claimed − true| over recordings, a file, and the true seconds of all files.
    pub(crate) royalty_error_s: Vec<f64>,
    pub(crate) true_seconds: f64,
}

/// A level in dB, ordered from the loudest to the softest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Level(i64);

impl Level {
    fn of(level_db: f64) -> Self {
        Self(-(level_db.round() as i64))
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} dB", -self.0)
    }
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Scores what was answered; a file without an answer does not count, and is told.
pub(crate) fn score(made: &[Made], answers: &[Answer], repeat: Repeat<'_>) -> Score {
    let by_file: BTreeMap<&str, &Answer> = answers.iter().map(|it| (name(&it.file), it)).collect();
    let mut score = Score { files: made.len(), ..Score::default() };
    for made in made {
        let Some(answer) = by_file.get(name(&made.file)) else { continue };
        score.answered += 1;
        score.reliability.count(&made.cues, &answer.matches);
        score.uploads.count(made, &answer.matches, repeat);
        score.classes.entry(made.class.clone()).or_default().count(made, &answer.matches, repeat);
    }
    score
}

/// A file's name without its folder: some systems name the one, some the other.
pub(super) fn name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

impl Group {
    fn count(&mut self, made: &Made, matches: &[Match], repeat: Repeat<'_>) {
        self.files += 1;
        self.segments.count(&made.cues, matches);
        self.times.measure(&made.cues, matches, repeat);
        if made.cues.is_empty() {
            self.empty_seconds += made.seconds;
            self.empty_matches += matches.len() as u64;
        }
        let levels: BTreeSet<Level> = made.cues.iter().map(|it| Level::of(it.level_db)).collect();
        if let (1, Some(level)) = (levels.len(), levels.first()) {
            self.levels.entry(*level).or_default().count(&made.cues, matches);
        }
        for cue in &made.cues {
            let (found, all) = self.kinds.entry(cue.kind.clone()).or_default();
            *found += u64::from(is_found(cue, matches));
            *all += 1;
            self.cues_offered += u64::from(is_found(cue, matches) || is_offered(cue, matches));
        }
        self.royalty(made, matches);
    }

    fn royalty(&mut self, made: &Made, matches: &[Match]) {
        let mut names: BTreeSet<&str> = made.cues.iter().map(|it| it.recording.as_str()).collect();
        names.extend(matches.iter().map(|it| it.recording.as_str()));
        let mut error_ms = 0;
        for name in names {
            let told = matches.iter().filter(|it| it.recording == name && it.end_ms > it.start_ms);
            let claimed = merge(told.map(|it| (it.start_ms, it.end_ms)).collect(), 0);
            let truth = length(&spans(&made.cues, name));
            error_ms += length(&claimed).abs_diff(truth);
            self.true_seconds += truth as f64 / 1000.0;
        }
        self.royalty_error_s.push(error_ms as f64 / 1000.0);
    }

    /// False alarms an hour of files without music of the catalogue.
    pub(crate) fn alarms_per_hour(&self) -> Option<f64> {
        (self.empty_seconds > 0.0).then(|| self.empty_matches as f64 * 3600.0 / self.empty_seconds)
    }
}

/// Whether any of a cue is told.
fn is_found(cue: &Cue, matches: &[Match]) -> bool {
    let told = matches.iter().filter(|it| it.recording == cue.recording);
    let spans: Vec<_> = told.map(|it| (it.start_ms, it.end_ms.max(it.start_ms))).collect();
    overlap(&[(cue.start_ms, cue.end_ms)], &spans) > 0
}

/// Whether a match at the time of a cue names its recording as another that may be meant.
fn is_offered(cue: &Cue, matches: &[Match]) -> bool {
    let names = |told: &Match| told.alternatives.iter().any(|it| it.recording == cue.recording);
    let spans = matches.iter().filter(|it| names(it)).map(|it| (it.start_ms, it.end_ms));
    spans.into_iter().any(|span| segments::shared((cue.start_ms, cue.end_ms), span) > 0)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Cue, Made, Match, score};

    fn made(file: &str, class: &str, levels: &[f64]) -> Made {
        let cue = |(at, level_db): (usize, &f64)| Cue {
            recording: "a".to_owned(),
            start_ms: at as u64 * 20_000,
            end_ms: at as u64 * 20_000 + 10_000,
            tempo: 1.0,
            level_db: *level_db,
            kind: "background".to_owned(),
            ..Cue::default()
        };
        Made {
            file: format!("clips/{file}"),
            seconds: 60.0,
            class: class.to_owned(),
            cues: levels.iter().enumerate().map(cue).collect(),
            ..Made::default()
        }
    }

    fn answer(file: &str, spans: &[(u64, u64)]) -> Answer {
        let told = |span: &(u64, u64)| Match {
            recording: "a".to_owned(),
            start_ms: span.0 * 1_000,
            end_ms: span.1 * 1_000,
            ..Match::default()
        };
        Answer { file: file.to_owned(), matches: spans.iter().map(told).collect() }
    }

    #[test]
    fn a_file_without_an_answer_does_not_count() {
        let all = [made("1.mp3", "hard", &[0.0]), made("2.mp3", "hard", &[0.0])];
        let score = score(&all, &[answer("clips/1.mp3", &[(0, 10)])], &|_| None);
        assert_eq!((score.answered, score.files), (1, 2));
        assert_eq!(score.classes["hard"].segments.recall(), Some(1.0));
    }

    #[test]
    fn levels_are_apart_and_empty_files_give_alarms() {
        let all = [
            made("1.mp3", "hard", &[0.0]),
            made("2.mp3", "hard", &[-20.0]),
            made("3.mp3", "hard", &[]),
        ];
        let answers =
            [answer("1.mp3", &[(0, 10)]), answer("2.mp3", &[]), answer("3.mp3", &[(3, 5)])];
        let score = score(&all, &answers, &|_| None);
        let hard = &score.classes["hard"];
        let levels: Vec<(String, Option<f64>)> =
            hard.levels.iter().map(|(level, it)| (level.to_string(), it.recall())).collect();
        assert_eq!(levels, [("0 dB".to_owned(), Some(1.0)), ("-20 dB".to_owned(), Some(0.0))]);
        assert_eq!(hard.alarms_per_hour(), Some(60.0));
    }

    #[test]
    fn what_is_named_as_an_alternative_is_offered_and_not_found() {
        let all = [made("1.mp3", "versions", &[0.0])];
        let mut answer = answer("1.mp3", &[(0, 10)]);
        answer.matches[0].recording = "b".to_owned();
        let alternative = super::super::truth::Alternative { recording: "a".to_owned() };
        answer.matches[0].alternatives.push(alternative);
        let score = score(&all, &[answer], &|_| None);
        let group = &score.classes["versions"];
        assert_eq!((group.cues_offered, group.segments.cues_found), (1, 0));
    }

    #[test]
    fn too_much_and_too_little_of_one_recording_is_owed_once_each() {
        let all = [made("e.m4a", "episode", &[0.0, -6.0])];
        let score = score(&all, &[answer("e.m4a", &[(0, 13), (20, 26)])], &|_| None);
        let group = &score.classes["episode"];
        assert_eq!(group.royalty_error_s, [1.0]);
        assert!((group.true_seconds - 20.0).abs() < 1e-9);
        assert_eq!(group.kinds["background"], (2, 2));
        assert!(group.levels.is_empty());
    }
}
