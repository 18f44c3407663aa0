//! Sales reports of DDEX: two passes over each file.
//!
//! The first pass adds up the usages of every summary record, because they share out its revenue;
//! the second makes the lines, one by one.

mod block;
mod fault;
mod lines;
mod pool;
mod price;
mod sale;
mod survey;
mod tally;

use std::io::{self, BufRead};

use finding::Finding;
use usage::Row;

use crate::{IngestError, Ingested};

pub use survey::Survey;
pub use tally::{Sink, Sum, Sums, Tallied, Tally, TallyColumn, Worth};

/// Where a file comes from.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Source<'a> {
    /// Report id, as [`usage::Line::report`] has it.
    pub report: &'a str,
    /// Index of the file within the report, from 0.
    pub file: u16,
    /// Name of the file.
    pub name: &'a str,
}

/// Reads a report of one file into usage lines; `open` is asked twice for its bytes.
///
/// A report of several files goes through [`Survey`]: first all files by [`Survey::take`], then all
/// files by [`Survey::lines`].
///
/// # Errors
/// [`IngestError`] when the file cannot be read, or its header does not say what it is about.
///
/// ```
/// use ingest::{Source, ingest_dsr};
///
/// let text = "HEAD|dsrf/1|BasicAudioProfile|1.3|M1|2026-02-01T00:00:00Z|1|1|2026-01-01|2026-01-31|S\n\
///             SY01.02|1|||SubscriptionModel||KR|Svc|4||KRW|10\n\
///             SU02.02|1|1|T1||A1|TRUE|1\n\
///             SU02.02|1|1|T2||A1|TRUE|2\n"
///     .replace('|', "\t");
/// let source = Source { report: "r", file: 0, name: "DSR_x.tsv" };
/// let mut amounts = Vec::new();
/// let ingested = ingest_dsr(
///     &source,
///     &mut || Ok(text.as_bytes()),
///     &mut |row| amounts.push(row.amount.to_string()),
///     &mut |_| {},
/// )?;
/// assert_eq!(amounts, ["2.5", "5"]);
/// assert_eq!(ingested.pools[0].attributed_revenue.to_string(), "7.5");
/// # Ok::<(), ingest::IngestError>(())
/// ```
pub fn ingest_dsr<R: BufRead>(
    source: &Source<'_>,
    open: &mut dyn FnMut() -> io::Result<R>,
    rows: &mut dyn FnMut(&Row<'_>),
    findings: &mut dyn FnMut(Finding),
) -> Result<Ingested, IngestError> {
    let mut open = || {
        open().map_err(|fault| IngestError::Open { file: source.name.to_owned(), source: fault })
    };
    let mut survey = Survey::default();
    survey.take(source.name, open()?)?;
    survey.lines(source, open()?, rows, findings)
}

#[cfg(test)]
mod tests;
