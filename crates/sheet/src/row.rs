//! A row: its cells, its place and its bytes.

use std::fmt;

use crate::ReadError;

/// Why a row could not be cut into cells as its form says.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Bytes that are none in the encoding; in the cells they are U+FFFD.
    Encoding,
    /// A quote that is not closed within the limit; the cells are those of its first line, with
    /// quotes taken as they stand.
    OpenQuote,
    /// Longer than the limit: `raw` and the cells hold its beginning.
    TooLong,
    /// More cells than the limit: the last one holds the rest.
    TooManyCells,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "bytes that are no text in this encoding",
            Self::OpenQuote => "a quote that is never closed",
            Self::TooLong => "longer than the limit",
            Self::TooManyCells => "more cells than the limit",
        })
    }
}

/// A row of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Line it begins on, or row of the worksheet; from 1.
    pub line: u64,
    /// Offset of its first byte in the text, from 0; 0 in a workbook.
    pub byte: u64,
    /// Lines that it covers.
    pub lines: u64,
    /// What is wrong with its form.
    pub fault: Option<Fault>,
    pub(crate) raw: Vec<u8>,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Its bytes as received, without the line end at its end; of a workbook, the cells with tabs
    /// between them.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// The number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether no cell holds more than white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// A cell, from 0; `""` beyond the last.
    #[must_use]
    pub fn cell(&self, at: usize) -> &str {
        let Some(end) = self.ends.get(at) else { return "" };
        let start = at.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or(0);
        self.text.get(start..*end).unwrap_or_default()
    }

    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|it| self.cell(it))
    }

    pub(crate) fn clear(&mut self) {
        self.raw.clear();
        self.text.clear();
        self.ends.clear();
        self.fault = None;
        self.lines = 1;
    }

    /// Adds a character to the cell that is being filled.
    pub(crate) fn put(&mut self, character: char) {
        self.text.push(character);
    }

    /// Adds a text to the cell that is being filled.
    pub(crate) fn put_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the cell that is being filled.
    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// What hands out rows one after the other.
pub trait Rows {
    /// Reads the next row into `row`; false at the end.
    ///
    /// # Errors
    /// [`ReadError`] when the source fails; there are no more rows then.
    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError>;
}
