//! One line of a report, byte for byte as it is kept.

use std::io::BufRead;
use std::path::Path;

use ingest::{IngestError, SourceSpec, open_statement};
use sheet::Row;
use store::{ReportRow, Text};

use super::SourceError;
use super::pieces::reader;
use crate::Home;

/// A line of a report, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawLine {
    /// The file's name.
    pub file: String,
    /// SHA-256 of the file as it is kept.
    pub sha256: String,
    /// Name and SHA-256 of the delivered file, where the kept one has other bytes.
    pub origin: Option<(String, String)>,
    /// The line that was found: where a cell goes on over line ends, the first of its lines.
    pub line: u64,
    /// Offset of its first byte, unpacked; `None` in a workbook.
    pub byte: Option<u64>,
    /// Its bytes without the line end; of a workbook, the cells with tabs between them.
    pub bytes: Vec<u8>,
    /// Its text.
    pub text: String,
}

/// Returns a line of a report's file, counted from 1 as usage lines and findings count it; files are
/// counted from 1 too.
///
/// # Errors
/// [`SourceError`] if there is no such file or line, or the file cannot be read.
pub fn raw_line(
    home: &Home,
    report: &ReportRow,
    file: usize,
    line: u64,
) -> Result<RawLine, SourceError> {
    let files = home.store.report_files(&report.id)?;
    let place = file.checked_sub(1);
    let Some(kept) = place.and_then(|it| files.get(it)) else {
        return Err(SourceError::NoLine { file: format!("file {file}"), line });
    };
    let path = home.store.received_path(&kept.sha256);
    let source = home.store.statement_source(&report.id)?;
    let origin = source.as_ref().and_then(|it| it.origins.get(place?)?.clone());
    let found = match &source {
        Some(it) => row_of(&SourceSpec::parse(&it.source, &it.spec)?, &kept.name, &path, line)?,
        None => line_of(&path, line)?,
    };
    let Some((line, byte, bytes, text)) = found else {
        return Err(SourceError::NoLine { file: kept.name.clone(), line });
    };
    let (file, sha256) = (kept.name.clone(), kept.sha256.clone());
    Ok(RawLine { file, sha256, origin, line, byte, bytes, text })
}

type Found = (u64, Option<u64>, Vec<u8>, String);

/// The row of a statement that covers a line.
fn row_of(
    spec: &SourceSpec,
    name: &str,
    path: &Path,
    line: u64,
) -> Result<Option<Found>, SourceError> {
    let failed = |source| SourceError::Read { file: name.to_owned(), source };
    open_statement(spec, name, &reader(path), &mut |way, rows| {
        let mut row = Row::default();
        let failed = |source| IngestError::Sheet { file: name.to_owned(), source };
        while rows.read(&mut row).map_err(failed)? {
            if (row.line..row.line.saturating_add(row.lines)).contains(&line) {
                let byte = way.encoding.is_some().then_some(row.byte);
                let text = way.encoding.map_or_else(
                    || String::from_utf8_lossy(row.raw()).into_owned(),
                    |it| it.decode_lossy(row.raw()).into_owned(),
                );
                return Ok(Some((row.line, byte, row.raw().to_vec(), text)));
            }
        }
        Ok(None)
    })
    .map_err(failed)
}

/// The line of a text that is separated by line feeds.
fn line_of(path: &Path, line: u64) -> Result<Option<Found>, SourceError> {
    let failed = |source| SourceError::File { path: path.to_owned(), source };
    let mut text = Text::open(path)?;
    let (mut number, mut byte) = (1_u64, 0_u64);
    let mut bytes = Vec::new();
    loop {
        let seen = text.fill_buf().map_err(failed)?;
        if seen.is_empty() {
            break;
        }
        let end = seen.iter().position(|it| *it == b'\n');
        let taken = end.map_or(seen.len(), |it| it.saturating_add(1));
        if number == line {
            bytes.extend_from_slice(seen.get(..end.unwrap_or(taken)).unwrap_or_default());
        } else {
            byte = byte.saturating_add(taken as u64);
        }
        text.consume(taken);
        if end.is_some() {
            if number == line {
                break;
            }
            number = number.saturating_add(1);
        }
    }
    if number != line || (bytes.is_empty() && line == 0) {
        return Ok(None);
    }
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Some((line, Some(byte), bytes, shown)))
}
