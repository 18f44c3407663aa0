//! What a statement rests on, and how to check it.

use std::collections::BTreeMap;

use ::statement::{SourceNote, Statement, TermNote};
use money::Ratio;

use super::lines::{rate, short};
use super::text::{DASH, escape, name};

/// Renders the reports, licences and terms that the lines refer to.
pub(super) fn section(it: &Statement) -> String {
    if it.sources.is_empty() && it.terms.is_empty() {
        return String::new();
    }
    format!(
        "<section class=\"basis\">\n<h2>What this statement rests on</h2>\n{}{}{}</section>\n",
        reports(&it.sources),
        licences(&it.sources),
        terms(&it.terms)
    )
}

fn reports(sources: &[SourceNote]) -> String {
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
                basis(&it.basis),
                text(&it.sha256),
            )
        })
        .collect();
    table(
        "Sales reports",
        ["Service, sender", "Report, message id", "States", "SHA-256 of the report as received"],
        &rows,
    )
}

fn basis(token: &str) -> String {
    match token {
        "received" => "money received".to_owned(),
        "service-net" => "the service’s revenue".to_owned(),
        other => escape(other),
    }
}

fn licences(sources: &[SourceNote]) -> String {
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
    let heads = ["Licence", "Service", "Rate on the service’s revenue", "in per cent, rounded"];
    table("Licences", heads, &rows)
}

fn terms(terms: &[TermNote]) -> String {
    let rows: String = terms
        .iter()
        .map(|it| {
            format!(
                "<tr><td class=\"stack id\">{}<small>{}</small></td><td class=\"t\">{}</td>\
                 <td>{}</td><td class=\"n\">{}</td></tr>\n",
                text(&it.agreement),
                escape(&it.term),
                escape(&it.kind),
                escape(&it.words),
                rate(it),
            )
        })
        .collect();
    table("Terms", ["Agreement, term", "Kind", "In words", "rate × of = fraction"], &rows)
}

/// An id, or a dash where there is none.
fn text(id: &str) -> String {
    if id.is_empty() { DASH.to_owned() } else { escape(id) }
}

fn table(caption: &str, heads: [&str; 4], rows: &str) -> String {
    let figures = |at: usize| match caption {
        "Licences" => at >= 2,
        "Terms" => at == 3,
        _ => false,
    };
    let heads: String = heads
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let class = if figures(at) { " class=\"n\"" } else { "" };
            format!("<th scope=\"col\"{class}>{head}</th>")
        })
        .collect();
    format!(
        "<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}

/// Renders the command that checks the statement, and what it proves.
pub(super) fn check(it: &Statement) -> String {
    let stem = statement::file_stem(&it.account, it.currency);
    format!(
        "<section>\n<h2>How to check it</h2>\n\
         <pre><code>leitmotif verify {}.receipt</code></pre>\n\
         <p>The command needs no network and asks nobody: it computes every line and the balance \
         again, from what was reported, the licences and the terms. It proves that {}’s log has \
         signed for exactly the statement in the receipt, which this page only shows, so that no \
         figure can be changed later without being found out. It does not prove that the services \
         reported all usage and income, that the terms are those you signed, that nobody was \
         shown another log, or that the amount was paid. So compare the terms above with your own \
         copy, and give the log’s key, as you know it from its publisher, with \
         <code>--key</code>.</p>\n</section>\n",
        escape(&stem),
        name(&it.operator),
    )
}
