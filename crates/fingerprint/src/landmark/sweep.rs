use std::ops::Range;

use pulp::Simd;

use crate::Map;

use super::count::{Count, Kept, STEP, count, keep, reaches, sum, turn, value, words};
use super::heard::{FRAMES_MAX, Heard, LANES};
use super::kept;
use super::pick::{BLOCK, LandmarksRef, MARKS_MAX, band};

/// Blocks that are summed along a line: 4, 8, 16 and 33 s.
pub(crate) const SPANS: [usize; 4] = [1, 2, 4, 8];

/// Frames that a part of a map has in common with the next.
const SHARED: usize = (SPANS[SPANS.len() - 1] - 1) * BLOCK;

/// A landmark that is never present, to fill up a block.
const NEVER: u16 = crate::ear::BANDS as u16;

/// What a sweep gives back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Standard deviations above chance that the sum over one, two, four and eight blocks of 4.1 s must reach;
    /// [`f32::INFINITY`] leaves a sum out.
    pub least_z: [f32; 4],
    /// Most landmarks of a block of a recording that are looked for, the strongest.
    pub marks: usize,
    /// At how many blocks of a recording a sum ends: 1 at each, 2 at every second.
    pub every: usize,
    /// Most candidates for each 4.1 s of what is heard, the best over all recordings.
    pub per_block: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { least_z: [f32::INFINITY, 4.5, 4.5, 4.5], marks: MARKS_MAX, every: 1, per_block: 24 }
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
    parts: Vec<Part>,
    limits: Limits,
    kept: kept::Kept,
    line: Line,
    hits: Vec<Hit>,
}

/// A part of a map.
struct Part {
    view: usize,
    /// Frame of the map at which it starts.
    start: usize,
    heard: Heard,
}

/// A sum that reached its least value.
struct Hit {
    /// Last block of the sum.
    block: usize,
    /// Index in [`SPANS`].
    span: usize,
    /// Word of the map and bit in it at which that block starts.
    word: usize,
    bit: usize,
    count: u32,
}

impl Sweep {
    /// A sweep for what is heard: maps that were brought to the speed and pitch of the recordings, all of one sound.
    #[must_use]
    pub fn new<'a>(views: impl IntoIterator<Item = &'a Map>, limits: Limits) -> Self {
        let parts = views.into_iter().enumerate().flat_map(|(view, map)| {
            // Parts share so many frames that each sum lies in one of them as a whole.
            (0..map.frames().saturating_sub(SHARED).max(1)).step_by(FRAMES_MAX - SHARED).map(
                move |start| {
                    let heard = Heard::new(map, start..map.frames().min(start + FRAMES_MAX));
                    Part { view, start, heard }
                },
            )
        });
        Self {
            parts: parts.collect(),
            limits,
            kept: kept::Kept::new(limits.per_block),
            line: Line::default(),
            hits: Vec::new(),
        }
    }

    /// Looks for one recording.
    pub fn scan(&mut self, slot: u32, landmarks: LandmarksRef<'_>) {
        self.line.read(landmarks, &self.limits);
        for part in &self.parts {
            let (heard, line, hits) = (&part.heard, &mut self.line, &mut self.hits);
            line.expect(heard);
            line.spread = pulp::Arch::new().dispatch(Spread { line, heard });
            line.set_bars(self.limits.least_z);
            pulp::Arch::new().dispatch(Search { line, heard, hits });
            for hit in self.hits.drain(..) {
                self.kept.push(candidate(part, &self.line, &hit, slot));
            }
        }
    }

    /// All candidates, the likeliest first.
    #[must_use]
    pub fn finish(self) -> Vec<Candidate> {
        self.kept.finish()
    }
}

fn candidate(part: &Part, line: &Line, hit: &Hit, slot: u32) -> Candidate {
    let at = part.heard.frame(hit.word, hit.bit);
    let first = at - ((SPANS[hit.span] - 1) * BLOCK) as isize;
    let last = (at + BLOCK as isize).clamp(1, part.heard.frames().max(1) as isize);
    Candidate {
        view: part.view,
        slot,
        lag: (hit.block * BLOCK) as i64 - at as i64 - part.start as i64,
        start: part.start + first.clamp(0, last - 1) as usize,
        end: part.start + last as usize,
        z: line.z(hit.block, hit.span, hit.count),
    }
}

/// Sums over one, two, four and eight blocks at the lags of one vector.
struct Sums<S: Simd> {
    one: Count<S, 7>,
    two: Count<S, 8>,
    four: Count<S, 9>,
    eight: Count<S, 10>,
}

impl<S: Simd> Sums<S> {
    /// Keeps the sums at the bits of four masks.
    #[cold]
    fn take(
        &self,
        masks: [S::u64s; SPANS.len()],
        (block, word): (usize, usize),
        hits: &mut Vec<Hit>,
    ) {
        for (span, mask) in masks.into_iter().enumerate() {
            for (number, mut bits) in words::<S>(mask).into_iter().enumerate() {
                while bits != 0 {
                    let bit = bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    let count = match span {
                        0 => value::<S, 7>(&self.one, number, bit),
                        1 => value::<S, 8>(&self.two, number, bit),
                        2 => value::<S, 9>(&self.four, number, bit),
                        _ => value::<S, 10>(&self.eight, number, bit),
                    };
                    hits.push(Hit { block, span, word: word + number, bit, count });
                }
            }
        }
    }
}

/// The landmarks of one recording, and what chance does with them.
#[derive(Default)]
struct Line {
    marks: Vec<u16>,
    /// Where in `marks` each block lies.
    blocks: Vec<Range<usize>>,
    /// Where in what is heard each of `marks` is looked for.
    places: Vec<u16>,
    /// Mean and variance of each block's count, if each landmark is there as often as its band is.
    chance: Vec<(f32, f32)>,
    /// At how many blocks a sum ends.
    every: usize,
    /// How much larger than that the variance is seen to be, for each span.
    spread: [f32; SPANS.len()],
    /// What the count must reach, for each span that ends with a block.
    least: Vec<[u32; SPANS.len()]>,
}

impl Line {
    fn read(&mut self, landmarks: LandmarksRef<'_>, limits: &Limits) {
        self.every = limits.every.max(1);
        self.marks.clear();
        self.blocks.clear();
        let mut rest = landmarks.blocks();
        let mut block = Vec::new();
        while rest.read(&mut block) {
            let (start, count) = (self.marks.len(), block.len().min(limits.marks));
            self.marks.extend_from_slice(&block[..count]);
            self.marks.resize(start + count.next_multiple_of(STEP), NEVER);
            self.blocks.push(start..self.marks.len());
        }
    }

    fn expect(&mut self, heard: &Heard) {
        self.places.clear();
        self.places.extend(self.marks.iter().map(|mark| heard.place(*mark)));
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

    /// Follows the lines on which block 0 starts at the words from `first` on, block by block, and calls `see` with the block
    /// at which sums end, the word at which it starts, and the sums over one, two, four and eight blocks, of so many vectors.
    #[inline(always)]
    fn walk<S: Simd>(
        &self,
        simd: S,
        heard: &Heard,
        (first, vectors): (usize, usize),
        mut see: impl FnMut(usize, usize, &Sums<S>),
    ) {
        let mut word = first;
        let mut ones: Kept<7> = [[0; LANES]; 7];
        let mut twos: [Kept<8>; 2] = [[[0; LANES]; 8]; 2];
        let mut fours: [Kept<9>; 4] = [[[0; LANES]; 9]; 4];
        for (block, marks) in self.blocks.iter().enumerate() {
            let places = &self.places[marks.clone()];
            let ends = (block + 1) % self.every == 0 || block + 1 == self.blocks.len();
            for part in 0..vectors {
                let word = word + part * S::U64_LANES;
                let one = count(simd, heard, places, word);
                if !ends {
                    keep::<S, 7>(one, &mut ones, part);
                    continue;
                }
                let two = sum(simd, &one, &mut ones, part);
                let four = sum(simd, &two, &mut twos[block % 2], part);
                let eight = sum(simd, &four, &mut fours[block % 4], part);
                see(block, word, &Sums { one, two, four, eight });
            }
            word += BLOCK;
            // Behind the last word the lines go on in the first, a bit further.
            while word >= heard.words() {
                word -= heard.words();
                turn(&mut ones);
                twos.iter_mut().for_each(turn);
                fours.iter_mut().for_each(turn);
            }
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
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { line, heard, hits } = self;
        for first in (0..heard.words()).step_by(LANES) {
            line.walk(simd, heard, (first, LANES / S::U64_LANES), |block, word, sums| {
                let least = line.least[block];
                let masks = [
                    reaches(simd, &sums.one, least[0]),
                    reaches(simd, &sums.two, least[1]),
                    reaches(simd, &sums.four, least[2]),
                    reaches(simd, &sums.eight, least[3]),
                ];
                let [one, two, four, eight] = masks;
                let any = simd.or_u64s(simd.or_u64s(one, two), simd.or_u64s(four, eight));
                if words::<S>(any)[..S::U64_LANES].iter().fold(0, |all, word| all | word) != 0 {
                    sums.take(masks, (block, word), hits);
                }
            });
        }
    }
}

/// By how much counts spread more than chance alone has it, on some lines all over what is heard; 1 where too little is
/// heard to tell.
///
/// Music repeats itself and talk comes in bursts: some recordings gather more landmarks anywhere than others. But most of all the
/// one that is heard, so that the root of that is taken.
struct Spread<'a> {
    line: &'a Line,
    heard: &'a Heard,
}

impl pulp::WithSimd for Spread<'_> {
    type Output = [f32; SPANS.len()];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Self { line, heard } = self;
        let mut seen = [(0.0, 0.0); SPANS.len()];
        line.walk(simd, heard, (0, 1), |block, word, sums| {
            let mut add = |span: usize, (lags, sum, squares): (f32, f32, f32)| {
                if block + 1 >= SPANS[span] {
                    let (mean, variance) = line.plain(block, span);
                    seen[span].0 += squares - 2.0 * mean * sum + lags * mean * mean;
                    seen[span].1 += lags * variance;
                }
            };
            add(0, moments::<S, 7>(&sums.one, heard.sounds(0, word)));
            add(1, moments::<S, 8>(&sums.two, heard.sounds(1, word)));
            add(2, moments::<S, 9>(&sums.four, heard.sounds(2, word)));
            add(3, moments::<S, 10>(&sums.eight, heard.sounds(3, word)));
        });
        seen.map(
            |(found, expected): (f32, f32)| {
                if expected > 0.0 { (found / expected).max(1.0).sqrt() } else { 1.0 }
            },
        )
    }
}

/// How many lags there are at the bits of `among`, and the sum and the sum of squares of the counts there, in a vector's first
/// word.
#[inline(always)]
fn moments<S: Simd, const N: usize>(count: &Count<S, N>, among: u64) -> (f32, f32, f32) {
    let planes = count.map(|plane| words::<S>(plane)[0] & among);
    let (mut sum, mut squares) = (0, 0);
    for (bit, here) in planes.iter().enumerate() {
        let ones = u64::from(here.count_ones());
        sum += ones << bit;
        squares += ones << (2 * bit);
        for (lower, under) in planes[..bit].iter().enumerate() {
            squares += u64::from((here & under).count_ones()) << (bit + lower + 1);
        }
    }
    (among.count_ones() as f32, sum as f32, squares as f32)
}
