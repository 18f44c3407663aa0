//! h
mod clock;
mod code;
mod compare;
mod cue;
mod cue_sheet;
mod detect;
mod export;
mod heard;
mod import;
mod lookup;
mod picture;
mod review;
mod rule;
mod suggest;
mod table;
mod timecode;

pub use clock::{clock, parse_clock};
pub use code::UsageCode;
pub use compare::{Comparison, Difference, Row, Sums, Tolerance, Verdict, compare};
pub use cue::{Alternative, Cue, CueId, Level, Source, Standing, TEMPO_AS_RECORDED};
pub use cue_sheet::{CueSheet, Head};
pub use detect::{Rules, detect};
pub use export::{
    EdlError, EdlOptions, komca_table, own_table, pro_table, write_dsr, write_dsr_block, write_edl,
    write_vtt,
};
pub use heard::Heard;
pub use import::{CUES_MAX, Imported, import, import_dsr, import_edl, import_table, import_vtt};
pub use lookup::{Credit, Credits, Lookup};
pub use picture::{timeline_svg, timeline_text};
pub use review::{Act, DecideError, Decision, Review};
pub use rule::RULES;
pub use table::Table;
pub use timecode::FrameRate;
