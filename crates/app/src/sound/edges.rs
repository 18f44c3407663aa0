//! Between which pitches a file has sound at all: a telephone, a broadcast of old and a codec cut it off.

use signal::{Bands, RATE_HZ, Stft};

/// Samples that one spectrum looks at; there is one a second.
const WINDOW: usize = 2048;
/// Bands: 110 to 7,040 Hz in steps of 1/24 octave.
const BANDS: usize = 144;
const PER_OCTAVE: u32 = 24;
const LOW_HZ: f32 = 110.0;
/// An edge is where, within a quarter of an octave, so much is missing from there on: 25 dB, as a natural
/// logarithm of power.
const WIDTH: usize = 6;
const DROP: f32 = 5.8;
/// Edges nearer to an end than this are none: music ends there by itself.
const MARGIN: usize = 8;

/// Gathers a long-term spectrum from a stream of samples.
pub(crate) struct Edges {
    stft: Stft,
    bands: Bands,
    sums: Vec<f32>,
    row: Vec<f32>,
    frames: u32,
    /// Samples that wait, and those that are passed over before the next spectrum.
    waiting: Vec<f32>,
    pass: usize,
}

impl Edges {
    pub(crate) fn new() -> Self {
        Self {
            stft: Stft::new(WINDOW, WINDOW),
            bands: Bands::new(WINDOW, LOW_HZ, 24, BANDS),
            sums: vec![0.0; BANDS],
            row: vec![0.0; BANDS],
            frames: 0,
            waiting: Vec::with_capacity(WINDOW),
            pass: 0,
        }
    }

    pub(crate) fn push(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            let over = self.pass.min(samples.len());
            self.pass -= over;
            samples = &samples[over..];
            let take = (WINDOW - self.waiting.len()).min(samples.len());
            self.waiting.extend(&samples[..take]);
            samples = &samples[take..];
            if self.waiting.len() == WINDOW {
                let Self { stft, bands, sums, row, frames, waiting, pass } = self;
                stft.push(waiting, |power| {
                    bands.log_power(power, row);
                    sums.iter_mut().zip(&*row).for_each(|(sum, it)| *sum += it);
                    *frames += 1;
                });
                waiting.clear();
                *pass = usize::try_from(RATE_HZ).unwrap_or(usize::MAX).saturating_sub(WINDOW);
            }
        }
    }

    /// Below and above which frequency nothing sounds, in Hz; nothing where no edge is.
    pub(crate) fn finish(self) -> (Option<u32>, Option<u32>) {
        if self.frames == 0 {
            return (None, None);
        }
        #[expect(clippy::cast_precision_loss, reason = "a file has few seconds")]
        let count = self.frames as f32;
        let means: Vec<f32> = self.sums.iter().map(|it| it / count).collect();
        let upper = edge(&means).map(hz);
        let turned: Vec<f32> = means.iter().rev().copied().collect();
        let lower = edge(&turned).map(|it| hz(BANDS - 1 - it));
        (lower, upper)
    }
}

/// The last band with sound, if all that lies well behind it is far quieter.
fn edge(means: &[f32]) -> Option<usize> {
    let loudest = |bands: &[f32]| bands.iter().copied().fold(f32::MIN, f32::max);
    let last = means.len().checked_sub(WIDTH + MARGIN)?;
    let found = (MARGIN..last).find(|at| means[*at] - loudest(&means[at + WIDTH..]) > DROP)?;
    // The drop begins before it ends: the edge is where the first half of it is gone.
    let level = means[found];
    let half = (found + 1..means.len()).find(|at| level - means[*at] > DROP / 2.0);
    Some(half.map_or(found, |it| it - 1))
}

fn hz(band: usize) -> u32 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a frequency of at most 7,040 Hz"
    )]
    let hz = (LOW_HZ * (band as f32 / PER_OCTAVE as f32).exp2()).round() as u32;
    hz
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Noise through filters that take away what lies above or below.
    fn heard(cut: &dyn Fn(f32) -> bool) -> (Option<u32>, Option<u32>) {
        let mut edges = Edges::new();
        let mut state = 1_u64;
        let mut draw = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            #[expect(clippy::cast_precision_loss, reason = "a random phase")]
            let part = (state >> 40) as f32 / (1 << 24) as f32;
            part * std::f32::consts::TAU
        };
        let partials: Vec<(f32, f32)> = (1..400_u16)
            .map(|n| (f32::from(n) * 19.7, draw()))
            .filter(|(hz, _)| cut(*hz))
            .collect();
        let sample = |n: u16, second: u16| {
            let time = f32::from(n) / 16_000.0 + f32::from(second);
            partials
                .iter()
                .map(|(hz, at)| (std::f32::consts::TAU * hz * time + at).sin())
                .sum::<f32>()
                / 400.0
        };
        for second in 0..3 {
            let samples: Vec<f32> = (0..16_000).map(|n| sample(n, second)).collect();
            samples.chunks(777).for_each(|it| edges.push(it));
        }
        edges.finish()
    }

    #[test]
    fn a_telephone_has_edges_and_music_has_none() {
        assert_eq!(heard(&|_| true), (None, None));
        let (lower, upper) = heard(&|hz| (300.0..3_400.0).contains(&hz));
        assert!(lower.is_some_and(|it| it.abs_diff(300) < 60), "{lower:?}");
        assert!(upper.is_some_and(|it| it.abs_diff(3_400) < 350), "{upper:?}");
        assert_eq!(Edges::new().finish(), (None, None));
    }
}
