//! Every line, with the reason for its amount.

use std::cmp::Reverse;

use ::statement::{ContextNote, Line, RecordingNote, Rounded, SourceNote, Statement, TermNote};
use money::Atoms;

use super::breakdown::at;
use super::text::{DASH, aligned, count, counted, decimals, escape, exact, name};

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
pub(super) fn section(it: &Statement) -> String {
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
        shown.iter().map(|(number, line)| row(it, *number, line, &columns)).collect();
    let table = format!(
        "<div class=\"wide\">\n<table class=\"lines\">\n<thead><tr>\
         <th scope=\"col\">Line</th>\
         <th scope=\"col\">Recording<br>artist, ISRC<br>term, use, source</th>\
         <th scope=\"col\">Month<br>territory</th>\
         <th scope=\"col\" class=\"n\">Usages</th>\
         <th scope=\"col\" class=\"n\">Reported<br>received</th>\
         <th scope=\"col\" class=\"n\">Amount<br>rounding</th></tr></thead>\n\
         {body}{}</table>\n</div>\n",
        total(it, left_out.is_empty()),
    );
    format!(
        "<section{}>\n<div class=\"keep\">\n<h2>Every line</h2>\n{}</div>\n{}</section>\n",
        if it.lines.len() > FEW { " class=\"sheet\"" } else { "" },
        words(it, &left_out),
        if it.lines.is_empty() { "" } else { &table },
    )
}

/// What the reader needs to know before the table.
fn words(it: &Statement, left_out: &[(usize, &Line)]) -> String {
    let currency = it.currency;
    if it.lines.is_empty() {
        return "<p>No usage brought this account anything in this period.</p>\n".to_owned();
    }
    let how = format!(
        "<p class=\"note\">Amounts are in {currency} with all their decimals. What is received is \
         the reported amount times the licence’s rate; the amount is what is received times the \
         term’s fraction, rounded by less than one in its eighteenth decimal.</p>\n"
    );
    if left_out.is_empty() {
        return how;
    }
    let sum = Atoms::checked_sum(left_out.iter().map(|it| it.1.amount));
    format!(
        "{how}<p><strong>This page shows the {} lines with the largest amounts; {} left out, \
         together {currency} {}.</strong> The CSV and JSON files of this statement hold all {} \
         lines.</p>\n",
        count(LIMIT),
        match left_out.len() {
            1 => "1 line is".to_owned(),
            more => format!("{} lines are", count(more)),
        },
        sum.map_or(DASH.to_owned(), exact),
        count(it.lines.len()),
    )
}

/// The foot of the table: the sum of all lines, shown or not.
fn total(it: &Statement, all: bool) -> String {
    let sum = Atoms::checked_sum(it.lines.iter().map(|line| line.amount));
    let sum = sum.map_or(DASH.to_owned(), exact);
    let lines = counted(it.lines.len(), "line", "lines");
    let words = if all { "" } else { ", shown and left out" };
    format!(
        "<tfoot><tr><th scope=\"row\" colspan=\"4\">Earned, {lines}{words}</th>\
         <td class=\"n\" colspan=\"2\">{sum}</td></tr></tfoot>\n"
    )
}

/// One line: figures above, the reason below; they stay on one sheet.
fn row(it: &Statement, number: usize, line: &Line, columns: &Columns) -> String {
    let context = at(&it.contexts, line.context);
    let rounding = match line.rounded {
        Rounded::Exact => "exact",
        Rounded::Down => "rounded down",
        Rounded::Up => "rounded up",
    };
    format!(
        "<tbody class=\"line\"><tr><td class=\"soft\">{number}</td><td>{}</td>\
         <td class=\"t\">{}</td><td class=\"n\">{}</td><td class=\"n\"><div>{}</div><div>{}</div></td>\
         <td class=\"n\"><div><b>{}</b></div><div>{rounding}</div></td></tr>\n\
         <tr class=\"why\"><td></td><td colspan=\"5\">{}<br>{}; {}</td></tr>\
         </tbody>\n",
        recording(at(&it.recordings, line.recording)),
        context.map_or(DASH.to_owned(), when_and_where),
        aligned(line.usages, columns.usages),
        aligned(line.reported, columns.money),
        aligned(line.received, columns.money),
        aligned(line.amount, columns.amount),
        at(&it.terms, line.term).map_or(DASH.to_owned(), term),
        context.map_or(DASH.to_owned(), how),
        at(&it.sources, line.source).map_or(DASH.to_owned(), |note| source(note, line)),
    )
}

fn recording(note: Option<&RecordingNote>) -> String {
    let Some(note) = note else { return DASH.to_owned() };
    let isrc = if note.isrc.is_empty() { "no ISRC" } else { &note.isrc };
    let tied = if note.id.is_empty() { ", not matched" } else { "" };
    format!(
        "<div><b>{}</b></div><div>{}, {}{tied}</div>",
        name(&note.title),
        name(&note.artist),
        escape(isrc)
    )
}

fn when_and_where(note: &ContextNote) -> String {
    format!("<div>{}</div><div>{}</div>", escape(&note.month), escape(&note.territory))
}

fn how(note: &ContextNote) -> String {
    format!("{}, {}", escape(&note.use_type), escape(&note.commercial_model))
}

fn term(note: &TermNote) -> String {
    let id = match (note.agreement.is_empty(), note.term.is_empty()) {
        (true, _) => "no agreement".to_owned(),
        (false, true) => escape(&note.agreement),
        (false, false) => format!("{}/{}", escape(&note.agreement), escape(&note.term)),
    };
    format!("{} ({id}): {}", escape(&note.words), rate(note))
}

/// `1/2 × 17/20 = 17/40`.
pub(super) fn rate(note: &TermNote) -> String {
    let TermNote { rate, of, fraction, .. } = note;
    format!("<span class=\"rate\">{rate} × {of} = {fraction}</span>")
}

/// Which lines of which report.
fn source(note: &SourceNote, line: &Line) -> String {
    let Line { report_lines, first_line, last_line, .. } = *line;
    let span = last_line.checked_sub(first_line).and_then(|it| it.checked_add(1));
    let lines = match (first_line == last_line, span == Some(report_lines)) {
        (true, true) => format!("line {first_line}"),
        (false, true) => format!("lines {first_line}–{last_line}"),
        (_, false) => format!("{report_lines} of lines {first_line}–{last_line}"),
    };
    format!(
        "report {}, {}, {lines}",
        escape(&short(&note.report)),
        if note.message_id.is_empty() { DASH.to_owned() } else { escape(&note.message_id) }
    )
}

/// The first letters of a report's id, as the lines name it.
pub(super) fn short(report: &str) -> String {
    report.chars().take(8).collect()
}
