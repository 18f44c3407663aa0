//! How exact found cues are: start, end, place in the recording, speed.

use serde::Serialize;

use super::segments::{Span, shared, spans};
use crate::eval::repeats::Claim;
use crate::eval::truth::{Cue, Match};

/// A match that is further off may lie at another turn of a loop, in ms.
const REPEAT_MIN_MS: f64 = 200.0;

/// Says how far a claim is off a place that sounds as the true one does, in ms.
pub(crate) type Repeat<'a> = &'a dyn Fn(&Claim<'_>) -> Option<f64>;

/// Errors of found cues, without sign.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Times {
    pub(crate) start_ms: Vec<f64>,
    pub(crate) end_ms: Vec<f64>,
    pub(crate) in_ms: Vec<f64>,
    /// In parts of the true speed.
    pub(crate) tempo: Vec<f64>,
}

impl Times {
    /// Measures one file: the first start and last end of all answers that touch a cue.
    pub(crate) fn measure(&mut self, cues: &[Cue], matches: &[Match], repeat: Repeat<'_>) {
        let mut names: Vec<&str> = cues.iter().map(|it| it.recording.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            for truth in spans(cues, name) {
                self.cue(truth, name, matches);
            }
        }
        for told in matches {
            let Some(cue) = meant(cues, told) else { continue };
            if let Some(error) = in_error_ms(cue, told, repeat) {
                self.in_ms.push(error);
            }
            if let Some(tempo) = told.tempo {
                self.tempo.push((tempo / cue.tempo - 1.0).abs());
            }
        }
    }

    fn cue(&mut self, truth: Span, name: &str, matches: &[Match]) {
        let told =
            |it: &&Match| it.recording == name && shared(truth, (it.start_ms, it.end_ms)) > 0;
        let start = matches.iter().filter(told).map(|it| it.start_ms).min();
        let end = matches.iter().filter(told).map(|it| it.end_ms).max();
        if let (Some(start), Some(end)) = (start, end) {
            self.start_ms.push(start.abs_diff(truth.0) as f64);
            self.end_ms.push(end.abs_diff(truth.1) as f64);
        }
    }
}

/// The cue of the same recording that a match shares the most time with.
pub(crate) fn meant<'a>(cues: &'a [Cue], told: &Match) -> Option<&'a Cue> {
    let common = |cue: &&Cue| shared((cue.start_ms, cue.end_ms), (told.start_ms, told.end_ms));
    let same = cues.iter().filter(|it| it.recording == told.recording);
    same.filter(|cue| common(cue) > 0).max_by_key(common)
}

/// How far a match is off in the recording, in ms; none if it does not say where it lies. Where the
/// recording repeats itself, the nearest place with the same sound counts.
pub(crate) fn in_error_ms(cue: &Cue, told: &Match, repeat: Repeat<'_>) -> Option<f64> {
    let later_ms = told.start_ms as f64 - cue.start_ms as f64;
    let true_ms = cue.in_ms as f64 + later_ms * cue.tempo;
    let claimed_ms = told.in_ms? as f64;
    let error_ms = (claimed_ms - true_ms).abs();
    if error_ms <= REPEAT_MIN_MS {
        return Some(error_ms);
    }
    // Both places have to be within the cue.
    let common = shared((cue.start_ms, cue.end_ms), (told.start_ms, told.end_ms));
    let early_ms = (cue.start_ms as f64 - told.start_ms as f64).max(0.0) * cue.tempo;
    let claim = Claim {
        recording: &cue.recording,
        true_ms: true_ms + early_ms,
        claimed_ms: claimed_ms + early_ms,
        length_ms: common as f64 * cue.tempo,
    };
    Some(repeat(&claim).unwrap_or(error_ms))
}

/// The value below which this part of the values lies; none of nothing.
pub(crate) fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last as f64 * part).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::{Cue, Match, Times, in_error_ms, quantile};

    fn cue() -> Cue {
        Cue {
            recording: "a".to_owned(),
            start_ms: 10_000,
            end_ms: 40_000,
            in_ms: 60_000,
            tempo: 1.05,
            ..Cue::default()
        }
    }

    fn told(start_ms: u64, end_ms: u64, in_ms: i64) -> Match {
        let recording = "a".to_owned();
        Match { recording, start_ms, end_ms, in_ms: Some(in_ms), ..Match::default() }
    }

    #[test]
    fn pieces_of_one_cue_are_measured_from_first_to_last() {
        let mut times = Times::default();
        times.measure(
            &[cue()],
            &[told(12_000, 20_000, 62_100), told(25_000, 39_500, 75_750)],
            &|_| None,
        );
        assert_eq!((times.start_ms, times.end_ms), (vec![2_000.0], vec![500.0]));
        assert_eq!(times.in_ms, [0.0, 0.0]);
    }

    #[test]
    fn a_later_start_lies_later_in_the_recording() {
        assert_eq!(in_error_ms(&cue(), &told(20_000, 30_000, 70_500), &|_| None), Some(0.0));
        assert_eq!(in_error_ms(&cue(), &told(20_000, 30_000, 70_000), &|_| None), Some(500.0));
        assert_eq!(in_error_ms(&cue(), &Match::default(), &|_| None), None);
    }

    #[test]
    fn another_turn_of_a_loop_is_no_error() {
        let far = told(20_000, 30_000, 90_500);
        assert_eq!(in_error_ms(&cue(), &far, &|_| None), Some(20_000.0));
        assert_eq!(in_error_ms(&cue(), &far, &|_| Some(3.0)), Some(3.0));
        // One that began too early is compared from where the cue begins.
        let early = told(5_000, 30_000, 10_000);
        let repeat = |claim: &super::Claim<'_>| {
            assert_eq!((claim.true_ms, claim.claimed_ms), (60_000.0, 15_250.0));
            assert_eq!(claim.length_ms, 21_000.0);
            Some(0.0)
        };
        assert_eq!(in_error_ms(&cue(), &early, &repeat), Some(0.0));
    }

    #[test]
    fn quantiles() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.9), Some(3.0));
    }
}
