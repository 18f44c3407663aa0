use crate::Map;
use crate::ear::BANDS;

use super::pick::BLOCK;

/// Words that are worked on together.
pub(crate) const LANES: usize = 8;

/// The part of a frame's bands that is heard as present.
const SHARE: f32 = 0.22;

/// Which bands of which frames stand out in what is heard: one bit each, band after band.
pub(crate) struct Heard {
    frames: usize,
    /// Words that hold frames.
    words: usize,
    /// Words between the starts of two bands; zeros stand before and after each.
    stride: usize,
    bits: Vec<u64>,
    /// How often each band is present, of the frames in which any is.
    share: Vec<f32>,
    /// For each word, how many frames before it have no band present.
    silent: Vec<usize>,
}

impl Heard {
    pub(crate) fn new(map: &Map) -> Self {
        let frames = map.frames();
        let words = frames.div_ceil(BLOCK);
        let stride = words + 2 * LANES + 1;
        // One band more, in which nothing is ever present.
        let mut bits = vec![0u64; stride * (BANDS + 1)];
        let mut order = Vec::with_capacity(BANDS);
        let mut silent = vec![0; words + 1];
        for frame in 0..frames {
            let row = map.row(frame);
            let bar = bar(row, &mut order);
            let present = row.iter().take(BANDS).enumerate().filter(|(_, value)| **value > bar);
            let mut count = 0;
            for (band, _) in present {
                bits[band * stride + LANES + frame / BLOCK] |= 1 << (frame % BLOCK);
                count += 1;
            }
            silent[frame / BLOCK + 1] += usize::from(count == 0);
        }
        // The last word may have fewer frames than bits.
        if let Some(last) = silent.last_mut() {
            *last += words * BLOCK - frames;
        }
        for word in 0..words {
            silent[word + 1] += silent[word];
        }
        let sounding = (words * BLOCK - silent[words]).max(1) as f32;
        let ones = |row: &[u64]| row.iter().map(|word| word.count_ones()).sum::<u32>();
        let share = bits.chunks(stride).map(|row| ones(row) as f32 / sounding).collect();
        Self { frames, words, stride, bits, share, silent }
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// Whether something is present in every frame of some words.
    pub(crate) fn sounds(&self, words: std::ops::Range<isize>) -> bool {
        let at = |word: isize| usize::try_from(word).ok().and_then(|word| self.silent.get(word));
        at(words.start).zip(at(words.end)).is_some_and(|(before, after)| before == after)
    }

    /// How often a band is present, of the frames in which any is.
    pub(crate) fn share(&self, band: u16) -> f32 {
        self.share[usize::from(band)]
    }

    #[cfg(test)]
    pub(crate) fn is_present(&self, band: u16, frame: usize) -> bool {
        let word = usize::from(band) * self.stride + LANES + frame / BLOCK;
        frame < self.frames && self.bits[word] >> (frame % BLOCK) & 1 == 1
    }

    /// Words of a band from `word` on, [`LANES`] and one more; `word` counts from [`LANES`] before the first.
    #[inline(always)]
    pub(crate) fn row(&self, band: u16, word: usize) -> &[u64; LANES + 1] {
        let from = usize::from(band) * self.stride + word;
        self.bits[from..from + LANES + 1].try_into().expect("that many words")
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
