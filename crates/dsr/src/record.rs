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
    /// End of each cell; the first `count` ones count.
    ends: Vec<usize>,
    count: usize,
    ascii: bool,
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
        self.ascii = self.tabs(limit.max(1));
        self.ends[self.count] = self.raw.len();
        self.count += 1;
        self.utf8 = self.ascii || std::str::from_utf8(&self.raw).is_ok();
        // Records of one type follow each other.
        let first = bare(&self.raw[self.start..self.ends[0]]);
        if self.looked_up != first {
            self.lookup = lookup(first);
            self.looked_up.clear();
            self.looked_up.extend_from_slice(first);
        }
    }

    /// Finds the TABs, eight bytes at a time, because they stand close together; true when all bytes
    /// were looked at and are ASCII.
    fn tabs(&mut self, limit: usize) -> bool {
        const LOW: u64 = u64::from_le_bytes([0x7f; 8]);
        let (words, tail) = self.raw[self.start..].as_chunks::<8>();
        let mut padded = [0; 8];
        padded[..tail.len()].copy_from_slice(tail);
        // Room for as many as there can be, so that none of them has to ask.
        let most = limit.min(self.raw.len() + 1);
        if self.ends.len() < most {
            self.ends.resize(most, 0);
        }
        let ends = self.ends.as_mut_slice();
        self.overfull = false;
        let (mut high, mut count, mut at) = (0, 0, self.start);
        for word in words.iter().chain([&padded]) {
            let word = u64::from_le_bytes(*word);
            high |= word;
            let other = word ^ u64::from_le_bytes([b'\t'; 8]);
            // The high bit of each byte that is a TAB, of no other.
            let mut hits = !(((other & LOW).wrapping_add(LOW)) | other | LOW);
            while hits != 0 {
                if count + 1 >= limit {
                    (self.overfull, self.count) = (true, count);
                    return false;
                }
                ends[count] = at + (hits.trailing_zeros() >> 3) as usize;
                count += 1;
                hits &= hits - 1;
            }
            at += 8;
        }
        self.count = count;
        high & !LOW == 0
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
    #[inline]
    #[must_use]
    pub const fn is_utf8(&self) -> bool {
        self.utf8
    }

    /// Whether all bytes are known to be ASCII.
    pub(crate) const fn is_ascii(&self) -> bool {
        self.ascii
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
    #[inline]
    #[must_use]
    pub fn is_comment(&self) -> bool {
        self.raw.get(self.start) == Some(&b'#')
    }

    /// Whether there is nothing on it, or only white space.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.raw[self.start..].iter().all(u8::is_ascii_whitespace)
    }

    /// Whether it carries data: neither comment nor empty.
    #[inline]
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
        self.count
    }

    /// The cell at a place, 0-based; an empty cell behind the last one.
    #[inline]
    #[must_use]
    pub fn cell(&self, at: usize) -> Cell<'_> {
        if at >= self.count {
            return Cell::default();
        }
        let end = &self.ends[at];
        let start = if at == 0 { self.start } else { self.ends[at - 1] + 1 };
        Cell::new(&self.raw[start..*end])
    }

    /// The cells in order.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|at| self.cell(at))
    }

    /// What the tables know of this record type.
    #[inline]
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
    #[inline]
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
