use crate::Map;
use crate::ear::{CENTRE, FRAME_S};

/// How a copy was changed in speed and pitch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    /// Speed of what is heard over that of the recording; 1.04 is faster.
    pub tempo: f64,
    /// Bands of 1/24 octave by which it is heard higher.
    pub bands: i32,
}

impl Variant {
    /// As recorded.
    pub const PLAIN: Self = Self { tempo: 1.0, bands: 0 };

    /// Whether a map undone by the one serves for the other.
    pub(crate) fn like(self, other: Self) -> bool {
        self.bands == other.bands && (self.tempo / other.tempo - 1.0).abs() < 0.003
    }

    /// A heard map at the recording's speed and pitch.
    pub(crate) fn undo(self, heard: &Map) -> Map {
        let frames = (heard.frames() as f64 * self.tempo) as usize;
        let mut out = Map::zeros(heard.width(), frames);
        let width = heard.width() as i32;
        let bands = (self.bands.min(0).abs().min(width), (width - self.bands.max(0)).max(0));
        for frame in 0..frames {
            let place = frame as f64 / self.tempo;
            let part = place.fract() as f32;
            let (one, other) = (heard.row(place as usize), heard.row(place as usize + 1));
            let other = if other.is_empty() { one } else { other };
            let row = out.row_mut(frame);
            for to in bands.0..bands.1 {
                let from = (to + self.bands) as usize;
                row[to as usize] = one[from] * (1.0 - part) + other[from] * part;
            }
        }
        out
    }

    /// Where in the recording sounds what is heard at `heard_s`, when frame 0 of the undone map lies at frame `lag` of
    /// the recording; seconds.
    pub(crate) fn recorded_s(self, heard_s: f64, lag: f64) -> f64 {
        // The middles of frames are matched: tempo * (j + CENTRE) * FRAME_S + b = (j * tempo + lag + CENTRE) * FRAME_S.
        heard_s * self.tempo + (lag + CENTRE * (1.0 - self.tempo)) * FRAME_S
    }
}
