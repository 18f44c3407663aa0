//! The workbook of one statement: a worksheet that sums up, and one, or several, with every line.

use ::statement::{Line, Statement};
use money::{Atoms, Rounding};
use paper::{Cell, ROWS_MAX, Workbook, WorkbookError, Worksheet};

use super::exchange::time;
use super::lines::{restated, rounding, term_id};
use super::statement::{due_label, stands, steps};
use super::sums::{Picture, Pictures, at};
use super::text::{DASH, share};
use super::{Look, outside};
use crate::words::Words;

/// How many rows a sum has at most; a worksheet has more room than a page.
const TOP: usize = 1_000;

/// The letters that the columns of the lines are wide.
const WIDTHS: [u32; 34] = [
    7, 26, 32, 22, 15, 9, 10, 18, 20, 20, 14, 14, 12, 14, 14, 14, 26, 26, 14, 14, 26, 14, 26, 26,
    26, 24, 20, 10, 10, 12, 26, 24, 34, 26,
];

/// Renders a statement as a workbook; the same statement, language and catalogue give the same
/// bytes.
///
/// # Errors
/// [`WorkbookError`] if the workbook cannot be packed.
pub(crate) fn statement_workbook(
    it: &Statement,
    look: &Look<'_>,
) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new()?;
    summary(&mut book, it, look)?;
    let name = look.words().lines_sheet;
    let heads = heads(look.words());
    let heads: Vec<Cell<'_>> = heads
        .iter()
        .map(|(head, numbers)| match numbers {
            true => Cell::HeadOfNumbers(head),
            false => Cell::Head(head),
        })
        .collect();
    // A worksheet without a line is one, too.
    let pieces = it.lines.len().div_ceil(ROWS_MAX - 1).max(1);
    for piece in 0..pieces {
        let name = if piece == 0 { name.to_owned() } else { format!("{name} {}", piece + 1) };
        book.worksheet(&Worksheet { name: &name, widths: &WIDTHS, frozen: 1 })?;
        book.row(&heads)?;
        let lines = (1..).zip(&it.lines).skip(piece * (ROWS_MAX - 1)).take(ROWS_MAX - 1);
        for (number, line) in lines {
            row(&mut book, it, look, number, line)?;
        }
    }
    book.finish()
}

fn summary(book: &mut Workbook, it: &Statement, look: &Look<'_>) -> Result<(), WorkbookError> {
    let words = look.words();
    let sheet = Worksheet { name: words.summary_sheet, widths: &[34, 22, 30, 14, 44], frozen: 0 };
    book.worksheet(&sheet)?;
    book.row(&[Cell::Title(look.language.holder(&it.account, &it.name))])?;
    book.row(&[Cell::Text(words.statement)])?;
    book.row(&[])?;
    for (label, fact) in [
        (words.issued_by, it.operator.as_str()),
        (words.period, &it.period),
        (words.currency, it.currency.as_str()),
        (words.settlement, &it.settlement),
        (words.account, &it.account),
    ] {
        book.row(&[Cell::Text(label), Cell::Text(fact)])?;
    }
    money(book, due_label(&it.account, words), it.balance.payable, "")?;
    book.row(&[])?;
    let amounts =
        [Cell::HeadOfNumbers(it.currency.as_str()), Cell::HeadOfNumbers(words.amount_exact)];
    book.row(&[Cell::Head(words.balance), amounts[0], amounts[1], Cell::Head(""), Cell::Head("")])?;
    for step in steps(it, words) {
        money(book, step.label, step.amount, &step.note)?;
    }
    for stand in stands(it, words) {
        book.row(&[])?;
        let heads = [words.stand_before, words.stand_now, words.stand_after];
        book.row(&[Cell::Head(&stand.name), amounts[0], amounts[1]])?;
        for (head, figure) in heads.into_iter().zip(stand.figures) {
            if let Some(figure) = figure {
                money(book, head, figure, "")?;
            }
        }
    }
    others(book, it, words)?;
    if !it.lines.is_empty() {
        let all = Pictures::of(it, look);
        let pictures = [all.services, all.recordings, all.territories, all.months];
        for picture in all.productions.into_iter().chain(pictures) {
            sums(book, it, look, &picture.cut(TOP))?;
        }
    }
    book.row(&[])?;
    book.row(&[Cell::Text(words.workbook_note)])
}

/// What others pay.
fn others(book: &mut Workbook, it: &Statement, words: &Words) -> Result<(), WorkbookError> {
    let rows = outside::rows(it, words);
    if rows.is_empty() {
        return Ok(());
    }
    book.row(&[])?;
    book.row(&[Cell::Title(words.outside)])?;
    book.row(&[Cell::Text(words.outside_note)])?;
    book.row(&outside::heads(words).map(Cell::Head))?;
    rows.iter().try_for_each(|row| book.row(&row.each_ref().map(|it| Cell::Text(it))))
}

/// An amount with its label: as a number, with every digit, and in words.
fn money(book: &mut Workbook, label: &str, amount: Atoms, note: &str) -> Result<(), WorkbookError> {
    let (number, exact) = (number(amount), amount.to_string());
    book.row(&[
        Cell::Text(label),
        Cell::Number(&number),
        Cell::Figures(&exact),
        Cell::Empty,
        Cell::Text(note),
    ])
}

fn sums(
    book: &mut Workbook,
    it: &Statement,
    look: &Look<'_>,
    picture: &Picture,
) -> Result<(), WorkbookError> {
    let words = look.words();
    book.row(&[])?;
    book.row(&[
        Cell::Head(picture.caption),
        Cell::HeadOfNumbers(it.currency.as_str()),
        Cell::HeadOfNumbers(words.amount_exact),
        Cell::HeadOfNumbers(words.share),
        Cell::Head(""),
    ])?;
    for row in &picture.rows {
        let soft = row.soft.join(", ");
        let (label, behind) = match row.is_rest() {
            true => (soft.as_str(), ""),
            false => (row.label.as_str(), soft.as_str()),
        };
        let amount = row.sum.map_or(DASH.to_owned(), number);
        let exact = row.sum.map_or(DASH.to_owned(), |sum| sum.to_string());
        let share = share(row.sum, Some(it.balance.earned));
        book.row(&[
            Cell::Text(label),
            Cell::Number(&amount),
            Cell::Figures(&exact),
            Cell::Figures(&share),
            Cell::Text(behind),
        ])?;
    }
    Ok(())
}

/// The heads of the lines' columns, and whether numbers stand below them.
fn heads(words: &Words) -> Vec<(String, bool)> {
    [
        (words.line, true),
        (words.production, false),
        (words.recording, false),
        (words.artist, false),
        (words.isrc, false),
        (words.month, false),
        (words.territory, false),
        (words.service, false),
        (words.use_type, false),
        (words.commercial_model, false),
        (words.price_category, false),
        (words.unit_price_head, true),
        (words.usages, true),
        (words.reported, true),
        (words.received, true),
        (words.amount, true),
        (words.amount_exact, true),
        (words.term, false),
        (words.rate, false),
        (words.fraction, false),
        (words.in_words, false),
        (words.rounding, false),
        (words.usages_exact, true),
        (words.reported_exact, true),
        (words.received_exact, true),
        (words.report, false),
        (words.first_line, true),
        (words.last_line, true),
        (words.lines, true),
        (words.received_currency, false),
        (words.exchange_rate, true),
        (words.rate_day, false),
        (words.rate_source, false),
        (words.exchanged_exact, true),
    ]
    .map(|(head, numbers)| (capitalised(head), numbers))
    .to_vec()
}

/// A head that elsewhere stands below another, standing alone.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |it| it.to_uppercase().chain(letters).collect())
}

fn row(
    book: &mut Workbook,
    it: &Statement,
    look: &Look<'_>,
    line_number: u64,
    line: &Line,
) -> Result<(), WorkbookError> {
    let words = look.words();
    let (Some(source), Some(recording), Some(context), Some(term)) = (
        at(&it.sources, line.source),
        at(&it.recordings, line.recording),
        at(&it.contexts, line.context),
        at(&it.terms, line.term),
    ) else {
        return book.row(&[Cell::Count(line_number), Cell::Text(DASH)]);
    };
    let numbers = [line.usages, line.reported, line.received, line.amount].map(number);
    let exact = [line.usages, line.reported, line.received, line.amount].map(|it| it.to_string());
    let (rate, fraction) = (term.rate.to_string(), term.fraction.to_string());
    let id = term_id(term, words);
    let in_words = look.language.term(term);
    let why = restated(source, look.language).map_or_else(String::new, |it| format!(" · {it}"));
    let report = format!("{}{why}", source.report);
    let exchanged = source.exchanged(line.received).map_or(DASH.to_owned(), |it| it.to_string());
    let exchange_rate = source.rate.to_string();
    let day = if source.is_exchanged() { time(source, words) } else { String::new() };
    book.row(&[
        Cell::Count(line_number),
        Cell::Text(look.production(&recording.id).unwrap_or_default()),
        Cell::Text(&recording.title),
        Cell::Text(&recording.artist),
        Cell::Text(&recording.isrc),
        Cell::Text(&context.month),
        Cell::Text(look.language.token(&context.territory)),
        Cell::Text(&source.service),
        Cell::Text(look.language.token(&context.use_type)),
        Cell::Text(look.language.token(&context.commercial_model)),
        Cell::Text(&context.price_category),
        Cell::Figures(&context.unit_price),
        Cell::Number(&numbers[0]),
        Cell::Number(&numbers[1]),
        Cell::Number(&numbers[2]),
        Cell::Number(&numbers[3]),
        Cell::Figures(&exact[3]),
        Cell::Text(&id),
        Cell::Text(&rate),
        Cell::Text(&fraction),
        Cell::Text(&in_words),
        Cell::Text(rounding(line.rounded, words)),
        Cell::Figures(&exact[0]),
        Cell::Figures(&exact[1]),
        Cell::Figures(&exact[2]),
        Cell::Text(&report),
        Cell::Count(line.first_line),
        Cell::Count(line.last_line),
        Cell::Count(line.report_lines),
        Cell::Text(source.currency.as_str()),
        Cell::Figures(&exchange_rate),
        Cell::Text(&day),
        Cell::Text(&source.rate_source),
        Cell::Figures(&exchanged),
    ])
}

/// A number as a spreadsheet can keep it: 17 significant digits, half to even; the exact amount
/// stands beside it as a text.
fn number(atoms: Atoms) -> String {
    let text = atoms.to_string();
    let whole = text.trim_start_matches('-').find('.').unwrap_or(text.len());
    let decimals = u32::try_from(17_usize.saturating_sub(whole)).unwrap_or(0);
    match atoms.checked_quantise(decimals.min(money::SCALE), Rounding::HalfEven) {
        Some((kept, _)) => kept.to_string(),
        None => text,
    }
}
