//! Makes what is heard white over time and bands, so that talk's own habits do not look like music's.
//!
//! Contrast of talk is alike from frame to frame and from band to band; sums of it wander far. The matched filter in coloured
//! noise whitens it first: each block of the map is transformed over time and bands, divided by the mean power that
//! the whole map has there, and transformed back.

use realfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

use crate::Map;
use crate::ear::BANDS;
use crate::quantile::quantile;

/// Frames in a block, half of them new; bands with room for the filter to run out.
const TIME: usize = 256;
const WIDE: usize = 216;
const HOP: usize = TIME / 2;

/// By how many cells the power is smoothed to either side, in modulation of time and of bands.
const SMOOTH: (usize, usize) = (2, 2);

/// What is added to the power, of its median: quiet modulations are not blown up without end.
const LEAST: f32 = 0.3;

pub(crate) struct Whitener {
    time: (Arc<dyn Fft<f32>>, Arc<dyn Fft<f32>>),
    wide: (Arc<dyn Fft<f32>>, Arc<dyn Fft<f32>>),
    window: Vec<f32>,
}

impl Whitener {
    pub(crate) fn new() -> Self {
        let mut planner = FftPlanner::new();
        let mut pair = |n| (planner.plan_fft_forward(n), planner.plan_fft_inverse(n));
        let window = (0..TIME)
            .map(|n| 0.5 - 0.5 * (std::f32::consts::TAU * n as f32 / TIME as f32).cos())
            .collect();
        Self { time: pair(TIME), wide: pair(WIDE), window }
    }

    pub(crate) fn apply(&self, map: &Map) -> Map {
        let starts: Vec<isize> = (-(HOP as isize)..map.frames() as isize).step_by(HOP).collect();
        let blocks: Vec<Vec<Complex<f32>>> =
            starts.iter().map(|start| self.forward(map, *start)).collect();
        let mut power = vec![0.0f32; TIME * WIDE];
        for block in &blocks {
            for (sum, value) in power.iter_mut().zip(block) {
                *sum += value.norm_sqr();
            }
        }
        let mut power = smooth(&power);
        let median = quantile(&mut power.clone(), 0.5).unwrap_or_default().max(1e-20);
        for value in &mut power {
            *value = 1.0 / ((*value / median + LEAST) * (TIME * WIDE) as f32);
        }
        let mut out = Map::zeros(BANDS, map.frames());
        for (start, mut block) in starts.into_iter().zip(blocks) {
            for (value, gain) in block.iter_mut().zip(&power) {
                *value *= gain;
            }
            self.back(&mut block);
            for (at, row) in block.chunks(WIDE).enumerate() {
                if let Some(frame) =
                    (start + at as isize).try_into().ok().filter(|f: &usize| *f < map.frames())
                {
                    for (to, from) in out.row_mut(frame).iter_mut().zip(row) {
                        *to += from.re;
                    }
                }
            }
        }
        out
    }

    fn forward(&self, map: &Map, start: isize) -> Vec<Complex<f32>> {
        let mut block = vec![Complex::default(); TIME * WIDE];
        for (at, (row, weight)) in block.chunks_mut(WIDE).zip(&self.window).enumerate() {
            if let Ok(frame) = usize::try_from(start + at as isize) {
                for (to, from) in row.iter_mut().zip(map.row(frame)) {
                    *to = Complex::new(from * weight, 0.0);
                }
            }
        }
        self.wide.0.process(&mut block);
        columns(&mut block, self.time.0.as_ref());
        block
    }

    fn back(&self, block: &mut [Complex<f32>]) {
        columns(block, self.time.1.as_ref());
        self.wide.1.process(block);
    }
}

fn columns(block: &mut [Complex<f32>], fft: &dyn Fft<f32>) {
    let mut turned = vec![Complex::default(); block.len()];
    for (at, row) in block.chunks(WIDE).enumerate() {
        for (band, value) in row.iter().enumerate() {
            turned[band * TIME + at] = *value;
        }
    }
    fft.process(&mut turned);
    for (band, column) in turned.chunks(TIME).enumerate() {
        for (at, value) in column.iter().enumerate() {
            block[at * WIDE + band] = *value;
        }
    }
}

/// Means of the cells around each, around the ends too.
fn smooth(power: &[f32]) -> Vec<f32> {
    let mut rows = vec![0.0; power.len()];
    for time in 0..TIME {
        for band in 0..WIDE {
            rows[time * WIDE + band] = (0..=2 * SMOOTH.1)
                .map(|s| power[time * WIDE + (band + WIDE + s - SMOOTH.1) % WIDE])
                .sum();
        }
    }
    let mut out = vec![0.0; power.len()];
    for time in 0..TIME {
        for s in 0..=2 * SMOOTH.0 {
            let from = (time + TIME + s - SMOOTH.0) % TIME;
            for band in 0..WIDE {
                out[time * WIDE + band] += rows[from * WIDE + band];
            }
        }
    }
    out
}
