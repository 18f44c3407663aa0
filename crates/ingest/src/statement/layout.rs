//! A spec, tied to the header of one file: which cell is which field.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sheet::Row;

use super::key;
use super::spec::{Choice, Patterns, SourceSpec, Value, When};

/// Labels and values before the table.
pub(super) type Preamble = BTreeMap<String, String>;

/// The columns of a header.
pub(super) struct Columns {
    places: BTreeMap<String, Vec<usize>>,
    pub(super) width: usize,
    /// The first column of the fingerprint, as the header writes it.
    mark: String,
}

impl Columns {
    /// The columns of a row, by their names in the spec.
    pub(super) fn of(row: &Row, spec: &SourceSpec) -> Self {
        let mut other: BTreeMap<String, String> = BTreeMap::new();
        for (name, names) in &spec.aliases {
            other.extend(names.iter().map(|it| (key(it), key(name))));
        }
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, cell) in row.cells().enumerate() {
            let name = key(cell);
            if !name.is_empty() {
                let name = other.get(&name).cloned().unwrap_or(name);
                places.entry(name).or_default().push(place);
            }
        }
        // Empty cells at the end are no columns.
        let width = places.values().flatten().max().map_or(0, |it| it.saturating_add(1));
        let mut columns = Self { places, width, mark: String::new() };
        let first = spec.table.columns.first().and_then(|it| columns.place(it));
        columns.mark = first.map_or_else(String::new, |it| row.cell(it).trim().to_owned());
        columns
    }

    /// Whether this is the header of the spec's table.
    pub(super) fn fit(&self, spec: &SourceSpec) -> bool {
        spec.table.columns.iter().all(|it| self.place(it).is_some())
            && spec.table.absent.iter().all(|it| self.place(it).is_none())
    }

    /// Whether a row could be this header again: it has the name of its first column somewhere.
    pub(super) fn may_be_repeated_in(&self, row: &Row) -> bool {
        row.cells().any(|it| it.trim() == self.mark)
    }

    /// The place of a column: `Currency`, or `Currency#2` for the second of that name, or `@3` for
    /// the third cell whatever its name.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        if let Some(number) = name.strip_prefix('@') {
            return number.parse::<usize>().ok()?.checked_sub(1);
        }
        if let Some(places) = self.places.get(&key(name)) {
            return places.first().copied();
        }
        let (name, number) = name.rsplit_once('#')?;
        let number = number.parse::<usize>().ok()?.checked_sub(1)?;
        self.places.get(&key(name))?.get(number).copied()
    }

    /// Whether several columns have this very name.
    pub(super) fn is_ambiguous(&self, name: &str) -> bool {
        self.places.get(&key(name)).is_some_and(|it| it.len() > 1)
    }
}

/// A field's text, tied to cells.
#[derive(Debug, Default)]
pub(super) struct Source<'a> {
    pub(super) first: Vec<usize>,
    pub(super) sum: Vec<(bool, usize)>,
    constant: Option<Cow<'a, str>>,
    map: Option<&'a BTreeMap<String, String>>,
    otherwise: Option<&'a str>,
}

impl<'a> Source<'a> {
    pub(super) fn tie(value: &'a Value, columns: &Columns, preamble: &Preamble) -> Self {
        let sum = value.sum.iter().filter_map(|(minus, it)| Some((*minus, columns.place(it)?)));
        let said = value.preamble.as_ref().map(|it| preamble.get(&key(it)));
        let constant = match (&value.constant, said) {
            (Some(it), _) => Some(Cow::Borrowed(it.as_str())),
            (None, Some(it)) => Some(Cow::Owned(it.cloned().unwrap_or_default())),
            (None, None) => None,
        };
        Self {
            first: value.first.iter().filter_map(|it| columns.place(it)).collect(),
            sum: sum.collect(),
            constant,
            map: (!value.map.is_empty()).then_some(&value.map),
            otherwise: value.otherwise.as_deref(),
        }
    }

    /// The text of a row, as the spec says it.
    pub(super) fn text<'r>(&'r self, row: &'r Row) -> &'r str {
        let said = match &self.constant {
            Some(it) => it.trim(),
            None => self.received(row).unwrap_or_default(),
        };
        let mapped = self.map.and_then(|it| it.get(&said.to_lowercase()));
        match (mapped, self.otherwise) {
            (Some(it), _) => it,
            (None, Some(it)) if !said.is_empty() => it,
            _ => said,
        }
    }

    /// The first cell that is not empty.
    pub(super) fn received<'r>(&self, row: &'r Row) -> Option<&'r str> {
        self.first.iter().map(|it| row.cell(*it).trim()).find(|it| !it.is_empty())
    }

    /// The cell to point at.
    pub(super) fn place(&self) -> Option<usize> {
        self.first.first().copied().or_else(|| self.sum.first().map(|it| it.1))
    }
}

/// Conditions, tied to cells.
pub(super) struct Test<'a> {
    all: Vec<(Option<usize>, &'a Patterns)>,
    others: BTreeMap<&'a str, Option<usize>>,
}

impl<'a> Test<'a> {
    pub(super) fn tie(when: &'a When, columns: &Columns) -> Self {
        let all: Vec<_> = when.columns.iter().map(|(name, it)| (columns.place(name), it)).collect();
        let patterns = when.columns.values().flat_map(|it| it.as_slice());
        let others = patterns.filter_map(|it| it.column.as_deref());
        Self { others: others.map(|it| (it, columns.place(it))).collect(), all }
    }

    /// Whether the conditions hold for a row.
    pub(super) fn holds(&self, row: &Row) -> bool {
        let cell = |place: Option<usize>| place.map_or("", |it| row.cell(it)).trim();
        self.all.iter().all(|(place, patterns)| {
            patterns.as_slice().iter().any(|pattern| match &pattern.column {
                None => pattern.holds(cell(*place)),
                Some(name) => {
                    let other = cell(self.others.get(name.as_str()).copied().flatten());
                    (cell(*place) == other) != pattern.negated
                }
            })
        })
    }
}

/// Tokens under conditions, tied to cells; the first that holds is taken.
pub(super) struct Choices<'a> {
    all: Vec<(Test<'a>, &'a str)>,
}

impl<'a> Choices<'a> {
    pub(super) fn tie(choices: &'a [Choice], columns: &Columns) -> Self {
        Self { all: choices.iter().map(|it| (Test::tie(&it.when, columns), &*it.is)).collect() }
    }

    /// The token of a row; `None` where no condition holds.
    pub(super) fn of(&self, row: &Row) -> Option<&'a str> {
        self.all.iter().find(|(test, _)| test.holds(row)).map(|(_, it)| *it)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
