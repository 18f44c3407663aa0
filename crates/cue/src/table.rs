//! Cue sheets as tables for spreadsheets: a few lines about the programme, a line of column names, and
//! then the cues.

use paper::{Cell, Workbook, WorkbookError, Worksheet};

/// A cue sheet as a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What is said about the programme: a name and its value.
    pub(crate) head: Vec<(&'static str, String)>,
    pub(crate) columns: &'static [Column],
    pub(crate) rows: Vec<Vec<String>>,
    /// Whether a byte order mark comes first, which spreadsheets need to see that it is UTF-8.
    pub(crate) marked: bool,
}

/// A column: its name, how wide it is in letters, and whether it holds numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) width: u32,
    pub(crate) is_number: bool,
}

pub(crate) const fn text(name: &'static str, width: u32) -> Column {
    Column { name, width, is_number: false }
}

pub(crate) const fn number(name: &'static str, width: u32) -> Column {
    Column { name, width, is_number: true }
}

impl Table {
    /// As CSV (RFC 4180, UTF-8, CR LF). A control character in a text becomes a space, and what a
    /// spreadsheet would take for a formula has an apostrophe before it; [`crate::import_table`] takes
    /// that away again.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut out = String::from(if self.marked { "\u{feff}" } else { "" });
        for (name, value) in &self.head {
            line(&mut out, [(*name, false), (value, false)]);
        }
        if !self.head.is_empty() {
            line(&mut out, []);
        }
        line(&mut out, self.columns.iter().map(|it| (it.name, false)));
        for row in &self.rows {
            line(
                &mut out,
                row.iter().zip(self.columns).map(|(it, of)| (it.as_str(), of.is_number)),
            );
        }
        out
    }

    /// As a workbook of one worksheet.
    ///
    /// # Errors
    /// [`WorkbookError`] when there are more cues than a worksheet has rows.
    pub fn to_workbook(&self, name: &str) -> Result<Vec<u8>, WorkbookError> {
        let mut book = Workbook::new()?;
        let widths: Vec<u32> = self.columns.iter().map(|it| it.width).collect();
        let above = if self.head.is_empty() { 0 } else { self.head.len() + 1 };
        let frozen = u32::try_from(above + 1).unwrap_or(1);
        book.worksheet(&Worksheet { name, widths: &widths, frozen })?;
        for (name, value) in &self.head {
            book.row(&[Cell::Head(name), Cell::Text(value)])?;
        }
        if above > 0 {
            book.row(&[])?;
        }
        let head = |it: &Column| match it.is_number {
            true => Cell::HeadOfNumbers(it.name),
            false => Cell::Head(it.name),
        };
        book.row(&self.columns.iter().map(head).collect::<Vec<_>>())?;
        for row in &self.rows {
            let cells = row.iter().zip(self.columns).map(|(it, of)| match (it.as_str(), of) {
                ("", _) => Cell::Empty,
                (it, of) if of.is_number => Cell::Number(it),
                (it, _) => Cell::Text(it),
            });
            book.row(&cells.collect::<Vec<_>>())?;
        }
        book.finish()
    }
}

fn line<'a>(out: &mut String, cells: impl IntoIterator<Item = (&'a str, bool)>) {
    for (at, (cell, is_number)) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let guard = if is_number || !is_formula(cell) { "" } else { "'" };
        let cell = plain(cell);
        if cell.contains(['"', ',']) {
            out.extend(["\"", guard, &cell.replace('"', "\"\""), "\""]);
        } else {
            out.extend([guard, &cell]);
        }
    }
    out.push_str("\r\n");
}

/// A text without control characters, each of them a space.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

/// Whether a spreadsheet would take a text for a formula, or would be read as a guarded one.
fn is_formula(text: &str) -> bool {
    let begins = |it: &str| it.starts_with(['=', '+', '-', '@']);
    begins(text) || text.strip_prefix('\'').is_some_and(|it| begins(it) || it.starts_with('\''))
}

/// Takes the guard of a formula away.
pub(crate) fn unguarded(text: &str) -> &str {
    if is_formula(text) { text.strip_prefix('\'').unwrap_or(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::{is_formula, line, unguarded};

    #[test]
    fn no_text_becomes_a_formula_and_each_is_read_back() {
        for text in ["=1+1", "-5", "@x", "'=x", "''", "'cause", "a", ""] {
            let mut out = String::new();
            line(&mut out, [(text, false)]);
            let cell = out.trim_end();
            assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
            assert_eq!(unguarded(cell), text);
        }
        assert!(!is_formula("'cause"));
    }
}
