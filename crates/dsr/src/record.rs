//! One line of a file, with its place.

use crate::Cell;
use crate::table::{Field, Lookup, RecordSpec, lookup};

/// How a line ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Ending {
    /// LF.
    #[default]
    Lf,
    /// CR LF.
    CrLf,
    /// The end of the file.
    None,
}

impl Ending {
    /// The bytes of it.
    #[must_use]
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
            Self::None => b"",
        }
    }
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// One line of a file: a record, a comment line or an empty line.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Line number, 1-based.
    pub line: u64,
    /// Offset of its first byte in the file.
    pub byte: u64,
    /// How it ends.
    pub ending: Ending,
    raw: Vec<u8>,
    /// Start of the first cell: behind a byte order mark.
    start: usize,
    /// End of each cell.
    ends: Vec<usize>,
    utf8: bool,
    overfull: bool,
    /// What the tables know of the first cell, and for which text that was found out.
    lookup: Lookup,
    looked_up: Vec<u8>,
}

impl Record {
    /// Takes the bytes of a line, without its end, and finds the cells.
    #[must_use]
    pub fn new(line: u64, byte: u64, raw: Vec<u8>, ending: Ending) -> Self {
        let mut record = Self { line, byte, ending, raw, ..Self::default() };
        record.scan(usize::MAX);
        record
    }

    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.raw
    }

    /// Finds the cells, at most `limit`; the last one then holds all the rest.
    pub(crate) fn scan(&mut self, limit: usize) {
        self.start = if self.byte == 0 && self.raw.starts_with(BOM) { BOM.len() } else { 0 };
        self.ends.clear();
        self.overfull = false;
        for at in memchr::memchr_iter(b'\t', &self.raw[self.start..]) {
            if self.ends.len() + 1 >= limit {
                self.overfull = true;
                break;
            }
            self.ends.push(self.start + at);
        }
        self.ends.push(self.raw.len());
        self.utf8 = std::str::from_utf8(&self.raw).is_ok();
        // Records of one type follow each other.
        let first = bare(&self.raw[self.start..self.ends[0]]);
        if self.looked_up != first {
            self.lookup = lookup(first);
            self.looked_up.clear();
            self.looked_up.extend_from_slice(first);
        }
    }

    /// The bytes as received, without the line end.
    #[must_use]
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Gives the bytes away.
    #[must_use]
    pub fn into_raw(self) -> Vec<u8> {
        self.raw
    }

    /// Whether the bytes are UTF-8.
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// Whether there are more cells than the limit; the last cell then holds all the rest.
    #[must_use]
    pub const fn is_overfull(&self) -> bool {
        self.overfull
    }

    /// Whether a byte order mark stands before it.
    #[must_use]
    pub const fn has_bom(&self) -> bool {
        self.start > 0
    }

    /// Whether it is a line to be ignored: it begins with `#`.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        self.raw.get(self.start) == Some(&b'#')
    }

    /// Whether there is nothing on it, or only white space.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw[self.start..].iter().all(u8::is_ascii_whitespace)
    }

    /// Whether it carries data: neither comment nor empty.
    #[must_use]
    pub fn is_data(&self) -> bool {
        !self.is_comment() && !self.is_empty()
    }

    /// The first cell, `SU02.02`; `""` when it is no text.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(self.first()).unwrap_or("")
    }

    /// The bytes of the first cell, spreadsheet quotes stripped.
    pub(crate) fn first(&self) -> &[u8] {
        bare(self.cell(0).raw())
    }

    /// Whether the record type is this, in any version.
    #[must_use]
    pub fn is(&self, code: &[u8; 4]) -> bool {
        self.first().starts_with(code)
    }

    /// How many cells there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell at a place, 0-based; an empty cell behind the last one.
    #[must_use]
    pub fn cell(&self, at: usize) -> Cell<'_> {
        let Some(end) = self.ends.get(at) else {
            return Cell::default();
        };
        let start = if at == 0 { self.start } else { self.ends[at - 1] + 1 };
        Cell::new(&self.raw[start..*end])
    }

    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// What the tables know of this record type.
    #[must_use]
    pub const fn lookup(&self) -> Lookup {
        self.lookup
    }

    /// The position of this record in a file, or of its cell at a place, 0-based.
    #[must_use]
    pub fn position(&self, file: &str, cell: Option<usize>) -> finding::Position {
        let spec = self.lookup().spec();
        let name = cell.and_then(|at| spec?.cells.get(at)).map_or("", |cell| cell.name);
        finding::Position {
            file: file.to_owned(),
            line: self.line,
            byte: self.byte,
            record: self.code().chars().take(20).collect(),
            cell: cell.and_then(|at| u16::try_from(at + 1).ok()),
            cell_name: name.to_owned(),
        }
    }

    /// The cell of a canonical name, by a table; empty when the table has no such cell.
    #[must_use]
    pub fn field(&self, spec: &RecordSpec, field: Field) -> Cell<'_> {
        spec.index(field).map_or_else(Cell::default, |at| self.cell(at))
    }
}

/// A cell without the quotes of a spreadsheet.
fn bare(raw: &[u8]) -> &[u8] {
    match raw {
        [b'"', inner @ .., b'"'] => inner,
        raw => raw,
    }
}
