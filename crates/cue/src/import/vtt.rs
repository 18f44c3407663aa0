//! WebVTT: what [`crate::write_vtt`] writes, and subtitles that others use as cue sheets.

use super::words::About;
use super::{CUES_MAX, Imported, at, no_form, table::finish, table::tell};
use crate::rule::{CELL, CODE, LINE};
use crate::table::plain;
use crate::{Cue, Source, Standing, UsageCode};

/// Reads WebVTT as a cue sheet.
///
/// Text in the class spans `title`, `artist`, `code` and `recording` is
/// read as that; of a cue without them the first line is the title, and a usage code in square brackets
/// before it is its code.
#[must_use]
pub fn import_vtt(name: &str, bytes: &[u8]) -> Imported {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut imported = Imported::default();
    if !text.starts_with("WEBVTT") {
        imported.findings.push(no_form(name, "no WebVTT: its first word is WEBVTT"));
        return imported;
    }
    let mut lines = (1_u64..).zip(text.lines()).peekable();
    while lines.peek().is_some() {
        let block: Vec<(u64, &str)> =
            lines.by_ref().map_while(|it| (!it.1.trim().is_empty()).then_some(it)).collect();
        let Some((first, word)) = block.first().copied() else { continue };
        if imported.sheet.cues.len() >= CUES_MAX {
            let what = format!("more than {CUES_MAX} cues; the rest is not read");
            imported.findings.push(LINE.finding(what).at(at(name, first)));
            break;
        }
        if word == "NOTE" {
            block[1..].iter().for_each(|(line, text)| about(&mut imported, name, *line, text));
        } else if !["WEBVTT", "NOTE", "STYLE", "REGION"].iter().any(|it| word.starts_with(it)) {
            cue(&mut imported, name, &block);
        }
    }
    finish(&mut imported);
    imported
}

/// `title: Rain` in a note.
fn about(imported: &mut Imported, name: &str, line: u64, text: &str) {
    let Some((what, value)) = text.split_once(": ") else { return };
    let Some(what) = About::parse(what) else { return };
    let value = unescaped(value);
    if !tell(&mut imported.sheet.head, what, &value) {
        let finding = CELL.finding(format!("{} cannot be read", what.words()));
        imported.findings.push(finding.at(at(name, line)).evidence(value));
    }
}

fn cue(imported: &mut Imported, name: &str, block: &[(u64, &str)]) {
    let timing = block.iter().position(|it| it.1.contains("-->"));
    let Some((timing, (line, text))) = timing.and_then(|it| Some((it, *block.get(it)?))) else {
        let (line, text) = block[0];
        let finding = LINE.finding("a cue of WebVTT has a line with its times");
        imported.findings.push(finding.at(at(name, line)).evidence(text));
        return;
    };
    let span = text.split_once("-->").and_then(|(start, end)| {
        let end = end.split_whitespace().next()?;
        Some((crate::parse_clock(start)?, crate::parse_clock(end)?))
    });
    let Some((start, length_ms)) = span.and_then(|(a, b)| Some((a, b.checked_sub(a)?))) else {
        let finding = LINE.finding("times that cannot be read, or an end before its begin");
        imported.findings.push(finding.at(at(name, line)).evidence(text));
        return;
    };
    let payload: Vec<&str> = block[timing + 1..].iter().map(|it| it.1).collect();
    let payload = payload.join("\n");
    let id = block[..timing].last().and_then(|it| it.1.trim().parse().ok()).unwrap_or(0);
    let mut cue = Cue {
        id,
        start_ms: Some(start),
        length_ms,
        source: Source::Imported,
        standing: Standing::Stated,
        ..Cue::default()
    };
    fill(&mut cue, &payload);
    if cue.name().trim().is_empty() {
        let finding = LINE.finding("neither a title nor a recording");
        imported.findings.push(finding.at(at(name, line)).evidence(payload));
        return;
    }
    if let Some(code) = cue.note.strip_prefix("usage as delivered: ") {
        let finding = CODE.finding("an unknown usage code");
        imported.findings.push(finding.at(at(name, line)).evidence(code));
    }
    imported.sheet.cues.push(cue);
}

fn fill(cue: &mut Cue, payload: &str) {
    let span = |class: &str| {
        let (_, rest) = payload.split_once(&format!("<c.{class}>"))?;
        rest.split_once("</c>").map(|(text, _)| unescaped(text))
    };
    cue.artist = span("artist").unwrap_or_default();
    cue.recording = span("recording").unwrap_or_default();
    let mut code = span("code");
    match span("title") {
        Some(title) => cue.title = title,
        None if cue.recording.is_empty() => {
            let line = payload.lines().next().unwrap_or_default();
            let line = unescaped(&without_marks(line));
            let line = line.trim();
            let split = line.strip_prefix('[').and_then(|it| it.split_once(']'));
            let title = split.map_or(line, |it| it.1.trim());
            title.clone_into(&mut cue.title);
            code = code.or(split.map(|it| it.0.to_owned()));
        }
        None => {}
    }
    if let Some(code) = code {
        cue.code = UsageCode::parse(&code);
        if cue.code.is_none() {
            cue.note = format!("usage as delivered: {code}");
        }
    }
}

/// The text without its tags (section 4.2.2).
fn without_marks(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        rest = tag.split_once('>').map_or("", |it| it.1);
    }
    out + rest
}

fn unescaped(text: &str) -> String {
    let text = plain(text).replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&nbsp;", " ").replace("&amp;", "&")
}
