//! h
mod clock;
mod code;
mod cue;
mod detect;
mod heard;
mod lookup;
mod review;
mod cue_sheet;
mod suggest;

pub use clock::{clock, parse_clock};
pub use code::UsageCode;
pub use cue::{Alternative, Cue, CueId, Level, Source, Standing, TEMPO_AS_RECORDED};
pub use detect::{Rules, detect};
pub use heard::Heard;
pub use lookup::{Credit, Credits, Lookup};
pub use review::{Act, DecideError, Decision, Review};
pub use cue_sheet::{CueSheet, Head};
