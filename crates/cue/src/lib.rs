//! What was heard in an episode, as a cue sheet; decided, compared, exchanged and paid by.
//!
//! # Purpose
//!
//! A drama's composers are paid by its cue sheet: which recording sounds from when to when, and how. Here
//! matches of a search become cues with a suggested usage code, a person confirms them, and the sheet is
//! written in the forms that societies, services and editors read. A sheet that somebody else delivers is
//! read, and laid beside what was heard.
//!
//! # Words
//!
//! - **cue**: one sounding of a recording in a programme, with begin, length and place in the recording.
//! - **cue sheet**: the cues of one programme, and the **doubtful** ones that are too unsure to claim.
//! - **usage code**: how a cue is used: background vocal (`BV`), main title (`MT`) and so on.
//! - **standing**: who stands for a cue: nobody yet (suggested), a delivered sheet (stated), a person
//!   (confirmed).
//! - **review**: a sheet with all that was decided about it.
//! - **label**: what a recording is called in a sheet: its ISRC, its id, or any other name.
//!
//! # Drawing
//!
//! ```text
//!  Heard ──detect──▶ CueSheet ──▶ Review ──now──▶ CueSheet ──▶ CSV · PRO · KOMCA · DSR · WebVTT · EDL
//!                    ▲             ▲  decisions       │   └──▶ picture, usage lines
//!  delivered file ──import      people, new searches  └─compare─ delivered sheet
//! ```
//!
//! # Example
//!
//! ```
//! use catalog::Catalog;
//! use cue::{Act, Decision, Head, Heard, Lookup, Review, Rules, UsageCode, detect};
//!
//! let catalogue = Catalog::default();
//! let lookup = Lookup::new(&catalogue, &["ko"]);
//! let heard = |start_ms, end_ms, in_ms| Heard {
//!     recording: "ZZAAA2100001".to_owned(), start_ms, end_ms, in_ms, ..Heard::default()
//! };
//! // Talk covers the music for four seconds: still one cue.
//! let heard = [heard(600_000, 620_000, 5_000), heard(624_000, 640_000, 29_000)];
//! let mut review = Review::new(detect(Head::default(), &heard, &lookup, &Rules::default()));
//! review.decide(Decision {
//!     by: "kim".to_owned(),
//!     at: "2026-11-26T09:00:00Z".to_owned(),
//!     why: "she sings it on the roof".to_owned(),
//!     act: Act::Code(1, UsageCode::VisualVocal),
//! })?;
//! let sheet = review.now();
//! assert_eq!((sheet.cues.len(), sheet.cues[0].length_ms), (1, 40_000));
//! assert!(sheet.cues[0].is_confirmed());
//! # Ok::<(), cue::DecideError>(())
//! ```
//!
//! # Invariants
//!
//! - All that was heard is in the sheet, as a cue or as a doubtful one, with the reason.
//! - A cue keeps its number through all decisions and new searches, and no other cue ever has it.
//! - Whatever a person confirmed or rejected, no new search undoes.
//! - Our own table holds the whole sheet; what the other forms carry is read back as it was, an edit
//!   decision list to half a frame.
//! - No bytes of a delivered sheet stop the reading: each bad line is a finding.
//!
//! # What it does not do
//!
//! It opens no file and hears nothing. It does not know what is seen: a visual code is a person's to give.
//! It does not send sheets to societies, and does not know their upload forms.

mod clock;
mod code;
mod compare;
mod cue;
mod cue_sheet;
mod detect;
mod export;
mod heard;
mod import;
mod lines;
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
pub use lines::{
    Counted, CueLines, LineRules, LinesError, among_text, fee_table, usage_lines, weights_by_length,
};
pub use lookup::{Credit, Credits, Lookup};
pub use picture::{timeline_svg, timeline_text};
pub use review::{Act, DecideError, Decision, Review};
pub use rule::RULES;
pub use table::Table;
pub use timecode::FrameRate;

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
#[cfg(test)]
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}
