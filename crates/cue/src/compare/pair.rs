//! Which cue of one sheet is which of the other.

use catalog::title_key;

use super::Tolerance;
use crate::{Cue, CueSheet, Lookup};

/// The cues of two sheets, each in one place only; delivered cues may have several parts.
pub(super) struct Pairs<'s> {
    pub(super) same: Vec<(&'s Cue, &'s Cue)>,
    pub(super) parts: Vec<(&'s Cue, &'s Cue)>,
    pub(super) other: Vec<(&'s Cue, &'s Cue)>,
    pub(super) forgotten: Vec<&'s Cue>,
    pub(super) unheard: Vec<&'s Cue>,
}

impl<'s> Pairs<'s> {
    pub(super) fn of(
        found: &'s CueSheet,
        delivered: &'s CueSheet,
        lookup: &Lookup<'_>,
        tolerance: Tolerance,
    ) -> Self {
        let heard: Vec<Known<'s>> =
            found.cues.iter().chain(&found.doubtful).map(|it| Known::of(it, lookup)).collect();
        let told: Vec<Known<'s>> = delivered.cues.iter().map(|it| Known::of(it, lookup)).collect();
        let mut free = [vec![true; heard.len()], vec![true; told.len()]];
        let same = matched(&heard, &told, &mut free, |a, b| {
            if a.is_same(b) { nearness(a.cue, b.cue, tolerance) } else { None }
        });
        let mut parts = Vec::new();
        for (at, a) in heard.iter().enumerate().filter(|it| it.0 < found.cues.len()) {
            let whole = told.iter().find(|b| {
                a.is_same(b) && a.cue.overlap_ms(b.cue).saturating_mul(2) > a.cue.length_ms
            });
            if let Some(whole) = whole.filter(|_| free[0][at]) {
                free[0][at] = false;
                parts.push((a.cue, whole.cue));
            }
        }
        // What is doubtful and nobody claims is not held against the sheet.
        free[0][found.cues.len()..].fill(false);
        let other = matched(&heard, &told, &mut free, |a, b| {
            let both = a.cue.overlap_ms(b.cue);
            let shorter = a.cue.length_ms.min(b.cue.length_ms);
            (both > 0 && both.saturating_mul(2) >= shorter).then_some((both, 0))
        });
        let left = |known: &[Known<'s>], free: &[bool]| -> Vec<&'s Cue> {
            known.iter().zip(free).filter(|it| *it.1).map(|it| it.0.cue).collect()
        };
        let (forgotten, unheard) = (left(&heard, &free[0]), left(&told, &free[1]));
        Self { same, parts, other, forgotten, unheard }
    }
}

/// A cue with what its music is known by.
struct Known<'s> {
    cue: &'s Cue,
    recording: String,
    others: Vec<String>,
    is_in_catalogue: bool,
    title: String,
}

impl<'s> Known<'s> {
    fn of(cue: &'s Cue, lookup: &Lookup<'_>) -> Self {
        let recording = lookup.recording(&cue.recording);
        let title = match recording {
            Some(it) if cue.title.is_empty() => title_key(lookup_title(it)),
            _ => title_key(&cue.title),
        };
        let alternatives = cue.alternatives.iter();
        Self {
            cue,
            recording: lookup.identity(&cue.recording).to_owned(),
            others: alternatives.map(|it| lookup.identity(&it.recording).to_owned()).collect(),
            is_in_catalogue: recording.is_some(),
            title,
        }
    }

    /// Whether both are the same music: one recording, or one that the other may be; where a recording is
    /// not told or not in the catalogue, one title.
    fn is_same(&self, other: &Self) -> bool {
        let is_told = |it: &Self| !it.recording.is_empty();
        if is_told(self) && is_told(other) {
            let is_one = self.recording == other.recording
                || self.others.contains(&other.recording)
                || other.others.contains(&self.recording);
            if is_one || (self.is_in_catalogue && other.is_in_catalogue) {
                return is_one;
            }
        }
        !self.title.is_empty() && self.title == other.title
    }
}

fn lookup_title(recording: &catalog::Recording) -> &str {
    recording.titles.values().next().map_or("", String::as_str)
}

/// How well two cues of the same music fit: how long they sound at once, then how little they are off.
/// Nothing if they cannot be the same.
fn nearness(a: &Cue, b: &Cue, tolerance: Tolerance) -> Option<(u64, u64)> {
    let both = a.overlap_ms(b);
    match (a.start_ms, b.start_ms) {
        (Some(start), Some(told)) => {
            let off = start.abs_diff(told);
            (both > 0 || off <= tolerance.near_ms).then_some((both, u64::MAX - off))
        }
        // Without times only the length tells two soundings of one recording apart.
        _ => Some((0, u64::MAX - a.length_ms.abs_diff(b.length_ms))),
    }
}

/// Pairs what fits best first; each cue once.
fn matched<'s>(
    heard: &[Known<'s>],
    told: &[Known<'s>],
    free: &mut [Vec<bool>; 2],
    fit: impl Fn(&Known<'s>, &Known<'s>) -> Option<(u64, u64)>,
) -> Vec<(&'s Cue, &'s Cue)> {
    let mut fits = Vec::new();
    for (a, heard) in heard.iter().enumerate().filter(|it| free[0][it.0]) {
        for (b, told) in told.iter().enumerate().filter(|it| free[1][it.0]) {
            fits.extend(fit(heard, told).map(|it| (std::cmp::Reverse(it), a, b)));
        }
    }
    fits.sort_unstable();
    let mut pairs = Vec::new();
    for (_, a, b) in fits {
        if free[0][a] && free[1][b] {
            (free[0][a], free[1][b]) = (false, false);
            pairs.push((heard[a].cue, told[b].cue));
        }
    }
    pairs
}
