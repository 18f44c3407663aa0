//! The page of one statement.

use ::statement::{BalanceNote, Statement};
use money::Atoms;

use super::text::{aligned, counted, decimals, escape, exact, name};
use super::{Look, basis, breakdown, document, lines, outside};
use crate::words::{Words, fill};

/// Renders a statement as a page that can be read, printed and kept.
pub(crate) fn statement_page(statement: &Statement, look: &Look<'_>) -> String {
    let words = look.words();
    let body = [
        head(statement, look),
        due(statement, words),
        balance(statement, words),
        standing(statement, words),
        breakdown::section(statement, look),
        lines::section(statement, look),
        outside::section(statement, words),
        basis::section(statement, look),
        basis::check(statement, words),
    ]
    .concat();
    let Statement { operator, period, currency, account, .. } = statement;
    let name = look.language.holder(account, &statement.name);
    document(
        look.language,
        &fill(words.title, &[name, period, currency.as_str()]),
        &format!("{operator} · {name} · {period} · {currency}"),
        &body,
    )
}

/// Who issues it, for whom, for when, in what.
fn head(it: &Statement, look: &Look<'_>) -> String {
    let words = look.words();
    let facts: String = [
        (words.period, escape(&it.period)),
        (words.currency, it.currency.to_string()),
        (words.settlement, escape(&it.settlement)),
        (words.issued_by, name(&it.operator)),
        (words.account, escape(&it.account)),
    ]
    .iter()
    .map(|(label, fact)| format!("<div><dt>{}</dt><dd>{fact}</dd></div>\n", escape(label)))
    .collect();
    format!(
        "<header>\n<p class=\"masthead\"><b>{operator}</b><span>{statement}</span></p>\n\
         <h1>{name}</h1>\n\
         <dl>\n{facts}</dl>\n</header>\n",
        operator = name(&it.operator),
        statement = escape(words.statement),
        name = name(look.language.holder(&it.account, &it.name)),
    )
}

/// What the large figure is called: only a payee's balance is paid out.
pub(super) fn due_label(account: &str, words: &'static Words) -> &'static str {
    match account.split_once(':').map_or(account, |(kind, _)| kind) {
        "payee" => words.amount_payable,
        "fee" => words.fee_due,
        "retained" => words.retained,
        "suspense" => words.in_suspense,
        _ => words.balance,
    }
}

/// What is to be known beside the large figure: what is carried, and what was due before.
pub(super) fn due_notes(it: &Statement, words: &Words) -> Vec<String> {
    let BalanceNote { carried, minimum, opening, payable, .. } = it.balance;
    let mut notes = Vec::new();
    match (carried.is_zero(), carried.is_negative()) {
        (true, _) => {}
        (false, false) if payable.is_zero() && carried < minimum => {
            notes.push(fill(words.below_minimum, &[&exact(minimum), &exact(carried)]));
        }
        (false, false) => {
            notes.push(fill(words.below_unit, &[&exact(carried), it.currency.as_str()]));
        }
        (false, true) => notes.push(fill(words.negative, &[&exact(carried)])),
    }
    if !opening.is_zero() {
        notes.push(fill(words.opening_counted, &[&exact(opening)]));
    }
    notes
}

/// What can be paid, in the digits of the currency.
pub(super) fn payable(it: &Statement) -> String {
    let digits = it.currency.minor_digits();
    it.balance.payable.grouped(digits).to_string().replace('-', "−")
}

/// The one large figure.
fn due(it: &Statement, words: &'static Words) -> String {
    let notes: String = due_notes(it, words)
        .iter()
        .map(|note| format!("<small>{}</small>", escape(note)))
        .collect();
    format!(
        "<section class=\"due\">\n<span>{}</span>\n<b><abbr>{}</abbr>{}</b>\n{notes}</section>\n",
        escape(due_label(&it.account, words)),
        it.currency,
        payable(it),
    )
}

/// A row of the balance: its label, what it says, its amount, and whether it closes a sum.
pub(super) struct Step {
    pub(super) label: &'static str,
    pub(super) note: String,
    pub(super) amount: Atoms,
    pub(super) sum: bool,
}

/// How the balance moved, row by row.
pub(super) fn steps(it: &Statement, words: &'static Words) -> [Step; 6] {
    let note = &it.balance;
    let last = if it.account.starts_with("payee:") { words.payable } else { words.whole_units };
    let row = |label, note: &str, amount| Step { label, note: note.to_owned(), amount, sum: false };
    let earned = fill(words.earned_words, &[&counted(it.lines.len(), words)]);
    [
        row(words.opening, words.opening_words, note.opening),
        row(words.earned, &earned, note.earned),
        row(words.moved, words.moved_words, note.moved),
        Step { sum: true, ..row(words.closing, words.closing_words, note.closing) },
        row(last, words.payable_words, note.payable),
        row(words.carried, words.carried_words, note.carried),
    ]
}

/// How the balance moved.
fn balance(it: &Statement, words: &'static Words) -> String {
    let steps = steps(it, words);
    let places = decimals(steps.iter().map(|it| it.amount));
    let rows: String = steps
        .iter()
        .map(|step| {
            format!(
                "<tr{}><th scope=\"row\">{}</th><td class=\"soft\">{}</td>\
                 <td class=\"n\">{}</td></tr>\n",
                if step.sum { " class=\"sum\"" } else { "" },
                escape(step.label),
                escape(&step.note),
                aligned(step.amount, places)
            )
        })
        .collect();
    format!(
        "<section>\n<table>\n\
         <thead><tr><th scope=\"col\" class=\"what\">{}</th><th scope=\"col\"></th>\
         <th scope=\"col\" class=\"n\">{}</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n",
        escape(words.balance),
        escape(&fill(words.exact, &[it.currency.as_str()])),
    )
}

/// What moved, and what stands open before and after: figures that a page shows in one row.
pub(super) struct Stand {
    /// What it is.
    pub(super) name: String,
    /// Open before, moved now, open after.
    pub(super) figures: [Option<Atoms>; 3],
}

/// Places that stand open, and movements that leave nothing open.
pub(super) fn stands(it: &Statement, words: &Words) -> Vec<Stand> {
    let open = it.open.iter().map(|note| {
        let moved = note.closing.checked_sub(note.opening);
        let figures = [Some(note.opening), moved, Some(note.closing)];
        Stand { name: note.account.clone(), figures }
    });
    let is_shown = |other: &str| it.open.iter().any(|note| note.account == other);
    let moved = it.movements.iter().filter(|note| !is_shown(&note.other)).map(|note| {
        let of = [note.agreement.as_str(), note.reference.as_str()];
        let of: Vec<&str> = of.into_iter().filter(|it| !it.is_empty()).collect();
        let name = format!("{}: {} ({})", words.movement(&note.kind), of.join(" / "), note.other);
        Stand { name, figures: [None, Some(note.amount), None] }
    });
    open.chain(moved).collect()
}

/// What moved, and what stands open.
fn standing(it: &Statement, words: &Words) -> String {
    let stands = stands(it, words);
    if stands.is_empty() {
        return String::new();
    }
    let places = [0, 1, 2].map(|at| decimals(stands.iter().filter_map(|it| it.figures[at])));
    let row = |it: &Stand| {
        let cells = it.figures.iter().zip(places).map(|(figure, places)| {
            let figure = figure.map_or_else(String::new, |it| aligned(it, places));
            format!("<td class=\"n\">{figure}</td>")
        });
        let cells: String = cells.collect();
        format!("<tr><th scope=\"row\">{}</th>{cells}</tr>\n", escape(&it.name))
    };
    let rows: String = stands.iter().map(row).collect();
    let heads: String = [words.stand_before, words.stand_now, words.stand_after]
        .iter()
        .map(|it| format!("<th scope=\"col\" class=\"n\">{}</th>", escape(it)))
        .collect();
    format!(
        "<section>\n<table>\n<thead><tr><th scope=\"col\" class=\"what\">{}</th>{heads}</tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n",
        escape(words.stands),
    )
}
