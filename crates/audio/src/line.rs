//! Where frames stand: delay and padding off, holes filled, 16 kHz.

use crate::RATE_HZ;
use crate::edit::Edit;
use crate::resample::Resampler;

/// Silent frames that are laid down at a time.
const HUSH: usize = 16_384;

/// The line that the sound of a file is laid on.
pub(crate) struct Line {
    edit: Edit,
    rate_hz: u32,
    resampler: Option<Resampler>,
    /// Frames still to drop.
    skip: u64,
    /// Frames still to keep.
    keep: Option<u64>,
    /// Silent frames that come next.
    silence: u64,
    /// Samples laid down so far.
    samples: u64,
    samples_max: u64,
}

impl Line {
    /// An empty line; the edit counts from the first frame.
    pub(crate) fn new(edit: Edit, seconds_max: u32) -> Self {
        Self {
            edit,
            rate_hz: 0,
            resampler: None,
            skip: 0,
            keep: None,
            silence: frames(edit.wait_s, RATE_HZ),
            samples: 0,
            samples_max: u64::from(seconds_max) * u64::from(RATE_HZ),
        }
    }

    /// How far the sound is laid down, in milliseconds.
    pub(crate) fn at_ms(&self) -> u64 {
        self.samples * 1_000 / u64::from(RATE_HZ)
    }

    /// As long as may be.
    pub(crate) fn is_full(&self) -> bool {
        self.samples >= self.samples_max
    }

    /// All that is to be kept is there.
    pub(crate) fn is_done(&self) -> bool {
        self.keep == Some(0)
    }

    /// Whether sound of another rate was laid down before.
    pub(crate) fn differs(&self, rate_hz: u32) -> bool {
        self.rate_hz != 0 && self.rate_hz != rate_hz
    }

    /// Frames in a second of what is laid down; 0 before the first.
    pub(crate) fn rate_hz(&self) -> u32 {
        self.rate_hz
    }

    /// Drops so much from the start, where nothing was laid down yet.
    pub(crate) fn skip_first(&mut self, seconds: f64) {
        self.edit.skip_s = seconds;
    }

    /// Makes the next `seconds` silent.
    pub(crate) fn hush(&mut self, seconds: f64) {
        self.silence += frames(seconds, if self.rate_hz == 0 { RATE_HZ } else { self.rate_hz });
    }

    /// Lays down a piece of the silence that waits; `false` if none does.
    pub(crate) fn lay_silence(&mut self, out: &mut Vec<f32>) -> bool {
        if self.silence == 0 {
            return false;
        }
        let count = usize::try_from(self.silence).unwrap_or(HUSH).min(HUSH);
        self.silence -= u64::try_from(count).expect("a length fits");
        let silence = [0.0; HUSH];
        let silence = silence.get(..count).unwrap_or_default();
        let before = out.len();
        match &mut self.resampler {
            Some(resampler) => resampler.push(silence, out),
            None => out.extend_from_slice(silence),
        }
        self.count(before, out);
        true
    }

    /// Lays down frames.
    pub(crate) fn lay(&mut self, rate_hz: u32, mut frames: &[f32], out: &mut Vec<f32>) {
        self.turn_to(rate_hz, out);
        let length = u64::try_from(frames.len()).expect("a length fits");
        let late = self.skip.min(length);
        self.skip -= late;
        frames = usize::try_from(late).ok().and_then(|it| frames.get(it..)).unwrap_or_default();
        if let Some(keep) = &mut self.keep {
            let open = usize::try_from(*keep).unwrap_or(usize::MAX);
            frames = frames.get(..open).unwrap_or(frames);
            *keep -= u64::try_from(frames.len()).expect("a length fits");
        }
        let before = out.len();
        if let Some(resampler) = &mut self.resampler {
            resampler.push(frames, out);
        }
        self.count(before, out);
    }

    /// Lays down what the filter still holds.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let before = out.len();
        if let Some(resampler) = self.resampler.take() {
            resampler.finish(out);
        }
        self.count(before, out);
    }

    /// Begins, or goes on in another rate.
    fn turn_to(&mut self, rate_hz: u32, out: &mut Vec<f32>) {
        if self.rate_hz == rate_hz {
            return;
        }
        self.finish(out);
        let first = self.rate_hz == 0;
        let scaled = |count: u64| {
            let scaled = u128::from(count) * u128::from(rate_hz) / u128::from(self.rate_hz.max(1));
            u64::try_from(scaled).unwrap_or(u64::MAX)
        };
        self.skip = if first { frames(self.edit.skip_s, rate_hz) } else { scaled(self.skip) };
        self.keep = match (first, self.keep) {
            (true, _) => self.edit.keep_s.map(|it| frames(it, rate_hz)),
            (false, keep) => keep.map(scaled),
        };
        self.rate_hz = rate_hz;
        self.resampler = Some(Resampler::new(rate_hz));
    }

    fn count(&mut self, before: usize, out: &mut Vec<f32>) {
        let added = u64::try_from(out.len() - before).expect("a length fits");
        let open = self.samples_max - self.samples;
        if added > open {
            out.truncate(before + usize::try_from(open).expect("less than was added"));
        }
        self.samples += added.min(open);
    }
}

/// Seconds as a number of frames, to the nearest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from a float saturates, and nothing below 0 is asked for"
)]
fn frames(seconds: f64, rate_hz: u32) -> u64 {
    (seconds.max(0.0) * f64::from(rate_hz)).round() as u64
}
