use signal::{Bands, Contrast, Shape, Stft};

use crate::Map;

/// Samples between two frames of a map: 64 ms.
pub const FRAME_SAMPLES: usize = 1024;

/// Bands of a map: six octaves from 110 Hz, 24 to an octave.
pub(crate) const BANDS: usize = 144;

const HOP: usize = FRAME_SAMPLES / 2;
const WINDOW: usize = 2048;
const SHAPE: Shape = Shape { bands: 8, frames: 94, steady: 0.7 };

/// The same in seconds.
pub(crate) const FRAME_S: f64 = FRAME_SAMPLES as f64 / signal::RATE_HZ as f64;

/// Where the middle of frame 0 lies, in frames.
pub(crate) const CENTRE: f64 = (WINDOW + HOP) as f64 / 2.0 / FRAME_SAMPLES as f64;

/// Listens to a stream of samples, and keeps its contrast.
pub struct Ear {
    stft: Stft,
    bands: Bands,
    contrast: Contrast,
    half: Option<Vec<f32>>,
    map: Map,
    row: Vec<f32>,
}

impl Default for Ear {
    fn default() -> Self {
        Self::new()
    }
}

impl Ear {
    /// An ear that has heard nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            stft: Stft::new(WINDOW, HOP),
            bands: Bands::new(WINDOW, 110.0, 24, BANDS),
            contrast: Contrast::new(BANDS, SHAPE),
            half: None,
            map: Map::new(BANDS),
            row: vec![0.0; BANDS],
        }
    }

    /// Hears samples of mono sound at [`signal::RATE_HZ`]; two rows of contrast are joined to one of the map.
    pub fn push(&mut self, samples: &[f32]) {
        let Self { stft, bands, contrast, half, map, row } = self;
        stft.push(samples, |power| {
            bands.log_power(power, row);
            contrast.push(row, |c| join(half, map, c));
        });
    }

    /// The map of all that was heard.
    #[must_use]
    pub fn finish(mut self) -> Map {
        let (half, map) = (&mut self.half, &mut self.map);
        self.contrast.finish(|c| join(half, map, c));
        self.map
    }
}

fn join(half: &mut Option<Vec<f32>>, map: &mut Map, row: &[f32]) {
    match half.take() {
        None => *half = Some(row.to_vec()),
        Some(mut first) => {
            for (one, other) in first.iter_mut().zip(row) {
                *one = (*one + other) / 2.0;
            }
            map.push(&first);
        }
    }
}
