//! From what was heard to a cue sheet.

use crate::suggest::suggest;
use crate::{Alternative, Cue, CueSheet, Head, Heard, Level, Lookup};

/// By what matches become cues.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// What is less sure than this, 0 to 1, is doubtful.
    pub confidence_min: f32,
    /// Two matches on one line are one cue if they are no further apart, in milliseconds: talk covers
    /// music for a while.
    pub gap_ms_max: u64,
    /// How far off the line a match may lie, in milliseconds.
    pub line_ms_max: u64,
    /// From this level beside everything else on, in decibels, a cue is in front.
    pub foreground_db_min: f32,
    /// How long a programme opens, in milliseconds.
    pub opening_ms: u64,
    /// How long it closes.
    pub closing_ms: u64,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            confidence_min: 0.5,
            gap_ms_max: 8_000,
            line_ms_max: 250,
            foreground_db_min: -3.0,
            opening_ms: 180_000,
            closing_ms: 180_000,
        }
    }
}

/// Makes the cue sheet of a programme from all that was heard in it.
///
/// Nothing is lost: what is unsure, of no length, or an echo of a stronger cue, is in the list of doubtful
/// ones with the reason as its note.
///
/// Matches of one recording on one line (the same tempo, and the place in the recording that the line
/// leads to) with a gap of at most [`Rules::gap_ms_max`] are one cue; the same recording begun anew is
/// another.
#[must_use]
pub fn detect(head: Head, heard: &[Heard], lookup: &Lookup<'_>, rules: &Rules) -> CueSheet {
    let mut sheet = CueSheet { head, ..CueSheet::default() };
    let lines = joined(heard, rules);
    for (at, line) in lines.iter().enumerate() {
        let mut cue = line.cue(rules);
        suggest(&mut cue, &sheet.head, lookup, rules);
        let echo = lines.iter().enumerate().any(|(other, it)| it.is_echoed_by(line, other < at));
        let doubt = if line.end_ms <= line.start_ms {
            "it has no length"
        } else if echo {
            "the same recording is heard more surely at the same time, from another place in it"
        } else if line.heard.confidence.is_nan() || line.heard.confidence < rules.confidence_min {
            "less sure than asked for"
        } else {
            sheet.cues.push(cue);
            continue;
        };
        cue.note = note(&[&cue.note, doubt]);
        sheet.doubtful.push(cue);
    }
    sheet.number();
    sheet
}

/// Matches on one line.
struct Line {
    heard: Heard,
    start_ms: u64,
    end_ms: u64,
    pieces: u32,
    unheard_ms: u64,
    /// Milliseconds that the level was measured over, and level times these.
    level: (f64, f64),
}

impl Line {
    fn new(heard: &Heard) -> Self {
        Self {
            heard: heard.clone(),
            start_ms: heard.start_ms,
            end_ms: heard.end_ms,
            pieces: 1,
            unheard_ms: 0,
            level: weighed(heard),
        }
    }

    /// How far a match lies off this line, in milliseconds; nothing if it is another line.
    fn distance(&self, next: &Heard, rules: &Rules) -> Option<f64> {
        let heard = &self.heard;
        let is_same = heard.recording == next.recording
            && (heard.tempo / next.tempo - 1.0).abs() <= 0.01
            && heard.pitch_cents.abs_diff(next.pitch_cents) <= 50
            && next.start_ms.saturating_sub(self.end_ms) <= rules.gap_ms_max;
        let played = ms(next.start_ms.saturating_sub(self.start_ms));
        let off = (signed(heard.in_ms) + played * heard.tempo - signed(next.in_ms)).abs();
        // A tempo is known to a part in a few hundred, so the line widens with its length.
        (is_same && off <= ms(rules.line_ms_max) + 0.003 * played).then_some(off)
    }

    fn add(&mut self, next: &Heard) {
        self.pieces += 1;
        self.unheard_ms += next.start_ms.saturating_sub(self.end_ms);
        self.end_ms = self.end_ms.max(next.end_ms);
        let (over, sum) = weighed(next);
        self.level = (self.level.0 + over, self.level.1 + sum);
        self.heard.confidence = self.heard.confidence.max(next.confidence);
        self.heard.z = self.heard.z.max(next.z);
        for (recording, confidence) in &next.alternatives {
            match self.heard.alternatives.iter_mut().find(|it| it.0 == *recording) {
                Some(known) => known.1 = known.1.max(*confidence),
                None => self.heard.alternatives.push((recording.clone(), *confidence)),
            }
        }
    }

    /// Whether `other` is the same recording on another line, mostly within this one and weaker. Of two
    /// that are as strong, the one that comes later is the echo.
    fn is_echoed_by(&self, other: &Self, comes_first: bool) -> bool {
        let both = self.end_ms.min(other.end_ms).saturating_sub(self.start_ms.max(other.start_ms));
        let length = other.end_ms.saturating_sub(other.start_ms);
        let strength = self.heard.z.total_cmp(&other.heard.z);
        !std::ptr::eq(self, other)
            && self.heard.recording == other.heard.recording
            && length > 0
            && both.saturating_mul(10) >= length.saturating_mul(8)
            && (strength.is_gt() || (strength.is_eq() && comes_first))
    }

    fn cue(&self, rules: &Rules) -> Cue {
        let Heard { recording, in_ms, tempo, pitch_cents, confidence, alternatives, .. } =
            &self.heard;
        let mut alternatives: Vec<Alternative> = alternatives
            .iter()
            .map(|(recording, confidence)| Alternative {
                recording: recording.clone(),
                confidence_permille: permille(*confidence),
            })
            .collect();
        alternatives.sort_by(|a, b| {
            b.confidence_permille.cmp(&a.confidence_permille).then(a.recording.cmp(&b.recording))
        });
        let level_db = (self.level.0 > 0.0).then(|| self.level.1 / self.level.0);
        let level = level_db.map(|it| match it >= f64::from(rules.foreground_db_min) {
            true => Level::Foreground,
            false => Level::Background,
        });
        let pieces = match self.pieces {
            1 => String::new(),
            pieces => {
                format!("heard in {pieces} pieces, {} ms between them unheard", self.unheard_ms)
            }
        };
        Cue {
            start_ms: Some(self.start_ms),
            length_ms: self.end_ms.saturating_sub(self.start_ms),
            recording: recording.clone(),
            in_ms: Some(*in_ms),
            level_tenths_db: level_db.map(|it| rounded(it * 10.0)),
            level,
            tempo_ppm: u32::try_from(rounded(tempo * 1e6)).unwrap_or(0),
            pitch_cents: *pitch_cents,
            confidence_permille: Some(permille(*confidence)),
            alternatives,
            note: pieces,
            ..Cue::default()
        }
    }
}

/// Joins matches that lie on one line, each to the line that it is nearest to.
fn joined(heard: &[Heard], rules: &Rules) -> Vec<Line> {
    let mut heard: Vec<&Heard> = heard.iter().collect();
    heard.sort_by(|a, b| {
        let key = |it: &Heard| (it.start_ms, it.end_ms, it.in_ms);
        a.recording.cmp(&b.recording).then(key(a).cmp(&key(b))).then(b.z.total_cmp(&a.z))
    });
    let mut lines: Vec<Line> = Vec::new();
    for next in heard {
        let own = lines.iter_mut().rev().take_while(|it| it.heard.recording == next.recording);
        let nearest = own
            .filter_map(|it| Some((it.distance(next, rules)?, it)))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        match nearest {
            Some((_, line)) => line.add(next),
            None => lines.push(Line::new(next)),
        }
    }
    lines
}

fn weighed(heard: &Heard) -> (f64, f64) {
    let over = ms(heard.end_ms.saturating_sub(heard.start_ms));
    let level = heard.level_db.filter(|it| it.is_finite());
    level.map_or((0.0, 0.0), |it| (over, f64::from(it) * over))
}

fn note(parts: &[&str]) -> String {
    parts.iter().copied().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ")
}

#[expect(clippy::cast_precision_loss, reason = "a programme has fewer than 2^53 milliseconds")]
fn ms(it: u64) -> f64 {
    it as f64
}

#[expect(clippy::cast_precision_loss, reason = "a recording has fewer than 2^53 milliseconds")]
fn signed(it: i64) -> f64 {
    it as f64
}

/// The nearest whole number; the nearest there is for what is too large, zero for what is none.
#[expect(clippy::cast_possible_truncation, reason = "a cast of floats saturates")]
fn rounded(it: f64) -> i32 {
    it.round() as i32
}

fn permille(it: f32) -> u16 {
    u16::try_from(rounded(f64::from(it.clamp(0.0, 1.0)) * 1000.0)).unwrap_or(0)
}

#[cfg(test)]
mod tests;
