//! One line of a table becomes a cue.

use std::collections::BTreeMap;

use finding::Finding;

use super::own::{alternatives, thousandths};
use super::words::Column;
use crate::rule::{CELL, CODE, LENGTH, LINE};
use crate::table::{plain, unguarded};
use crate::{Cue, CueId, Level, Source, Standing, UsageCode, parse_clock};

/// A line, by what its cells mean.
#[derive(Default)]
pub(super) struct Cells<'r> {
    pub(super) by_column: BTreeMap<Column, &'r str>,
    /// Whether texts like formulas have an apostrophe before them: in CSV, not in a workbook.
    pub(super) are_guarded: bool,
}

/// What a line is.
pub(super) enum Read {
    /// A cue, and whether it is of the doubtful ones.
    Cue(Box<Cue>, bool),
    /// A further writer or publisher of the cue before.
    Further,
    /// Nothing that can be read.
    Nothing,
}

impl<'r> Cells<'r> {
    fn get(&self, column: Column) -> &'r str {
        self.by_column.get(&column).copied().unwrap_or_default()
    }

    fn text(&self, column: Column) -> String {
        let text = self.get(column);
        plain(if self.are_guarded { unguarded(text) } else { text })
    }

    /// A value of a cell that is not empty; a finding if it cannot be read.
    fn value<T>(
        &self,
        column: Column,
        findings: &mut Vec<Finding>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.get(column).trim();
        if text.is_empty() {
            return None;
        }
        let value = parse(text);
        if value.is_none() {
            findings
                .push(CELL.finding(format!("{} cannot be read", column.words())).evidence(text));
        }
        value
    }

    /// Reads the line; findings come without a place.
    pub(super) fn read(&self, findings: &mut Vec<Finding>) -> Read {
        let isrc = self.text(Column::Isrc);
        let recording = match self.text(Column::Recording) {
            it if it.is_empty() => {
                ident::Isrc::parse(isrc.trim()).map(|it| it.to_string()).unwrap_or_default()
            }
            it => it,
        };
        let title = self.text(Column::Title);
        let times = [Column::Start, Column::End, Column::Length];
        let has_time = times.iter().any(|it| !self.get(*it).trim().is_empty());
        if recording.trim().is_empty() && title.trim().is_empty() {
            if !has_time && !self.get(Column::Credit).is_empty() {
                return Read::Further;
            }
            findings.push(LINE.finding("neither a title nor a recording"));
            return Read::Nothing;
        }
        let Some((start_ms, length_ms)) = self.times(findings) else { return Read::Nothing };
        let mut cue = Cue { start_ms, length_ms, recording, title, ..Cue::default() };
        self.usage(&mut cue, findings);
        self.rest(&mut cue, findings);
        Read::Cue(Box::new(cue), self.get(Column::List).trim() == "doubtful")
    }

    /// Begin and length.
    fn times(&self, findings: &mut Vec<Finding>) -> Option<(Option<u64>, u64)> {
        let mut times = [None; 3];
        for (time, column) in times.iter_mut().zip([Column::Start, Column::End, Column::Length]) {
            let text = self.get(column).trim();
            if !text.is_empty() {
                let Some(read) = parse_clock(text) else {
                    let what = format!("{} is no time", column.words());
                    findings.push(LINE.finding(what).evidence(text));
                    return None;
                };
                *time = Some(read);
            }
        }
        match times {
            [Some(start), Some(end), stated] => {
                let Some(length) = end.checked_sub(start) else {
                    findings.push(LINE.finding("it ends before it begins"));
                    return None;
                };
                if stated.is_some_and(|it| it.abs_diff(length) > 1000) {
                    findings.push(LENGTH.finding("another length than the times say"));
                }
                Some((Some(start), length))
            }
            [start, None, Some(length)] => Some((start, length)),
            [None, Some(end), Some(length)] => Some((Some(end.saturating_sub(length)), length)),
            [_, _, None] => {
                findings.push(LINE.finding("it does not say how long it sounds"));
                None
            }
        }
    }

    fn usage(&self, cue: &mut Cue, findings: &mut Vec<Finding>) {
        let text = self.get(Column::Usage).trim();
        cue.code = UsageCode::parse(text);
        cue.note = self.text(Column::Note);
        if cue.code.is_none() && !text.is_empty() {
            findings.push(CODE.finding("an unknown usage code").evidence(text));
            let usage = format!("usage as delivered: {text}");
            cue.note = if cue.note.is_empty() { usage } else { format!("{}; {usage}", cue.note) };
        }
    }

    /// What a foreign sheet rarely has.
    fn rest(&self, cue: &mut Cue, findings: &mut Vec<Finding>) {
        cue.id = self.value(Column::Id, findings, |it| it.parse::<CueId>().ok()).unwrap_or(0);
        cue.artist = self.text(Column::Artist);
        cue.reason = self.text(Column::Reason);
        cue.source = self
            .value(Column::Source, findings, |it| {
                Source::ALL.into_iter().find(|own| own.as_str() == it)
            })
            .unwrap_or(Source::Imported);
        cue.standing = match self.get(Column::Standing).trim() {
            "confirmed" => {
                let [by, at] = [Column::ConfirmedBy, Column::ConfirmedAt].map(|it| self.text(it));
                Standing::Confirmed { by, at }
            }
            "suggested" => Standing::Suggested,
            _ => Standing::Stated,
        };
        cue.level = self.value(Column::Level, findings, |it| {
            Level::ALL.into_iter().find(|own| own.as_str() == it)
        });
        let whole = |places| move |it: &str| thousandths(it, places);
        cue.level_tenths_db =
            self.value(Column::LevelDb, findings, whole(1)).and_then(|it| i32::try_from(it).ok());
        cue.in_ms = self.value(Column::InMs, findings, |it| it.parse().ok());
        cue.pitch_cents = self.value(Column::Pitch, findings, |it| it.parse().ok()).unwrap_or(0);
        if let Some(tempo) = self.value(Column::Tempo, findings, whole(6)) {
            cue.tempo_ppm = u32::try_from(tempo).unwrap_or(cue.tempo_ppm);
        }
        cue.confidence_permille = self.value(Column::Confidence, findings, |it| {
            thousandths(it, 3).and_then(|it| u16::try_from(it).ok()).filter(|it| *it <= 1000)
        });
        let labels = self.text(Column::Alternatives);
        cue.alternatives = self
            .value(Column::Alternatives, findings, |_| alternatives(&labels))
            .unwrap_or_default();
    }
}
