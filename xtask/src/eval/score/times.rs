//! How exact found cues are: start, end, place in the recording, speed.

use serde::Serialize;

use super::segments::{Span, shared, spans};
use crate::eval::truth::{Cue, Match};

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
    pub(crate) fn measure(&mut self, cues: &[Cue], matches: &[Match]) {
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
            if let Some(error) = in_error_ms(cue, told) {
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

/// How far a match is off in the recording, in ms; none if it does not say where it lies.
pub(crate) fn in_error_ms(cue: &Cue, told: &Match) -> Option<f64> {
    let later_ms = told.start_ms as f64 - cue.start_ms as f64;
    let expected = cue.in_ms as f64 + later_ms * cue.tempo;
    told.in_ms.map(|in_ms| (in_ms as f64 - expected).abs())
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
        times.measure(&[cue()], &[told(12_000, 20_000, 62_100), told(25_000, 39_500, 75_750)]);
        assert_eq!((times.start_ms, times.end_ms), (vec![2_000.0], vec![500.0]));
        assert_eq!(times.in_ms, [0.0, 0.0]);
    }

    #[test]
    fn a_later_start_lies_later_in_the_recording() {
        assert_eq!(in_error_ms(&cue(), &told(20_000, 30_000, 70_500)), Some(0.0));
        assert_eq!(in_error_ms(&cue(), &told(20_000, 30_000, 70_000)), Some(500.0));
        assert_eq!(in_error_ms(&cue(), &Match::default()), None);
    }

    #[test]
    fn quantiles() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[3.0, 1.0, 2.0], 0.9), Some(3.0));
    }
}
