//! Bytes to records, one at a time.

use std::io::{self, BufRead};

use crate::{Ending, Record};

/// What a reader refuses to take in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest line, in bytes, its end not counted.
    pub line_bytes_max: usize,
    /// Most cells of a record that are told apart; further ones stay together in the last.
    pub cells_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line_bytes_max: 16 << 20, cells_max: 512 }
    }
}

/// Why no further record can be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The source failed.
    #[error("{file}: read failed at line {line}")]
    Io {
        /// Name of the file.
        file: String,
        /// Line that was being read.
        line: u64,
        /// What the source said.
        #[source]
        source: io::Error,
    },
    /// A line is longer than the limit.
    #[error("{file}: line {line} at byte {byte} is longer than {limit} bytes")]
    LineTooLong {
        /// Name of the file.
        file: String,
        /// The line.
        line: u64,
        /// Where it begins.
        byte: u64,
        /// The limit it broke.
        limit: usize,
    },
}

/// Reads records from bytes.
///
/// As an iterator it hands out owned records; [`Reader::read`] fills one record over and over.
/// After an error there are no more records.
#[derive(Debug)]
pub struct Reader<R> {
    file: String,
    source: R,
    limits: Limits,
    line: u64,
    byte: u64,
    done: bool,
}

impl<R: BufRead> Reader<R> {
    /// A reader of `source`, which findings and errors call `file`.
    pub fn new(file: impl Into<String>, source: R, limits: Limits) -> Self {
        Self { file: file.into(), source, limits, line: 0, byte: 0, done: false }
    }

    /// Reads the next record into `record`; false at the end.
    ///
    /// # Errors
    /// [`ReadError`] when the source fails or a line breaks the limit.
    pub fn read(&mut self, record: &mut Record) -> Result<bool, ReadError> {
        if self.done {
            return Ok(false);
        }
        record.line = self.line + 1;
        record.byte = self.byte;
        let raw = record.buffer();
        raw.clear();
        let taken = match take_line(&mut self.source, raw, self.limits.line_bytes_max) {
            Ok(taken) => taken,
            Err(fault) => {
                self.done = true;
                return Err(self.error(fault));
            }
        };
        if taken == 0 {
            self.done = true;
            return Ok(false);
        }
        let ending = strip_ending(raw);
        record.ending = ending;
        record.scan(self.limits.cells_max);
        self.line += 1;
        self.byte += taken;
        self.done = ending == Ending::None;
        Ok(true)
    }

    fn error(&self, fault: Fault) -> ReadError {
        let (file, line, byte) = (self.file.clone(), self.line + 1, self.byte);
        match fault {
            Fault::Io(source) => ReadError::Io { file, line, source },
            Fault::TooLong => {
                ReadError::LineTooLong { file, line, byte, limit: self.limits.line_bytes_max }
            }
        }
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = Record::default();
        match self.read(&mut record) {
            Ok(true) => Some(Ok(record)),
            Ok(false) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

enum Fault {
    Io(io::Error),
    TooLong,
}

/// Appends a line with its end to `raw`; the number of bytes taken, 0 at the end.
fn take_line(source: &mut impl BufRead, raw: &mut Vec<u8>, limit: usize) -> Result<u64, Fault> {
    let mut taken: u64 = 0;
    loop {
        let seen = match source.fill_buf() {
            Ok(seen) => seen,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Fault::Io(error)),
        };
        let end = memchr::memchr(b'\n', seen);
        let count = end.map_or(seen.len(), |at| at + 1);
        // A line end of two bytes does not count against the limit.
        if raw.len() + count > limit.saturating_add(2) {
            return Err(Fault::TooLong);
        }
        raw.extend_from_slice(&seen[..count]);
        taken += u64::try_from(count).unwrap_or(u64::MAX);
        source.consume(count);
        if end.is_some() || count == 0 {
            break;
        }
    }
    let mut bare = raw.len();
    for end in *b"\n\r" {
        if bare > 0 && raw[bare - 1] == end {
            bare -= 1;
        }
    }
    if bare > limit { Err(Fault::TooLong) } else { Ok(taken) }
}

fn strip_ending(raw: &mut Vec<u8>) -> Ending {
    if raw.pop_if(|last| *last == b'\n').is_none() {
        return Ending::None;
    }
    if raw.pop_if(|last| *last == b'\r').is_none() { Ending::Lf } else { Ending::CrLf }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use proptest::prelude::*;

    use super::*;

    fn whole(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for record in Reader::new("x", bytes, Limits::default()) {
            let record = record.unwrap();
            assert_eq!(usize::try_from(record.byte).unwrap(), out.len());
            assert_eq!(record.is_utf8(), std::str::from_utf8(record.raw()).is_ok());
            out.extend_from_slice(record.raw());
            out.extend_from_slice(record.ending.bytes());
        }
        out
    }

    #[test]
    fn lines_and_places() {
        let bytes = b"\xef\xbb\xbfHEAD\ta\r\n#c\n\n \t\nFOOT\t1";
        let mut seen = String::new();
        for record in Reader::new("x", &bytes[..], Limits::default()) {
            let record = record.unwrap();
            seen += &format!(
                "{} {} {:?} {} {:?} bom={} comment={} empty={}\n",
                record.line,
                record.byte,
                record.code(),
                record.len(),
                record.ending,
                record.has_bom(),
                record.is_comment(),
                record.is_empty()
            );
        }
        expect![[r##"
            1 0 "HEAD" 2 CrLf bom=true comment=false empty=false
            2 11 "#c" 1 Lf bom=false comment=true empty=false
            3 14 "" 1 Lf bom=false comment=false empty=true
            4 15 " " 2 Lf bom=false comment=false empty=true
            5 18 "FOOT" 2 None bom=false comment=false empty=false
        "##]]
        .assert_eq(&seen);
        assert_eq!(whole(bytes), bytes);
    }

    #[test]
    fn limits_hold_and_nothing_is_lost() {
        let limits = Limits { line_bytes_max: 5, cells_max: 2 };
        let mut reader = Reader::new("x", &b"a\tb\tc\r\nabcdef\nz"[..], limits);
        let first = reader.next().unwrap().unwrap();
        assert!(first.is_overfull());
        assert_eq!(first.cell(1).raw(), b"b\tc");
        let error = reader.next().unwrap().unwrap_err();
        expect!["x: line 2 at byte 7 is longer than 5 bytes"].assert_eq(&error.to_string());
        assert!(reader.next().is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(
            prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'\t'), Just(b'#'), any::<u8>()], 0..300)) {
            prop_assert_eq!(whole(&bytes), bytes);
        }

        #[test]
        fn cells_joined_are_the_line(raw in "[a\t|\\\\\"é]{0,40}") {
            let record = Record::new(1, 7, raw.clone().into_bytes(), Ending::Lf);
            let joined: Vec<&[u8]> = record.cells().map(crate::Cell::raw).collect();
            prop_assert_eq!(joined.join(&b'\t'), raw.into_bytes());
        }
    }
}
