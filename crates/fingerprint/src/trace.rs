//! Evidence along one line of time: is this recording heard here, from when to when?
//!
//! Along a line each heard frame has `x = <G, M>`, the product of heard and recorded contrast, and `e2 = <M, M>`. With any
//! other music `x` has the mean and deviation that rows drawn from the catalogue have with the same heard frame, so
//! frames full of talk count little. With `w` one over that variance, the sum of `w x` over the root of the sum of `w e2` is a
//! standard normal deviate, and the logarithm of the likelihood ratio of music at strength `b` against none is
//! `b sum(w x) - b^2 / 2 sum(w e2)`.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};

use crate::Map;
use crate::catalogue::Timeline;
use crate::dense::CHUNK;
use crate::ear::BANDS;

/// Part of a core's strength at which music is expected to go on towards its ends, where it fades.
const EDGE: f32 = 0.7;

/// Rows drawn from the catalogue for the null.
const DECOYS: usize = 96;

/// Runs of them, and the least that sums of heard talk were seen to spread.
const RUNS: usize = 64;
const SPREAD_MIN: f32 = 0.6;

/// What a heard map gives with music that is not in it.
pub(crate) struct Null {
    mean: Vec<f32>,
    weight: Vec<f32>,
}

/// Rows and runs of prints, drawn evenly from all over a catalogue.
pub(crate) struct Decoys {
    /// `[BANDS][DECOYS]`, each of length one.
    rows: Array2<f32>,
    runs: Vec<Recorded>,
}

/// A print's rows, and what each weighs.
pub(crate) struct Recorded {
    rows: Map,
    e2: Vec<f32>,
}

impl Recorded {
    pub(crate) fn new(rows: Map) -> Self {
        let e2 = (0..rows.frames()).map(|frame| dot(rows.row(frame), rows.row(frame))).collect();
        Self { rows, e2 }
    }

    pub(crate) fn frames(&self) -> usize {
        self.e2.len()
    }
}

impl Decoys {
    pub(crate) fn draw(timeline: &Timeline<'_>) -> Self {
        let mut rows = Array2::zeros((BANDS, DECOYS));
        let mut row = vec![0.0; BANDS];
        let place = |at: usize, of: usize| (at as f64 + 0.37) / of as f64 * timeline.frames as f64;
        for decoy in 0..DECOYS {
            timeline.read(place(decoy, DECOYS) as usize, &mut row);
            let energy = dot(&row, &row).sqrt();
            if energy > 1e-3 {
                for (band, value) in row.iter().enumerate() {
                    rows[(band, decoy)] = value / energy;
                }
            }
        }
        let runs = (0..RUNS)
            .map(|run| {
                let mut map = Map::zeros(BANDS, CHUNK);
                timeline.read(place(run, RUNS) as usize, map.values_mut());
                Recorded::new(map)
            })
            .collect();
        Self { rows, runs }
    }
}

impl Null {
    pub(crate) fn new(heard: &Map, decoys: &Decoys) -> Self {
        let frames = heard.frames();
        let mut products = Array2::zeros((frames, DECOYS));
        let view =
            ArrayView2::from_shape((frames, BANDS), heard.values()).expect("rows of that width");
        general_mat_mul(1.0, &view, &decoys.rows, 0.0, &mut products);
        let mut mean = Vec::with_capacity(frames);
        let mut variance = Vec::with_capacity(frames);
        for row in products.rows() {
            let m = row.sum() / DECOYS as f32;
            mean.push(m);
            variance.push(row.iter().map(|x| (x - m) * (x - m)).sum::<f32>() / DECOYS as f32);
        }
        let mut sorted = variance.clone();
        sorted.sort_by(f32::total_cmp);
        let least = sorted.get(frames / 2).copied().unwrap_or(1.0) * 1.0 + 1e-9;
        let weight = smooth(&variance, 2).into_iter().map(|v| 1.0 / v.max(least)).collect();
        let mut null = Self { mean, weight };
        let spread = null.spread(heard, decoys);
        null.weight.iter_mut().for_each(|w| *w /= spread);
        null
    }

    /// By how much sums over a chunk vary more than their frames would if these were independent.
    fn spread(&self, heard: &Map, decoys: &Decoys) -> f32 {
        let mut squares = Vec::new();
        for start in (0..heard.frames().saturating_sub(CHUNK / 2)).step_by(CHUNK) {
            for run in &decoys.runs {
                let trace = Trace::new(heard, self, run, -(start as isize), start..start + CHUNK);
                let z = trace.part(start..start + CHUNK).z;
                if z != 0.0 {
                    squares.push(z * z);
                }
            }
        }
        // What sounds may sound in the catalogue too, perhaps often: great deviates say nothing of the null.
        let kept: Vec<f32> = squares.into_iter().filter(|square| *square < 9.0).collect();
        (kept.iter().sum::<f32>() / kept.len().max(1) as f32).max(SPREAD_MIN)
    }
}

/// The sum of products, in lanes that a processor adds side by side.
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut lanes = [0.0f32; 16];
    let (ones, others) = (one.chunks_exact(16), other.chunks_exact(16));
    let rest: f32 = ones.remainder().iter().zip(others.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in ones.zip(others) {
        for (lane, (x, y)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

fn smooth(values: &[f32], reach: usize) -> Vec<f32> {
    (0..values.len())
        .map(|at| {
            let near = &values[at.saturating_sub(reach)..(at + reach + 1).min(values.len())];
            near.iter().sum::<f32>() / near.len() as f32
        })
        .collect()
}

/// Evidence of each frame of a line: `w x` and `w e2`.
pub(crate) struct Trace {
    /// First frame of the heard map on the line.
    first: usize,
    evidence: Vec<(f32, f32)>,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Frames of the heard map.
    pub(crate) frames: Range<usize>,
    pub(crate) z: f32,
    /// How strongly the music stands in what is heard.
    pub(crate) strength: f32,
}

/// The frames of a heard map, within a range, at which a line passes through a recording.
fn passage(heard: &Map, recorded: &Recorded, lag: isize, within: &Range<usize>) -> Range<usize> {
    let first = within.start.max(lag.min(0).unsigned_abs());
    let last = within.end.min(heard.frames()).min(recorded.frames().saturating_add_signed(-lag));
    first..last.max(first)
}

impl Trace {
    /// The line on which frame 0 of the heard map lies at frame `lag` of a recording.
    pub(crate) fn new(
        heard: &Map,
        null: &Null,
        recorded: &Recorded,
        lag: isize,
        within: Range<usize>,
    ) -> Self {
        let frames = passage(heard, recorded, lag, &within);
        let evidence = frames
            .clone()
            .map(|frame| {
                let at = frame.saturating_add_signed(lag);
                let (x, e2) = (dot(heard.row(frame), recorded.rows.row(at)), recorded.e2[at]);
                let weight = null.weight[frame];
                ((x - null.mean[frame] * e2.sqrt()) * weight, e2 * weight)
            })
            .collect();
        Self { first: frames.start, evidence }
    }

    /// The same, without the cells that `hide` sets to zero in a heard frame's recorded row.
    pub(crate) fn hiding(
        heard: &Map,
        null: &Null,
        recorded: &Recorded,
        lag: isize,
        within: Range<usize>,
        mut hide: impl FnMut(usize, &mut [f32]),
    ) -> Self {
        let frames = passage(heard, recorded, lag, &within);
        let mut row = vec![0.0; BANDS];
        let evidence = frames
            .clone()
            .map(|frame| {
                row.copy_from_slice(recorded.rows.row(frame.saturating_add_signed(lag)));
                hide(frame, &mut row);
                let (x, e2) = (dot(heard.row(frame), &row), dot(&row, &row));
                let weight = null.weight[frame];
                ((x - null.mean[frame] * e2.sqrt()) * weight, e2 * weight)
            })
            .collect();
        Self { first: frames.start, evidence }
    }

    /// Evidence of a part, given in frames of the heard map.
    pub(crate) fn part(&self, frames: Range<usize>) -> Part {
        let from = frames.start.saturating_sub(self.first).min(self.evidence.len());
        let to = frames.end.saturating_sub(self.first).clamp(from, self.evidence.len());
        let (g, h) =
            self.evidence[from..to].iter().fold((0.0, 0.0), |(g, h), (x, y)| (g + x, h + y));
        Part {
            frames,
            z: if h > 0.0 { g / h.sqrt() } else { 0.0 },
            strength: if h > 0.0 { g / h } else { 0.0 },
        }
    }

    /// The sum of evidence.
    pub(crate) fn gain(&self) -> f32 {
        self.evidence.iter().map(|(g, _)| g).sum()
    }

    /// The most likely part around a core: where the ratio of likelihoods is greatest.
    pub(crate) fn cut(&self, core: Range<usize>) -> Part {
        let mut part = self.part(core);
        for _ in 0..3 {
            let strength = part.strength.max(0.0) * EDGE;
            let gain = |at: usize| {
                let (g, h) = self.evidence[at];
                strength * (g - strength * h / 2.0)
            };
            let middle = usize::midpoint(part.frames.start, part.frames.end);
            let middle =
                middle.saturating_sub(self.first).min(self.evidence.len().saturating_sub(1));
            let end = best_reach((middle..self.evidence.len()).map(gain));
            let start = best_reach((0..middle).rev().map(gain));
            let next = self.part(self.first + middle - start..self.first + middle + end);
            let same = next.frames == part.frames;
            part = next;
            if same {
                break;
            }
        }
        part
    }
}

/// How much two recordings sound alike while two lines pass through them: the cosine of their prints, 0 when they have nothing in
/// common.
pub(crate) fn alike(
    one: &Recorded,
    lag: isize,
    other: &Recorded,
    other_lag: isize,
    frames: Range<usize>,
) -> f32 {
    let (mut both, mut first, mut second) = (0.0, 0.0, 0.0);
    for frame in frames {
        let at = |recorded: &Recorded, lag| {
            frame.checked_add_signed(lag).filter(|at| *at < recorded.frames())
        };
        if let (Some(a), Some(b)) = (at(one, lag), at(other, other_lag)) {
            both += dot(one.rows.row(a), other.rows.row(b));
            first += one.e2[a];
            second += other.e2[b];
        }
    }
    both.max(0.0) / (first * second).max(1e-9).sqrt()
}

/// How far one recording explains heard frames better than another that lies along a line of its own: the difference of their
/// agreement over its deviation by chance. Nothing, when both are the same there.
pub(crate) fn better(
    heard: &Map,
    null: &Null,
    frames: Range<usize>,
    one: (&Recorded, isize),
    other: (&Recorded, isize),
) -> f32 {
    let (mut g, mut h) = (0.0, 0.0);
    let mut row = vec![0.0; BANDS];
    for frame in frames {
        let at = |(recorded, lag): (&'_ Recorded, isize)| {
            frame.checked_add_signed(lag).filter(|at| *at < recorded.frames())
        };
        let (Some(a), Some(b)) = (at(one), at(other)) else { continue };
        for (value, (x, y)) in row.iter_mut().zip(one.0.rows.row(a).iter().zip(other.0.rows.row(b)))
        {
            *value = x - y;
        }
        let weight = null.weight[frame];
        g += (dot(heard.row(frame), &row)
            - null.mean[frame] * (one.0.e2[a].sqrt() - other.0.e2[b].sqrt()))
            * weight;
        h += dot(&row, &row) * weight;
    }
    if h > 1e-6 { g / h.sqrt() } else { 0.0 }
}

/// How many of the values to take for the greatest sum.
fn best_reach(values: impl Iterator<Item = f32>) -> usize {
    let (mut sum, mut best, mut reach) = (0.0, 0.0, 0);
    for (at, value) in values.enumerate() {
        sum += value;
        if sum > best {
            best = sum;
            reach = at + 1;
        }
    }
    reach
}
