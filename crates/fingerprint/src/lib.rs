//! Sound to prints, and prints to answers: which recording sounds from when to when, how fast and how high.
//!
//! (head to come)

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
mod print;
mod query;
mod search;
mod speed;
mod swept;
mod trace;
mod variant;
mod whiten;

pub use catalogue::Prints;
pub use ear::{Ear, FRAME_SAMPLES};
pub use found::{Found, confidence};
pub use map::Map;
pub use print::{Print, PrintError, PrintRef};
pub use query::Query;
pub use search::{Ask, Search};
pub use speed::Speed;
pub use variant::Variant;
