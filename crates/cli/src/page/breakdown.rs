//! Where the money came from: sums by recording, month, territory and source.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use ::statement::{ContextNote, Line, Statement};
use money::Atoms;

use super::text::{DASH, bar, count, escape, name, rounded, share};

/// How many rows a table shows before the rest becomes one.
const TOP: usize = 12;

/// The columns of a table: name, bar, sum, share.
const COLUMNS: &str = "<colgroup><col><col class=\"graph\"><col class=\"sum\">\
                       <col class=\"share\"></colgroup>\n";

/// One row: what it is called (as HTML), and its sum, if it can be counted.
type Row = (String, Option<Atoms>);

/// Renders the sums; nothing if there is no line.
pub(super) fn section(it: &Statement) -> String {
    if it.lines.is_empty() {
        return String::new();
    }
    let recordings = sums(it, |line| line.recording);
    let recordings = ranked(recordings, "recordings", |index| recording(it, index));
    let months = sums(it, |line| context(it, line).map(|note| note.month.as_str()));
    let months: Vec<Row> = months.into_iter().map(|(key, sum)| (token(key), sum)).collect();
    let territories = sums(it, |line| context(it, line).map(|note| note.territory.as_str()));
    let territories = ranked(territories, "territories", token);
    let services = sums(it, |line| {
        at(&it.sources, line.source).map(|note| (note.service.as_str(), note.sender.as_str()))
    });
    let services = ranked(services, "services", service);
    let recordings = table(it, "By recording", &recordings);
    let months = table(it, "By month of use", &months);
    let territories = table(it, "By territory", &territories);
    let services = table(it, "By service", &services);
    format!(
        "<section>\n<div class=\"keep\">\n<h2>Where it came from</h2>\n\
         <p class=\"note\">Amounts are rounded to {} decimals for reading, and shares are of \
         everything earned; an outlined bar is a negative amount. Every line below is exact.</p>\n\
         {services}</div>\n{recordings}<div class=\"split\">\n{months}{territories}</div>\n</section>\n",
        decimals(it)
    )
}

/// Fractions of the smallest unit matter in royalties: a won shows two decimals, too.
fn decimals(it: &Statement) -> u32 {
    it.currency.minor_digits().max(2)
}

fn context<'a>(it: &'a Statement, line: &Line) -> Option<&'a ContextNote> {
    at(&it.contexts, line.context)
}

fn recording(it: &Statement, index: u64) -> String {
    let Some(note) = at(&it.recordings, index) else { return DASH.to_owned() };
    let title = if note.title.is_empty() { &note.isrc } else { &note.title };
    let tied = if note.id.is_empty() { "not matched" } else { "" };
    let soft: String = [name_or_nothing(&note.artist), tied.to_owned()]
        .iter()
        .filter(|it| !it.is_empty())
        .map(|it| format!("<span class=\"soft\">, {it}</span>"))
        .collect();
    format!("{}{soft}", name(title))
}

fn service(key: Option<(&str, &str)>) -> String {
    let Some((service, sender)) = key else { return DASH.to_owned() };
    match service.is_empty() || service == sender {
        true => name(sender),
        false => format!("{}<span class=\"soft\">, {}</span>", name(service), name(sender)),
    }
}

fn token(key: Option<&str>) -> String {
    key.filter(|it| !it.is_empty()).map_or(DASH.to_owned(), escape)
}

fn name_or_nothing(text: &str) -> String {
    if text.is_empty() { String::new() } else { name(text) }
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

/// Orders by size and makes one row of what is beyond the top.
fn ranked<K: Ord>(
    sums: BTreeMap<K, Option<Atoms>>,
    more: &str,
    label: impl Fn(K) -> String,
) -> Vec<Row> {
    let mut sums: Vec<(K, Option<Atoms>)> = sums.into_iter().collect();
    let size = |sum: Option<Atoms>| sum.map_or(u128::MAX, |it| it.raw().unsigned_abs());
    sums.sort_by_key(|(_, sum)| Reverse(size(*sum)));
    // A rest of one row would take as much room as the row itself.
    let top = if sums.len() > TOP.saturating_add(1) { TOP } else { sums.len() };
    let rest = sums.split_off(top);
    let mut rows: Vec<Row> = sums.into_iter().map(|(key, sum)| (label(key), sum)).collect();
    if !rest.is_empty() {
        let label = format!("<span class=\"soft\">{} other {more}</span>", count(rest.len()));
        rows.push((label, sum(rest.iter().map(|it| it.1))));
    }
    rows
}

fn sum(mut all: impl Iterator<Item = Option<Atoms>>) -> Option<Atoms> {
    all.try_fold(Atoms::ZERO, |sum, amount| sum.checked_add(amount?))
}

/// One table of sums with bars, as long as each is of the largest.
fn table(it: &Statement, caption: &str, rows: &[Row]) -> String {
    let whole = Some(it.balance.earned);
    let longest = rows.iter().filter_map(|row| row.1).max_by_key(|it| it.raw().unsigned_abs());
    let longest = longest.unwrap_or_default();
    let shown = |sum: Option<Atoms>| sum.map_or(DASH.to_owned(), |sum| rounded(sum, decimals(it)));
    let body: String = rows
        .iter()
        .map(|(label, sum)| {
            format!(
                "<tr><th scope=\"row\">{label}</th><td class=\"graph\">{}</td>\
                 <td class=\"n\">{}</td><td class=\"n soft\">{}</td></tr>\n",
                bar(*sum, longest),
                shown(*sum),
                share(*sum, whole),
            )
        })
        .collect();
    format!(
        "<div>\n<table class=\"bars\">\n{COLUMNS}\
         <thead><tr><th scope=\"col\" colspan=\"2\" class=\"what\">{caption}</th>\
         <th scope=\"col\" class=\"n\">{currency}</th>\
         <th scope=\"col\" class=\"n\">Share</th></tr></thead>\n\
         <tbody>\n{body}</tbody>\n\
         <tfoot><tr><th scope=\"row\" colspan=\"2\">Earned</th><td class=\"n\">{sum}</td><td></td></tr></tfoot>\n</table>\n</div>\n",
        currency = it.currency,
        sum = shown(sum(rows.iter().map(|it| it.1))),
    )
}

/// The note that a line's cell points to.
pub(super) fn at<T>(list: &[T], index: u64) -> Option<&T> {
    usize::try_from(index).ok().and_then(|it| list.get(it))
}
