//! The exhaustive search: each chunk of what was heard against every place of every print.
//!
//! A matched filter: the sum, over the cells of a chunk, of heard contrast times recorded contrast, for all lags at once by
//! block FFT over time (overlap-save), where the sum over bands is one matrix product a frequency.

use std::sync::Arc;

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::Map;
use crate::catalogue::Timeline;
use crate::ear::BANDS;
use crate::trace::energies;

/// Frames in a chunk: 5 s.
pub(crate) const CHUNK: usize = 78;

/// Length of the transform, and the lags that one block of it gives.
const FFT: usize = 512;
const BINS: usize = FFT / 2 + 1;
const LAGS: usize = FFT - CHUNK + 1;

/// Blocks of prints worked on at once, and chunks.
const BLOCKS: usize = 64;
pub(crate) const CHUNKS_MAX: usize = 240;

/// Chunks that are summed along the diagonal, and what their sum must reach, in standard deviations.
const SPANS: [(usize, f32); 3] = [(1, 4.6), (2, 4.3), (4, 4.2)];
const REACH: usize = 3 * CHUNK;

/// A chunk that stands out at one place of the timeline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Peak {
    /// Index among the chunks that were given.
    pub(crate) chunk: usize,
    /// How many chunks from it on were summed.
    pub(crate) span: usize,
    /// Frame of the timeline at which the chunk starts.
    pub(crate) frame: usize,
    pub(crate) z: f32,
}

/// A run of chunks of one map: where it stands among the chunks, so that sums do not cross from one map to the next.
pub(crate) struct Chunks {
    /// `[bin][2 BANDS][2 count]`: real and imaginary parts laid out for one real product.
    spectra: Vec<f32>,
    count: usize,
    /// For each chunk, how many follow it in the same map.
    follow: Vec<usize>,
}

pub(crate) struct Dense {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
}

impl Dense {
    pub(crate) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        Self { forward: planner.plan_fft_forward(FFT), inverse: planner.plan_fft_inverse(FFT) }
    }

    /// The spectra of chunks: pairs of a map and the frame at which the chunk starts.
    pub(crate) fn chunks(&self, chunks: &[(&Map, usize)]) -> Chunks {
        let count = chunks.len();
        let mut spectra = vec![0.0; BINS * 4 * BANDS * count];
        let mut input = self.forward.make_input_vec();
        let mut columns = vec![self.forward.make_output_vec(); LINE];
        let mut scratch = self.forward.make_scratch_vec();
        // Chunks side by side, so that what is written together lies together.
        for (line, chunks) in chunks.chunks(LINE).enumerate() {
            for band in 0..BANDS {
                for ((map, start), column) in chunks.iter().zip(&mut columns) {
                    input.fill(0.0);
                    for (to, frame) in input[..CHUNK].iter_mut().zip(*start..) {
                        *to = map.row(frame).get(band).copied().unwrap_or(0.0);
                    }
                    self.forward
                        .process_with_scratch(&mut input, column, &mut scratch)
                        .expect("buffers were made by the plan");
                }
                // M times the conjugate of G: (Mr Gr + Mi Gi) + i (Mi Gr - Mr Gi).
                for bin in 0..BINS {
                    let row = (bin * 2 * BANDS + band) * 2 * count + line * LINE;
                    let below = row + BANDS * 2 * count;
                    for (at, column) in columns[..chunks.len()].iter().enumerate() {
                        let value = column[bin];
                        spectra[row + at] = value.re;
                        spectra[row + count + at] = -value.im;
                        spectra[below + at] = value.im;
                        spectra[below + count + at] = value.re;
                    }
                }
            }
        }
        let follow = (0..count)
            .map(|at| {
                (at + 1..count)
                    .take_while(|&next| {
                        std::ptr::eq(chunks[next].0, chunks[at].0)
                            && chunks[next].1 == chunks[at].1 + (next - at) * CHUNK
                    })
                    .count()
            })
            .collect();
        Chunks { spectra, count, follow }
    }

    /// All places of the timeline where a chunk, or a sum of chunks, stands out.
    pub(crate) fn search(
        &self,
        timeline: &Timeline<'_>,
        chunks: &Chunks,
        mut give: impl FnMut(Peak),
    ) {
        let step = BLOCKS * LAGS - REACH;
        let mut work = Work::new(self, chunks.count);
        let mut first = 0;
        while first + CHUNK < timeline.frames {
            let blocks = (timeline.frames - first).div_ceil(LAGS).min(BLOCKS);
            work.load(self, timeline, first, blocks);
            work.multiply(chunks, blocks);
            work.invert(self, chunks.count, blocks);
            let lags = (blocks * LAGS).min(timeline.frames - first);
            work.scale(chunks.count, lags);
            work.select(chunks, lags, step, |peak| {
                give(Peak { frame: peak.frame + first, ..peak });
            });
            first += step;
        }
    }
}

#[cfg(test)]
impl Dense {
    /// The sums of products of each chunk at each lag, before anything is made of them.
    pub(crate) fn scores(&self, timeline: &Timeline<'_>, chunks: &Chunks) -> Vec<Vec<f32>> {
        let mut work = Work::new(self, chunks.count);
        let blocks = timeline.frames.div_ceil(LAGS);
        assert!(blocks <= BLOCKS, "one load is enough for a test");
        work.load(self, timeline, 0, blocks);
        work.multiply(chunks, blocks);
        work.invert(self, chunks.count, blocks);
        // The inverse transform leaves the length of the transform in the sums.
        let scores = work.scores.chunks(BLOCKS * LAGS);
        scores.map(|lane| lane.iter().map(|sum| sum / FFT as f32).collect()).collect()
    }
}

struct Work {
    rows: Vec<f32>,
    /// `[bin][block][2 BANDS]`.
    recorded: Vec<f32>,
    /// `[bin][block][2 chunks]`.
    product: Vec<f32>,
    /// `[chunk][lag]`.
    scores: Vec<f32>,
    /// Over the root of the energy of the print below a chunk, one a lag; zero where there is too little.
    norm: Vec<f32>,
    columns: Vec<Vec<Complex<f32>>>,
    time: Vec<f32>,
    scratch: Vec<Complex<f32>>,
}

/// Columns that are transposed together: a line of cache.
const LINE: usize = 16;

impl Work {
    fn new(dense: &Dense, chunks: usize) -> Self {
        Self {
            rows: vec![0.0; (BLOCKS * LAGS + CHUNK) * BANDS],
            recorded: vec![0.0; BINS * BLOCKS * 2 * BANDS],
            product: vec![0.0; BINS * BLOCKS * 2 * chunks],
            scores: vec![0.0; chunks * BLOCKS * LAGS],
            norm: vec![0.0; BLOCKS * LAGS],
            columns: vec![vec![Complex::default(); BINS]; LINE],
            time: dense.forward.make_input_vec(),
            scratch: vec![
                Complex::default();
                dense.forward.get_scratch_len().max(dense.inverse.get_scratch_len())
            ],
        }
    }

    /// Spectra of the prints from frame `first` on, and the energy below each lag.
    fn load(&mut self, dense: &Dense, timeline: &Timeline<'_>, first: usize, blocks: usize) {
        timeline.read(first, &mut self.rows);
        let mut sum = 0.0f64;
        let energy: Vec<f64> =
            energies(&self.rows)[..blocks * LAGS + CHUNK].iter().map(|e| f64::from(*e)).collect();
        let typical = energy.iter().sum::<f64>() / energy.len() as f64 * CHUNK as f64;
        sum += energy[..CHUNK].iter().sum::<f64>();
        for lag in 0..blocks * LAGS {
            self.norm[lag] = if sum > typical * 0.02 + 1e-3 {
                (1.0 / sum.max(typical * 0.2).sqrt()) as f32
            } else {
                0.0
            };
            sum = (sum + energy[lag + CHUNK] - energy[lag]).max(0.0);
        }
        for block in 0..blocks {
            for band in (0..BANDS).step_by(LINE) {
                self.load_line(dense, block, band);
            }
        }
    }

    fn load_line(&mut self, dense: &Dense, block: usize, band: usize) {
        let rows = &self.rows[block * LAGS * BANDS..];
        for (at, column) in self.columns.iter_mut().enumerate() {
            for (to, row) in self.time.iter_mut().zip(rows.chunks(BANDS)) {
                *to = row[band + at];
            }
            dense
                .forward
                .process_with_scratch(&mut self.time, column, &mut self.scratch)
                .expect("buffers were made by the plan");
        }
        for bin in 0..BINS {
            let base = (bin * BLOCKS + block) * 2 * BANDS + band;
            for (at, column) in self.columns.iter().enumerate() {
                self.recorded[base + at] = column[bin].re;
                self.recorded[base + BANDS + at] = column[bin].im;
            }
        }
    }

    fn multiply(&mut self, chunks: &Chunks, blocks: usize) {
        let (inner, wide) = (2 * BANDS, 2 * chunks.count);
        for bin in 0..BINS {
            let one = &self.recorded[bin * BLOCKS * inner..][..blocks * inner];
            let other = &chunks.spectra[bin * inner * wide..][..inner * wide];
            let out = &mut self.product[bin * BLOCKS * wide..][..blocks * wide];
            let shapes = "lengths were cut to the shapes";
            general_mat_mul(
                1.0,
                &ArrayView2::from_shape((blocks, inner), one).expect(shapes),
                &ArrayView2::from_shape((inner, wide), other).expect(shapes),
                0.0,
                &mut ArrayViewMut2::from_shape((blocks, wide), out).expect(shapes),
            );
        }
    }

    /// Products back to sums a lag.
    fn invert(&mut self, dense: &Dense, chunks: usize, blocks: usize) {
        for block in 0..blocks {
            for chunk in (0..chunks).step_by(LINE) {
                let line = LINE.min(chunks - chunk);
                for bin in 0..BINS {
                    let base = (bin * BLOCKS + block) * 2 * chunks + chunk;
                    for (at, column) in self.columns[..line].iter_mut().enumerate() {
                        column[bin] =
                            Complex::new(self.product[base + at], self.product[base + chunks + at]);
                    }
                }
                for at in 0..line {
                    self.columns[at][0].im = 0.0;
                    self.columns[at][BINS - 1].im = 0.0;
                    dense
                        .inverse
                        .process_with_scratch(
                            &mut self.columns[at],
                            &mut self.time,
                            &mut self.scratch,
                        )
                        .expect("the first and last bin are real");
                    let base = (chunk + at) * BLOCKS * LAGS + block * LAGS;
                    self.scores[base..base + LAGS].copy_from_slice(&self.time[..LAGS]);
                }
            }
        }
    }

    /// Sums over their energy, less their mean, over their deviation among all lags of this part of the timeline.
    fn scale(&mut self, chunks: usize, lags: usize) {
        let norm = &self.norm[..lags];
        let count = norm.iter().filter(|n| **n > 0.0).count().max(1) as f32;
        for scores in self.scores.chunks_mut(BLOCKS * LAGS).take(chunks) {
            let (mut sum, mut squares) = (0.0f64, 0.0f64);
            for (part, norms) in scores[..lags].chunks_mut(256).zip(norm.chunks(256)) {
                let (mut s, mut q) = (0.0f32, 0.0f32);
                for (score, norm) in part.iter_mut().zip(norms) {
                    *score *= norm;
                    s += *score;
                    q += *score * *score;
                }
                sum += f64::from(s);
                squares += f64::from(q);
            }
            let mean = (sum / f64::from(count)) as f32;
            let deviation =
                (squares / f64::from(count) - f64::from(mean * mean)).max(0.0).sqrt() as f32;
            let over = if deviation > 1e-9 { 1.0 / deviation } else { 0.0 };
            for (score, norm) in scores[..lags].iter_mut().zip(norm) {
                *score = if *norm > 0.0 { (*score - mean) * over } else { 0.0 };
            }
        }
    }

    fn select(&self, chunks: &Chunks, lags: usize, step: usize, mut give: impl FnMut(Peak)) {
        let lane = |chunk: usize| &self.scores[chunk * BLOCKS * LAGS..][..lags];
        let mut sums = vec![0.0f32; lags];
        for chunk in 0..chunks.count {
            sums.copy_from_slice(lane(chunk));
            let mut have = 1;
            for (span, least) in SPANS {
                if span > chunks.follow[chunk] + 1 {
                    break;
                }
                while have < span {
                    let shift = have * CHUNK;
                    let next = &lane(chunk + have)[shift.min(lags)..];
                    for (sum, score) in sums.iter_mut().zip(next) {
                        *sum += score;
                    }
                    have += 1;
                }
                let root = (span as f32).sqrt();
                let least = least * root;
                for (frame, sum) in sums[..lags.min(step)].iter().enumerate() {
                    if *sum >= least {
                        give(Peak { chunk, span, frame, z: *sum / root });
                    }
                }
            }
        }
    }
}
