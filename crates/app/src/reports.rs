//! Sales reports and charts: in, checked, listed, taken back.

mod take;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dsr::{Header, ReadError, Summary};
use finding::Finding;
use ingest::{Chart, IngestError, Source, Survey, ingest_chart};
use lake::LakeError;
use money::Atoms;
use period::Period;
use sha2::{Digest, Sha256};
use store::{Kept, ReportFile, ReportRow, ReportState, StoreError, open_text};

use self::take::{FindingDesk, ReadPart, take};
use crate::home::hex;
use crate::{Home, Progress};

/// How many findings of one rule are kept with a report; all are counted.
pub const FINDINGS_KEPT_A_RULE: usize = 1_000;

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Import {
    /// Its lines are in the lake.
    New,
    /// The same content came before; nothing was done.
    AlreadyHere,
    /// Other content stands under its sender and message id; it is kept aside and does not count.
    Conflict,
    /// No usage lines can be made of it; its files are kept, with the findings.
    Refused,
}

/// What an import did with one report.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    /// What became of it.
    pub import: Import,
    /// Why no usage lines can be made of it, if it is refused.
    pub reason: Option<String>,
    /// The report, as recorded.
    pub report: ReportRow,
    /// The number of usage lines.
    pub lines: u64,
    /// The sums by basis and currency.
    pub amounts: BTreeMap<(String, String), Atoms>,
    /// How often each rule was found.
    pub counts: BTreeMap<String, u64>,
    /// The lines that could not become usage lines.
    pub quarantined: usize,
}

/// What a check found in one file.
#[derive(Clone, Debug)]
pub struct CheckOutcome {
    /// The file's name.
    pub file: String,
    /// What was counted.
    pub summary: Summary,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// Why a report cannot be imported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The file could not be read to its end.
    #[error("{file} cannot be read")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: ReadError,
    },
    /// No usage lines can be made of the file.
    #[error("{file} cannot be imported; `leitmotif report check` says more")]
    Ingest {
        /// The file.
        file: String,
        /// Why.
        source: IngestError,
    },
    /// The file says that it is a part of a report whose other files are not there.
    #[error(
        "report {message_id} of {sender} has {expected} files, and {given} were given; name all \
         of them in one call"
    )]
    Incomplete {
        /// The sender.
        sender: String,
        /// The sender's id of the report.
        message_id: String,
        /// How many files the report has.
        expected: u32,
        /// How many were given.
        given: usize,
    },
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// A file that was checked and is ready to be imported.
struct Part {
    path: PathBuf,
    name: String,
    summary: Summary,
}

/// Checks one file and lists what is wrong with it; nothing is kept.
///
/// # Errors
/// [`ReportError`] if the file cannot be read.
pub fn check(path: &Path) -> Result<CheckOutcome, ReportError> {
    let file = file_name(path);
    let mut findings = Vec::new();
    let summary = dsr::check(&file, open_text(path)?, &mut |it| findings.push(it))
        .map_err(|source| ReportError::Read { file: file.clone(), source })?;
    Ok(CheckOutcome { file, summary, findings })
}

/// Imports sales reports; files of one report (same sender and message id) belong together.
///
/// # Errors
/// [`ReportError`] if a file cannot be read or the store or lake refuses; the reports before it are
/// imported. A report of which no lines can be made is an outcome, not an error.
pub fn import(
    home: &mut Home,
    paths: &[PathBuf],
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Vec<ImportOutcome>, ReportError> {
    let mut reports: BTreeMap<(String, String), (Vec<Part>, FindingDesk)> = BTreeMap::new();
    let total = paths.len() as u64;
    for (done, path) in (0..).zip(paths) {
        progress.at("checking", done, total);
        let name = file_name(path);
        let mut desk = FindingDesk::default();
        let summary = dsr::check(&name, open_text(path)?, &mut |it| desk.take(it))
            .map_err(|source| ReportError::Read { file: name.clone(), source })?;
        let key = match &summary.header {
            Some(it) if !it.message_id.is_empty() => {
                (it.sender_party_id.clone(), it.message_id.clone())
            }
            // Without an id, a file is a report of its own.
            _ => (String::new(), path.display().to_string()),
        };
        let (parts, findings) = reports.entry(key).or_default();
        findings.add(desk);
        parts.push(Part { path: path.clone(), name, summary });
    }
    let total = reports.len() as u64;
    let mut outcomes = Vec::new();
    for (done, (_, (mut parts, mut desk))) in (0..).zip(reports) {
        progress.at("importing", done, total);
        parts.sort_by_key(|it| it.summary.header.as_ref().and_then(Header::part));
        let summaries: Vec<Summary> = parts.iter().map(|it| it.summary.clone()).collect();
        dsr::check_parts(&summaries, &mut |it| desk.take(it));
        outcomes.push(import_one(home, &parts, desk, now)?);
    }
    Ok(outcomes)
}

fn import_one(
    home: &mut Home,
    parts: &[Part],
    desk: FindingDesk,
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let header = parts.iter().find_map(|it| it.summary.header.clone()).unwrap_or_default();
    let arrival = Arrival {
        kind: "sales",
        sender: header.sender_party_id.clone(),
        sender_name: header.sender_name.clone(),
        message_id: header.message_id.clone(),
        profile: format!("{} {}", header.profile_name, header.profile_version),
        service: header.service_description.clone(),
        period: header.period(),
    };
    let paths: Vec<(&Path, &str)> =
        parts.iter().map(|it| (it.path.as_path(), it.name.as_str())).collect();
    let (row, files) = match arrive(home, arrival, &paths, now)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, files) => (*row, files),
    };
    let mut survey = Survey::default();
    let surveyed = whole(parts).and_then(|()| {
        paths.iter().try_for_each(|(path, name)| {
            let failed = |source| ReportError::Ingest { file: (*name).to_owned(), source };
            survey.take(name, open_text(path)?).map_err(failed)
        })
    });
    let id = row.id.clone();
    let read: ReadPart<'_> = &mut |file, sink, findings| {
        let (path, name) = paths[usize::from(file)];
        let source = Source { report: &id, file, name };
        survey
            .lines(&source, open_text(path)?, sink, findings)
            .map_err(|source| ReportError::Ingest { file: name.to_owned(), source })
    };
    match surveyed {
        Ok(()) => take_or_refuse(home, row, &files, desk, read),
        Err(error) => refuse(home, row, &files, desk, error),
    }
}

/// Says whether every file of the report is there.
fn whole(parts: &[Part]) -> Result<(), ReportError> {
    let headers = || parts.iter().filter_map(|it| it.summary.header.as_ref());
    let expected = headers().filter_map(|it| it.part()).map(|it| it.1).max().unwrap_or(1);
    if usize::try_from(expected).unwrap_or(usize::MAX) == parts.len() {
        return Ok(());
    }
    let header = headers().next().cloned().unwrap_or_default();
    Err(ReportError::Incomplete {
        sender: header.sender_party_id,
        message_id: header.message_id,
        expected,
        given: parts.len(),
    })
}

/// What is known of a report before its lines are read.
struct Arrival {
    kind: &'static str,
    sender: String,
    sender_name: String,
    message_id: String,
    profile: String,
    service: String,
    period: Option<Period>,
}

/// Whether a report came before.
enum Arrived {
    Seen(Box<ImportOutcome>),
    Fresh(Box<ReportRow>, Vec<ReportFile>),
}

/// Keeps the files as they came and looks whether the same content, or other content under the
/// same id, is there already.
fn arrive(
    home: &Home,
    arrival: Arrival,
    paths: &[(&Path, &str)],
    now: &str,
) -> Result<Arrived, ReportError> {
    let Arrival { kind, sender, sender_name, message_id, profile, service, period } = arrival;
    let (mut files, mut whole) = (Vec::new(), Sha256::new());
    for (path, name) in paths {
        let Kept { sha256, size_bytes } = home.store.keep(path)?;
        whole.update(text_hash(path)?);
        files.push(ReportFile { name: (*name).to_owned(), sha256, size_bytes });
    }
    let sha256 = hex(&whole.finalize());
    let known = home.store.reports_of(&sender, &message_id)?;
    let live = |it: &&ReportRow| matches!(it.state, ReportState::Standing | ReportState::Conflict);
    if let Some(same) = known.iter().filter(live).find(|it| it.sha256 == sha256) {
        return Ok(Arrived::Seen(Box::new(seen(home, same.clone())?)));
    }
    let conflict = known.iter().any(|it| it.state == ReportState::Standing);
    let row = ReportRow {
        id: report_id(&sender, &message_id, &sha256, now, &known),
        kind: kind.to_owned(),
        state: if conflict { ReportState::Conflict } else { ReportState::Standing },
        sender,
        sender_name,
        message_id,
        profile,
        service,
        first_day: period.map_or_else(String::new, |it| it.start().to_string()),
        end_day: period.map_or_else(String::new, |it| it.end().to_string()),
        sha256,
        imported_at: now.to_owned(),
        settlement: None,
    };
    Ok(Arrived::Fresh(Box::new(row), files))
}

/// Takes a report, or records that no usage lines can be made of it.
fn take_or_refuse(
    home: &mut Home,
    row: ReportRow,
    files: &[ReportFile],
    desk: FindingDesk,
    read: ReadPart<'_>,
) -> Result<ImportOutcome, ReportError> {
    let findings = desk.clone();
    match take(home, row.clone(), files, desk, read) {
        Err(error @ ReportError::Ingest { .. }) => refuse(home, row, files, findings, error),
        done => done,
    }
}

/// Records a report of which no usage lines can be made, with its findings; its files are kept.
fn refuse(
    home: &mut Home,
    mut row: ReportRow,
    files: &[ReportFile],
    desk: FindingDesk,
    error: ReportError,
) -> Result<ImportOutcome, ReportError> {
    row.state = ReportState::Refused;
    home.store.add_report(&row, files, &[], &desk.kept, &desk.counts, &[])?;
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(it) = cause {
        reason.push_str(": ");
        reason.push_str(&it.to_string());
        cause = it.source();
    }
    Ok(ImportOutcome {
        import: Import::Refused,
        reason: Some(reason),
        report: row,
        lines: 0,
        amounts: BTreeMap::new(),
        counts: desk.counts,
        quarantined: 0,
    })
}

/// Imports a chart: usage without money. `name` stands as its sender.
///
/// # Errors
/// [`ReportError`].
pub fn import_chart(
    home: &mut Home,
    path: &Path,
    territory: &str,
    name: &str,
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let file = file_name(path);
    let arrival = Arrival {
        kind: "chart",
        sender: name.to_owned(),
        sender_name: name.to_owned(),
        message_id: format!("{name} {territory} {file}"),
        profile: "chart".to_owned(),
        service: name.to_owned(),
        period: None,
    };
    let (row, files) = match arrive(home, arrival, &[(path, &file)], now)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, files) => (*row, files),
    };
    let id = row.id.clone();
    take_or_refuse(home, row, &files, FindingDesk::default(), &mut |index, sink, findings| {
        let chart =
            Chart { report: &id, file: index, name: &file, chart: name, service: name, territory };
        ingest_chart(&chart, open_text(path)?, sink, findings)
            .map_err(|source| ReportError::Ingest { file: file.clone(), source })
    })
}

/// Takes a report back that is not settled; its files stay in `received`.
///
/// # Errors
/// [`ReportError`].
pub fn withdraw(home: &mut Home, id: &str) -> Result<bool, ReportError> {
    let withdrawn = home.store.withdraw_report(id)?;
    if withdrawn {
        home.lake.sweep(&crate::home::manifest(&home.store)?)?;
    }
    Ok(withdrawn)
}

fn seen(home: &Home, report: ReportRow) -> Result<ImportOutcome, StoreError> {
    let import = match report.state {
        ReportState::Conflict => Import::Conflict,
        _ => Import::AlreadyHere,
    };
    let files = home.store.usage_files()?;
    let own = files.iter().filter(|it| it.report == report.id);
    Ok(ImportOutcome {
        import,
        reason: None,
        lines: own.map(|it| it.lines).sum(),
        amounts: BTreeMap::new(),
        counts: home.store.finding_counts(&report.id)?,
        quarantined: home.store.quarantine(&report.id)?.len(),
        report,
    })
}

/// Returns our id of a report: it follows from sender, message id and content. A report that was
/// withdrawn and comes again gets a new one.
fn report_id(
    sender: &str,
    message_id: &str,
    sha256: &str,
    now: &str,
    known: &[ReportRow],
) -> String {
    let id = |salt: &str| {
        let mut hash = Sha256::new();
        for part in [sender, message_id, sha256, salt] {
            hash.update(part);
            hash.update([0]);
        }
        hex(&hash.finalize()).chars().take(16).collect::<String>()
    };
    let first = id("");
    match known.iter().any(|it| it.id == first) {
        true => id(now),
        false => first,
    }
}

/// Returns SHA-256 over a file's text, unpacked: the same report packed or not is the same.
fn text_hash(path: &Path) -> Result<Vec<u8>, StoreError> {
    let mut reader = open_text(path)?;
    let mut hash = Sha256::new();
    loop {
        let file = |source| StoreError::File { path: path.to_owned(), source };
        let bytes = reader.fill_buf().map_err(file)?;
        let count = bytes.len();
        if count == 0 {
            return Ok(hash.finalize().to_vec());
        }
        hash.update(bytes);
        reader.consume(count);
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}
