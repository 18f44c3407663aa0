use crate::Map;
use crate::ear::{CENTRE, FRAME_S};

/// How a copy was changed in speed and pitch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variant {
    /// Speed of what is heard over that of the recording; 1.04 is faster.
    pub tempo: f64,
    /// Hundredths of a semitone by which it is heard higher.
    pub cents: i32,
}

/// Hundredths of a semitone to a band.
const CENTS_PER_BAND: i32 = 50;

impl Variant {
    /// As recorded.
    pub const PLAIN: Self = Self { tempo: 1.0, cents: 0 };

    /// Whether a map undone by the one serves for the other.
    pub(crate) fn like(self, other: Self) -> bool {
        (self.cents - other.cents).abs() < 20 && (self.tempo / other.tempo - 1.0).abs() < 0.003
    }

    /// The heard band for a recorded one, to the nearest.
    pub(crate) fn heard_band(self, band: usize) -> Option<usize> {
        usize::try_from(band as i32 + (self.cents as f32 / CENTS_PER_BAND as f32).round() as i32)
            .ok()
    }

    /// Frames of the recording that so many heard ones are.
    pub(crate) fn frames(self, heard: usize) -> usize {
        (heard as f64 * self.tempo) as usize
    }

    /// A heard map at the recording's speed and pitch.
    pub(crate) fn undo(self, heard: &Map) -> Map {
        let frames = self.frames(heard.frames());
        let mut out = Map::zeros(heard.width(), frames);
        let (shift, above) =
            (self.cents.div_euclid(CENTS_PER_BAND), self.cents.rem_euclid(CENTS_PER_BAND));
        let above = above as f32 / CENTS_PER_BAND as f32;
        let mut between = vec![0.0; heard.width()];
        for frame in 0..frames {
            let place = frame as f64 / self.tempo;
            let part = place.fract() as f32;
            let (one, other) = (heard.row(place as usize), heard.row(place as usize + 1));
            let other = if other.is_empty() { one } else { other };
            for (value, (a, b)) in between.iter_mut().zip(one.iter().zip(other)) {
                *value = a * (1.0 - part) + b * part;
            }
            let at = |band: i32| {
                usize::try_from(band)
                    .ok()
                    .and_then(|band| between.get(band))
                    .copied()
                    .unwrap_or(0.0)
            };
            for (to, value) in out.row_mut(frame).iter_mut().enumerate() {
                let from = to as i32 + shift;
                *value = if above > 0.0 {
                    at(from) * (1.0 - above) + at(from + 1) * above
                } else {
                    at(from)
                };
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
