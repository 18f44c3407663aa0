use thiserror::Error;

use crate::Map;
use crate::ear::BANDS;

/// Frames of a map in a block: the bits of a word.
pub(crate) const BLOCK: usize = 64;

/// Most landmarks of a block: some 23 a second. A count of them fits in seven bits.
pub(crate) const MARKS_MAX: usize = 96;

/// Contrast that a landmark has at least.
const LEAST: f32 = 0.7;

/// Neighbours among which a landmark is the strongest cell: bands and frames to either side.
const NEAR_BANDS: usize = 2;
const NEAR_FRAMES: usize = 2;

/// What the bytes begin with: their name and the algorithm's number.
const MAGIC: [u8; 4] = *b"LML\x02";
const HEAD: usize = 8;

/// A landmark's place: six bits of frame in its block, nine of band.
const BAND_BITS: u32 = 9;

/// The most salient places of a recording's map, block by block, of each the most salient first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landmarks {
    bytes: Vec<u8>,
}

/// Landmarks over bytes that lie elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct LandmarksRef<'a> {
    frames: u32,
    counts: &'a [u8],
    marks: &'a [u8],
}

/// Why bytes are no landmarks.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum LandmarksError {
    /// The first bytes are not those of landmarks, or another version made them.
    #[error("these bytes are no landmarks of this version; add the sound again")]
    Foreign,
    /// The length is not what the head and the counts say.
    #[error("the landmarks should have {expected} bytes and have {found}")]
    Length {
        /// Bytes that the counts ask for.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// A block has more landmarks than are ever kept, or one in a band that does not exist.
    #[error("block {block} of the landmarks is damaged; add the sound again")]
    Block {
        /// Number of the block, from 0.
        block: usize,
    },
}

impl Landmarks {
    /// The landmarks of a map of contrast.
    #[must_use]
    pub fn new(map: &Map) -> Self {
        let frames = u32::try_from(map.frames()).unwrap_or(u32::MAX);
        let blocks = (frames as usize).div_ceil(BLOCK);
        let mut bytes = Vec::with_capacity(HEAD + blocks * (1 + 2 * MARKS_MAX));
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&frames.to_le_bytes());
        bytes.resize(HEAD + blocks, 0);
        for block in 0..blocks {
            let marks = strongest(map, block * BLOCK);
            bytes[HEAD + block] = marks.len() as u8;
            marks.iter().for_each(|mark| bytes.extend_from_slice(&mark.to_le_bytes()));
        }
        Self { bytes }
    }

    /// The bytes to keep.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, to be read.
    ///
    /// # Panics
    ///
    /// Never: landmarks that were picked are whole.
    #[must_use]
    pub fn view(&self) -> LandmarksRef<'_> {
        LandmarksRef::parse(&self.bytes).expect("landmarks are picked whole")
    }
}

impl<'a> LandmarksRef<'a> {
    /// Reads bytes that [`Landmarks::as_bytes`] gave.
    ///
    /// # Errors
    ///
    /// Of another kind or version, cut short or long, or with a block that cannot be.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, LandmarksError> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(LandmarksError::Foreign)?;
        let frames = head
            .strip_prefix(&MAGIC)
            .and_then(|count| count.try_into().ok())
            .map(u32::from_le_bytes)
            .ok_or(LandmarksError::Foreign)?;
        let blocks = (frames as usize).div_ceil(BLOCK);
        let length = |body: usize| LandmarksError::Length {
            expected: body.saturating_add(HEAD),
            found: bytes.len(),
        };
        let (counts, marks) = body.split_at_checked(blocks).ok_or_else(|| length(blocks))?;
        if let Some(block) = counts.iter().position(|count| usize::from(*count) > MARKS_MAX) {
            return Err(LandmarksError::Block { block });
        }
        let expected: usize = counts.iter().map(|count| 2 * usize::from(*count)).sum();
        if marks.len() != expected {
            return Err(length(blocks + expected));
        }
        let whole = Self { frames, counts, marks };
        let mut block = Vec::new();
        let mut rest = whole.blocks();
        for number in 0..blocks {
            rest.read(&mut block);
            if block.iter().any(|&mark| usize::from(band(mark)) >= BANDS) {
                return Err(LandmarksError::Block { block: number });
            }
        }
        Ok(whole)
    }

    /// Whether bytes begin as those of landmarks do that this version made.
    #[must_use]
    pub fn is_current(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Frames of the recording.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames as usize
    }

    /// Landmarks in all.
    #[must_use]
    pub fn count(&self) -> usize {
        self.marks.len() / 2
    }

    pub(crate) fn blocks(&self) -> Blocks<'a> {
        Blocks { counts: self.counts, marks: self.marks }
    }
}

/// Blocks of landmarks, one after the other.
pub(crate) struct Blocks<'a> {
    counts: &'a [u8],
    marks: &'a [u8],
}

impl Blocks<'_> {
    /// Writes the landmarks of the next block into `marks`; `false` after the last block.
    pub(crate) fn read(&mut self, marks: &mut Vec<u16>) -> bool {
        marks.clear();
        let Some((count, counts)) = self.counts.split_first() else {
            return false;
        };
        let (here, rest) = self.marks.split_at(self.marks.len().min(2 * usize::from(*count)));
        marks.extend(here.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])));
        (self.counts, self.marks) = (counts, rest);
        true
    }
}

/// The band of a landmark.
pub(crate) fn band(mark: u16) -> u16 {
    mark & ((1 << BAND_BITS) - 1)
}

/// The frame of a landmark in its block.
pub(crate) fn frame(mark: u16) -> u32 {
    u32::from(mark >> BAND_BITS) % BLOCK as u32
}

/// The strongest peaks of a block, the strongest first.
fn strongest(map: &Map, start: usize) -> Vec<u16> {
    let mut peaks: Vec<(f32, u16)> = Vec::new();
    for at in start..(start + BLOCK).min(map.frames()) {
        for (band, &value) in map.row(at).iter().enumerate() {
            if value >= LEAST && is_peak(map, at, band, value) {
                peaks.push((value, ((at - start) << BAND_BITS | band) as u16));
            }
        }
    }
    peaks.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    peaks.truncate(MARKS_MAX);
    peaks.into_iter().map(|(_, mark)| mark).collect()
}

/// Whether no neighbour of a cell is stronger, and none before it as strong.
fn is_peak(map: &Map, at: usize, band: usize, value: f32) -> bool {
    let near = band.saturating_sub(NEAR_BANDS)..map.width().min(band + NEAR_BANDS + 1);
    (at.saturating_sub(NEAR_FRAMES)..=at + NEAR_FRAMES).all(|frame| {
        let row = map.row(frame).get(near.clone()).unwrap_or_default();
        row.iter().zip(near.clone()).all(|(other, column)| {
            *other < value || *other == value && (frame, column) >= (at, band)
        })
    })
}
