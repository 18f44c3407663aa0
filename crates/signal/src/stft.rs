use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

/// A short-time Fourier transform of a stream of samples, as power.
///
/// The window is Hann's (periodic). The first frame starts at the first sample; a rest shorter than a window gives no
/// frame.
pub struct Stft {
    hop: usize,
    window: Vec<f32>,
    plan: Arc<dyn RealToComplex<f32>>,
    waiting: Vec<f32>,
    frame: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    scratch: Vec<Complex<f32>>,
    power: Vec<f32>,
}

impl Stft {
    /// A transform with windows of `window` samples, `hop` samples apart, 1 to `window`.
    #[must_use]
    pub fn new(window: usize, hop: usize) -> Self {
        let plan = RealFftPlanner::new().plan_fft_forward(window);
        let step = std::f64::consts::TAU / window as f64;
        Self {
            hop: hop.clamp(1, window),
            window: (0..window).map(|n| (0.5 - 0.5 * (step * n as f64).cos()) as f32).collect(),
            waiting: Vec::new(),
            frame: plan.make_input_vec(),
            spectrum: plan.make_output_vec(),
            scratch: plan.make_scratch_vec(),
            power: vec![0.0; window / 2 + 1],
            plan,
        }
    }

    /// Takes samples in and calls `row` with the power of bins 0 to half the rate for each frame they complete.
    ///
    /// Samples that are no number count as silence, and those beyond ±16 as ±16 (full scale is 1).
    pub fn push(&mut self, samples: &[f32], mut row: impl FnMut(&[f32])) {
        self.waiting
            .extend(samples.iter().map(|s| if s.is_nan() { 0.0 } else { s.clamp(-16.0, 16.0) }));
        let mut start = 0;
        while self.waiting.len() - start >= self.window.len() {
            self.transform(start);
            row(&self.power);
            start += self.hop;
        }
        self.waiting.drain(..start);
    }

    fn transform(&mut self, start: usize) {
        let input = &self.waiting[start..start + self.window.len()];
        for ((to, from), weight) in self.frame.iter_mut().zip(input).zip(&self.window) {
            *to = from * weight;
        }
        self.plan
            .process_with_scratch(&mut self.frame, &mut self.spectrum, &mut self.scratch)
            .expect("buffers were made by the plan");
        for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *power = bin.norm_sqr();
        }
    }
}
