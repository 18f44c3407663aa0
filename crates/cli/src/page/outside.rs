//! What is paid to a payee past the operator, as pages, documents, workbooks and terminals show it.

use ::statement::{OutsideNote, Statement};

use super::text::{escape, exact};
use crate::words::{Words, fill};

/// A pipe of others in words: what it is, who pays, for which uses, and what is known of them.
pub(crate) fn rows(it: &Statement, words: &Words) -> Vec<[String; 4]> {
    let currency = it.currency.as_str();
    let row = |note: &OutsideNote| {
        let pipe = format!("{} ({})", note.title, words.right(&note.right));
        [pipe, note.paid_by.clone(), about(note, words), known(note, currency, words)]
    };
    it.outside.iter().map(row).collect()
}

/// The heads of these columns.
pub(crate) const fn heads(words: &Words) -> [&'static str; 4] {
    [words.outside_pipe, words.outside_paid_by, words.outside_about, words.outside_known]
}

fn about(note: &OutsideNote, words: &Words) -> String {
    let mut parts = Vec::new();
    parts.push(match note.about.is_empty() {
        true => words.outside_every.to_owned(),
        false => note.about.clone(),
    });
    if !note.from.is_empty() {
        parts.push(fill(words.outside_from, &[&note.from]));
    }
    if !note.until.is_empty() {
        parts.push(fill(words.outside_until, &[&note.until]));
    }
    parts.join(", ")
}

fn known(note: &OutsideNote, currency: &str, words: &Words) -> String {
    if note.usages.is_zero() && note.revenue.is_zero() {
        return fill(words.outside_unknown, &[currency]);
    }
    let [usages, revenue, licensed] = [note.usages, note.revenue, note.licensed].map(exact);
    let mut text = fill(words.outside_uses, &[&usages, currency, &revenue]);
    if !note.licensed.is_zero() {
        text = format!("{text}; {}", fill(words.outside_licensed, &[currency, &licensed]));
    }
    text
}

/// Renders the section of a page; nothing if nothing is outside.
pub(super) fn section(it: &Statement, words: &Words) -> String {
    let rows: String = rows(it, words)
        .iter()
        .map(|cells| {
            let cells: String = cells.iter().map(|it| format!("<td>{}</td>", escape(it))).collect();
            format!("<tr>{cells}</tr>\n")
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let heads: String =
        heads(words).iter().map(|it| format!("<th scope=\"col\">{}</th>", escape(it))).collect();
    format!(
        "<section class=\"basis\">\n<h2>{}</h2>\n<p>{}</p>\n<table>\n<thead><tr>{heads}</tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n",
        escape(words.outside),
        escape(words.outside_note),
    )
}
