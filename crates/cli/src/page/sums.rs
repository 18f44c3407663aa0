//! Where the money came from, as figures: sums by production, recording, month, territory and service.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ::statement::{ContextNote, Line, RecordingNote, Statement};
use money::Atoms;

use super::Look;
use super::text::{DASH, count};
use crate::words::fill;

/// One row: what it is called, what stands softly behind it, and its sum, if it can be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The name.
    pub(super) label: String,
    /// What tells it from others of the same name.
    pub(super) soft: Vec<String>,
    /// The sum; none if it leaves the range of amounts.
    pub(super) sum: Option<Atoms>,
}

impl Row {
    /// Whether the row stands for all that had no room.
    pub(super) fn is_rest(&self) -> bool {
        self.label.is_empty()
    }
}

/// The sums by one thing that lines have.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    /// What they are sorted by.
    pub(super) caption: &'static str,
    /// The rows: the largest first, months in their order.
    pub(super) rows: Vec<Row>,
    /// What those without room are called.
    others: &'static str,
    in_time: bool,
}

impl Picture {
    /// How many rows there are when so many have room.
    pub(super) fn len(&self, top: usize) -> usize {
        // A rest of one row would take as much room as the row itself.
        self.rows.len().min(top.saturating_add(1))
    }

    /// The first so many rows, of months the last ones, and one for the rest.
    pub(super) fn cut(mut self, top: usize) -> Self {
        if self.rows.len() <= self.len(top) {
            return self;
        }
        let (rest, at) = match self.in_time {
            true => (self.rows.drain(..self.rows.len() - top).collect::<Vec<Row>>(), 0),
            false => (self.rows.split_off(top), top),
        };
        let sum = rest.iter().try_fold(Atoms::ZERO, |sum, row| sum.checked_add(row.sum?));
        let soft = vec![fill(self.others, &[&count(rest.len())])];
        self.rows.insert(at, Row { label: String::new(), soft, sum });
        self
    }

    /// The largest sum, without its sign.
    pub(super) fn longest(&self) -> Atoms {
        let sums = self.rows.iter().filter_map(|row| row.sum);
        sums.max_by_key(|it| it.raw().unsigned_abs()).unwrap_or_default()
    }

    /// The sum of all rows.
    pub(super) fn sum(&self) -> Option<Atoms> {
        self.rows.iter().try_fold(Atoms::ZERO, |sum, row| sum.checked_add(row.sum?))
    }
}

/// Everything that money came from.
#[derive(Clone, Debug)]
pub(super) struct Pictures {
    /// By production; none if the catalogue ties no recording of the statement to one.
    pub(super) productions: Option<Picture>,
    /// By recording.
    pub(super) recordings: Picture,
    /// By month of use.
    pub(super) months: Picture,
    /// By territory.
    pub(super) territories: Picture,
    /// By service.
    pub(super) services: Picture,
}

impl Pictures {
    /// Sums the lines of a statement up.
    pub(super) fn of(it: &Statement, look: &Look<'_>) -> Self {
        let words = look.words();
        let named = |label: &str| Row { label: label.to_owned(), soft: Vec::new(), sum: None };
        let token = |key: Option<&str>| named(key.filter(|it| !it.is_empty()).unwrap_or(DASH));
        let by = sums(it, |line| line.recording);
        let known = |index: &u64| at(&it.recordings, *index).and_then(|it| look.production(&it.id));
        let tied = by.keys().any(|it| known(it).is_some());
        let productions = tied.then(|| {
            let sums = sums(it, |line| known(&line.recording));
            let label = |key: Option<&str>| named(key.unwrap_or(words.no_production));
            ranked(sums, words.by_production, words.other_productions, label)
        });
        let label = |index| recording(at(&it.recordings, index), words.not_matched);
        let recordings = ranked(by, words.by_recording, words.other_recordings, label);
        let by = sums(it, |line| context(it, line).map(|note| note.month.as_str()));
        let rows = by.into_iter().map(|(key, sum)| Row { sum, ..token(key) }).collect();
        let others = words.other_months;
        let months = Picture { caption: words.by_month, rows, others, in_time: true };
        let by = sums(it, |line| context(it, line).map(|note| note.territory.as_str()));
        let place = |key: Option<&str>| token(key.map(|it| look.language.token(it)));
        let territories = ranked(by, words.by_territory, words.other_territories, place);
        let by = sums(it, |line| {
            at(&it.sources, line.source).map(|note| (note.service.as_str(), note.sender.as_str()))
        });
        let services = ranked(by, words.by_service, words.other_services, service);
        Self { productions, recordings, months, territories, services }
    }
}

fn context<'a>(it: &'a Statement, line: &Line) -> Option<&'a ContextNote> {
    at(&it.contexts, line.context)
}

fn recording(note: Option<&RecordingNote>, not_matched: &str) -> Row {
    let Some(note) = note else {
        return Row { label: DASH.to_owned(), soft: Vec::new(), sum: None };
    };
    let label = [&note.title, &note.isrc].into_iter().find(|it| !it.is_empty());
    let mut soft = Vec::new();
    if !note.artist.is_empty() {
        soft.push(note.artist.clone());
    }
    if note.id.is_empty() {
        soft.push(not_matched.to_owned());
    }
    Row { label: label.map_or(DASH, |it| it).to_owned(), soft, sum: None }
}

fn service(key: Option<(&str, &str)>) -> Row {
    let (label, soft) = match key {
        None => (DASH, None),
        Some(("", "")) => (DASH, None),
        Some((service, sender)) if service.is_empty() || service == sender => (sender, None),
        Some((service, sender)) => (service, Some(sender.to_owned())),
    };
    Row { label: label.to_owned(), soft: soft.into_iter().collect(), sum: None }
}

/// Sums the lines by a key.
fn sums<K: Ord>(it: &Statement, key: impl Fn(&Line) -> K) -> BTreeMap<K, Option<Atoms>> {
    let mut sums = BTreeMap::new();
    for line in &it.lines {
        let sum = sums.entry(key(line)).or_insert(Some(Atoms::ZERO));
        *sum = sum.and_then(|sum: Atoms| sum.checked_add(line.amount));
    }
    sums
}

/// Orders by size.
fn ranked<K: Ord>(
    sums: BTreeMap<K, Option<Atoms>>,
    caption: &'static str,
    others: &'static str,
    label: impl Fn(K) -> Row,
) -> Picture {
    let mut sums: Vec<(K, Option<Atoms>)> = sums.into_iter().collect();
    let size = |sum: Option<Atoms>| sum.map_or(u128::MAX, |it| it.raw().unsigned_abs());
    sums.sort_by_key(|(_, sum)| Reverse(size(*sum)));
    let rows = sums.into_iter().map(|(key, sum)| Row { sum, ..label(key) }).collect();
    Picture { caption, rows, others, in_time: false }
}

/// The note that a line's cell points to.
pub(super) fn at<T>(list: &[T], index: u64) -> Option<&T> {
    usize::try_from(index).ok().and_then(|it| list.get(it))
}
