//! TOML as a person would write it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Display, Write};

use money::Ratio;
use period::Date;

use crate::{Texts, Validity};

/// The longest line of a list that is kept on one line, in characters.
const LINE_CHARS: usize = 100;

/// A file being written.
#[derive(Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Starts a new table in a list of tables.
    pub(super) fn table(&mut self, path: &str) {
        self.header(&format!("[[{path}]]"));
    }

    /// Starts a table that there is one of.
    pub(super) fn only_table(&mut self, path: &str) {
        self.header(&format!("[{path}]"));
    }

    fn header(&mut self, header: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(header);
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A key and a value that is already TOML.
    pub(super) fn bare(&mut self, key: &str, value: impl Display) {
        self.line(&format!("{key} = {value}"));
    }

    pub(super) fn string(&mut self, key: &str, value: impl Display) {
        self.bare(key, quoted(&value.to_string()));
    }

    pub(super) fn string_if<T: Display>(&mut self, key: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.string(key, value);
        }
    }

    /// Text that is left out when empty.
    pub(super) fn note(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.string(key, text);
        }
    }

    pub(super) fn texts(&mut self, key: &str, texts: &Texts) {
        let pairs = texts.iter().map(|(language, text)| format!("{language} = {}", quoted(text)));
        self.bare(key, inline(pairs));
    }

    /// A table on one line.
    pub(super) fn inline(&mut self, key: &str, pairs: impl IntoIterator<Item = String>) {
        self.bare(key, inline(pairs));
    }

    /// Strings; nothing at all if there are none.
    pub(super) fn list<T: Display>(&mut self, key: &str, items: impl IntoIterator<Item = T>) {
        self.items(key, items.into_iter().map(|item| quoted(&item.to_string())).collect(), false);
    }

    /// Strings, each on a line of its own, so that what changes is seen line by line.
    pub(super) fn rows(&mut self, key: &str, items: impl IntoIterator<Item = String>) {
        self.line(&format!("{key} = ["));
        for item in items {
            self.line(&format!("    {},", quoted(&item)));
        }
        self.line("]");
    }

    /// Lists of strings by name, in one table; nothing at all if there are none.
    pub(super) fn lists(&mut self, key: &str, lists: &BTreeMap<String, BTreeSet<String>>) {
        if !lists.is_empty() {
            self.inline(
                key,
                lists.iter().map(|(name, items)| {
                    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
                    format!("{name} = [{}]", items.join(", "))
                }),
            );
        }
    }

    /// Inline tables, one a line; nothing at all if there are none.
    pub(super) fn tables(&mut self, key: &str, tables: impl IntoIterator<Item = Vec<String>>) {
        self.items(key, tables.into_iter().map(inline).collect(), true);
    }

    fn items(&mut self, key: &str, items: Vec<String>, spread: bool) {
        if items.is_empty() {
            return;
        }
        let line = format!("{key} = [{}]", items.join(", "));
        if line.chars().count() <= LINE_CHARS && !(spread && items.len() > 1) {
            self.line(&line);
            return;
        }
        self.line(&format!("{key} = ["));
        for item in items {
            self.line(&format!("    {item},"));
        }
        self.line("]");
    }

    /// Both days as people write them.
    pub(super) fn days(&mut self, from: &str, until: &str, days: &Validity) {
        self.day(from, days.from);
        self.day(until, days.last_day());
    }

    pub(super) fn day(&mut self, key: &str, day: Option<Date>) {
        if let Some(day) = day {
            self.bare(key, day);
        }
    }
}

/// `key = "value"`, for an inline table.
pub(super) fn pair(key: &str, value: impl Display) -> String {
    format!("{key} = {}", quoted(&value.to_string()))
}

/// `from` and `until` as far as they are there, for an inline table.
pub(super) fn day_pairs(days: &Validity) -> impl Iterator<Item = String> {
    let pairs = [("from", days.from), ("until", days.last_day())];
    pairs.into_iter().filter_map(|(key, day)| Some(format!("{key} = {}", day?)))
}

fn inline(pairs: impl IntoIterator<Item = String>) -> String {
    let pairs: Vec<String> = pairs.into_iter().collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A rate as a percentage if that is exact and short, else as a fraction.
pub(super) fn rate(rate: Ratio) -> String {
    let percent = (0_u32..=6).find_map(|decimals| {
        let scale = 10_u128.pow(decimals);
        let scaled = rate.num().checked_mul(100)?.checked_mul(scale)?;
        scaled.is_multiple_of(rate.den()).then(|| (scaled / rate.den(), scale, decimals))
    });
    match percent {
        Some((whole, _, 0)) => format!("{whole}%"),
        Some((scaled, scale, decimals)) => {
            let width = usize::try_from(decimals).unwrap_or_default();
            format!("{}.{:0width$}%", scaled / scale, scaled % scale)
        }
        None => format!("{}/{}", rate.num(), rate.den()),
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                write!(quoted, "\\u{:04X}", u32::from(c)).unwrap_or_default();
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
