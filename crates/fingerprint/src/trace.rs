//! Evidence along one line of time: is this recording heard here, from when to when?
//!
//! Along a line each heard frame has `x = <G, M>`, the product of heard and recorded contrast, and `e2`, what [`energies`] says of `M`. With any
//! other music `x` has the mean and deviation that rows drawn from the catalogue have with the same heard frame, so
//! frames full of talk count little. With `w` one over that variance, the sum of `w x` over the root of the sum of `w e2` is a
//! standard normal deviate, and the logarithm of the likelihood ratio of music at strength `b` against none is
//! `b sum(w x) - b^2 / 2 sum(w e2)`. What is heard was multiplied by weights ([`crate::presence`]): `e2` is less by their mean square,
//! and the variance without them counts.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2};

use crate::Map;
use crate::catalogue::Timeline;
use crate::dense::CHUNK;
use crate::ear::BANDS;
use crate::quantile::quantile;

/// Part of a core's strength at which music is expected to go on towards its ends, where it fades.
const EDGE: f32 = 0.4;

/// Rows drawn from the catalogue for the null.
const DECOYS: usize = 96;

/// Runs of them, and the least that sums of heard talk were seen to spread.
const RUNS: usize = 64;
const SPREAD_MIN: f32 = 0.6;

/// Chunks to either side that a spread is measured over, and the greatest square that counts.
const SPREAD_NEAR: usize = 1;
const SQUARE_MOST: f32 = 25.0;

/// What a heard map gives with music that is not in it.
pub(crate) struct Null {
    mean: Vec<f32>,
    weight: Vec<f32>,
    /// Mean square of the weights in a frame.
    presence: Vec<f32>,
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
    /// Energy of each, see [`energies`].
    e2: Vec<f32>,
}

impl Recorded {
    pub(crate) fn new(rows: Map) -> Self {
        let e2 = energies(rows.values());
        Self { rows, e2 }
    }

    pub(crate) fn frames(&self) -> usize {
        self.e2.len()
    }

    /// One row; empty beyond the last.
    pub(crate) fn row(&self, frame: usize) -> &[f32] {
        self.rows.row(frame)
    }
}

impl Decoys {
    pub(crate) fn draw(timeline: &Timeline<'_>) -> Self {
        let mut rows = Array2::zeros((BANDS, DECOYS));
        let mut three = vec![0.0; 3 * BANDS];
        let place = |at: usize, of: usize| (at as f64 + 0.37) / of as f64 * timeline.frames as f64;
        for decoy in 0..DECOYS {
            timeline.read(place(decoy, DECOYS) as usize, &mut three);
            let energy = energies(&three)[1].sqrt();
            if energy > 1e-3 {
                for (band, value) in three[BANDS..2 * BANDS].iter().enumerate() {
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
    pub(crate) fn new(heard: &Map, presence: Vec<f32>, decoys: &Decoys) -> Self {
        let frames = heard.frames();
        let mut products = Array2::zeros((frames, DECOYS));
        let view =
            ArrayView2::from_shape((frames, BANDS), heard.values()).expect("rows of that width");
        general_mat_mul(1.0, &view, &decoys.rows, 0.0, &mut products);
        let mut mean = Vec::with_capacity(frames);
        let mut variance = Vec::with_capacity(frames);
        for (row, presence) in products.rows().into_iter().zip(&presence) {
            let m = row.sum() / DECOYS as f32;
            mean.push(m);
            let squares: f32 = row.iter().map(|x| (x - m) * (x - m)).sum();
            variance.push(squares / DECOYS as f32 / presence);
        }
        let least = quantile(&mut variance.clone(), 0.5).unwrap_or(1.0) + 1e-9;
        let weight = smooth(&variance, 2).into_iter().map(|v| 1.0 / v.max(least)).collect();
        let mut null = Self { mean, weight, presence };
        let spread = null.spread(heard, decoys);
        for (weights, spread) in null.weight.chunks_mut(CHUNK).zip(spread) {
            weights.iter_mut().for_each(|weight| *weight /= spread);
        }
        null
    }

    /// The same for any frames: the usual weight and presence, and no mean.
    pub(crate) fn flat(&self, frames: usize) -> Self {
        let usual =
            |values: &[f32]| vec![quantile(&mut values.to_vec(), 0.5).unwrap_or_default(); frames];
        let (weight, presence) = (usual(&self.weight), usual(&self.presence));
        Self { mean: vec![0.0; frames], weight, presence }
    }

    /// `w x` and `w e2` of a heard frame whose product with a recorded one is `x`.
    #[inline(always)]
    fn evidence(&self, frame: usize, x: f32, e2: f32) -> (f32, f32) {
        let weight = self.weight[frame];
        ((x - self.mean[frame] * e2.sqrt()) * weight, e2 * weight * self.presence[frame])
    }

    /// By how much sums over a chunk vary more than their frames would if these were independent, for each chunk with its
    /// neighbours: much more where other music plays, since all music has lines and chords.
    fn spread(&self, heard: &Map, decoys: &Decoys) -> Vec<f32> {
        let squares: Vec<(f32, f32)> = (0..heard.frames())
            .step_by(CHUNK)
            .map(|start| {
                let frames = start..(start + CHUNK).min(heard.frames());
                let zs = decoys
                    .runs
                    .iter()
                    .map(|run| Trace::z(heard, self, run, -(start as isize), &frames));
                // What sounds may sound in the catalogue too: great deviates say nothing of the null.
                zs.map(|z| z * z)
                    .filter(|square| *square > 0.0 && *square < SQUARE_MOST)
                    .fold((0.0, 0.0), |(n, sum), square| (n + 1.0, sum + square))
            })
            .collect();
        (0..squares.len())
            .map(|at| {
                let near = &squares
                    [at.saturating_sub(SPREAD_NEAR)..(at + SPREAD_NEAR + 1).min(squares.len())];
                let (n, sum) = near.iter().fold((0.0, 0.0), |(n, s), (m, t)| (n + m, s + t));
                (sum / f32::max(n, 1.0)).max(SPREAD_MIN)
            })
            .collect()
    }
}

/// The variance of each row's product with heard noise: the energy of the row with what changes slowly over time or bands taken
/// out, as whitening takes it out of what is heard, and a little of that of the row itself, since whitening is not perfect.
pub(crate) fn energies(rows: &[f32]) -> Vec<f32> {
    let rows = rows.as_chunks::<BANDS>().0;
    let mut out = Vec::with_capacity(rows.len());
    vectorised(
        #[inline(always)]
        || {
            let mut before = &[0.0; BANDS];
            for (at, row) in rows.iter().enumerate() {
                out.push(energy(before, row, rows.get(at + 1).unwrap_or(&[0.0; BANDS])));
                before = row;
            }
        },
    );
    out
}

#[inline(always)]
fn energy(before: &[f32; BANDS], row: &[f32; BANDS], after: &[f32; BANDS]) -> f32 {
    const TIME: f32 = 0.3;
    const BAND: f32 = 0.25;
    const BLUNT: f32 = 0.2;
    // A band more to either side, in which nothing is.
    let mut over = [0.0; BANDS + 2];
    for band in 0..BANDS {
        over[band + 1] = row[band] - TIME * (before[band] + after[band]);
    }
    let mut sharp = [0.0; BANDS];
    for band in 0..BANDS {
        sharp[band] = over[band + 1] - BAND * (over[band] + over[band + 2]);
    }
    dot(&sharp, &sharp) + BLUNT * dot(row, row)
}

/// The sum of products; 16 lanes are the widest vector there is, and nine of them a row.
#[inline(always)]
fn dot(one: &[f32], other: &[f32]) -> f32 {
    signal::dot::<16>(one, other)
}

/// Does something with the widest vectors that the processor has.
#[inline(always)]
fn vectorised<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
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
        let first = frames.start;
        let mut evidence = Vec::with_capacity(frames.len());
        // A loop, since iterators are not always compiled into what calls them.
        vectorised(
            #[inline(always)]
            || {
                for frame in frames {
                    let at = frame.saturating_add_signed(lag);
                    let x = dot(heard.row(frame), recorded.rows.row(at));
                    evidence.push(null.evidence(frame, x, recorded.e2[at]));
                }
            },
        );
        Self { first, evidence }
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
        let first = frames.start;
        let mut row = vec![0.0; BANDS];
        let of = |frame: usize| {
            let at = frame.saturating_add_signed(lag);
            row.copy_from_slice(recorded.rows.row(at));
            let whole = dot(&row, &row).max(1e-9);
            hide(frame, &mut row);
            let left = dot(&row, &row) / whole;
            null.evidence(frame, dot(heard.row(frame), &row), recorded.e2[at] * left)
        };
        Self { first, evidence: frames.map(of).collect() }
    }

    /// How far all that a line has within some frames of the heard map stands above chance.
    pub(crate) fn z(
        heard: &Map,
        null: &Null,
        recorded: &Recorded,
        lag: isize,
        frames: &Range<usize>,
    ) -> f32 {
        Self::new(heard, null, recorded, lag, frames.clone()).part(frames.clone()).z
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
            let end = likely_reach((middle..self.evidence.len()).map(gain));
            let start = likely_reach((0..middle).rev().map(gain));
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

/// How far one recording explains heard frames better than another that lies along a line of its own: the difference of their
/// agreement over its deviation by chance. Nothing, when both are the same there.
pub(crate) fn better(
    heard: &Map,
    null: &Null,
    frames: &Range<usize>,
    one: (&Recorded, isize),
    other: (&Recorded, isize),
) -> f32 {
    let mut rest = rows_at(one, frames);
    for (value, take) in rest.iter_mut().zip(rows_at(other, frames)) {
        *value -= take;
    }
    let (mut g, mut h) = (0.0, 0.0);
    for ((frame, row), energy) in frames.clone().zip(rest.chunks(BANDS)).zip(energies(&rest)) {
        if let (Some(weight), Some(presence)) = (null.weight.get(frame), null.presence.get(frame)) {
            g += dot(heard.row(frame), row) * weight;
            h += energy * weight * presence;
        }
    }
    if h > 1e-6 { g / h.sqrt() } else { 0.0 }
}

/// How much two recordings sound alike while two lines pass through them: the cosine of their prints in terms of [`energies`],
/// that is, what part of the one's evidence the other has too; 0 when they have nothing in common. Frames of two recordings of
/// the same music do not begin together, so that of the other's lags nearby the one counts at which they are most alike.
pub(crate) fn alike(
    frames: &Range<usize>,
    one: (&Recorded, isize),
    (other, lag): (&Recorded, isize),
) -> f32 {
    let energy = |rows: &[f32]| energies(rows).iter().sum::<f32>();
    let one = rows_at(one, frames);
    let own = energy(&one);
    let at = |lag| {
        let other = rows_at((other, lag), frames);
        let sum: Vec<f32> = one.iter().zip(&other).map(|(one, other)| one + other).collect();
        let theirs = energy(&other);
        // Energy is a square: of a sum it is both and twice what they have in common.
        let both = (energy(&sum) - own - theirs) / 2.0;
        both / (own * theirs).max(1e-9).sqrt()
    };
    (lag - 1..=lag + 1).map(at).fold(0.0, f32::max)
}

/// The rows of a recording under heard frames, zeros where there are none.
fn rows_at((recorded, lag): (&Recorded, isize), frames: &Range<usize>) -> Vec<f32> {
    let mut rows = vec![0.0; frames.len() * BANDS];
    for (to, frame) in rows.chunks_mut(BANDS).zip(frames.clone()) {
        let row = frame.checked_add_signed(lag).map(|at| recorded.rows.row(at)).unwrap_or_default();
        to[..row.len()].copy_from_slice(row);
    }
    rows
}

/// How many of the values to take: the median, when each number is as likely as the exponential of its sum.
fn likely_reach(values: impl Iterator<Item = f32>) -> usize {
    let mut likely = vec![0.0];
    let mut sum = 0.0;
    for value in values {
        sum += value;
        likely.push(sum);
    }
    let most = likely.iter().copied().fold(f32::MIN, f32::max);
    for it in &mut likely {
        // What is less likely than one in ten to the thirteenth changes no median.
        *it = if most - *it < 30.0 { (*it - most).exp() } else { 0.0 };
    }
    let half = likely.iter().map(|it| f64::from(*it)).sum::<f64>() / 2.0;
    let mut so_far = 0.0;
    let reached = |it: &f32| {
        so_far += f64::from(*it);
        so_far >= half
    };
    likely.iter().position(reached).unwrap_or(0)
}
