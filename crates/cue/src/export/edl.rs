//! Edit decision lists in the form of CMX 3600.
//!
//! Written is what editing systems agree on: a title, the frame code mode, and for each cue an event of
//! eight columns (number, reel, channel, `C` for a cut, in and out of the source, in and out of the
//! record), with its name in a `FROM CLIP NAME` comment and a speed in an `M2` line. CMX 3600 itself
//! stops at 999 events and knows four audio channels; more are numbered on, which newer systems read.
//! The other comments are ours.

use std::fmt::Write as _;

use crate::table::plain;
use crate::{Cue, CueSheet, FrameRate, TEMPO_AS_RECORDED};

/// How an edit decision list counts.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct EdlOptions {
    /// Frames a second, and drop-frame counting or not.
    pub rate: FrameRate,
    /// The frame of the record at which the programme begins; an hour is usual.
    pub first_frame: u64,
}

/// Why a list cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EdlError {
    /// Timecode has 24 hours.
    #[error("cue {cue} ends beyond the 24 hours of a timecode; let the record begin earlier")]
    Beyond {
        /// Number of the cue.
        cue: u32,
    },
}

/// A sheet as an edit decision list. Cues without a begin are left out: count them in the sheet.
///
/// # Errors
/// [`EdlError`] where a cue does not fit into the 24 hours of a timecode.
pub fn write_edl(sheet: &CueSheet, options: EdlOptions) -> Result<String, EdlError> {
    let name: String = plain(&sheet.head.name()).chars().take(70).collect();
    let mode = if options.rate.is_drop() { "DROP FRAME" } else { "NON-DROP FRAME" };
    let mut out = format!("TITLE: {name}\r\nFCM: {mode}\r\n\r\n");
    let lanes = sheet.lanes();
    let placed = sheet.cues.iter().zip(lanes).filter_map(|(it, lane)| Some((it.span()?, it, lane)));
    for (event, (span, cue, lane)) in (1..).zip(placed) {
        let event: u32 = event;
        let codes = timecodes(cue, span, options).ok_or(EdlError::Beyond { cue: cue.id })?;
        let channel = if lane == 0 { "A".to_owned() } else { format!("A{}", lane + 1) };
        let _ = write!(out, "{event:03}  AX       {channel:<5} C        {}\r\n", codes.join(" "));
        if cue.tempo_ppm != TEMPO_AS_RECORDED {
            let _ = write!(out, "M2   AX       {} {:>24}\r\n", speed(cue, options.rate), codes[0]);
        }
        comments(&mut out, cue);
    }
    Ok(out)
}

/// In and out of the source, in and out of the record.
fn timecodes(cue: &Cue, (start, end): (u64, u64), options: EdlOptions) -> Option<[String; 4]> {
    let rate = options.rate;
    let [start, end] = [rate.frame(start), rate.frame(end)];
    let from = rate.frame(u64::try_from(cue.in_ms.unwrap_or(0)).unwrap_or(0));
    let length = u128::from(end.saturating_sub(start)) * u128::from(cue.tempo_ppm);
    let until = from.checked_add(u64::try_from(length / 1_000_000).ok()?)?;
    let [start, end] = [start, end].map(|it| it.checked_add(options.first_frame));
    let code = |it: u64| rate.timecode(it);
    Some([code(from)?, code(until)?, code(start?)?, code(end?)?])
}

/// Frames of the source a second, with three decimals.
fn speed(cue: &Cue, rate: FrameRate) -> String {
    let (num, den) = rate.ratio();
    let thousandths = num * u128::from(cue.tempo_ppm) / den / 1000;
    format!("{:03}.{:03}", thousandths / 1000, thousandths % 1000)
}

fn comments(out: &mut String, cue: &Cue) {
    let code = cue.code.map_or("", |it| it.as_str());
    let id = cue.id.to_string();
    let pairs = [
        ("FROM CLIP NAME", cue.name()),
        ("CUE", &id),
        ("ARTIST", &cue.artist),
        ("RECORDING", &cue.recording),
        ("USAGE", code),
    ];
    for (name, text) in pairs.into_iter().filter(|it| !it.1.is_empty()) {
        let _ = write!(out, "* {name}: {}\r\n", plain(text));
    }
}
