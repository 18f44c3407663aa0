//! Uploads: whether the first answer is the right recording at the right place.

use std::collections::BTreeMap;

use serde::Serialize;

use super::times::{Repeat, in_error_ms};
use crate::eval::truth::{Made, Match};

/// How far the place in the recording may be off, in ms.
const IN_ERROR_MAX_MS: f64 = 1_000.0;

/// Counts by alteration.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Uploads {
    pub(crate) alterations: BTreeMap<String, Count>,
    /// Uploads in which nothing is to be found, and those of them with a match.
    pub(crate) negatives: u64,
    pub(crate) negatives_matched: u64,
}

/// Uploads of one alteration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Count {
    pub(crate) all: u64,
    /// The first answer names the recording.
    pub(crate) named: u64,
    /// And where in it the upload begins.
    pub(crate) placed: u64,
    /// The first answer names another recording.
    pub(crate) wrong: u64,
}

impl Uploads {
    /// Counts one file, if it is an upload.
    pub(crate) fn count(&mut self, made: &Made, matches: &[Match], repeat: Repeat<'_>) {
        if made.alteration.is_empty() {
            return;
        }
        let first = first(matches);
        let Some(cue) = made.cues.first() else {
            self.negatives += 1;
            self.negatives_matched += u64::from(first.is_some());
            return;
        };
        let count = self.alterations.entry(made.alteration.clone()).or_default();
        count.all += 1;
        let Some(first) = first else { return };
        if first.recording != cue.recording {
            count.wrong += 1;
            return;
        }
        count.named += 1;
        let near = in_error_ms(cue, first, repeat).is_some_and(|error| error <= IN_ERROR_MAX_MS);
        count.placed += u64::from(near);
    }

    /// All alterations together.
    pub(crate) fn all(&self) -> Count {
        self.alterations.values().fold(Count::default(), |sum, it| Count {
            all: sum.all + it.all,
            named: sum.named + it.named,
            placed: sum.placed + it.placed,
            wrong: sum.wrong + it.wrong,
        })
    }
}

/// The answer with the highest confidence; of equals, or where none is told, the longest.
fn first(matches: &[Match]) -> Option<&Match> {
    matches.iter().max_by(|one, other| {
        let confidence = |it: &Match| it.confidence.unwrap_or(0.0);
        let length = |it: &Match| it.end_ms.saturating_sub(it.start_ms);
        let by_confidence = confidence(one).total_cmp(&confidence(other));
        by_confidence.then(length(one).cmp(&length(other)))
    })
}

#[cfg(test)]
mod tests {
    use super::{Count, Made, Match, Uploads};
    use crate::eval::truth::Cue;

    fn told(recording: &str, in_ms: i64, confidence: f64) -> Match {
        Match {
            recording: recording.to_owned(),
            end_ms: 10_000,
            in_ms: Some(in_ms),
            confidence: Some(confidence),
            ..Match::default()
        }
    }

    fn check(matches: &[Match], [named, placed, wrong]: [u64; 3]) {
        let cue = Cue {
            recording: "a".to_owned(),
            end_ms: 10_000,
            in_ms: 5_000,
            tempo: 1.0,
            ..Cue::default()
        };
        let alteration = "pitch +1 st".to_owned();
        let made = Made { alteration, cues: vec![cue], ..Made::default() };
        let mut uploads = Uploads::default();
        uploads.count(&made, matches, &|_| None);
        assert_eq!(uploads.all(), Count { all: 1, named, placed, wrong });
    }

    #[test]
    fn the_most_confident_answer_counts() {
        check(&[told("b", 0, 0.2), told("a", 5_400, 0.9)], [1, 1, 0]);
        check(&[told("b", 0, 0.9), told("a", 5_400, 0.2)], [0, 0, 1]);
        check(&[told("a", 7_000, 0.9)], [1, 0, 0]);
        check(&[], [0, 0, 0]);
    }

    #[test]
    fn any_answer_on_a_negative_is_false() {
        let made = Made { alteration: "reversed".to_owned(), ..Made::default() };
        let mut uploads = Uploads::default();
        uploads.count(&made, &[told("a", 0, 0.1)], &|_| None);
        uploads.count(&made, &[], &|_| None);
        assert_eq!((uploads.negatives, uploads.negatives_matched), (2, 1));
    }
}
