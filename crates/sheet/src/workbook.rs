//! Workbooks (`.xlsx`) to rows.

use std::fmt;
use std::io::{self, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Cell, Data, DataRef, Reader as _, Xlsx, XlsxCellReader, XlsxError};

use crate::places::Places;
use crate::{Archive, Fault, Limits, ReadError, Row, Rows};

/// An open workbook.
pub struct Workbook<R: Read + Seek> {
    file: String,
    book: Xlsx<R>,
    limits: Limits,
}

impl<R: Read + Seek> fmt::Debug for Workbook<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workbook").field("file", &self.file).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Workbook<R> {
    /// Opens a workbook, which errors call `file`.
    ///
    /// It is unpacked once to nowhere first: what it says of its own sizes is not believed.
    ///
    /// # Errors
    /// [`ReadError`] when it is none, is broken, or unpacks to more than the limit.
    pub fn open(file: impl Into<String>, mut source: R, limits: Limits) -> Result<Self, ReadError> {
        let file = file.into();
        let mut archive = Archive::open(file.clone(), &mut source, limits)?;
        for member in archive.members()? {
            match member.name.starts_with("xl/worksheets/") {
                true => archive.unpack(&member, &mut Places::default())?,
                false => archive.unpack(&member, &mut io::sink())?,
            };
        }
        drop(archive);
        let rewound = source.rewind();
        rewound.map_err(|source| ReadError::Io { file: file.clone(), line: 0, source })?;
        let book = contained(&file, || Xlsx::new(source))?;
        Ok(Self { file, book, limits })
    }

    /// The names of its worksheets, in order.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        self.book.sheet_names()
    }

    /// The rows of a worksheet: every one that is there, whatever its declared dimension says.
    ///
    /// # Errors
    /// [`ReadError::Workbook`] when there is no such worksheet.
    pub fn rows(&mut self, sheet: &str) -> Result<SheetRows<'_, R>, ReadError> {
        let (file, cells_max) = (self.file.clone(), self.limits.cells_max);
        let bytes_max = self.limits.row_bytes_max;
        let cells = contained(&file, || self.book.worksheet_cells_reader(sheet))?;
        Ok(SheetRows { file, cells, next: None, last: 0, ended: false, cells_max, bytes_max })
    }
}

/// Asks the reader of workbooks. It is not ours, and was seen to panic on places that no sheet has;
/// [`Places`] finds those before, and whatever else may stop it is an error of that workbook.
fn contained<T>(file: &str, ask: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, ReadError> {
    let reason = match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(Ok(it)) => return Ok(it),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "its reader gave up".to_owned(),
    };
    Err(ReadError::Workbook { file: file.to_owned(), reason })
}

/// Reads the rows of a worksheet.
///
/// Rows that are left out come as one blank row.
pub struct SheetRows<'a, R: Read + Seek> {
    file: String,
    cells: XlsxCellReader<'a, R>,
    /// The first cell of the next row.
    next: Option<Cell<DataRef<'a>>>,
    last: u32,
    ended: bool,
    cells_max: usize,
    bytes_max: usize,
}

impl<R: Read + Seek> fmt::Debug for SheetRows<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SheetRows").field("last", &self.last).finish_non_exhaustive()
    }
}

impl<'a, R: Read + Seek> SheetRows<'a, R> {
    fn cell(&mut self) -> Result<Option<Cell<DataRef<'a>>>, ReadError> {
        if let Some(cell) = self.next.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let cell = contained(&self.file, || self.cells.next_cell());
        self.ended = !matches!(cell, Ok(Some(_)));
        cell
    }
}

impl<R: Read + Seek> Rows for SheetRows<'_, R> {
    fn read(&mut self, row: &mut Row) -> Result<bool, ReadError> {
        row.clear();
        let Some(first) = self.cell()? else { return Ok(false) };
        let (at, _) = first.get_position();
        if self.last > 0 && at > self.last {
            row.line = u64::from(self.last).saturating_add(1);
            row.lines = u64::from(at.saturating_sub(self.last));
            self.last = at;
            self.next = Some(first);
            return Ok(true);
        }
        row.line = u64::from(at).saturating_add(1);
        self.last = at.saturating_add(1);
        let mut cell = first;
        loop {
            let (line, column) = cell.get_position();
            // A cell left of the one before it begins a row of its own; no cell is passed over.
            let place = usize::try_from(column).unwrap_or(usize::MAX);
            if line != at || place < row.len() {
                self.next = Some(cell);
                break;
            }
            put(&cell, place, self.cells_max, self.bytes_max, row);
            match self.cell()? {
                Some(next) => cell = next,
                None => break,
            }
        }
        // A separator between cells, none behind the last.
        let tabs: Vec<&str> = row.cells().collect();
        let raw = tabs.join("\t").into_bytes();
        row.raw = raw;
        Ok(true)
    }
}

/// Puts a cell into its place; what is out of bounds is told and joined to the last.
fn put(cell: &Cell<DataRef<'_>>, place: usize, cells_max: usize, bytes_max: usize, row: &mut Row) {
    if place >= cells_max {
        row.fault.get_or_insert(Fault::TooManyCells);
    }
    while row.len() < place.min(cells_max) {
        row.end_cell();
    }
    let mut text = written(cell.get_value());
    if text.len() > bytes_max {
        row.fault.get_or_insert(Fault::TooLong);
        let cut = (0..=bytes_max).rev().find(|it| text.is_char_boundary(*it)).unwrap_or(0);
        text.truncate(cut);
    }
    row.put_str(&text);
    row.end_cell();
}

/// The text of a cell: a number as the shortest decimal that names it, a day in the form of ISO
/// 8601.
fn written(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::DateTime(it) if it.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = it.to_ymd_hms_milli();
            let day = format!("{year:04}-{month:02}-{day:02}");
            match (hour, minute, second) {
                (0, 0, 0) => day,
                _ => format!("{day} {hour:02}:{minute:02}:{second:02}"),
            }
        }
        DataRef::Bool(it) => (if *it { "TRUE" } else { "FALSE" }).to_owned(),
        other => Data::from(other.clone()).to_string(),
    }
}

#[cfg(test)]
mod tests;
