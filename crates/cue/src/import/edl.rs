//! Edit decision lists: what [`crate::write_edl`] writes, and the common ground of other systems.

use finding::Finding;

use super::{CUES_MAX, Imported, at, no_form, table::finish};
use crate::rule::{CELL, CODE, LINE};
use crate::table::plain;
use crate::{Cue, FrameRate, Source, Standing, UsageCode};

/// Reads an edit decision list as a cue sheet: each event on an audio channel is a cue, at the place where
/// it stands in the record. Events of pictures are passed over.
///
/// A list does not tell its frame rate, only whether it counts with drop frames; `rate` says it. Times are
/// taken as they stand: where the record begins at a full hour, so do they.
#[must_use]
pub fn import_edl(name: &str, bytes: &[u8], rate: FrameRate) -> Imported {
    let text = String::from_utf8_lossy(bytes);
    let mut imported = Imported::default();
    let mut list = List { name, rate, imported: &mut imported, open: None };
    for (line, text) in (1..).zip(text.lines()) {
        list.line(line, text.trim_start_matches('\u{feff}').trim());
        if list.imported.sheet.cues.len() >= CUES_MAX {
            let what = format!("more than {CUES_MAX} events; the rest is not read");
            list.tell(LINE.finding(what), line, "");
            break;
        }
    }
    list.close();
    if imported.sheet.cues.is_empty() && imported.findings.is_empty() {
        imported.findings.push(no_form(name, "no event of an edit decision list"));
    }
    finish(&mut imported);
    imported
}

struct List<'l> {
    name: &'l str,
    rate: FrameRate,
    imported: &'l mut Imported,
    open: Option<Cue>,
}

impl List<'_> {
    fn line(&mut self, line: u64, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(title) = text.strip_prefix("TITLE:") {
            self.imported.sheet.head.title = plain(title.trim());
        } else if let Some(mode) = text.strip_prefix("FCM:") {
            self.mode(mode, line);
        } else if let Some(comment) = text.strip_prefix('*') {
            self.comment(comment.trim(), line);
        } else if text.starts_with("M2") {
            self.speed(text, line);
        } else if text.starts_with(|it: char| it.is_ascii_digit()) {
            self.close();
            self.event(text, line);
        }
    }

    fn mode(&mut self, mode: &str, line: u64) {
        let is_drop = !mode.to_ascii_uppercase().contains("NON");
        let is_known = self.rate.is_drop() == is_drop;
        match (is_drop, self.rate) {
            _ if is_known => {}
            (true, _) => self.rate = FrameRate::F29_97Drop,
            (false, _) => self.rate = FrameRate::F29_97,
        }
        if !is_known {
            let what = format!("the list counts otherwise than was said; read with {}", self.rate);
            self.tell(CELL.finding(what), line, mode.trim());
        }
    }

    fn event(&mut self, text: &str, line: u64) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if words.len() < 8 {
            self.tell(LINE.finding("an event has at least eight columns"), line, text);
            return;
        }
        if !words[2].to_ascii_uppercase().contains('A') {
            return;
        }
        let codes: Vec<_> =
            words[words.len() - 4..].iter().map(|it| self.rate.parse_timecode(it)).collect();
        let [Some(from), _, Some(start), Some(end)] = codes[..] else {
            self.tell(LINE.finding(format!("no timecode of {}", self.rate)), line, text);
            return;
        };
        let Some(length_ms) = self.rate.ms(end).checked_sub(self.rate.ms(start)) else {
            self.tell(LINE.finding("it ends before it begins"), line, text);
            return;
        };
        self.open = Some(Cue {
            start_ms: Some(self.rate.ms(start)),
            length_ms,
            in_ms: i64::try_from(self.rate.ms(from)).ok(),
            title: plain(words[1]),
            source: Source::Imported,
            standing: Standing::Stated,
            ..Cue::default()
        });
    }

    fn comment(&mut self, text: &str, line: u64) {
        let Some(cue) = &mut self.open else { return };
        let Some((name, value)) = text.split_once(':') else { return };
        let value = plain(value.trim());
        match name.trim() {
            "FROM CLIP NAME" | "CLIP NAME" => cue.title = value,
            "ARTIST" => cue.artist = value,
            "RECORDING" => cue.recording = value,
            "CUE" => cue.id = value.parse().unwrap_or(0),
            "USAGE" => {
                cue.code = UsageCode::parse(&value);
                if cue.code.is_none() {
                    cue.note = format!("usage as delivered: {value}");
                    self.tell(CODE.finding("an unknown usage code"), line, &value);
                }
            }
            _ => {}
        }
    }

    fn speed(&mut self, text: &str, line: u64) {
        let Some(cue) = &mut self.open else { return };
        let (num, den) = self.rate.ratio();
        let thousandths = text.split_whitespace().nth(2).and_then(thousandths);
        let tempo = thousandths.map(|it| (u128::from(it) * den * 1000 + num / 2) / num);
        match tempo.and_then(|it| u32::try_from(it).ok()) {
            Some(tempo) => cue.tempo_ppm = tempo,
            None => self.tell(CELL.finding("no speed that can be read"), line, text),
        }
    }

    fn close(&mut self) {
        self.imported.sheet.cues.extend(self.open.take());
    }

    fn tell(&mut self, finding: Finding, line: u64, evidence: &str) {
        self.imported.findings.push(finding.at(at(self.name, line)).evidence(evidence));
    }
}

/// Thousandths of a decimal with at most three places.
fn thousandths(text: &str) -> Option<u32> {
    super::own::thousandths(text, 3).and_then(|it| u32::try_from(it).ok())
}
