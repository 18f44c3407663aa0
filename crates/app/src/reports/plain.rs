//! A report's lines without a home: read, told, and kept nowhere.

use std::path::PathBuf;

use ingest::{Source, Survey};
use store::{ReportRow, Text};
use usage::Line;

use super::take::unitemised;
use super::{ReportError, row_of};

/// Reads files of one report, in their order, and gives every line to `sink`, with those that stand
/// for what the report does not itemise. Returns what the header says, and how many lines could
/// not be read.
pub(crate) fn read_plain(
    files: &[(PathBuf, String)],
    sink: &mut dyn FnMut(Line),
) -> Result<(ReportRow, usize), ReportError> {
    let mut survey = Survey::default();
    let failed = |name: &str| {
        let file = name.to_owned();
        move |source| ReportError::Ingest { file, source }
    };
    for (path, name) in files {
        survey.take(name, Text::open(path)?).map_err(failed(name))?;
    }
    let (mut row, mut quarantined) = (row_of(&dsr::Header::default(), ""), 0);
    for (number, (path, name)) in (0_u16..).zip(files) {
        let source = Source { report: "", file: number, name };
        let text = Text::open(path)?;
        let ingested = survey
            .lines(&source, text, &mut |row| sink(row.to_line(source.report)), &mut |_| {})
            .map_err(failed(name))?;
        quarantined += ingested.quarantined.len();
        if let Some(header) = &ingested.header {
            row = row_of(header, "");
        }
        if usize::from(number) + 1 == files.len() {
            unitemised(&ingested, &row)?.into_iter().for_each(&mut *sink);
        }
    }
    Ok((row, quarantined))
}
