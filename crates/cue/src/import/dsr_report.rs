//! Cues of audio-visual sales reports: `CU01` behind the `AS03` of their programme.

use finding::Finding;

use super::{CUES_MAX, Imported, at, no_form, table::finish};
use crate::rule::{BEYOND, LINE};
use crate::table::plain;
use crate::{Cue, CueSheet, Head, Source, Standing};

/// Reads the cue records of a report: a sheet for each programme, in the order of the file. A report tells
/// no usage codes.
#[must_use]
pub fn import_dsr(name: &str, bytes: &[u8]) -> (Vec<CueSheet>, Vec<Finding>) {
    let mut sheets: Vec<(String, dsr::Programme, Imported)> = Vec::new();
    let mut findings = Vec::new();
    let mut count = 0;
    let read = dsr::cues(name, bytes, &mut |cue| {
        count += 1;
        if count > CUES_MAX {
            return;
        }
        let known = sheets.iter().rposition(|it| it.0 == cue.block && it.1 == cue.programme);
        let at = known.unwrap_or_else(|| {
            let sheet = CueSheet { head: head(&cue), ..CueSheet::default() };
            let imported = Imported { sheet, ..Imported::default() };
            sheets.push((cue.block.clone(), cue.programme.clone(), imported));
            sheets.len() - 1
        });
        let length = sheets[at].2.sheet.head.length_ms;
        sheets[at].2.sheet.cues.extend(one(name, &cue, length, &mut findings));
    });
    if let Err(why) = read {
        findings.push(no_form(name, &why.to_string()));
    }
    if count > CUES_MAX {
        let what = format!("more than {CUES_MAX} cues; the rest is not read");
        findings.push(LINE.finding(what).at(at(name, 0)));
    }
    if count == 0 && findings.is_empty() {
        findings.push(no_form(name, "no cue record CU01"));
    }
    let sheets = sheets.into_iter().map(|mut it| {
        finish(&mut it.2);
        it.2.sheet
    });
    (sheets.collect(), findings)
}

fn head(cue: &dsr::Cue) -> Head {
    let it = &cue.programme;
    Head {
        production: it.id.clone(),
        season: it.season.parse().ok(),
        episode: it.episode.parse().ok(),
        episode_title: it.title.clone(),
        length_ms: it.duration_ms.unwrap_or(0),
        provider: cue.provider.clone(),
        ..Head::default()
    }
}

fn one(name: &str, cue: &dsr::Cue, length: u64, findings: &mut Vec<Finding>) -> Option<Cue> {
    let mut tell = |finding: Finding| findings.push(finding.at(at(name, cue.line)));
    let isrc = ident::Isrc::parse(&cue.isrc).map_or_else(|_| cue.isrc.clone(), |it| it.to_string());
    let recording = plain(if isrc.is_empty() { &cue.iswc } else { &isrc });
    if recording.trim().is_empty() && cue.title.trim().is_empty() {
        tell(LINE.finding("neither a title nor a recording"));
        return None;
    }
    let Some(length_ms) = cue.duration_ms else {
        tell(LINE.finding("it does not say how long it sounds"));
        return None;
    };
    let read = Cue {
        start_ms: cue.start_ms,
        length_ms,
        recording,
        title: plain(&cue.title),
        artist: plain(&cue.artists.join(", ")),
        source: Source::Imported,
        standing: Standing::Stated,
        ..Cue::default()
    };
    if length > 0 && read.end_ms().is_some_and(|it| it > length.saturating_add(1000)) {
        tell(BEYOND.finding("it ends after its programme"));
    }
    Some(read)
}
