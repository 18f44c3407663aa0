//! Matches and seconds, as BAF's own scorer counts them (Cortès et al., ISMIR 2022, section 4; the
//! rules of its `compute_statistics`): intervals of one recording in one file are cut and merged; what
//! truth and answer share is right, the rest is missed or false.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::eval::truth::{Cue, Match};

/// Gaps up to this between two cues of one recording do not part them, in ms: a loop's turns.
const JOIN_MS: u64 = 50;

/// From when to when, in ms.
pub(crate) type Span = (u64, u64);

/// Sums over files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Segments {
    /// Matches told.
    pub(crate) told: u64,
    /// Of them those that share time with the truth.
    pub(crate) told_right: u64,
    /// Cues in truth.
    pub(crate) cues: u64,
    /// Of them those that share time with an answer.
    pub(crate) cues_found: u64,
    pub(crate) right_ms: u64,
    pub(crate) false_ms: u64,
    pub(crate) missed_ms: u64,
}

impl Segments {
    /// Counts one file.
    pub(crate) fn count(&mut self, cues: &[Cue], matches: &[Match]) {
        let names = cues.iter().map(|it| &it.recording);
        let names: BTreeSet<&String> =
            names.chain(matches.iter().map(|it| &it.recording)).collect();
        for name in names {
            let truth = spans(cues, name);
            let told: Vec<Span> = matches
                .iter()
                .filter(|it| it.recording == *name && it.end_ms > it.start_ms)
                .map(|it| (it.start_ms, it.end_ms))
                .collect();
            let claimed = merge(told.clone(), 0);
            let touches =
                |span: &Span, others: &[Span]| others.iter().any(|it| shared(*span, *it) > 0);
            self.told += told.len() as u64;
            self.told_right += told.iter().filter(|it| touches(it, &truth)).count() as u64;
            self.cues += truth.len() as u64;
            self.cues_found += truth.iter().filter(|it| touches(it, &claimed)).count() as u64;
            let right = overlap(&truth, &claimed);
            self.right_ms += right;
            self.false_ms += length(&claimed) - right;
            self.missed_ms += length(&truth) - right;
        }
    }

    pub(crate) fn precision(&self) -> Option<f64> {
        ratio(self.told_right, self.told)
    }

    pub(crate) fn recall(&self) -> Option<f64> {
        ratio(self.cues_found, self.cues)
    }

    /// Right matches by found cues: how often one cue is told.
    pub(crate) fn match_ratio(&self) -> Option<f64> {
        ratio(self.told_right, self.cues_found)
    }

    pub(crate) fn precision_s(&self) -> Option<f64> {
        ratio(self.right_ms, self.right_ms + self.false_ms)
    }

    pub(crate) fn recall_s(&self) -> Option<f64> {
        ratio(self.right_ms, self.right_ms + self.missed_ms)
    }

    /// The harmonic mean of precision and recall of seconds.
    pub(crate) fn f1_s(&self) -> Option<f64> {
        ratio(2 * self.right_ms, 2 * self.right_ms + self.false_ms + self.missed_ms)
    }
}

/// When a recording sounds, loops as one.
pub(crate) fn spans(cues: &[Cue], name: &str) -> Vec<Span> {
    let of = cues.iter().filter(|it| it.recording == name && it.end_ms > it.start_ms);
    merge(of.map(|it| (it.start_ms, it.end_ms)).collect(), JOIN_MS)
}

/// Merges what overlaps or lies no further apart than `join` ms.
pub(crate) fn merge(mut spans: Vec<Span>, join: u64) -> Vec<Span> {
    spans.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.0 <= last.1 + join => last.1 = last.1.max(span.1),
            _ => merged.push(span),
        }
    }
    merged
}

/// The time that two spans share, in ms.
pub(crate) fn shared(one: Span, other: Span) -> u64 {
    one.1.min(other.1).saturating_sub(one.0.max(other.0))
}

/// The time that two lists share; each list is merged.
pub(crate) fn overlap(one: &[Span], other: &[Span]) -> u64 {
    one.iter().map(|span| other.iter().map(|it| shared(*span, *it)).sum::<u64>()).sum()
}

pub(crate) fn length(spans: &[Span]) -> u64 {
    spans.iter().map(|span| span.1 - span.0).sum()
}

pub(crate) fn ratio(of: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| of as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    use super::{Cue, Match, Segments, merge};

    fn cue(recording: &str, start_s: u64, end_s: u64) -> Cue {
        let (start_ms, end_ms) = (start_s * 1000, end_s * 1000);
        Cue { recording: recording.to_owned(), start_ms, end_ms, ..Cue::default() }
    }

    fn told(recording: &str, start_s: u64, end_s: u64) -> Match {
        let (start_ms, end_ms) = (start_s * 1000, end_s * 1000);
        Match { recording: recording.to_owned(), start_ms, end_ms, ..Match::default() }
    }

    /// Told, right, cues, found; seconds right, false, missed.
    fn check(cues: &[Cue], matches: &[Match], matched: [u64; 4], seconds: [u64; 3]) {
        let mut segments = Segments::default();
        segments.count(cues, matches);
        let it = segments;
        assert_eq!([it.told, it.told_right, it.cues, it.cues_found], matched);
        assert_eq!([it.right_ms, it.false_ms, it.missed_ms].map(|ms| ms / 1000), seconds);
    }

    #[test]
    fn each_way_to_be_right_and_wrong() {
        check(&[cue("a", 10, 40)], &[told("a", 10, 40)], [1, 1, 1, 1], [30, 0, 0]);
        check(&[cue("a", 10, 40)], &[], [0, 0, 1, 0], [0, 0, 30]);
        check(&[], &[told("a", 10, 40)], [1, 0, 0, 0], [0, 30, 0]);
        // The wrong recording at the right time is both false and missed.
        check(&[cue("a", 10, 40)], &[told("b", 10, 40)], [1, 0, 1, 0], [0, 30, 30]);
        // Too early and too short.
        check(&[cue("a", 10, 40)], &[told("a", 5, 30)], [1, 1, 1, 1], [20, 5, 10]);
    }

    #[test]
    fn seconds_told_twice_count_once_and_matches_told_twice_count_twice() {
        let twice = [told("a", 10, 30), told("a", 20, 40)];
        check(&[cue("a", 10, 40)], &twice, [2, 2, 1, 1], [30, 0, 0]);
    }

    #[test]
    fn one_answer_over_two_cues_finds_both_and_claims_the_gap() {
        let cues = [cue("a", 0, 10), cue("a", 20, 30)];
        check(&cues, &[told("a", 0, 30)], [1, 1, 2, 2], [20, 10, 0]);
    }

    #[test]
    fn turns_of_a_loop_are_one_cue() {
        let cues = [cue("a", 0, 10), cue("a", 10, 20)];
        check(&cues, &[told("a", 0, 20)], [1, 1, 1, 1], [20, 0, 0]);
    }

    #[test]
    fn nothing_is_no_ratio() {
        let none = Segments::default();
        assert_eq!((none.precision(), none.recall(), none.f1_s()), (None, None, None));
    }

    #[test]
    fn spans_in_any_order_merge() {
        assert_eq!(merge(vec![(5, 9), (0, 3), (2, 4)], 0), [(0, 4), (5, 9)]);
        assert_eq!(merge(vec![(5, 9), (0, 3), (2, 4)], 1), [(0, 9)]);
    }
}
