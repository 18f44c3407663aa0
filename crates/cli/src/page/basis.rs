//! What a statement rests on, and how to check it.

use std::collections::BTreeMap;

use ::statement::{SourceNote, Statement, TermNote};
use money::Ratio;

use super::Look;
use super::exchange::{rate_text, time};
use super::lines::{rate, short};
use super::text::{DASH, escape, name};
use crate::words::{Words, fill};

/// Renders the reports, licences and terms that the lines refer to.
pub(super) fn section(it: &Statement, look: &Look<'_>) -> String {
    if it.sources.is_empty() && it.terms.is_empty() {
        return String::new();
    }
    let words = look.words();
    format!(
        "<section class=\"basis\">\n<h2>{}</h2>\n{}{}{}{}</section>\n",
        escape(words.rests_on),
        reports(&it.sources, words),
        licences(&it.sources, words),
        rates(it, words),
        terms(&it.terms, look)
    )
}

fn reports(sources: &[SourceNote], words: &Words) -> String {
    let mut known: BTreeMap<(&str, &str, &str, &str), &SourceNote> = BTreeMap::new();
    for it in sources {
        known.entry((&it.sender, &it.service, &it.message_id, &it.report)).or_insert(it);
    }
    let rows: String = known
        .values()
        .map(|it| {
            let (start, end) = match it.report.strip_prefix(short(&it.report).as_str()) {
                Some(end) => (short(&it.report), end),
                None => (it.report.clone(), ""),
            };
            format!(
                "<tr><td class=\"stack\">{}<small>{}</small></td>\
                 <td class=\"stack\"><b>{}</b>{}<small>{}</small></td>\
                 <td>{}</td><td class=\"hash\">{}</td></tr>\n",
                name(if it.service.is_empty() { &it.sender } else { &it.service }),
                escape(&it.sender),
                escape(&start),
                escape(end),
                text(&it.message_id),
                escape(basis(&it.basis, words)),
                text(&it.sha256),
            )
        })
        .collect();
    let heads = [words.service_sender, words.report_message, words.states, words.sha256];
    table(words.reports, heads, 4, &rows)
}

/// What a report states, in words.
pub(super) fn basis<'a>(token: &'a str, words: &'a Words) -> &'a str {
    match token {
        "received" => words.money_received,
        "service-net" => words.net_revenue,
        other => other,
    }
}

fn licences(sources: &[SourceNote], words: &Words) -> String {
    let mut known: BTreeMap<(&str, Ratio), Vec<&str>> = BTreeMap::new();
    for it in sources.iter().filter(|it| !it.licence.is_empty()) {
        let services = known.entry((&it.licence, it.licence_rate)).or_default();
        if !services.contains(&it.service.as_str()) {
            services.push(&it.service);
        }
    }
    if known.is_empty() {
        return String::new();
    }
    let rows: String = known
        .iter()
        .map(|((licence, rate), services)| {
            let services: Vec<String> = services.iter().map(|it| name(it)).collect();
            format!(
                "<tr><td>{}</td><td>{}</td><td class=\"n\">{rate}</td>\
                 <td class=\"n\">{}\u{202f}%</td></tr>\n",
                escape(licence),
                services.join(", "),
                rate.to_percent(4),
            )
        })
        .collect();
    let heads = [words.licence, words.service, words.licence_rate, words.rounded_percent];
    table(words.licences, heads, 2, &rows)
}

/// The exchange rates that were used.
fn rates(it: &Statement, words: &Words) -> String {
    let mut known: BTreeMap<(&str, String, &str, Ratio), &SourceNote> = BTreeMap::new();
    for note in it.sources.iter().filter(|note| note.is_exchanged()) {
        let time = time(note, words);
        known.entry((note.currency.as_str(), time, &note.rate_source, note.rate)).or_insert(note);
    }
    if known.is_empty() {
        return String::new();
    }
    let rows: String = known
        .iter()
        .map(|((from, time, source, rate), _)| {
            format!(
                "<tr><td>{from}, {}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
                it.currency,
                escape(time),
                name(source),
                escape(&rate_text(*rate)),
            )
        })
        .collect();
    let heads = [words.from_to, words.rate_day, words.rate_source, words.exchange_rate];
    table(words.exchange_rates, heads, 3, &rows)
}

fn terms(terms: &[TermNote], look: &Look<'_>) -> String {
    let words = look.words();
    let rows: String = terms
        .iter()
        .map(|it| {
            format!(
                "<tr><td class=\"stack id\">{}<small>{}</small></td><td class=\"t\">{}</td>\
                 <td>{}</td><td class=\"n\"><span class=\"rate\">{}</span></td></tr>\n",
                text(&it.agreement),
                escape(&it.term),
                escape(&it.kind),
                escape(&look.language.term(it)),
                rate(it),
            )
        })
        .collect();
    let heads = [words.agreement_term, words.kind, words.in_words, words.rate_of];
    table(words.terms, heads, 3, &rows)
}

/// An id, or a dash where there is none.
fn text(id: &str) -> String {
    if id.is_empty() { DASH.to_owned() } else { escape(id) }
}

/// A table whose columns hold figures from `figures` on.
fn table(caption: &str, heads: [&str; 4], figures: usize, rows: &str) -> String {
    let heads: String = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let class = if at >= figures { " class=\"n\"" } else { "" };
            format!("<th scope=\"col\"{class}>{}</th>", escape(head))
        })
        .collect();
    format!(
        "<table>\n<caption>{}</caption>\n<thead><tr>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n",
        escape(caption),
    )
}

/// Renders the command that checks the statement, and what it proves.
pub(super) fn check(it: &Statement, words: &Words) -> String {
    let proves = escape(&fill(words.check_words, &[&it.operator]));
    format!(
        "<section>\n<h2>{}</h2>\n<pre><code>{}</code></pre>\n<p>{}</p>\n</section>\n",
        escape(words.check),
        escape(&command(it)),
        proves.replace("--key", "<code>--key</code>"),
    )
}

/// The command that checks the statement.
pub(super) fn command(it: &Statement) -> String {
    format!("leitmotif verify {}.receipt", statement::file_stem(&it.account, it.currency))
}
