//! Subtitles for the editor: WebVTT (W3C Candidate Recommendation of 2019), each cue a text over the
//! picture while its music sounds.

use std::fmt::Write as _;

use crate::table::plain;
use crate::{Cue, CueSheet, clock};

/// A sheet as WebVTT. Cues without a begin are left out: count them in the sheet.
///
/// Title, artist, code and recording stand in class spans, so that a player shows their text and
/// [`crate::import_vtt`] reads them back.
#[must_use]
pub fn write_vtt(sheet: &CueSheet) -> String {
    let head = &sheet.head;
    let mut out = String::from("WEBVTT\n\nNOTE\n");
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let pairs = [
        ("production", head.production.clone()),
        ("title", head.title.clone()),
        ("season", count(head.season)),
        ("episode", count(head.episode)),
        ("episode_title", head.episode_title.clone()),
        ("aired", head.aired.map(|it| it.to_string()).unwrap_or_default()),
        ("length", clock(head.length_ms)),
        ("provider", head.provider.clone()),
    ];
    for (name, value) in pairs.iter().filter(|it| !it.1.is_empty()) {
        let _ = writeln!(out, "{name}: {}", escaped(value));
    }
    for cue in &sheet.cues {
        let Some((start, end)) = cue.span() else { continue };
        let _ = write!(out, "\n{}\n{} --> {}\n", cue.id, stamp(start), stamp(end));
        spans(&mut out, cue);
    }
    out
}

fn spans(out: &mut String, cue: &Cue) {
    let code = cue.code.map_or("", |it| it.as_str());
    let lines = [
        [("title", cue.title.as_str()), ("artist", &cue.artist)],
        [("code", code), ("recording", &cue.recording)],
    ];
    for line in lines {
        let told: Vec<String> = line
            .iter()
            .filter(|it| !it.1.is_empty())
            .map(|(class, text)| format!("<c.{class}>{}</c>", escaped(text)))
            .collect();
        if !told.is_empty() {
            let _ = writeln!(out, "{}", told.join(" "));
        }
    }
}

/// `HH:MM:SS.mmm`, with two digits of hours at least (section 4.1, WebVTT timestamp).
fn stamp(ms: u64) -> String {
    let clock = clock(ms);
    if ms < 36_000_000 { format!("0{clock}") } else { clock }
}

/// Text of a cue (section 4.2.2): no mark-up, and no arrow.
fn escaped(text: &str) -> String {
    plain(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
