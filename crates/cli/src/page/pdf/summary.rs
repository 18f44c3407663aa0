//! Page one: who, when, how much, how the balance moved, and a picture of where it came from.

use money::Atoms;
use paper::Colour;

use super::super::breakdown::decimals;
use super::super::statement::{due_label, due_notes, payable, stands, steps};
use super::super::sums::{Picture, Pictures, Row};
use super::super::text::{DASH, count, part_of, rounded, share};
use super::{BAR, Desk, Figures, INK, MARGIN, PALE, RULE, TINT, bold, regular, soft};
use crate::words::fill;

/// How many rows of what moved and stands open page one shows.
pub(super) const STANDS: usize = 3;

/// From row to row of a picture.
const STEP: f32 = 19.0;

/// The strip of months with its caption.
const STRIP: f32 = 90.0;

/// How many months have room beside the rest.
const MONTHS: usize = 12;

pub(super) fn draw(desk: &mut Desk<'_>) {
    desk.sheet(paper::Sheet::Upright);
    desk.pdf.mark(desk.words.statement);
    head(desk);
    due(desk);
    balance(desk);
    standing(desk, STANDS);
    pictures(desk);
}

fn head(desk: &mut Desk<'_>) {
    let (it, words, width) = (desk.it, desk.words, desk.width());
    desk.y = 50.0;
    desk.fitted(MARGIN, desk.y, bold(9.5), width - 140.0, &it.operator);
    desk.pdf.text_before(MARGIN + width, desk.y, regular(9.5), words.statement);
    desk.pdf.bar(MARGIN, desk.y + 8.0, width, 0.7, INK);
    let name = desk.name();
    let size = [23.0, 18.0, 14.0].into_iter().find(|it| paper::width(name, bold(*it)) <= width);
    desk.y += 44.0;
    desk.fitted(MARGIN, desk.y, bold(size.unwrap_or(14.0)), width, name);
    desk.y += 22.0;
    let facts = [
        (words.period, it.period.as_str()),
        (words.currency, it.currency.as_str()),
        (words.settlement, it.settlement.as_str()),
        (words.account, it.account.as_str()),
    ];
    let columns = [0.0, 0.22, 0.4, 0.62, 1.02];
    for ((label, fact), place) in facts.iter().zip(columns.windows(2)) {
        let (x, room) = (MARGIN + place[0] * width, (place[1] - place[0]) * width - 10.0);
        desk.pdf.text(x, desk.y, soft(7.5), label);
        desk.fitted(x, desk.y + 13.0, regular(9.5), room, fact);
    }
    desk.y += 30.0;
}

fn due(desk: &mut Desk<'_>) {
    let (it, words, width) = (desk.it, desk.words, desk.width());
    let inner = width - 32.0;
    let notes: Vec<String> =
        due_notes(it, words).iter().flat_map(|note| paper::wrap(note, soft(8.0), inner)).collect();
    let height = notes.iter().fold(66.0, |height, _| height + 11.0);
    desk.pdf.bar(MARGIN, desk.y, width, height, TINT);
    desk.pdf.bar(MARGIN, desk.y, 3.0, height, BAR);
    let (x, mut y) = (MARGIN + 16.0, desk.y + 20.0);
    desk.pdf.text(x, y, bold(9.5), due_label(&it.account, words));
    y += 33.0;
    let (currency, amount) = (it.currency.as_str(), payable(it));
    desk.pdf.text(x, y, soft(13.0), currency);
    let start = x + paper::width(currency, soft(13.0)) + 8.0;
    let room = inner - (start - x);
    let wide = paper::width(&amount, bold(32.0));
    desk.pdf.text(start, y, bold(32.0 * (room / wide).min(1.0)), &amount);
    y += 6.0;
    for note in &notes {
        y += 11.0;
        desk.pdf.text(x, y, soft(8.0), note);
    }
    desk.y += height + 24.0;
}

fn balance(desk: &mut Desk<'_>) {
    let (it, words, width) = (desk.it, desk.words, desk.width());
    let right = MARGIN + width;
    let steps = steps(it, words);
    let column = Figures::of(bold(9.0), steps.iter().map(|it| it.amount));
    desk.pdf.text(MARGIN, desk.y, bold(9.5), words.balance);
    let head = fill(words.exact, &[it.currency.as_str()]);
    desk.pdf.text_before(right, desk.y, soft(7.5), &head);
    desk.y += 5.0;
    desk.pdf.bar(MARGIN, desk.y, width, 0.7, INK);
    for step in &steps {
        let weight = if step.sum { bold(9.0) } else { regular(9.0) };
        if step.sum {
            desk.pdf.bar(MARGIN, desk.y - 0.2, width, 0.7, INK);
        }
        let y = desk.y + 11.5;
        desk.pdf.text(MARGIN, y, weight, step.label);
        let room = width - 106.0 - column.width() - 8.0;
        desk.fitted(MARGIN + 106.0, y, soft(7.5), room, &step.note);
        column.write(&mut desk.pdf, right, y, weight, step.amount);
        desk.y += 16.0;
        desk.pdf.bar(MARGIN, desk.y, width, 0.4, RULE);
    }
    desk.y += 24.0;
}

/// Writes the first rows of what moved and stands open, or all of them.
pub(super) fn standing(desk: &mut Desk<'_>, most: usize) {
    let (words, width) = (desk.words, desk.width());
    let stands = stands(desk.it, words);
    if stands.is_empty() {
        return;
    }
    let heads = [words.stand_before, words.stand_now, words.stand_after];
    let columns = [0, 1, 2]
        .map(|at| Figures::of(regular(8.5), stands.iter().filter_map(move |it| it.figures[at])));
    let mut rights = [MARGIN + width; 3];
    for at in [1, 0] {
        let next = columns[at + 1].width().max(paper::width(heads[at + 1], soft(7.5)));
        rights[at] = rights[at + 1] - next - 14.0;
    }
    desk.pdf.text(MARGIN, desk.y, bold(9.5), words.stands);
    for (head, right) in heads.iter().zip(rights) {
        desk.pdf.text_before(right, desk.y, soft(7.5), head);
    }
    desk.y += 5.0;
    desk.pdf.bar(MARGIN, desk.y, width, 0.7, INK);
    let room = rights[0] - columns[0].width() - MARGIN - 8.0;
    for stand in stands.iter().take(most) {
        let y = desk.y + 11.0;
        desk.fitted(MARGIN, y, regular(8.5), room, &stand.name);
        for ((column, right), figure) in columns.iter().zip(rights).zip(stand.figures) {
            if let Some(figure) = figure {
                column.write(&mut desk.pdf, right, y, regular(8.5), figure);
            }
        }
        desk.y += 15.0;
        desk.pdf.bar(MARGIN, desk.y, width, 0.4, RULE);
    }
    if let Some(more) = stands.len().checked_sub(most).filter(|it| *it > 0) {
        let text = fill(words.stands_left_out, &[&count(more)]);
        desk.pdf.text(MARGIN, desk.y + 10.0, soft(7.5), &text);
        desk.y += 12.0;
    }
    desk.y += 24.0;
}

fn pictures(desk: &mut Desk<'_>) {
    let (it, words, width) = (desk.it, desk.words, desk.width());
    desk.pdf.text(MARGIN, desk.y, bold(12.0), words.came_from);
    desk.y += 3.0;
    if it.lines.is_empty() {
        return desk.wrapped(MARGIN, soft(9.0), width, 14.0, words.came_from_nowhere);
    }
    let places = decimals(it).to_string();
    let mut note = fill(words.came_from_note, &[&places]);
    let Pictures { productions, recordings, months: time, territories, services } =
        Pictures::of(it, desk.look);
    if productions.is_none() {
        note = format!("{note} {}", words.productions_unknown);
    }
    desk.wrapped(MARGIN, soft(7.5), width, 9.5, &note);
    desk.y += 20.0;
    let grid: Vec<Picture> =
        productions.into_iter().chain([recordings, services, territories]).collect();
    // The pictures stand in twos, the months below them.
    let room = desk.bottom() - desk.y - STRIP;
    let tall = |top: usize| grid.chunks(2).map(|pair| tallest(pair, top)).sum::<f32>();
    let top = (3..=12).rev().find(|top| tall(*top) <= room).unwrap_or(2);
    let grid: Vec<Picture> = grid.into_iter().map(|it| it.cut(top)).collect();
    let half = (width - 26.0) / 2.0;
    for pair in grid.chunks(2) {
        let begin = desk.y;
        for (at, picture) in [0.0, 1.0].into_iter().zip(pair) {
            desk.y = begin;
            bars(desk, MARGIN + at * (half + 26.0), half, picture);
        }
        desk.y = begin + tallest(pair, top);
    }
    months(desk, &time.cut(MONTHS));
}

/// How high pictures beside each other are, with what separates them from the next.
fn tallest(pair: &[Picture], top: usize) -> f32 {
    let rows = pair.iter().map(|it| it.len(top)).max().unwrap_or(0);
    (0..rows).fold(22.0, |height, _| height + STEP)
}

/// A name with what tells it from others; a rest has no name of its own.
fn label(desk: &mut Desk<'_>, x: f32, room: f32, row: &Row) {
    let y = desk.y + 8.0;
    let behind = row.soft.join(", ");
    if row.is_rest() {
        return desk.fitted(x, y, soft(8.0), room, &behind);
    }
    desk.fitted(x, y, regular(8.0), room, &row.label);
    let start = paper::width(&row.label, regular(8.0)) + 5.0;
    if !behind.is_empty() && room - start > 24.0 {
        desk.fitted(x + start, y, soft(7.0), room - start, &behind);
    }
}

/// One picture: a row for each name, with its bar below and its figures to the right.
fn bars(desk: &mut Desk<'_>, x: f32, width: f32, picture: &Picture) {
    let (it, words) = (desk.it, desk.words);
    let right = x + width;
    desk.pdf.text(x, desk.y, bold(8.5), picture.caption);
    let head = format!("{}   {}", it.currency, words.share);
    desk.pdf.text_before(right, desk.y, soft(7.0), &head);
    desk.y += 4.0;
    desk.pdf.bar(x, desk.y, width, 0.7, INK);
    desk.y += 2.0;
    let longest = picture.longest();
    for row in &picture.rows {
        let part = share(row.sum, Some(it.balance.earned)).replace('\u{202f}', "\u{a0}");
        let amount = row.sum.map_or(DASH.to_owned(), |sum| rounded(sum, decimals(it)));
        let y = desk.y + 8.0;
        desk.pdf.text_before(right, y, soft(7.0), &part);
        let before = right - 36.0;
        desk.pdf.text_before(before, y, regular(8.0), &amount);
        let room = before - paper::width(&amount, regular(8.0)) - 8.0 - x;
        label(desk, x, room, row);
        let colour = if row.is_rest() { PALE } else { BAR };
        bar(desk, [x, desk.y + 11.0, width, 4.0], colour, row.sum, longest);
        desk.y += STEP;
    }
}

/// A bar as long as the part is of the longest, which fills the rectangle (left, top, width, height);
/// what is negative is drawn as an outline.
fn bar(desk: &mut Desk<'_>, place: [f32; 4], colour: Colour, sum: Option<Atoms>, longest: Atoms) {
    let Some(sum) = sum.filter(|it| !it.is_zero()) else { return };
    let [x, y, most, thick] = place;
    let long = (most * portion(sum, longest)).max(0.6);
    match sum.is_negative() {
        false => desk.pdf.bar(x, y, long, thick, colour),
        true => desk.pdf.frame(x, y, long.max(1.2), thick, colour),
    }
}

/// Which part of the longest a sum is, from 0 to 1, as precisely as a picture needs.
fn portion(sum: Atoms, longest: Atoms) -> f32 {
    let percent = part_of(sum, longest).map(|it| it.to_percent(2));
    percent.and_then(|it| it.parse::<f32>().ok()).unwrap_or(0.0) / 100.0
}

/// The months as columns, in their order.
fn months(desk: &mut Desk<'_>, picture: &Picture) {
    let (it, width) = (desk.it, desk.width());
    desk.pdf.text(MARGIN, desk.y, bold(8.5), picture.caption);
    desk.pdf.text_before(MARGIN + width, desk.y, soft(7.0), it.currency.as_str());
    desk.pdf.bar(MARGIN, desk.y + 4.0, width, 0.7, INK);
    let (foot, high) = (desk.y + 66.0, 46.0);
    let count = u8::try_from(picture.rows.len()).map_or(f32::MAX, f32::from);
    let step = (width / count).min(92.0);
    let amounts: Vec<String> = picture
        .rows
        .iter()
        .map(|row| row.sum.map_or(DASH.to_owned(), |sum| rounded(sum, decimals(it))))
        .collect();
    // All in one size: that in which the widest has room.
    let widest = amounts.iter().map(|it| paper::width(it, regular(7.5))).fold(1.0, f32::max);
    let size = 7.5 * ((step - 5.0) / widest).min(1.0);
    let longest = picture.longest();
    let mut x = MARGIN;
    for (row, amount) in picture.rows.iter().zip(&amounts) {
        let colour = if row.is_rest() { PALE } else { BAR };
        let tall = high * row.sum.map_or(0.0, |sum| portion(sum, longest));
        let thick = step - step.min(70.0) * 0.2;
        match row.sum.is_some_and(Atoms::is_negative) {
            false => desk.pdf.bar(x, foot - tall, thick, tall, colour),
            true => desk.pdf.frame(x, foot - tall, thick, tall, colour),
        }
        desk.pdf.text(x, foot - tall - 3.5, regular(size), amount);
        let behind = row.soft.join(", ");
        let label = if row.is_rest() { &behind } else { &row.label };
        desk.fitted(x, foot + 10.0, soft(7.0), step - 5.0, label);
        x += step;
    }
    desk.pdf.bar(MARGIN, foot, width, 0.4, RULE);
}
