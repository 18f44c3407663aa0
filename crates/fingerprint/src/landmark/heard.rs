use std::ops::Range;

use crate::Map;
use crate::ear::BANDS;

use super::pick::{BLOCK, band, frame};
use super::sweep::SPANS;

/// Words that are worked on together.
pub(crate) const LANES: usize = 16;

/// The part of a frame's bands that is heard as present.
const SHARE: f32 = 0.22;

/// Frames of silence between the last that is heard and the first, which comes again after it: no block reaches across. A sum
/// does, and is a candidate as any other if chance makes it stand out.
const GAP: usize = BLOCK;

/// Rows behind those of the bands: one in which nothing is ever present, and one a span that says where there is something to
/// hear all the time.
const NEVER: usize = BANDS;
const SOUNDS: usize = BANDS + 1;
const ROWS: usize = SOUNDS + SPANS.len();

/// Words that a place is told in: each number of 16 bits is one, with a vector's words behind it, so that none needs checking.
pub(crate) const PLACES: usize = 1 << 16;
pub(crate) type Bits = [u64; PLACES + LANES];

/// Frames that are heard at once, 17 minutes: what their bits take has room in a core's cache.
pub(crate) const FRAMES_MAX: usize = 64 * WORDS_MAX - GAP;
const WORDS_MAX: usize = 256;
const _: () = assert!(ROWS * (WORDS_MAX + BLOCK + LANES) <= PLACES);

/// Which bands of which frames stand out in what is heard: one bit each, band after band.
///
/// Frame `t` of a band is bit `t / words` of word `t % words`. So frames that follow each other lie in words that follow each
/// other, and those at 64 places far apart in one word: what is `f` frames later is `f` words further, and nothing is ever
/// shifted. After the last frame comes the first again.
pub(crate) struct Heard {
    frames: usize,
    /// Words that hold the frames of one band.
    words: usize,
    /// Words between the starts of two bands: behind the last, the first come again, each bit that of the next place.
    stride: usize,
    bits: Box<Bits>,
    /// How often each band is present, of the frames in which any is.
    share: Vec<f32>,
}

impl Heard {
    /// Some frames of a map, at most [`FRAMES_MAX`].
    pub(crate) fn new(map: &Map, part: Range<usize>) -> Self {
        let frames = part.len().min(FRAMES_MAX);
        let words = (frames + GAP).div_ceil(64).next_multiple_of(LANES);
        let stride = words + BLOCK + LANES;
        let mut bits: Box<Bits> =
            vec![0; PLACES + LANES].try_into().expect("it is made with that many words");
        let mut set = |row: usize, frame: usize| {
            bits[row * stride + frame % words] |= 1 << (frame / words);
        };
        let (mut order, mut sounding, mut run) = (Vec::with_capacity(BANDS), 0, 0);
        for frame in 0..frames {
            let row = map.row(part.start + frame);
            let bar = bar(row, &mut order);
            let present = row.iter().take(BANDS).enumerate().filter(|(_, value)| **value > bar);
            let count = present.map(|(band, _)| set(band, frame)).count();
            run = if count > 0 { run + 1 } else { 0 };
            sounding += usize::from(count > 0);
            for (row, _) in (SOUNDS..).zip(SPANS).filter(|(_, span)| run >= span * BLOCK) {
                set(row, frame + 1 - BLOCK);
            }
        }
        for row in bits.chunks_mut(stride).take(ROWS) {
            (words..stride).for_each(|at| row[at] = row[at - words].rotate_right(1));
        }
        let ones = |row: &[u64]| row[..words].iter().map(|word| word.count_ones()).sum::<u32>();
        let share = bits.chunks(stride).map(|row| ones(row) as f32 / sounding.max(1) as f32);
        let share = share.take(NEVER + 1).collect();
        Self { frames, words, stride, bits, share }
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// The frame at a bit of a word; below zero in the silence before the first.
    pub(crate) fn frame(&self, word: usize, bit: usize) -> isize {
        let whole = 64 * self.words;
        let at = (bit * self.words + word) % whole;
        if at < self.frames { at as isize } else { at as isize - whole as isize }
    }

    /// For each frame of a word, whether something is present all the time of a sum whose last block begins there.
    pub(crate) fn sounds(&self, span: usize, word: usize) -> u64 {
        self.bits[(SOUNDS + span) * self.stride + word]
    }

    /// How often a band is present, of the frames in which any is.
    pub(crate) fn share(&self, band: u16) -> f32 {
        self.share[usize::from(band)]
    }

    #[cfg(test)]
    pub(crate) fn is_present(&self, band: u16, frame: usize) -> bool {
        let word = self.bits[usize::from(band) * self.stride + frame % self.words];
        frame < self.frames && word >> (frame / self.words) & 1 == 1
    }

    /// Where a landmark is looked for, of a block that begins at word 0.
    pub(crate) fn place(&self, mark: u16) -> u16 {
        (usize::from(band(mark)) * self.stride) as u16 + frame(mark) as u16
    }

    pub(crate) fn bits(&self) -> &Bits {
        &self.bits
    }
}

/// What a cell must exceed to be among the strongest [`SHARE`] of its row; never below zero.
fn bar(row: &[f32], order: &mut Vec<f32>) -> f32 {
    order.clear();
    order.extend_from_slice(row);
    let keep = (row.len() as f32 * SHARE) as usize;
    let (_, bar, _) = order.select_nth_unstable_by(keep, |one, other| other.total_cmp(one));
    bar.max(0.0)
}
