//! Sound to prints, and prints to answers: which recording sounds from when to when, how fast and how high.
//!
//! # Purpose
//!
//! A composer is paid by the cue sheet of an episode, where music lies under talk, at low level, cut, looped, coded again and
//! sped up. Landmarks that pair two or three peaks die under talk, since all of them must survive. Here nothing has to
//! survive: a **matched filter** adds up all cells of a spectrogram in which music would show, and takes as its null what the same
//! seconds of sound give with all other places of the catalogue.
//!
//! # Words
//!
//! - **map**: contrast of sound, a row of 144 bands each 64 ms ([`Ear`], [`Map`]).
//! - **print**: what is kept of a recording's map, two bits a cell ([`Print`]); **landmarks**: its most salient cells
//!   ([`landmark`]).
//! - **query**: a map that is asked about, limited and made white over time and bands ([`Query`]).
//! - **variant**: a speed and pitch at which a copy may be ([`Variant`]); **view**: a query with a variant undone.
//! - **chunk**: 5 s of a view. **lag**: frame of a recording at which frame 0 of a view lies. **line**: all frames of one lag.
//! - **z**: how far evidence stands above chance, in standard deviations. **trials**: how many places were asked.
//!
//! # Drawing
//!
//! ```text
//!  recording ─ Ear ─▶ map ─▶ Print, Landmarks ─────────────┐
//!                                                          ▼
//!  sound ─ Ear ─▶ map ─ limit, whiten, weigh ─▶ Query ─ undo ─▶ view: every chunk at every lag (block FFT), or
//!                                         variants             at those that landmarks propose
//!                                                          │ peaks
//!                                                          ▼
//!        Found ◀─ confidence ◀─ explain: strongest first, ◀─ lines: evidence a frame, cut to the likeliest part
//!                               what it has in common hidden
//! ```
//!
//! # Example
//!
//! ```
//! use fingerprint::landmark::Landmarks;
//! use fingerprint::{Ask, Ear, Impression, Print, Query, Search, Speed};
//!
//! // Notes that change at odd moments, in place of a recording.
//! let music: Vec<f32> = (0..16_000 * 40)
//!     .map(|n| {
//!         let note = (n / 3_001) as f32;
//!         let hz = 200.0 + 40.0 * (note * 7.0 % 31.0);
//!         (n as f32 * hz * 3.0 * std::f32::consts::TAU / 16_000.0).sin() * 0.2
//!     })
//!     .collect();
//! let hear = |samples: &[f32]| -> Impression {
//!     let mut ear = Ear::new();
//!     ear.push(samples);
//!     ear.finish()
//! };
//! let map = hear(&music).map;
//! let prints = vec![(Print::new(&map), Landmarks::new(&map))];
//! let query = Query::new(&hear(&music[16_000 * 10..16_000 * 30]));
//!
//! let search = Search::new(&prints);
//! let found = search.identify(&[&query], Speed::Recorded, &Ask::default()).remove(0);
//! assert_eq!(found[0].slot, 0);
//! assert!((found[0].in_ms - 10_000).abs() < 30, "{found:?}");
//! ```
//!
//! # Invariants
//!
//! - The same prints and the same sound give the same answers, on any number of threads and, up to a hundred hours of prints,
//!   whatever else is asked with it.
//! - What is multiplied, equalised or coded keeps its print but for a few cells.
//! - Every string of bytes is a print, landmarks or an error; no bytes make a search panic.
//! - Where two recordings have the same sound, at most one is told, and the other as its alternative.
//!
//! # What it does not do
//!
//! It decodes no file, keeps nothing, and knows no title. It does not hear melodies: a cover is another recording.
//!
//! Matched filter in coloured noise, and likelihood ratios: H. L. Van Trees, *Detection, Estimation, and Modulation Theory*, part I,
//! 4.3. Overlap-save: A. V. Oppenheim, R. W. Schafer, *Discrete-Time Signal Processing*, 8.7. Decision 13 has the measurements.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "frames, bands and lags are small numbers that go between integers and f32 all the time"
)]

mod catalogue;
mod dense;
mod ear;
mod explain;
mod found;
pub mod landmark;
mod line;
mod map;
mod presence;
mod print;
mod quantile;
mod query;
mod search;
mod speed;
mod swept;
#[cfg(test)]
mod tests;
mod trace;
mod variant;
mod whiten;

pub use catalogue::Prints;
pub use ear::{Ear, FRAME_SAMPLES, Impression};
pub use found::{Found, confidence};
pub use map::Map;
pub use print::{PRINTED_BY, Print, PrintError, PrintRef};
pub use query::Query;
pub use search::{Ask, Search};
pub use speed::Speed;
pub use variant::Variant;
