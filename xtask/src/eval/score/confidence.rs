//! Whether a confidence of 0.8 is right four times out of five.

use serde::Serialize;

use super::segments::{length, overlap, spans};
use crate::eval::truth::{Cue, Match};

/// Matches by decile of their confidence.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Reliability {
    pub(crate) deciles: [Decile; 10],
}

/// Matches with about the same confidence.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Decile {
    pub(crate) count: u64,
    pub(crate) right: u64,
    /// Sum of their confidences.
    pub(crate) claimed: f64,
}

impl Reliability {
    /// Counts one file's matches: right is one of which at least half lies in cues of its recording.
    pub(crate) fn count(&mut self, cues: &[Cue], matches: &[Match]) {
        for told in matches {
            let Some(confidence) = told.confidence else { continue };
            let span = [(told.start_ms, told.end_ms.max(told.start_ms))];
            let right = 2 * overlap(&spans(cues, &told.recording), &span) >= length(&span).max(1);
            let at = ((confidence * 10.0).max(0.0) as usize).min(9);
            let decile = &mut self.deciles[at];
            decile.count += 1;
            decile.right += u64::from(right);
            decile.claimed += confidence;
        }
    }

    /// Expected calibration error (Naeini, Cooper, Hauskrecht; AAAI 2015): how far, on average, a
    /// confidence is from how often it is right.
    pub(crate) fn error(&self) -> Option<f64> {
        let all: u64 = self.deciles.iter().map(|it| it.count).sum();
        let gap = |it: &Decile| (it.right as f64 - it.claimed).abs();
        (all > 0).then(|| self.deciles.iter().map(gap).sum::<f64>() / all as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cue, Match, Reliability};

    #[test]
    fn honest_confidence_has_no_error_and_boasting_has() {
        let cue = Cue { recording: "a".to_owned(), end_ms: 1_000, ..Cue::default() };
        let told = |recording: &str, confidence: f64| Match {
            recording: recording.to_owned(),
            end_ms: 1_000,
            confidence: Some(confidence),
            ..Match::default()
        };
        let check = |matches: &[Match], error: f64| {
            let mut reliability = Reliability::default();
            reliability.count(std::slice::from_ref(&cue), matches);
            assert!((reliability.error().expect("there are matches") - error).abs() < 1e-9);
        };
        check(&[told("a", 0.5), told("b", 0.5)], 0.0);
        check(&[told("a", 1.0), told("b", 1.0)], 0.5);
        check(&[told("a", 1.0)], 0.0);
        assert!(Reliability::default().error().is_none());
    }
}
