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
    /// How often each band is present.
    share: Vec<f32>,
}

impl Heard {
    pub(crate) fn new(map: &Map) -> Self {
        let frames = map.frames();
        let words = frames.div_ceil(BLOCK);
        let stride = words + 2 * LANES + 1;
        // One band more, in which nothing is ever present.
        let mut bits = vec![0u64; stride * (BANDS + 1)];
        let mut order = Vec::with_capacity(BANDS);
        for frame in 0..frames {
            let row = map.row(frame);
            let bar = bar(row, &mut order);
            for (band, _) in row.iter().enumerate().take(BANDS).filter(|(_, value)| **value > bar) {
                bits[band * stride + LANES + frame / BLOCK] |= 1 << (frame % BLOCK);
            }
        }
        let share = bits
            .chunks(stride)
            .map(|row| {
                row.iter().map(|word| word.count_ones()).sum::<u32>() as f32 / frames.max(1) as f32
            })
            .collect();
        Self { frames, words, stride, bits, share }
    }

    pub(crate) fn frames(&self) -> usize {
        self.frames
    }

    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// How often a band is present.
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
