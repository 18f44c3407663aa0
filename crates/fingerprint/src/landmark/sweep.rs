use std::ops::Range;

use crate::Map;

use super::count::{Count, Lane, STEP, count, reaches, sum, value};
use super::heard::{Heard, LANES};
use super::kept::Kept;
use super::pick::{BLOCK, LandmarksRef, band};

/// Blocks that are summed along a line: 4, 8, 16 and 33 s.
pub(crate) const SPANS: [usize; 4] = [1, 2, 4, 8];

/// Lines on which the spread of counts is measured, and the lags of each block on them.
const LINES_ASKED: usize = 6;
const LAGS_ASKED: f32 = 128.0;

/// A landmark that is never present, to fill up a block.
const NEVER: u16 = crate::ear::BANDS as u16;

/// What a sweep gives back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Standard deviations above chance that the sum over one, two, four and eight blocks of 4.1 s must reach;
    /// [`f32::INFINITY`] leaves a sum out.
    pub least_z: [f32; 4],
    /// Most candidates for each 4.1 s of what is heard, the best over all recordings.
    pub per_block: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { least_z: [f32::INFINITY, 4.5, 4.5, 4.5], per_block: 24 }
    }
}

/// A place of a recording that may be what is heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Which of the heard maps.
    pub view: usize,
    /// The number under which the recording was scanned.
    pub slot: u32,
    /// Frame of the recording that sounds at frame 0 of the map.
    pub lag: i64,
    /// Frames of the map in which it stood out, from the first.
    pub start: usize,
    /// To the last, which is not one of them.
    pub end: usize,
    /// Standard deviations above chance, of the best sum.
    pub z: f32,
}

/// Looks for recordings by their landmarks, one after the other.
pub struct Sweep {
    views: Vec<Heard>,
    limits: Limits,
    kept: Kept,
    line: Line,
    hits: Vec<Hit>,
}

/// A sum that reached its least value.
struct Hit {
    /// Last block of the sum.
    block: usize,
    /// Index in [`SPANS`].
    span: usize,
    /// Word of the map and bit in it at which that block starts.
    word: isize,
    bit: usize,
    count: u32,
}

impl Sweep {
    /// A sweep for what is heard: maps that were brought to the speed and pitch of the recordings, all of one sound.
    #[must_use]
    pub fn new<'a>(views: impl IntoIterator<Item = &'a Map>, limits: Limits) -> Self {
        Self {
            views: views.into_iter().map(Heard::new).collect(),
            limits,
            kept: Kept::new(limits.per_block),
            line: Line::default(),
            hits: Vec::new(),
        }
    }

    /// Looks for one recording.
    pub fn scan(&mut self, slot: u32, landmarks: LandmarksRef<'_>) {
        self.line.read(landmarks);
        for (view, heard) in self.views.iter().enumerate() {
            let (line, hits) = (&mut self.line, &mut self.hits);
            line.expect(heard);
            line.spread = pulp::Arch::new().dispatch(Spread { line, heard });
            line.set_bars(self.limits.least_z);
            pulp::Arch::new().dispatch(Search { line, heard, hits });
            for hit in self.hits.drain(..) {
                self.kept.push(candidate(heard, &self.line, &hit, view, slot));
            }
        }
    }

    /// All candidates, the likeliest first.
    #[must_use]
    pub fn finish(self) -> Vec<Candidate> {
        self.kept.finish()
    }
}

fn candidate(heard: &Heard, line: &Line, hit: &Hit, view: usize, slot: u32) -> Candidate {
    let at = hit.word * BLOCK as isize + hit.bit as isize;
    let first = at - ((SPANS[hit.span] - 1) * BLOCK) as isize;
    let last = (at + BLOCK as isize).clamp(1, heard.frames().max(1) as isize);
    Candidate {
        view,
        slot,
        lag: (hit.block * BLOCK) as i64 - at as i64,
        start: first.clamp(0, last - 1) as usize,
        end: last as usize,
        z: line.z(hit.block, hit.span, hit.count),
    }
}

/// The landmarks of one recording, and what chance does with them.
#[derive(Default)]
struct Line {
    marks: Vec<u16>,
    /// Where in `marks` each block lies.
    blocks: Vec<Range<usize>>,
    /// Mean and variance of each block's count, if each landmark is there as often as its band is.
    chance: Vec<(f32, f32)>,
    /// How much larger than that the variance is seen to be, for each span.
    spread: [f32; SPANS.len()],
    /// What the count must reach, for each span that ends with a block.
    least: Vec<[u32; SPANS.len()]>,
}

impl Line {
    fn read(&mut self, landmarks: LandmarksRef<'_>) {
        self.marks.clear();
        self.blocks.clear();
        let mut rest = landmarks.blocks();
        let mut block = Vec::new();
        while rest.read(&mut block) {
            let start = self.marks.len();
            self.marks.extend_from_slice(&block);
            self.marks.resize(start + block.len().next_multiple_of(STEP), NEVER);
            self.blocks.push(start..self.marks.len());
        }
    }

    fn expect(&mut self, heard: &Heard) {
        self.chance.clear();
        self.chance.extend(self.blocks.iter().map(|block| {
            self.marks[block.clone()].iter().fold((0.0, 0.0), |(mean, variance), mark| {
                let share = heard.share(band(*mark));
                (mean + share, variance + share * (1.0 - share))
            })
        }));
    }

    fn set_bars(&mut self, least_z: [f32; SPANS.len()]) {
        let bar = |block, span| {
            let (mean, deviation) = self.expected(block, span);
            let bar = mean + least_z[span] * deviation;
            if bar.is_finite() { bar.ceil() as u32 } else { u32::MAX }
        };
        let bars = |block| std::array::from_fn(|span| bar(block, span));
        let least = (0..self.blocks.len()).map(bars).collect();
        self.least = least;
    }

    /// Follows the lines that pass block 0 at the words from `first` on, block by block, and calls `see` with the block,
    /// the word at which it starts, and the sums over one, two, four and eight blocks.
    ///
    /// A block is as many frames long as a word has bits, so what is at a word for one block is at the next word for the
    /// next.
    #[inline(always)]
    fn walk(
        &self,
        heard: &Heard,
        first: isize,
        mut see: impl FnMut(usize, isize, &Count<7>, &Count<8>, &Count<9>, &Count<10>),
    ) {
        let from = (1 - LANES as isize - first).max(0) as usize;
        let to = self.blocks.len().min((heard.words() as isize - first).max(0) as usize);
        let mut before: Count<7> = [[0; LANES]; 7];
        let mut twos: [Count<8>; 2] = [[[0; LANES]; 8]; 2];
        let mut fours: [Count<9>; 4] = [[[0; LANES]; 9]; 4];
        for block in from..to {
            let word = first + block as isize;
            let marks = &self.marks[self.blocks[block].clone()];
            let one = count(heard, marks, (word + LANES as isize) as usize);
            let two = sum(&before, &one);
            let four = sum(&twos[block % 2], &two);
            let eight = sum(&fours[block % 4], &four);
            see(block, word, &one, &two, &four, &eight);
            before = one;
            twos[block % 2] = two;
            fours[block % 4] = four;
        }
    }

    /// Mean and variance of the sum of a span's blocks up to `last`, if nothing but chance is at work.
    fn plain(&self, last: usize, span: usize) -> (f32, f32) {
        let blocks = &self.chance[(last + 1).saturating_sub(SPANS[span])..=last];
        blocks.iter().fold((0.0, 0.0), |sum, block| (sum.0 + block.0, sum.1 + block.1))
    }

    /// Mean and deviation, as they are seen.
    fn expected(&self, last: usize, span: usize) -> (f32, f32) {
        let (mean, variance) = self.plain(last, span);
        (mean, (variance * self.spread[span]).max(1.0).sqrt())
    }

    fn z(&self, last: usize, span: usize, count: u32) -> f32 {
        let (mean, deviation) = self.expected(last, span);
        (count as f32 - mean) / deviation
    }
}

/// Looks along all lines.
struct Search<'a> {
    line: &'a Line,
    heard: &'a Heard,
    hits: &'a mut Vec<Hit>,
}

impl pulp::WithSimd for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        let Self { line, heard, hits } = self;
        let mut first = 1 - line.blocks.len() as isize;
        while first < heard.words() as isize {
            line.walk(heard, first, |block, word, one, two, four, eight| {
                let [bar_one, bar_two, bar_four, bar_eight] = line.least[block];
                note(one, bar_one, (block, 0, word), hits);
                note(two, bar_two, (block, 1, word), hits);
                note(four, bar_four, (block, 2, word), hits);
                note(eight, bar_eight, (block, 3, word), hits);
            });
            first += LANES as isize;
        }
    }
}

/// By how much counts spread more than chance alone has it, on a few lines all over what is heard; 1 where too little is
/// heard to tell.
///
/// Music repeats itself and talk comes in bursts: some recordings gather more landmarks anywhere than others.
struct Spread<'a> {
    line: &'a Line,
    heard: &'a Heard,
}

impl pulp::WithSimd for Spread<'_> {
    type Output = [f32; SPANS.len()];

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> Self::Output {
        let Self { line, heard } = self;
        let mut seen = [(0.0, 0.0); SPANS.len()];
        let lines = heard.words() + line.blocks.len();
        for asked in 0..LINES_ASKED {
            let first =
                (lines * (2 * asked + 1) / (2 * LINES_ASKED)) as isize - line.blocks.len() as isize;
            line.walk(heard, first, |block, word, one, two, four, eight| {
                let mut add = |span: usize, (sum, squares): (f32, f32)| {
                    let reach = SPANS[span] as isize - 1;
                    let words = word - reach..word + LANES as isize + 1;
                    if block as isize >= reach && heard.sounds(words) {
                        let (mean, variance) = line.plain(block, span);
                        seen[span].0 += squares - 2.0 * mean * sum + LAGS_ASKED * mean * mean;
                        seen[span].1 += LAGS_ASKED * variance;
                    }
                };
                add(0, moments(one));
                add(1, moments(two));
                add(2, moments(four));
                add(3, moments(eight));
            });
        }
        seen.map(
            |(found, expected): (f32, f32)| {
                if expected > 0.0 { (found / expected).max(1.0) } else { 1.0 }
            },
        )
    }
}

/// Sum and sum of squares of the counts at [`LAGS_ASKED`] lags.
#[inline(always)]
fn moments<const N: usize>(count: &Count<N>) -> (f32, f32) {
    let (mut sum, mut squares) = (0, 0);
    for lane in [0, LANES / 2] {
        for bit in 0..N {
            let here = count[bit][lane];
            let ones = u64::from(here.count_ones());
            sum += ones << bit;
            squares += ones << (2 * bit);
            for (lower, under) in count[..bit].iter().enumerate() {
                squares += u64::from((here & under[lane]).count_ones()) << (bit + lower + 1);
            }
        }
    }
    (sum as f32, squares as f32)
}

#[inline(always)]
fn note<const N: usize>(
    count: &Count<N>,
    least: u32,
    (block, span, word): (usize, usize, isize),
    hits: &mut Vec<Hit>,
) {
    let mask: Lane = reaches(count, least);
    if mask.iter().fold(0, |any, lane| any | lane) != 0 {
        take(count, &mask, (block, span, word), hits);
    }
}

#[cold]
fn take<const N: usize>(
    count: &Count<N>,
    mask: &Lane,
    (block, span, word): (usize, usize, isize),
    hits: &mut Vec<Hit>,
) {
    for (lane, mut bits) in mask.iter().copied().enumerate() {
        while bits != 0 {
            let bit = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let count = value(count, lane * 64 + bit);
            hits.push(Hit { block, span, word: word + lane as isize, bit, count });
        }
    }
}
