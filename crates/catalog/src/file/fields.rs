//! One table being read: every key is asked for once, and what is left over is reported.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use finding::{Position, RuleDoc};
use period::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::shape::{is_language, is_slug, read_day};
use super::source::Source;
use crate::rule::{KEY_MISSING, KEY_UNKNOWN, VALUE_MALFORMED};
use crate::{EntryKind, Texts, Validity};

/// A mention of another entry, to be checked once all files are read.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) to: EntryKind,
    pub(super) id: String,
    pub(super) position: Position,
}

/// What the tables of one entry have in common.
pub(super) struct Shared<'a> {
    pub(super) source: &'a Source<'a>,
    record: RefCell<String>,
    links: RefCell<Vec<Link>>,
    clean: RefCell<bool>,
}

impl<'a> Shared<'a> {
    pub(super) fn new(source: &'a Source<'a>, record: String) -> Self {
        Self {
            source,
            record: RefCell::new(record),
            links: RefCell::default(),
            clean: RefCell::new(true),
        }
    }

    pub(super) fn spot(&self, byte: usize, key: &str) -> Position {
        self.source.spot(byte, &self.record.borrow(), key)
    }

    pub(super) fn is_clean(&self) -> bool {
        *self.clean.borrow()
    }

    pub(super) fn take_links(&self) -> Vec<Link> {
        self.links.take()
    }
}

pub(super) struct Fields<'t, 's> {
    table: &'t DeTable<'t>,
    /// Where the table starts.
    byte: usize,
    asked: BTreeSet<&'static str>,
    shared: &'t Shared<'s>,
}

impl<'t, 's> Fields<'t, 's> {
    pub(super) fn new(table: &'t DeTable<'t>, byte: usize, shared: &'t Shared<'s>) -> Self {
        Self { table, byte, asked: BTreeSet::new(), shared }
    }

    /// From here on, findings name the entry by its id.
    pub(super) fn name(&self, kind: EntryKind, id: &str) {
        *self.shared.record.borrow_mut() = format!("{} {id}", kind.as_str());
    }

    pub(super) fn spot(&self, key: &str) -> Position {
        let byte = self.table.get(key).map_or(self.byte, |value| value.span().start);
        self.shared.spot(byte, key)
    }

    /// Reports; an error makes the whole entry unfit.
    pub(super) fn report(&self, rule: &RuleDoc, position: Position, message: String, text: &str) {
        if rule.severity == finding::Severity::Error {
            *self.shared.clean.borrow_mut() = false;
        }
        self.shared.source.report(rule.finding(message).at(position).evidence(text));
    }

    fn malformed(&self, key: &str, value: &Spanned<DeValue<'_>>, message: String) {
        let text = self.shared.source.text().get(value.span()).unwrap_or_default();
        let position = self.shared.spot(value.span().start, key);
        self.report(&VALUE_MALFORMED, position, message, text);
    }

    /// Says that a key's value is wrong for a reason found by the caller.
    pub(super) fn refuse(&self, key: &'static str, message: String) {
        match self.table.get(key) {
            Some(value) => self.malformed(key, value, message),
            None => self.report(&VALUE_MALFORMED, self.spot(key), message, ""),
        }
    }

    /// Whether nothing in the entry was wrong so far.
    pub(super) fn is_clean(&self) -> bool {
        self.shared.is_clean()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    fn ask(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    /// Says which of the keys an entry must have are missing.
    pub(super) fn require(&self, keys: &[&'static str]) {
        for key in keys.iter().filter(|key| !self.has(key)) {
            self.report(&KEY_MISSING, self.spot(key), format!("{key} is missing"), "");
        }
    }

    /// Reports the keys nobody asked for.
    pub(super) fn finish(self) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !self.asked.contains(name) {
                let position = self.shared.spot(key.span().start, name);
                self.report(
                    &KEY_UNKNOWN,
                    position,
                    format!("{name} is not a key of this table"),
                    name,
                );
            }
        }
    }

    /// A string that means something, read by `parse`.
    pub(super) fn parsed<T, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.ask(key)?;
        self.one(key, value, parse)
    }

    /// As [`Self::parsed`], for a key where somebody may put a secret by mistake: what stands there is
    /// not repeated.
    pub(super) fn parsed_unshown<T, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let value = self.ask(key)?;
        let parsed = match value.get_ref().as_str() {
            Some(text) => parse(text).map_err(|error| error.to_string()),
            None => Err("must be a string".to_owned()),
        };
        let refuse = |message| self.report(&VALUE_MALFORMED, self.spot(key), message, "");
        parsed.map_err(refuse).ok()
    }

    fn one<T, E: Display>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let Some(text) = value.get_ref().as_str() else {
            self.malformed(key, value, "must be a string".to_owned());
            return None;
        };
        parse(text).map_err(|error| self.malformed(key, value, error.to_string())).ok()
    }

    /// A list of strings, or one string standing for a list of one. An absent key is an empty list.
    pub(super) fn list<T, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        self.ask(key).map_or_else(Vec::new, |value| self.strings(key, value, parse))
    }

    fn strings<T, E: Display>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        match value.get_ref().as_array() {
            None if value.get_ref().as_str().is_none() => {
                self.malformed(key, value, "must be a list of strings".to_owned());
                Vec::new()
            }
            None => self.one(key, value, parse).into_iter().collect(),
            Some(items) => items.iter().filter_map(|item| self.one(key, item, &parse)).collect(),
        }
    }

    /// A list without doubles, order kept.
    pub(super) fn distinct<T: Ord + Clone, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let items = self.list(key, parse);
        if items.iter().collect::<BTreeSet<_>>().len() < items.len() {
            self.refuse(key, "names something twice".to_owned());
        }
        items
    }

    /// A set; if the key is there it must not be empty.
    pub(super) fn set<T: Ord + Clone, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> BTreeSet<T> {
        let items = self.distinct(key, parse);
        if items.is_empty() && self.has(key) && self.shared.is_clean() {
            self.refuse(key, "must not be empty; leave it out to mean any".to_owned());
        }
        items.into_iter().collect()
    }

    /// Sets by a name of small letters, digits and hyphens; none of them is empty.
    pub(super) fn sets<T: Ord, E: Display>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> BTreeMap<String, BTreeSet<T>> {
        let Some(value) = self.ask(key) else { return BTreeMap::new() };
        let Some(table) = value.get_ref().as_table() else {
            self.malformed(key, value, "must be a table of lists by name".to_owned());
            return BTreeMap::new();
        };
        let mut sets = BTreeMap::new();
        for (name, value) in table {
            let tag: &str = name.get_ref();
            let items = self.strings(tag, value, &parse);
            if !is_slug(tag) {
                let message = format!("{tag:?} is no word of small letters, digits and hyphens");
                self.malformed(key, value, message);
            } else if items.is_empty() && self.is_clean() {
                self.malformed(tag, value, "must not be empty".to_owned());
            }
            sets.insert(tag.to_owned(), items.into_iter().collect());
        }
        sets
    }

    /// Remembers that this entry names others.
    pub(super) fn link<'i, T: Display + 'i>(
        &self,
        key: &'static str,
        to: EntryKind,
        ids: impl IntoIterator<Item = &'i T>,
    ) {
        let mut links = self.shared.links.borrow_mut();
        for id in ids {
            links.push(Link { to, id: id.to_string(), position: self.spot(key) });
        }
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.parsed(key, |text| {
            if text.trim().is_empty() { Err("must not be blank") } else { Ok(text.to_owned()) }
        })
    }

    /// Text by language.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Texts> {
        let value = self.ask(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.malformed(key, value, "must be a table of texts by language".to_owned());
            return None;
        };
        let mut texts = Texts::new();
        for (language, value) in table {
            let tag: &str = language.get_ref();
            if !is_language(tag) {
                self.malformed(key, value, format!("{tag:?} is not a language tag"));
            } else if let Some(text) = self.one(key, value, |text| {
                if text.trim().is_empty() { Err("must not be blank") } else { Ok(text.to_owned()) }
            }) {
                texts.insert(tag.to_owned(), text);
            }
        }
        if texts.is_empty() {
            self.malformed(key, value, "must hold at least one text".to_owned());
            return None;
        }
        Some(texts)
    }

    pub(super) fn number(&mut self, key: &'static str) -> Option<u64> {
        let value = self.ask(key)?;
        let number = value.get_ref().as_integer();
        let read = number.and_then(|n| u64::from_str_radix(n.as_str(), n.radix()).ok());
        if read.is_none() {
            self.malformed(key, value, "must be a whole number".to_owned());
        }
        read
    }

    pub(super) fn small_number(&mut self, key: &'static str) -> Option<u16> {
        let number = self.number(key)?;
        let small = u16::try_from(number).ok();
        if small.is_none() {
            self.refuse(key, "must be at most 65535".to_owned());
        }
        small
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.ask(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.malformed(key, value, "must be true or false".to_owned());
        }
        flag
    }

    /// A part in proportion to others, above zero.
    pub(super) fn weight(&mut self, key: &'static str) -> Option<u64> {
        let weight = self.number(key)?;
        if weight == 0 {
            self.refuse(key, "must be above zero".to_owned());
        }
        Some(weight)
    }

    /// A day, written as a TOML local date or the same in quotes.
    pub(super) fn day(&mut self, key: &'static str) -> Option<Date> {
        let value = self.ask(key)?;
        let day = match value.get_ref() {
            DeValue::Datetime(day) if day.time.is_none() && day.offset.is_none() => {
                day.date.as_ref().map(ToString::to_string)
            }
            DeValue::String(text) => Some(text.to_string()),
            _ => None,
        };
        let read = day.and_then(|day| read_day(&day));
        if read.is_none() {
            self.malformed(key, value, "must be a day such as 2021-06-01".to_owned());
        }
        read
    }

    /// Two days that both still count.
    pub(super) fn days(&mut self, from: &'static str, until: &'static str) -> Validity {
        let first = self.day(from);
        let Some(last) = self.day(until) else { return Validity { from: first, before: None } };
        if first.is_some_and(|first| first > last) {
            self.refuse(until, format!("{until} lies before {from}"));
        }
        let before = last.tomorrow().ok();
        if before.is_none() {
            self.refuse(until, "is the last day there is; leave it out".to_owned());
        }
        Validity { from: first, before }
    }

    /// One table, read by `read`.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Fields<'_, 's>) -> Option<T>,
    ) -> Option<T> {
        let value = self.ask(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.malformed(key, value, "must be a table".to_owned());
            return None;
        };
        read(Fields::new(table, value.span().start, self.shared))
    }

    /// A list of tables, each read by `read`.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(Fields<'_, 's>) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.ask(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.malformed(key, value, "must be a list of tables".to_owned());
            return Vec::new();
        };
        let mut read_items = Vec::new();
        for item in items {
            match item.get_ref().as_table() {
                Some(table) => {
                    read_items.extend(read(Fields::new(table, item.span().start, self.shared)));
                }
                None => self.malformed(key, item, "must be a table".to_owned()),
            }
        }
        read_items
    }
}
