use thiserror::Error;

use crate::Map;
use crate::ear::BANDS;

/// What the bytes of a print begin with: its name and the algorithm's number.
const MAGIC: [u8; 4] = *b"LMP\x02";

/// The same in words, for whoever checks an answer later.
pub const PRINTED_BY: &str = "LMP version 2";

const HEAD: usize = 8;
const ROW: usize = BANDS / 4;

/// The contrast at which each strength but the first begins; from the second on a cell is on.
const STEPS: [f32; 3] = [0.2, 1.1, 2.3];
/// What each of the four strengths is worth: in proportion to what is heard on the average where it was recorded, limited and white,
/// between 10 and 20 dB below talk. Valleys say nearly as much as peaks do.
const LEVELS: [f32; 4] = [-0.66, 0.34, 1.29, 2.48];

/// Levels of the four cells of a byte.
const FOUR: [[f32; 4]; 256] = {
    let mut table = [[0.0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut at = 0;
        while at < 4 {
            table[byte][at] = LEVELS[byte >> (2 * at) & 3];
            at += 1;
        }
        byte += 1;
    }
    table
};

/// Steps of a band's mean in the head of a print.
const MEAN_STEP: f32 = 0.01;

/// What is kept of a recording's sound: two bits a cell of 64 ms and 1/24 octave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Print {
    bytes: Vec<u8>,
}

/// A print over bytes that lie elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct PrintRef<'a> {
    means: &'a [u8],
    rows: &'a [u8],
}

/// Why bytes are no print.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PrintError {
    /// The first bytes are not a print's, or it was made by another version.
    #[error("these bytes are no print of this version; add the sound again")]
    Foreign,
    /// The length is not what the head says.
    #[error("the print should have {expected} bytes and has {found}")]
    Length {
        /// Bytes that the head asks for.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
}

impl Print {
    /// The print of a map of contrast.
    #[must_use]
    pub fn new(map: &Map) -> Self {
        let frames = u32::try_from(map.frames()).unwrap_or(u32::MAX);
        let mut bytes = Vec::with_capacity(HEAD + BANDS + map.frames() * ROW);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&frames.to_le_bytes());
        bytes.extend_from_slice(&[0; BANDS]);
        let mut sums = [0.0f64; BANDS];
        for frame in 0..frames as usize {
            for (cells, sums) in map.row(frame).chunks(4).zip(sums.chunks_mut(4)) {
                let mut byte = 0;
                for (at, (value, sum)) in cells.iter().zip(sums).enumerate() {
                    let level = STEPS.iter().filter(|step| value >= step).count();
                    *sum += f64::from(LEVELS[level]);
                    byte |= (level as u8) << (2 * at);
                }
                bytes.push(byte);
            }
        }
        for (byte, sum) in bytes[HEAD..HEAD + BANDS].iter_mut().zip(sums) {
            *byte = (((sum / f64::from(frames.max(1))) as f32 / MEAN_STEP).round() as i8)
                .cast_unsigned();
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
    /// Never: a print that was made is whole.
    #[must_use]
    pub fn view(&self) -> PrintRef<'_> {
        PrintRef::parse(&self.bytes).expect("a print is made whole")
    }
}

impl<'a> PrintRef<'a> {
    /// Reads bytes that [`Print::as_bytes`] gave.
    ///
    /// # Errors
    ///
    /// Of another kind or version, or cut short or long. Every string of bytes of the right length is some print.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PrintError> {
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(PrintError::Foreign)?;
        let frames = head
            .strip_prefix(&MAGIC)
            .and_then(|count| count.try_into().ok())
            .map(u32::from_le_bytes)
            .ok_or(PrintError::Foreign)?;
        let expected = (frames as usize).saturating_mul(ROW).saturating_add(BANDS);
        let found = body.len();
        if found != expected {
            return Err(PrintError::Length {
                expected: expected.saturating_add(HEAD),
                found: found + HEAD,
            });
        }
        let (means, rows) = body.split_at(BANDS);
        Ok(Self { means, rows })
    }

    /// Whether bytes begin as those of a print do that this version made.
    #[must_use]
    pub fn is_current(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// Frames of 64 ms.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.rows.len() / ROW
    }

    /// Writes frames from one on, each band less its mean over the recording, into rows; zeros beyond the last.
    pub(crate) fn read(&self, frame: usize, rows: &mut [f32]) {
        let means: [f32; BANDS] =
            std::array::from_fn(|band| f32::from(self.means[band].cast_signed()) * MEAN_STEP);
        let cells = self.rows.get(frame * ROW..).unwrap_or_default();
        let there = cells.len().min(rows.len() / 4) * 4;
        let (rows, beyond) = rows.split_at_mut(there);
        beyond.fill(0.0);
        for (row, cells) in rows.chunks_mut(BANDS).zip(cells.chunks(ROW)) {
            let fours = row.as_chunks_mut::<4>().0.iter_mut().zip(means.as_chunks::<4>().0);
            for ((values, means), byte) in fours.zip(cells) {
                let levels = &FOUR[usize::from(*byte)];
                for ((value, mean), level) in values.iter_mut().zip(means).zip(levels) {
                    *value = level - mean;
                }
            }
        }
    }

    /// All frames, each band less its mean over the recording.
    #[must_use]
    pub fn map(&self) -> Map {
        let mut map = Map::zeros(BANDS, self.frames());
        self.read(0, map.values_mut());
        map
    }

    /// Writes which cells of a frame are on.
    pub(crate) fn read_on(&self, frame: usize, on: &mut [bool]) {
        let cells = self.rows.get(frame * ROW..(frame + 1) * ROW).unwrap_or(&[0; ROW]);
        for (at, on) in on.iter_mut().enumerate() {
            *on = cells[at / 4] >> (2 * (at % 4)) & 3 > 1;
        }
    }
}
