//! Every line: two rows each, on sheets that lie across.

use ::statement::{Line, SourceNote, Statement};
use money::Atoms;

use super::super::exchange::{figures, mark};
use super::super::lines::{rate, restated, rounding, span};
use super::super::sums::at;
use super::super::text::{DASH, count, counted, exact};
use super::{Desk, Figures, INK, MARGIN, RULE, bold, regular, soft};
use crate::words::{Language, fill};

/// From line to line.
const STEP: f32 = 20.0;
/// Between columns.
const GAP: f32 = 12.0;
const MAIN: f32 = 7.8;
const SMALL: f32 = 7.0;

/// Where the columns begin, or, of figures, end.
struct Columns {
    recording: f32,
    when: f32,
    why: f32,
    usages: (f32, Figures),
    /// How wide the names of other currencies are, before the figures of what was received.
    mark: f32,
    money: (f32, Figures),
    amount: (f32, Figures),
}

impl Columns {
    fn of(desk: &Desk<'_>) -> Self {
        let (lines, words) = (&desk.it.lines, desk.words);
        let main = regular(MAIN);
        let usages = Figures::of(main, lines.iter().map(|it| it.usages));
        let money = Figures::of(main, lines.iter().flat_map(|it| [it.reported, it.received]));
        // Their sums stand in the same column.
        let sums = lines.iter().map(|it| it.amount).chain([desk.it.balance.earned]);
        let amount = Figures::of(bold(MAIN), sums);
        let wide = |column: &Figures, heads: [&str; 2]| {
            let heads = heads.iter().map(|it| paper::width(it, soft(SMALL)));
            heads.fold(column.width(), f32::max)
        };
        let right = MARGIN + desk.width();
        let money_right = right - wide(&amount, [words.amount, words.rounded_down]) - GAP;
        let marks = desk.it.sources.iter().map(|it| mark(Some(it)));
        let mark = marks.map(|it| paper::width(&it, soft(SMALL))).fold(0.0, f32::max);
        let usages_right =
            money_right - wide(&money, [words.reported, words.received]) - mark - GAP;
        let rest_right = usages_right - wide(&usages, [words.usages, ""]) - GAP;
        let recording =
            MARGIN + paper::width(&lines.len().to_string(), soft(SMALL)).max(20.0) + 8.0;
        let room = rest_right - recording - 46.0;
        Self {
            recording,
            when: recording + 0.44 * room,
            why: recording + 0.44 * room + 46.0,
            usages: (usages_right, usages),
            mark,
            money: (money_right, money),
            amount: (right, amount),
        }
    }

    /// Where the texts end.
    fn rest_right(&self) -> f32 {
        self.usages.0 - self.usages.1.width() - GAP
    }
}

pub(super) fn draw(desk: &mut Desk<'_>) {
    let (it, words) = (desk.it, desk.words);
    if it.lines.is_empty() {
        return;
    }
    desk.form = paper::Sheet::Across;
    let columns = Columns::of(desk);
    let mut sum = Some(Atoms::ZERO);
    let mut begun = false;
    for (number, line) in (1_usize..).zip(&it.lines) {
        // Below the last line of a sheet stands the sum so far.
        if !begun || desk.y + STEP + 16.0 > desk.bottom() {
            if begun {
                so_far(desk, &columns, number - 1, sum);
            }
            sheet(desk, &columns, !begun);
            begun = true;
        }
        row(desk, &columns, number, line);
        sum = sum.and_then(|sum| sum.checked_add(line.amount));
    }
    let lines = counted(it.lines.len(), words);
    desk.pdf.bar(MARGIN, desk.y, desk.width(), 0.7, INK);
    total(desk, &columns, &fill(words.earned_lines, &[&lines]), sum);
}

/// Begins a sheet with the heads of its columns.
fn sheet(desk: &mut Desk<'_>, columns: &Columns, first: bool) {
    let (it, words) = (desk.it, desk.words);
    desk.sheet(paper::Sheet::Across);
    desk.y -= 6.0;
    desk.heading(words.every_line);
    if first {
        desk.pdf.mark(words.every_line);
        let how = fill(words.every_line_note, &[it.currency.as_str()]);
        let exchange = match it.sources.iter().any(SourceNote::is_exchanged) {
            true => format!("{} ", fill(words.exchange_note, &[it.currency.as_str()])),
            false => String::new(),
        };
        let note = format!("{how} {exchange}{}", words.paper_line_note);
        desk.wrapped(MARGIN, soft(7.5), desk.width(), 9.5, &note);
        desk.y += 4.0;
    }
    let pen = soft(SMALL);
    let (above, below) = (desk.y + 9.0, desk.y + 17.5);
    desk.pdf.text(MARGIN, above, pen, words.line);
    for (x, head, second) in [
        (columns.recording, words.recording, words.artist_isrc),
        (columns.when, words.month, words.territory),
        (columns.why, words.use_and_why, ""),
    ] {
        desk.pdf.text(x, above, pen, head);
        desk.pdf.text(x, below, pen, second);
    }
    for (x, head, second) in [
        (columns.usages.0, words.usages, ""),
        (columns.money.0, words.reported, words.received),
        (columns.amount.0, words.amount, words.rounding),
    ] {
        desk.pdf.text_before(x, above, pen, head);
        desk.pdf.text_before(x, below, pen, second);
    }
    desk.y += 22.0;
    desk.pdf.bar(MARGIN, desk.y, desk.width(), 0.7, INK);
}

fn row(desk: &mut Desk<'_>, columns: &Columns, number: usize, line: &Line) {
    let (it, words) = (desk.it, desk.words);
    let (above, below) = (desk.y + 8.5, desk.y + 17.0);
    desk.pdf.text(MARGIN, above, soft(SMALL), &number.to_string());
    let room = columns.when - columns.recording - 8.0;
    if let Some(note) = at(&it.recordings, line.recording) {
        let title = if note.title.is_empty() { DASH } else { &note.title };
        desk.fitted(columns.recording, above, bold(MAIN), room, title);
        let artist = if note.artist.is_empty() { DASH } else { &note.artist };
        let isrc = if note.isrc.is_empty() { words.no_isrc } else { &note.isrc };
        let tied = if note.id.is_empty() { words.not_matched } else { "" };
        let comma = if tied.is_empty() { "" } else { ", " };
        let text = format!("{artist}, {isrc}{comma}{tied}");
        desk.fitted(columns.recording, below, soft(SMALL), room, &text);
    }
    let room = columns.rest_right() - columns.why;
    if let Some(note) = at(&it.contexts, line.context) {
        desk.pdf.text(columns.when, above, regular(SMALL), &note.month);
        let territory = desk.look.language.token(&note.territory);
        desk.fitted(columns.when, below, soft(SMALL), 40.0, territory);
        let service = at(&it.sources, line.source).map_or("", |it| it.service.as_str());
        let dot = if service.is_empty() { "" } else { " · " };
        let text = format!("{}{dot}{service}", desk.look.language.how(note));
        desk.fitted(columns.why, above, regular(SMALL), room, &text);
    }
    desk.fitted(columns.why, below, soft(SMALL), room, &why(it, line, desk.look.language));
    let main = regular(MAIN);
    let (right, column) = columns.usages;
    column.write(&mut desk.pdf, right, above, main, line.usages);
    let (right, column) = columns.money;
    let other = mark(at(&it.sources, line.source));
    for y in [above, below].into_iter().filter(|_| !other.is_empty()) {
        desk.pdf.text(right - column.width() - columns.mark, y, soft(SMALL), other.trim_end());
    }
    column.write(&mut desk.pdf, right, above, main, line.reported);
    column.write(&mut desk.pdf, right, below, soft(MAIN), line.received);
    let (right, column) = columns.amount;
    column.write(&mut desk.pdf, right, above, bold(MAIN), line.amount);
    desk.pdf.text_before(right, below, soft(SMALL), rounding(line.rounded, words));
    desk.y += STEP;
    desk.pdf.bar(MARGIN, desk.y, desk.width(), 0.3, RULE);
}

/// By which term, and from which lines of which report: numbers of the lists behind the lines.
fn why(it: &Statement, line: &Line, language: Language) -> String {
    let next = |index: u64| index.saturating_add(1);
    let term = at(&it.terms, line.term).map_or(DASH.to_owned(), rate);
    let (term_number, source) = (next(line.term), next(line.source));
    let why = at(&it.sources, line.source).and_then(|it| restated(it, language));
    let why = why.map_or_else(String::new, |it| format!(" · {it}"));
    let words = language.words();
    let exchanged = at(&it.sources, line.source).and_then(|note| figures(it, note, line, words));
    let exchanged = exchanged.map_or_else(String::new, |told| format!(" · {told}"));
    format!("T{term_number}: {term} · S{source}, {}{exchanged}{why}", span(line, words))
}

fn so_far(desk: &mut Desk<'_>, columns: &Columns, number: usize, sum: Option<Atoms>) {
    let text = fill(desk.words.sum_to_here, &[&count(number)]);
    total(desk, columns, &text, sum);
}

fn total(desk: &mut Desk<'_>, columns: &Columns, text: &str, sum: Option<Atoms>) {
    let y = desk.y + 12.0;
    let (right, column) = columns.amount;
    desk.pdf.text(MARGIN, y, bold(MAIN), text);
    match sum {
        // The sum may be wider than its column; then it goes on to the left.
        Some(sum) => {
            let text = exact(sum);
            let (_, fraction) = super::cut_at_point(&text);
            match paper::width(fraction, bold(MAIN)) <= column.fraction {
                true => column.write(&mut desk.pdf, right, y, bold(MAIN), sum),
                false => desk.pdf.text_before(right, y, bold(MAIN), &text),
            }
        }
        None => desk.pdf.text_before(right, y, bold(MAIN), DASH),
    }
    desk.y += 16.0;
}
