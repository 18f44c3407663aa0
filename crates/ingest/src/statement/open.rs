//! A file to rows: text of the right encoding, or the right worksheet of a workbook.

use std::io::{self, BufRead, Cursor, Read as _};

use finding::{Finding, Position};
use sheet::{Encoding, Limits, Packing, ReadError, Rows, TextRows, Workbook, packing};

use super::recognise::{has_header, starts_so};
use super::spec::SourceSpec;
use crate::IngestError;
use crate::rule::{STATEMENT_PERSONAL, STATEMENT_UNREAD};

/// Opens a file at its beginning; it is asked as often as the file has to be read.
pub type Open<'a> = &'a dyn Fn() -> io::Result<Box<dyn BufRead>>;

/// How a file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// The encoding of a text.
    pub encoding: Option<Encoding>,
    /// The worksheet of a workbook.
    pub sheet: Option<String>,
    /// Its other worksheets, which are not read.
    pub unread: Vec<String>,
}

impl Way {
    /// What is not read of a file, and what is left out of it.
    pub fn tell(&self, file: &str, emptied: u64, findings: &mut dyn FnMut(Finding)) {
        for sheet in &self.unread {
            let message = "a worksheet that is not read";
            let at = Position::of_file(file);
            findings(STATEMENT_UNREAD.finding(message).at(at).evidence(sheet));
        }
        if emptied > 0 {
            let message = format!("{emptied} cells with data of persons were emptied");
            findings(STATEMENT_PERSONAL.finding(message).at(Position::of_file(file)));
        }
    }
}

/// Tells of a file in an archive that is not read.
pub fn tell_unread_member(archive: &str, member: &str, findings: &mut dyn FnMut(Finding)) {
    let message = "a file in the archive that no source spec knows";
    let at = Position::of_file(archive);
    findings(STATEMENT_UNREAD.finding(message).at(at).evidence(member));
}

/// Bytes of a text that are looked at to tell what it is.
pub(super) const HEAD_BYTES: u64 = 256 << 10;

/// Opens a file of a source and hands out its rows.
///
/// The encoding is that of the byte order mark, or UTF-16 where every other byte is zero, or the
/// first of the spec's in which the whole text is one. Of a workbook it is the first worksheet that
/// has the header.
///
/// # Errors
/// [`IngestError`] when the file cannot be read, and whatever `then` says.
pub fn open_statement<T>(
    spec: &SourceSpec,
    name: &str,
    open: Open<'_>,
    then: &mut dyn FnMut(&Way, &mut dyn Rows) -> Result<T, IngestError>,
) -> Result<T, IngestError> {
    let limits = Limits::default();
    let failed = |source| IngestError::Open { file: name.to_owned(), source };
    let unread = |source| IngestError::Sheet { file: name.to_owned(), source };
    let head = head(open).map_err(failed)?;
    if packing(&head) == Packing::Plain {
        let encoding = encoding_of(spec, &head, open).map_err(failed)?;
        let form = spec.form(encoding);
        let mut rows = TextRows::new(name, open().map_err(failed)?, form, limits);
        return then(&Way { encoding: Some(encoding), ..Way::default() }, &mut rows);
    }
    let mut book = workbook(name, open, limits).map_err(unread)?;
    let (mut way, mut found) = (Way::default(), false);
    for sheet in book.sheets() {
        let this = !found
            && spec.takes_sheet(&sheet)
            && has_header(spec, &mut book.rows(&sheet).map_err(unread)?).map_err(unread)?;
        match this {
            true => way.sheet = Some(sheet),
            false => way.unread.push(sheet),
        }
        found |= this;
    }
    let Some(sheet) = way.sheet.clone() else {
        return Err(IngestError::Header { file: name.to_owned(), spec: spec.id() });
    };
    let mut rows = book.rows(&sheet).map_err(unread)?;
    then(&way, &mut rows)
}

/// The beginning of a file.
pub(super) fn head(open: Open<'_>) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    open()?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// Opens a workbook; a file that is packed and none is an error.
pub(super) fn workbook(
    name: &str,
    open: Open<'_>,
    limits: Limits,
) -> Result<Workbook<Cursor<Vec<u8>>>, ReadError> {
    let mut bytes = Vec::new();
    let most = limits.unpacked_bytes_max;
    let failed = |source| ReadError::Io { file: name.to_owned(), line: 0, source };
    let read = open().and_then(|it| it.take(most).read_to_end(&mut bytes)).map_err(failed)?;
    if read as u64 >= most {
        return Err(ReadError::TooLarge { file: name.to_owned(), limit: most });
    }
    Workbook::open(name, Cursor::new(bytes), limits)
}

fn encoding_of(spec: &SourceSpec, head: &[u8], open: Open<'_>) -> io::Result<Encoding> {
    if let Some(it) = Encoding::of_mark(head).or_else(|| Encoding::of_zeros(head)) {
        return Ok(it);
    }
    let encodings = spec.encodings();
    if let [only] = encodings[..] {
        return Ok(only);
    }
    for it in &encodings {
        // The header has to be there too: Latin-1 fits every text.
        if starts_so(spec, *it, head) && it.fits(&mut open()?)? {
            return Ok(*it);
        }
    }
    Ok(encodings.first().copied().unwrap_or(Encoding::Utf8))
}
