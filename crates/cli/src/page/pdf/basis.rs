//! What a statement rests on: terms and sales reports by number, and how to check it.

use ::statement::SourceNote;
use paper::Pen;

use super::super::basis::{basis, command};
use super::super::exchange::{origin, rate_text};
use super::super::lines::{rate, short, term_id};
use super::super::outside;
use super::super::text::DASH;
use super::summary::{STANDS, standing};
use super::{Desk, INK, MARGIN, RULE, TINT, bold, regular, soft};
use crate::page::statement::stands;
use crate::words::fill;

/// From row to row within a cell.
const STEP: f32 = 9.5;

/// A table that goes on over sheets: its caption, where its columns begin, and their heads.
struct Table<'a, const N: usize> {
    caption: &'a str,
    columns: [f32; N],
    heads: [&'a str; N],
}

pub(super) fn draw(desk: &mut Desk<'_>) {
    let (it, words) = (desk.it, desk.words);
    let has_outside = !it.outside.is_empty();
    // With nothing to rest on, what follows has room on page one.
    if !it.terms.is_empty()
        || !it.sources.is_empty()
        || stands(it, words).len() > STANDS
        || has_outside
    {
        desk.sheet(paper::Sheet::Upright);
        desk.pdf.mark(words.rests_on);
    }
    if stands(it, words).len() > STANDS {
        desk.y += 10.0;
        standing(desk, usize::MAX);
    }
    if has_outside {
        others(desk);
    }
    if !it.terms.is_empty() || !it.sources.is_empty() {
        desk.heading(words.rests_on);
        desk.y += 6.0;
        terms(desk);
        reports(desk);
    }
    check(desk);
}

/// What others pay.
fn others(desk: &mut Desk<'_>) {
    let (it, words) = (desk.it, desk.words);
    desk.heading(words.outside);
    desk.wrapped(MARGIN, soft(8.0), desk.width(), 11.0, words.outside_note);
    let columns = [0.0, 140.0, 230.0, 370.0];
    let table = Table { caption: "", columns, heads: outside::heads(words) };
    table.begin(desk);
    for row in outside::rows(it, words) {
        table.row(desk, &row.map(|it| (regular(7.5), it)));
    }
    desk.y += 16.0;
}

fn terms(desk: &mut Desk<'_>) {
    let (it, words) = (desk.it, desk.words);
    let table = Table {
        caption: words.terms,
        columns: [0.0, 28.0, 158.0, 378.0],
        heads: ["", words.agreement_term, words.in_words, words.rate_of],
    };
    table.begin(desk);
    for (number, note) in (1_u64..).zip(&it.terms) {
        let id = term_id(note, words);
        let cells = [
            (bold(7.5), format!("T{number}")),
            (regular(7.5), id.replace('/', " / ")),
            (regular(7.5), desk.look.language.term(note)),
            (regular(7.5), rate(note)),
        ];
        table.row(desk, &cells);
    }
    desk.y += 16.0;
}

fn reports(desk: &mut Desk<'_>) {
    let (it, words) = (desk.it, desk.words);
    let table = Table {
        caption: words.reports,
        columns: [0.0, 28.0, 150.0, 296.0, 383.0],
        heads: ["", words.service_sender, words.report_message, words.states, words.sha256],
    };
    table.begin(desk);
    for (number, note) in (1_u64..).zip(&it.sources) {
        let SourceNote { service, sender, report, message_id, .. } = note;
        let service = if service.is_empty() { sender } else { service };
        let message = if message_id.is_empty() { DASH } else { message_id };
        let mut states = basis(&note.basis, words).to_owned();
        if !note.licence.is_empty() {
            states += &format!(" · {} {}", note.licence, note.licence_rate.printed());
        }
        if note.is_exchanged() {
            let (from, to, rate) = (note.currency, it.currency, rate_text(note.rate));
            states += &format!(" · {from} → {to} {rate}, {}", origin(note, words));
        }
        let cells = [
            (bold(7.5), format!("S{number}")),
            (regular(7.5), format!("{service}, {sender}")),
            (regular(7.5), format!("{}, {message}", short(report))),
            (regular(7.5), states),
            (soft(6.2), note.sha256.clone()),
        ];
        table.row(desk, &cells);
    }
    desk.y += 16.0;
}

impl<const N: usize> Table<'_, N> {
    fn begin(&self, desk: &mut Desk<'_>) {
        if desk.y + 60.0 > desk.bottom() {
            desk.sheet(paper::Sheet::Upright);
        }
        desk.y += 12.0;
        desk.pdf.text(MARGIN, desk.y, bold(9.5), self.caption);
        self.heads(desk);
    }

    fn heads(&self, desk: &mut Desk<'_>) {
        desk.y += 12.0;
        for (x, head) in self.columns.iter().zip(self.heads) {
            desk.pdf.text(MARGIN + x, desk.y, soft(7.0), head);
        }
        desk.y += 4.0;
        desk.pdf.bar(MARGIN, desk.y, desk.width(), 0.7, INK);
    }

    /// Writes a row; on a new sheet the heads come again.
    fn row(&self, desk: &mut Desk<'_>, cells: &[(Pen, String); N]) {
        let ends = self.columns.iter().skip(1).copied().chain([desk.width() + 8.0]);
        let cells: Vec<(f32, Pen, Vec<String>)> = self
            .columns
            .iter()
            .zip(ends)
            .zip(cells)
            .map(|((x, end), (pen, text))| (*x, *pen, paper::wrap(text, *pen, end - x - 8.0)))
            .collect();
        let rows = cells.iter().map(|it| it.2.len()).max().unwrap_or(1);
        let height = (0..rows).fold(5.0, |height, _| height + STEP);
        if desk.y + height > desk.bottom() {
            desk.sheet(paper::Sheet::Upright);
            self.heads(desk);
        }
        for (x, pen, lines) in &cells {
            let mut y = desk.y + 1.5;
            for line in lines {
                y += STEP;
                desk.pdf.text(MARGIN + x, y, *pen, line);
            }
        }
        desk.y += height;
        desk.pdf.bar(MARGIN, desk.y, desk.width(), 0.4, RULE);
    }
}

fn check(desk: &mut Desk<'_>) {
    let (it, words, width) = (desk.it, desk.words, desk.width());
    let proves = fill(words.check_words, &[&it.operator]);
    let lines = paper::wrap(&proves, regular(8.0), width).len();
    let height = (0..lines).fold(110.0, |height, _| height + 11.0);
    if desk.y + height > desk.bottom() {
        desk.sheet(paper::Sheet::Upright);
    }
    desk.y += 14.0;
    desk.heading(words.check);
    desk.pdf.bar(MARGIN, desk.y + 4.0, width, 22.0, TINT);
    desk.fitted(MARGIN + 10.0, desk.y + 18.0, regular(9.0), width - 20.0, &command(it));
    desk.y += 32.0;
    desk.wrapped(MARGIN, regular(8.0), width, 11.0, &proves);
    desk.y += 6.0;
    if desk.cut {
        desk.wrapped(MARGIN, soft(8.0), width, 11.0, words.cut_texts);
    }
    if desk.pdf.boxed() {
        desk.wrapped(MARGIN, soft(8.0), width, 11.0, words.boxes);
    }
}
