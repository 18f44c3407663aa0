//! The printed document of one statement: a page that says it all, then every line, then what it
//! rests on.

mod basis;
mod lines;
mod summary;

use std::borrow::Cow;

use ::statement::Statement;
use money::Atoms;
use paper::{Colour, Head, Pdf, Pen, Sheet, Weight};
use sha2::{Digest as _, Sha256};

use super::Look;
use super::text::exact;
use crate::words::{Words, fill};

const INK: Colour = Colour(20, 23, 28);
const SOFT: Colour = Colour(88, 95, 106);
const RULE: Colour = Colour(211, 215, 221);
const BAR: Colour = Colour(47, 93, 124);
const PALE: Colour = Colour(160, 180, 196);
const TINT: Colour = Colour(240, 243, 246);

/// From the edge of a sheet to what is written on it, in points.
const MARGIN: f32 = 44.0;

/// Renders a statement as a PDF; the same statement, language and catalogue give the same bytes.
pub(crate) fn statement_pdf(statement: &Statement, look: &Look<'_>) -> Vec<u8> {
    let mut desk = Desk::new(statement, look);
    summary::draw(&mut desk);
    lines::draw(&mut desk);
    basis::draw(&mut desk);
    desk.pdf.finish()
}

const fn regular(size: f32) -> Pen {
    Pen { weight: Weight::Regular, size, colour: INK }
}

const fn bold(size: f32) -> Pen {
    Pen { weight: Weight::Bold, size, colour: INK }
}

const fn soft(size: f32) -> Pen {
    Pen { weight: Weight::Regular, size, colour: SOFT }
}

/// A statement on the desk: the document so far, and how far down its sheet is written.
struct Desk<'a> {
    pdf: Pdf,
    it: &'a Statement,
    look: &'a Look<'a>,
    words: &'static Words,
    form: Sheet,
    /// Down from the upper edge, in points.
    y: f32,
    /// Whether some text was cut to its place.
    cut: bool,
}

impl<'a> Desk<'a> {
    fn new(it: &'a Statement, look: &'a Look<'a>) -> Self {
        let words = look.words();
        let name = look.language.holder(&it.account, &it.name);
        let head = Head {
            title: &fill(words.title, &[name, &it.period, it.currency.as_str()]),
            author: &it.operator,
            language: look.language.code(),
            id: Sha256::digest(it.canonical()).into(),
            total: soft(7.0),
        };
        Self { pdf: Pdf::new(&head), it, look, words, form: Sheet::Upright, y: 0.0, cut: false }
    }

    /// The name of whom the statement is for.
    fn name(&self) -> &'a str {
        self.look.language.holder(&self.it.account, &self.it.name)
    }

    /// How wide what is written on the sheet may be.
    fn width(&self) -> f32 {
        self.form.size().0 - 2.0 * MARGIN
    }

    /// Where the sheet ends for what is written on it.
    fn bottom(&self) -> f32 {
        self.form.size().1 - 50.0
    }

    /// Begins a sheet with its foot.
    fn sheet(&mut self, form: Sheet) {
        self.pdf.sheet(form);
        self.form = form;
        let (width, height) = form.size();
        let (y, right) = (height - 28.0, width - MARGIN);
        let Statement { operator, period, currency, .. } = self.it;
        let foot = format!("{operator} · {} · {period} · {currency}", self.name());
        let number = format!("{} / ", self.pdf.sheets());
        self.pdf.bar(MARGIN, y - 11.0, self.width(), 0.4, RULE);
        self.fitted(MARGIN, y, soft(7.0), self.width() - 110.0, &foot);
        self.pdf.text_before(right - 22.0, y, soft(7.0), &number);
        self.pdf.total(right - 22.0, y);
        self.y = MARGIN;
    }

    /// Writes a text that is cut if it is too wide.
    fn fitted(&mut self, x: f32, y: f32, pen: Pen, width: f32, text: &str) {
        let short = paper::fit(text, pen, width);
        self.cut |= matches!(short, Cow::Owned(_));
        self.pdf.text(x, y, pen, &short);
    }

    /// Writes a text in lines, each as far below the one before as `step` says, and moves down.
    fn wrapped(&mut self, x: f32, pen: Pen, width: f32, step: f32, text: &str) {
        for line in paper::wrap(text, pen, width) {
            self.y += step;
            self.pdf.text(x, self.y, pen, &line);
        }
    }

    /// Writes the head of a part.
    fn heading(&mut self, text: &str) {
        self.y += 12.0;
        self.pdf.text(MARGIN, self.y, bold(12.0), text);
        self.y += 6.0;
    }
}

/// A column of exact figures that stand on their point.
#[derive(Clone, Copy, Debug)]
struct Figures {
    whole: f32,
    fraction: f32,
}

impl Figures {
    /// A column wide enough for all these figures.
    fn of(pen: Pen, all: impl IntoIterator<Item = Atoms>) -> Self {
        let mut column = Self { whole: 0.0, fraction: 0.0 };
        for it in all {
            let text = exact(it);
            let (whole, fraction) = cut_at_point(&text);
            column.whole = column.whole.max(paper::width(whole, pen));
            column.fraction = column.fraction.max(paper::width(fraction, pen));
        }
        column
    }

    fn width(&self) -> f32 {
        self.whole + self.fraction
    }

    /// Writes a figure into the column that ends at `right`.
    fn write(&self, pdf: &mut Pdf, right: f32, y: f32, pen: Pen, atoms: Atoms) {
        let text = exact(atoms);
        let (whole, _) = cut_at_point(&text);
        pdf.text(right - self.fraction - paper::width(whole, pen), y, pen, &text);
    }
}

/// A figure before its point, and from its point on.
fn cut_at_point(text: &str) -> (&str, &str) {
    text.find('.').map_or((text, ""), |at| text.split_at(at))
}
