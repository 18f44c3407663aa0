//! Delimited text to rows, whatever its encoding.

use std::io::{self, BufRead};

use crate::split::{Place, split};
use crate::{Encoding, Fault, Limits, ReadError, Row, Rows};

/// How a text is written.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its encoding.
    pub encoding: Encoding,
    /// What stands between cells: an ASCII character below `@`, such as a tab, `,` or `;`.
    pub delimiter: char,
    /// Whether a cell may stand in quotes.
    pub quotes: bool,
}

/// Reads rows from text.
#[derive(Debug)]
pub struct TextRows<R> {
    file: String,
    source: R,
    form: Form,
    limits: Limits,
    /// What was read and not handed out yet begins at `start`.
    window: Vec<u8>,
    start: usize,
    ended: bool,
    line: u64,
    byte: u64,
}

/// Where a row ends.
struct Extent {
    /// Bytes up to the line end.
    bytes: usize,
    /// Bytes of the line end.
    end: usize,
    lines: u64,
    fault: Option<Fault>,
}

impl<R: BufRead> TextRows<R> {
    /// A reader of `source`, which errors call `file`.
    pub fn new(file: impl Into<String>, source: R, form: Form, limits: Limits) -> Self {
        let file = file.into();
        let (window, start, ended, line, byte) = (Vec::new(), 0, false, 0, 0);
        Self { file, source, form, limits, window, start, ended, line, byte }
    }

    /// Reads more into the window; false at the end of the source.
    fn fill(&mut self) -> Result<bool, ReadError> {
        while !self.ended {
            match self.source.fill_buf() {
                Ok([]) => self.ended = true,
                Ok(bytes) => {
                    let count = bytes.len();
                    self.window.extend_from_slice(bytes);
                    self.source.consume(count);
                    return Ok(true);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => {
                    self.ended = true;
                    let (file, line) = (self.file.clone(), self.line.saturating_add(1));
                    return Err(ReadError::Io { file, line, source });
                }
            }
        }
        Ok(false)
    }

    /// Passes over the byte order mark, if this is the beginning and there is one.
    fn skip_mark(&mut self) -> Result<(), ReadError> {
        let mark = self.form.encoding.mark();
        if self.byte > 0 || mark.is_empty() {
            return Ok(());
        }
        while self.window.len() < mark.len() && self.fill()? {}
        if self.window.starts_with(mark) {
            self.start = mark.len();
            self.byte = mark.len() as u64;
        }
        Ok(())
    }

    /// Finds the end of the row that begins at `start`; `None` at the end of the source.
    fn extent(&mut self) -> Result<Option<Extent>, ReadError> {
        let Form { encoding, delimiter, quotes } = self.form;
        let unit = encoding.unit();
        let (mut at, mut place, mut lines) = (0_usize, Place::Start, 1_u64);
        let mut first: Option<(usize, usize)> = None;
        loop {
            let from = self.start.saturating_add(at);
            let Some(bytes) = self.window.get(from..from.saturating_add(unit)) else {
                if self.fill()? {
                    continue;
                }
                // What is left may be half a unit.
                let rest = self.window.len().saturating_sub(self.start);
                let whole = Extent { bytes: rest, end: 0, lines, fault: None };
                return Ok(match (rest, first) {
                    (0, _) => None,
                    (_, Some((bytes, end))) if place == Place::Quoted => {
                        Some(Extent { bytes, end, lines: 1, fault: Some(Fault::OpenQuote) })
                    }
                    _ if place == Place::Quoted => {
                        Some(Extent { fault: Some(Fault::OpenQuote), ..whole })
                    }
                    _ => Some(whole),
                });
            };
            let character = encoding.ascii(bytes).map_or('\u{fffd}', char::from);
            if character == '\n' {
                first.get_or_insert((at, unit));
                let (bytes, end) = match place {
                    Place::Quoted if lines >= self.limits.quoted_lines_max as u64 => {
                        let (bytes, end) = first.unwrap_or((at, unit));
                        let fault = Some(Fault::OpenQuote);
                        return Ok(Some(Extent { bytes, end, lines: 1, fault }));
                    }
                    Place::Quoted => {
                        lines = lines.saturating_add(1);
                        at = at.saturating_add(unit);
                        continue;
                    }
                    _ => (at, unit),
                };
                return Ok(Some(Extent { bytes, end, lines, fault: None }));
            }
            if quotes {
                place = place.after(character, delimiter);
            }
            at = at.saturating_add(unit);
            if at > self.limits.row_bytes_max {
                return Ok(Some(match first {
                    // The quote was too long, the line is not.
                    Some((bytes, end)) => {
                        Extent { bytes, end, lines: 1, fault: Some(Fault::OpenQuote) }
                    }
                    None => Extent { bytes: at, end: 0, lines: 1, fault: Some(Fault::TooLong) },
                }));
            }
        }
    }

    /// Passes over the rest of a line that is too long; returns its bytes.
    fn skip_line(&mut self) -> Result<u64, ReadError> {
        let (encoding, unit) = (self.form.encoding, self.form.encoding.unit());
        let mut passed = 0_u64;
        loop {
            while let Some(bytes) = self.window.get(self.start..self.start.saturating_add(unit)) {
                let ended = encoding.ascii(bytes) == Some(b'\n');
                self.start = self.start.saturating_add(unit);
                passed = passed.saturating_add(unit as u64);
                if ended {
                    return Ok(passed);
                }
            }
            self.window.drain(..self.start);
            self.start = 0;
            if !self.fill()? {
                let rest = self.window.len();
                self.start = rest;
                return Ok(passed.saturating_add(rest as u64));
            }
        }
    }
}

impl<R: BufRead> Rows for TextRows<R> {
    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        row.clear();
        self.skip_mark()?;
        let Some(extent) = self.extent()? else { return Ok(false) };
        let Form { encoding, delimiter, quotes } = self.form;
        let end = self.start.saturating_add(extent.bytes);
        row.line = self.line.saturating_add(1);
        row.byte = self.byte;
        row.lines = extent.lines;
        row.fault = extent.fault;
        row.raw.extend_from_slice(self.window.get(self.start..end).unwrap_or_default());
        let taken = extent.bytes.saturating_add(extent.end);
        self.start = self.start.saturating_add(taken);
        self.byte = self.byte.saturating_add(taken as u64);
        self.line = self.line.saturating_add(extent.lines);
        if extent.fault == Some(Fault::TooLong) {
            let passed = self.skip_line()?;
            self.byte = self.byte.saturating_add(passed);
        }
        let bare = bare(&row.raw, encoding);
        let quotes = quotes && extent.fault != Some(Fault::OpenQuote);
        let text = match encoding.decode(bare) {
            Some(text) => text.into_owned(),
            None => {
                row.fault.get_or_insert(Fault::Encoding);
                encoding.decode_lossy(bare).into_owned()
            }
        };
        split(&text, delimiter, quotes, self.limits.cells_max, row);
        if self.start > self.limits.row_bytes_max || self.start == self.window.len() {
            self.window.drain(..self.start);
            self.start = 0;
        }
        Ok(true)
    }
}

/// The bytes without a carriage return at their end.
fn bare(raw: &[u8], encoding: Encoding) -> &[u8] {
    let without = raw.len().checked_sub(encoding.unit());
    match without.and_then(|it| raw.split_at_checked(it)) {
        Some((bare, last)) if encoding.ascii(last) == Some(b'\r') => bare,
        _ => raw,
    }
}

#[cfg(test)]
mod tests;
