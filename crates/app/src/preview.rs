//! What sales reports would pay, without importing anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dsr::{Header, Limits, Reader, Record};
use finding::Finding;
use ingest::{IngestError, Sums, Tallied, Tally, Worth};
use insight::preview::{Column, Division, Holdings, Overflow, Preview, Tables};
use store::{StoreError, Text};

use crate::Progress;
use crate::catalogue::{CatalogueError, read_folder};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct PreviewRequest {
    /// The files of the reports; those of one report may come in any order.
    pub files: Vec<PathBuf>,
    /// A folder of the catalogue's plain files.
    pub catalogue: Option<PathBuf>,
    /// A table `isrc,payee,share`.
    pub shares: Option<PathBuf>,
    /// A table `isrc,recording,repertoire`.
    pub recordings: Option<PathBuf>,
    /// The repertoire whose share is asked for.
    pub repertoire: Option<String>,
}

/// One report, as far as a preview looks at it.
#[derive(Clone, Debug)]
pub struct ReportPreview {
    /// Its header.
    pub header: Header,
    /// How many of its files there are.
    pub files: usize,
    /// Lines of its files.
    pub records: u64,
    /// Sales transactions that count.
    pub lines: u64,
    /// Records that should count and do not, by rule.
    pub faults: BTreeMap<&'static str, u64>,
}

/// The answer.
#[derive(Debug)]
pub struct PreviewOutcome {
    /// The amounts and control totals of all reports together.
    pub preview: Preview,
    /// What the reports were held against.
    pub holdings: Holdings,
    /// The reports.
    pub reports: Vec<ReportPreview>,
    /// What is wrong with the catalogue or the tables.
    pub findings: Vec<Finding>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PreviewError {
    /// A file cannot be opened.
    #[error(transparent)]
    File(#[from] StoreError),
    /// The catalogue cannot be read.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// A table cannot be read.
    #[error("{path} cannot be read")]
    Table {
        /// The table.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A report cannot be added up.
    #[error("{file} cannot be added up")]
    Report {
        /// The file.
        file: String,
        /// Why.
        source: IngestError,
    },
    /// Not every file of a report is there, so its revenue cannot be shared out.
    #[error("report {message_id} has {expected} files, and {given} were given; name all of them")]
    Incomplete {
        /// The sender's id of the report.
        message_id: String,
        /// How many files the report has.
        expected: u32,
        /// How many were given.
        given: usize,
    },
    /// No repertoire has this name.
    #[error("no repertoire is called {name:?}; there are: {known}")]
    Repertoire {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A sum leaves the range of amounts.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// Adds up reports and divides them by right shares.
///
/// Memory depends on the recordings that are known and on the summary records, not on the size of
/// the reports.
///
/// # Errors
/// [`PreviewError`].
pub fn preview(
    request: &PreviewRequest,
    progress: &mut dyn Progress,
) -> Result<PreviewOutcome, PreviewError> {
    progress.at("reading what is known of recordings", 0, 0);
    let (holdings, findings) = holdings(request)?;
    let mut outcome = PreviewOutcome {
        preview: Preview::default(),
        holdings: Holdings::default(),
        reports: Vec::new(),
        findings,
    };
    let total = request.files.len() as u64;
    let mut done = 0;
    for (header, paths) in grouped(&request.files)? {
        whole(&header, &paths)?;
        let place = |isrc: &str| holdings.place(isrc);
        let mut tally = Tally::new(&place);
        let mut division = Division::new(&holdings);
        let mut sink = |place: u32, first: usize, sums: Sums<'_>| match sums {
            Sums::Nano(sums) => division.add_nano(place, first, sums),
            Sums::Atoms(sums) => division.add(place, first, sums),
        };
        let mut last = String::new();
        for path in &paths {
            progress.at("adding up", done, total);
            let failed = |source| PreviewError::Report { file: file_name(path), source };
            tally.take(&file_name(path), Text::open(path)?, &mut sink).map_err(failed)?;
            done += 1;
            last = file_name(path);
        }
        let tallied = tally
            .finish(&mut sink)
            .map_err(|source| PreviewError::Report { file: last, source })?;
        division.finish(&columns(&tallied), &mut outcome.preview)?;
        outcome.reports.push(ReportPreview {
            header: tallied.header,
            files: paths.len(),
            records: tallied.records,
            lines: tallied.lines,
            faults: tallied.faults,
        });
    }
    outcome.holdings = holdings;
    Ok(outcome)
}

fn columns(tallied: &Tallied) -> Vec<Option<Column>> {
    let column = |it: &ingest::TallyColumn| Column {
        territory: it.territory.clone(),
        currency: it.currency,
        pool: match it.worth {
            Worth::Parts { revenue, whole } => Some((revenue, whole)),
            Worth::Nothing | Worth::Amounts => None,
        },
    };
    tallied.columns.iter().map(|it| it.as_ref().map(column)).collect()
}

fn holdings(request: &PreviewRequest) -> Result<(Holdings, Vec<Finding>), PreviewError> {
    let shares = request.shares.as_deref().map(table).transpose()?;
    let recordings = request.recordings.as_deref().map(table).transpose()?;
    let mut findings = Vec::new();
    let mut catalogue = None;
    if let Some(folder) = &request.catalogue {
        let (read, found) = catalog::read_files(&read_folder(folder)?);
        catalogue = Some(read);
        findings = found;
    }
    let tables = Tables {
        shares: shares.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
        recordings: recordings.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
    };
    let repertoire = request.repertoire.as_deref();
    let (holdings, found) = Holdings::read(catalogue.as_ref(), tables, repertoire);
    findings.extend(found);
    match repertoire {
        Some(name) if !holdings.repertoires().iter().any(|it| it == name) => {
            Err(PreviewError::Repertoire {
                name: name.to_owned(),
                known: holdings.repertoires().join(", "),
            })
        }
        _ => Ok((holdings, findings)),
    }
}

/// Name and bytes of a table.
fn table(path: &Path) -> Result<(String, Vec<u8>), PreviewError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok((file_name(path), bytes)),
        Err(source) => Err(PreviewError::Table { path: path.to_owned(), source }),
    }
}

/// The files by report: of one sender and message id, each at a place of its own.
fn grouped(files: &[PathBuf]) -> Result<Vec<(Header, Vec<&Path>)>, PreviewError> {
    type Parts<'a> = Vec<(Option<u32>, &'a Path)>;
    let mut reports: Vec<(Header, Parts<'_>)> = Vec::new();
    for path in files {
        let header = header(path)?;
        let part = header.part().map(|it| it.0);
        let same = reports.iter_mut().find(|(known, parts)| {
            !header.message_id.is_empty()
                && known.message_id == header.message_id
                && known.sender_party_id == header.sender_party_id
                && parts.iter().all(|it| it.0 != part)
        });
        match same {
            Some((_, parts)) => parts.push((part, path)),
            None => reports.push((header, vec![(part, path)])),
        }
    }
    Ok(reports
        .into_iter()
        .map(|(header, mut parts)| {
            parts.sort();
            (header, parts.into_iter().map(|it| it.1).collect())
        })
        .collect())
}

/// The header of a file: its first record that is one.
fn header(path: &Path) -> Result<Header, PreviewError> {
    let failed = |source: IngestError| PreviewError::Report { file: file_name(path), source };
    let mut reader = Reader::new(file_name(path), Text::open(path)?, Limits::default());
    let mut record = Record::default();
    while reader.read(&mut record).map_err(|it| failed(it.into()))? {
        let spec = record.lookup().spec().filter(|it| matches!(&it.code, b"HEAD" | b"SRHE"));
        if let Some(spec) = spec {
            return Ok(Header::read(&record, spec));
        }
    }
    Err(failed(IngestError::NoHeader { file: file_name(path) }))
}

fn whole(header: &Header, paths: &[&Path]) -> Result<(), PreviewError> {
    match header.part() {
        Some((_, expected)) if usize::try_from(expected) != Ok(paths.len()) => {
            Err(PreviewError::Incomplete {
                message_id: header.message_id.clone(),
                expected,
                given: paths.len(),
            })
        }
        _ => Ok(()),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}
