//! Samples to spectra: windows, log-frequency bands and spectral contrast.
//!
//! # Purpose
//!
//! Music under a scene is heard by the lines its partials draw in a spectrum, not by its level. Here samples become rows
//! of **contrast**: by how much a narrow band stands above its neighbours and above its own last seconds. Equalisation,
//! level, codec tilt and the broad energy of speech fall out; what rises and moves stays.
//!
//! # Words
//!
//! - **sample**: one number of mono sound at [`RATE_HZ`].
//! - **window**, **hop**: how many samples one spectrum looks at, and how many lie between the starts of two.
//! - **frame**: one row in time. **band**: one column, equally wide in octaves.
//! - **contrast**: natural logarithm of power less its local mean; no unit, 1 is 4.3 dB.
//!
//! # Drawing
//!
//! ```text
//!  samples ──▶ Stft ──▶ power of each bin ──▶ Bands ──▶ log power of each band ──▶ Contrast ──▶ rows
//!             window, hop                    an octave = n bands           ± bands, ± seconds
//! ```
//!
//! # Example
//!
//! ```
//! use signal::{Bands, RATE_HZ, Stft};
//!
//! let mut stft = Stft::new(2048, 512);
//! let bands = Bands::new(2048, 110.0, 24, 144);
//! let tone: Vec<f32> = (0..16_000).map(|n| (n as f32 * 440.0 * std::f32::consts::TAU / RATE_HZ as f32).sin()).collect();
//! let mut loudest = Vec::new();
//! stft.push(&tone, |power| {
//!     let mut row = vec![0.0; bands.count()];
//!     bands.log_power(power, &mut row);
//!     loudest.push((0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b])));
//! });
//! assert_eq!(loudest.len(), (16_000 - 2048) / 512 + 1);
//! assert!(loudest.iter().all(|band| *band == Some(48)), "two octaves above 110 Hz");
//! ```
//!
//! # Invariants
//!
//! - How the samples are cut into calls of `push` changes no row.
//! - Every number that comes out is finite, whatever finite or broken samples come in.
//! - Contrast does not change when all samples are multiplied, save where silence sets the floor.
//!
//! # What it does not do
//!
//! It opens no file, resamples nothing, and knows no recording.

#![expect(
    clippy::cast_possible_truncation,
    reason = "means and windows are reckoned in f64 and kept in f32"
)]

mod bands;
mod contrast;
mod dot;
mod stft;
#[cfg(test)]
mod tests;

pub use bands::Bands;
pub use contrast::{Contrast, Shape};
pub use dot::dot;
pub use stft::Stft;

/// Samples a second of all sound below the decoder.
pub const RATE_HZ: u32 = 16_000;
