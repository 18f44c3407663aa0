//! Every line, with the reason for its amount.

use std::cmp::Reverse;

use ::statement::{ContextNote, Line, RecordingNote, Rounded, SourceNote, Statement, TermNote};
use money::Atoms;

use super::Look;
use super::exchange::{figures, mark, origin};
use super::sums::at;
use super::text::{DASH, aligned, count, counted, decimals, escape, exact, name};
use crate::words::{Language, Words, fill};

/// How many lines a page shows; printed, they fill more than a hundred sheets.
const LIMIT: usize = 2_000;

/// More lines than these begin on a sheet of their own.
const FEW: usize = 10;

/// How many decimals the columns need.
struct Columns {
    usages: usize,
    money: usize,
    amount: usize,
}

/// Renders the lines: all, or those with the largest amounts and what was left out.
pub(super) fn section(it: &Statement, look: &Look<'_>) -> String {
    let words = look.words();
    let mut shown: Vec<(usize, &Line)> = (1..).zip(&it.lines).collect();
    if shown.len() > LIMIT {
        shown.sort_by_key(|(_, line)| Reverse(line.amount.raw().unsigned_abs()));
    }
    let left_out = shown.split_off(shown.len().min(LIMIT));
    let columns = Columns {
        usages: decimals(shown.iter().map(|it| it.1.usages)),
        money: decimals(shown.iter().flat_map(|it| [it.1.reported, it.1.received])),
        amount: decimals(shown.iter().map(|it| it.1.amount)),
    };
    let body: String =
        shown.iter().map(|(number, line)| row(it, look, *number, line, &columns)).collect();
    let heads: String = [
        ("", vec![words.line]),
        ("", vec![words.recording, words.artist_isrc, words.term_use_source]),
        ("", vec![words.month, words.territory]),
        (" class=\"n\"", vec![words.usages]),
        (" class=\"n\"", vec![words.reported, words.received]),
        (" class=\"n\"", vec![words.amount, words.rounding]),
    ]
    .iter()
    .map(|(class, heads)| {
        let heads: Vec<String> = heads.iter().map(|it| escape(it)).collect();
        format!("<th scope=\"col\"{class}>{}</th>", heads.join("<br>"))
    })
    .collect();
    let table = format!(
        "<div class=\"wide\">\n<table class=\"lines\">\n<thead><tr>{heads}</tr></thead>\n\
         {body}{}</table>\n</div>\n",
        total(it, words, left_out.is_empty()),
    );
    format!(
        "<section{}>\n<div class=\"keep\">\n<h2>{}</h2>\n{}</div>\n{}</section>\n",
        if it.lines.len() > FEW { " class=\"sheet\"" } else { "" },
        escape(words.every_line),
        notes(it, words, &left_out),
        if it.lines.is_empty() { "" } else { &table },
    )
}

/// What the reader needs to know before the table.
fn notes(it: &Statement, words: &Words, left_out: &[(usize, &Line)]) -> String {
    if it.lines.is_empty() {
        return format!("<p>{}</p>\n", escape(words.no_line));
    }
    let currency = it.currency.as_str();
    let mut how = fill(words.every_line_note, &[currency]);
    if it.sources.iter().any(SourceNote::is_exchanged) {
        how += &format!(" {}", fill(words.exchange_note, &[currency]));
    }
    let how = format!("<p class=\"note\">{}</p>\n", escape(&how));
    if left_out.is_empty() {
        return how;
    }
    let sum = Atoms::checked_sum(left_out.iter().map(|it| it.1.amount));
    let template = if left_out.len() == 1 { words.cut_one } else { words.cut_more };
    let sum = sum.map_or(DASH.to_owned(), exact);
    let cut = fill(template, &[&count(LIMIT), &count(left_out.len()), currency, &sum]);
    let rest = fill(words.cut_rest, &[&count(it.lines.len())]);
    format!("{how}<p><strong>{}</strong> {}</p>\n", escape(&cut), escape(&rest))
}

/// The foot of the table: the sum of all lines, shown or not.
fn total(it: &Statement, words: &Words, all: bool) -> String {
    let sum = Atoms::checked_sum(it.lines.iter().map(|line| line.amount));
    let sum = sum.map_or(DASH.to_owned(), exact);
    let template = if all { words.earned_lines } else { words.earned_lines_cut };
    format!(
        "<tfoot><tr><th scope=\"row\" colspan=\"4\">{}</th>\
         <td class=\"n\" colspan=\"2\">{sum}</td></tr></tfoot>\n",
        escape(&fill(template, &[&counted(it.lines.len(), words)])),
    )
}

/// How an exact share became whole atoms, in words.
pub(super) fn rounding(rounded: Rounded, words: &Words) -> &str {
    match rounded {
        Rounded::Exact => words.rounded_exact,
        Rounded::Down => words.rounded_down,
        Rounded::Up => words.rounded_up,
    }
}

/// One line: figures above, the reason below; they stay on one sheet.
fn row(it: &Statement, look: &Look<'_>, number: usize, line: &Line, columns: &Columns) -> String {
    let context = at(&it.contexts, line.context);
    let words = look.words();
    let note = at(&it.sources, line.source);
    let mark = escape(&mark(note));
    let exchanged = note.and_then(|note| {
        let told = figures(it, note, line, words)?;
        Some(format!("<br>{} ({})", escape(&told), escape(&origin(note, words))))
    });
    let exchanged = exchanged.unwrap_or_default();
    format!(
        "<tbody class=\"line\"><tr><td class=\"soft\">{number}</td><td>{}</td>\
         <td class=\"t\">{}</td><td class=\"n\">{}</td><td class=\"n\"><div>{mark}{}</div><div>{mark}{}</div></td>\
         <td class=\"n\"><div><b>{}</b></div><div>{}</div></td></tr>\n\
         <tr class=\"why\"><td></td><td colspan=\"5\">{}<br>{}; {}{exchanged}</td></tr>\
         </tbody>\n",
        recording(at(&it.recordings, line.recording), words),
        context.map_or(DASH.to_owned(), |note| when_and_where(note, look)),
        aligned(line.usages, columns.usages),
        aligned(line.reported, columns.money),
        aligned(line.received, columns.money),
        aligned(line.amount, columns.amount),
        escape(rounding(line.rounded, words)),
        at(&it.terms, line.term).map_or(DASH.to_owned(), |note| term(note, look)),
        context.map_or(DASH.to_owned(), |note| escape(&look.language.how(note))),
        note.map_or(DASH.to_owned(), |note| escape(&source(note, line, look))),
    )
}

fn recording(note: Option<&RecordingNote>, words: &Words) -> String {
    let Some(note) = note else { return DASH.to_owned() };
    let isrc = if note.isrc.is_empty() { words.no_isrc } else { &note.isrc };
    let tied = match note.id.is_empty() {
        true => format!(", {}", words.not_matched),
        false => String::new(),
    };
    format!(
        "<div><b>{}</b></div><div>{}, {}{}</div>",
        name(&note.title),
        name(&note.artist),
        escape(isrc),
        escape(&tied),
    )
}

fn when_and_where(note: &ContextNote, look: &Look<'_>) -> String {
    let territory = look.language.token(&note.territory);
    format!("<div>{}</div><div>{}</div>", escape(&note.month), escape(territory))
}

fn term(note: &TermNote, look: &Look<'_>) -> String {
    let id = term_id(note, look.words());
    let words = look.language.term(note);
    let rate = rate(note);
    format!("{} ({}): <span class=\"rate\">{rate}</span>", escape(&words), escape(&id))
}

/// Agreement and term, as people point to them.
pub(super) fn term_id(note: &TermNote, words: &Words) -> String {
    match (note.agreement.is_empty(), note.term.is_empty()) {
        (true, _) => words.no_agreement.to_owned(),
        (false, true) => note.agreement.clone(),
        (false, false) => format!("{}/{}", note.agreement, note.term),
    }
}

/// `1/2 × 17/20 = 17/40`.
pub(super) fn rate(note: &TermNote) -> String {
    let TermNote { rate, of, fraction, .. } = note;
    format!("{rate} × {of} = {fraction}")
}

/// Which lines of which report.
fn source(note: &SourceNote, line: &Line, look: &Look<'_>) -> String {
    let words = look.words();
    let message = if note.message_id.is_empty() { DASH } else { &note.message_id };
    let told = fill(words.report_lines, &[&short(&note.report), message, &span(line, words)]);
    match restated(note, look.language) {
        Some(why) => format!("{told} · {why}"),
        None => told,
    }
}

/// What a restated line restates, and why.
pub(super) fn restated(note: &SourceNote, language: Language) -> Option<String> {
    let words = language.words();
    let form = match note.restated.as_str() {
        "" => return None,
        "before" => words.restated_before,
        _ => words.restated_now,
    };
    Some(fill(form, &[&note.restates, &language.because(note)]))
}

/// Which lines of a report a line sums.
pub(super) fn span(line: &Line, words: &Words) -> String {
    let Line { report_lines, first_line, last_line, .. } = *line;
    let span = last_line.checked_sub(first_line).and_then(|it| it.checked_add(1));
    let template = match (first_line == last_line, span == Some(report_lines)) {
        (true, true) => words.one_line,
        (false, true) => words.lines_from_to,
        (_, false) => words.lines_among,
    };
    let texts = [first_line, last_line, report_lines].map(|it| it.to_string());
    fill(template, &[&texts[0], &texts[1], &texts[2]])
}

/// The first letters of a report's id, as the lines name it.
pub(super) fn short(report: &str) -> String {
    report.chars().take(8).collect()
}
