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

/// Levels in a row: means of so many bands each.
const LEVELS: usize = 18;

/// What an ear makes of sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Impression {
    /// Its contrast.
    pub map: Map,
    /// How loud every eight bands of each of its rows were: means of the natural logarithm of power.
    pub(crate) levels: Map,
}

/// Of a map alone: as loud at all times.
impl From<Map> for Impression {
    fn from(map: Map) -> Self {
        Self { levels: Map::zeros(LEVELS, map.frames()), map }
    }
}

/// Listens to a stream of samples, and keeps its contrast and how loud it was.
pub struct Ear {
    stft: Stft,
    bands: Bands,
    contrast: Contrast,
    half: Option<Vec<f32>>,
    half_levels: Option<Vec<f32>>,
    heard: Impression,
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
            half_levels: None,
            heard: Map::new(BANDS).into(),
            row: vec![0.0; BANDS],
        }
    }

    /// Hears samples of mono sound at [`signal::RATE_HZ`]; two rows are joined to one.
    pub fn push(&mut self, samples: &[f32]) {
        let Self { stft, bands, contrast, half, half_levels, heard, row } = self;
        stft.push(samples, |power| {
            bands.log_power(power, row);
            let part = BANDS / LEVELS;
            let level = |of: &[f32]| of.iter().sum::<f32>() / part as f32;
            let levels: [f32; LEVELS] = std::array::from_fn(|at| level(&row[at * part..][..part]));
            join(half_levels, &mut heard.levels, &levels);
            contrast.push(row, |c| join(half, &mut heard.map, c));
        });
    }

    /// All that was heard.
    #[must_use]
    pub fn finish(mut self) -> Impression {
        let (half, map) = (&mut self.half, &mut self.heard.map);
        self.contrast.finish(|c| join(half, map, c));
        self.heard
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
