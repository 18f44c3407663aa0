//! Sales reports and charts: in, checked, listed, taken back.

mod take;

use std::collections::{BTreeMap, BTreeSet};
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
    /// Why it does not count, if it does not.
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
    /// The findings, at most [`FINDINGS_KEPT_A_RULE`] of a rule.
    pub findings: Vec<Finding>,
    /// How often each rule was found.
    pub counts: BTreeMap<String, u64>,
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
    #[error("{file} cannot be imported")]
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

/// A file that is kept, and read from where it is kept: what comes in may change meanwhile.
struct Part {
    path: PathBuf,
    file: ReportFile,
    summary: Summary,
}

impl Part {
    fn keep(home: &Home, path: &Path) -> Result<Self, ReportError> {
        let Kept { sha256, size_bytes } = home.store.keep(path)?;
        let path_kept = home.store.received_path(&sha256);
        let file = ReportFile { name: file_name(path), sha256, size_bytes };
        Ok(Self { path: path_kept, file, summary: Summary::default() })
    }

    fn place(&self) -> Option<(u32, u32)> {
        self.summary.header.as_ref().and_then(Header::part)
    }
}

/// Checks one file and lists what is wrong with it; nothing is kept.
///
/// # Errors
/// [`ReportError`] if the file cannot be read.
pub fn check(path: &Path) -> Result<CheckOutcome, ReportError> {
    let file = file_name(path);
    let mut desk = FindingDesk::default();
    let summary = dsr::check(&file, open_text(path)?, &mut |it| desk.take(it))
        .map_err(|source| ReportError::Read { file: file.clone(), source })?;
    Ok(CheckOutcome { file, summary, findings: desk.kept, counts: desk.counts })
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
    let mut reports: BTreeMap<(String, String, usize), (Vec<Part>, FindingDesk)> = BTreeMap::new();
    let total = paths.len() as u64;
    for (done, path) in (0..).zip(paths) {
        progress.at("checking", done, total);
        let mut part = Part::keep(home, path)?;
        let mut desk = FindingDesk::default();
        let name = &part.file.name;
        // A file that cannot be read to its end is refused below, and the others go on.
        if let Ok(summary) = dsr::check(name, open_text(&part.path)?, &mut |it| desk.take(it)) {
            part.summary = summary;
        }
        let mut key = match &part.summary.header {
            Some(it) if !it.message_id.is_empty() => {
                (it.sender_party_id.clone(), it.message_id.clone(), 0)
            }
            // Without an id, a file is a report of its own.
            _ => (String::new(), path.display().to_string(), 0),
        };
        // Two files that claim the same place are two deliveries, not one.
        while reports
            .get(&key)
            .is_some_and(|(parts, _)| parts.iter().any(|it| it.place() == part.place()))
        {
            key.2 += 1;
        }
        let (parts, findings) = reports.entry(key).or_default();
        findings.add(desk);
        parts.push(part);
    }
    let total = reports.len() as u64;
    let mut outcomes = Vec::new();
    for (done, (_, (mut parts, mut desk))) in (0..).zip(reports) {
        progress.at("importing", done, total);
        parts.sort_by_key(Part::place);
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
    let (row, reason) = match arrive(home, arrival, parts, now)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, reason) => (*row, reason),
    };
    let paths: Vec<(&Path, &str)> =
        parts.iter().map(|it| (it.path.as_path(), it.file.name.as_str())).collect();
    let files: Vec<ReportFile> = parts.iter().map(|it| it.file.clone()).collect();
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
            .lines(&source, open_text(path)?, &mut |row| sink(row.to_line(&id)), findings)
            .map_err(|source| ReportError::Ingest { file: name.to_owned(), source })
    };
    match surveyed {
        Ok(()) => take_or_refuse(home, row, reason, &files, desk, read),
        Err(error) => refuse(home, row, &files, desk, error),
    }
}

/// Says whether every file of the report is there.
fn whole(parts: &[Part]) -> Result<(), ReportError> {
    let expected = parts.iter().filter_map(Part::place).map(|it| it.1).max().unwrap_or(1);
    let here: BTreeSet<u32> = parts.iter().filter_map(Part::place).map(|it| it.0).collect();
    let unnumbered = parts.len() == 1 && here.is_empty();
    if unnumbered || (here.len() == parts.len() && here.into_iter().eq(1..=expected)) {
        return Ok(());
    }
    let header = parts.iter().find_map(|it| it.summary.header.clone()).unwrap_or_default();
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
    /// With the reason why it does not count, if it does not.
    Fresh(Box<ReportRow>, Option<String>),
}

/// Looks whether the same content, other content under the same id, or the same sales transactions
/// under another id, are there already.
fn arrive(
    home: &Home,
    arrival: Arrival,
    parts: &[Part],
    now: &str,
) -> Result<Arrived, ReportError> {
    let Arrival { kind, sender, sender_name, message_id, profile, service, period } = arrival;
    let (mut texts, mut bodies) = (Vec::new(), Vec::new());
    for part in parts {
        let [text, body] = text_hashes(&part.path)?;
        texts.push(text);
        bodies.push(body);
    }
    let (sha256, body) = (one_hash(&texts), one_hash(&bodies));
    let known = home.store.reports_of(&sender, &message_id)?;
    let conflict = known.iter().any(|it| it.state == ReportState::Standing);
    // A conflict counts as seen only while the other content stands.
    let live = |it: &&ReportRow| match it.state {
        ReportState::Standing => true,
        ReportState::Conflict => conflict,
        ReportState::Refused | ReportState::Withdrawn => false,
    };
    if let Some(same) = known.iter().filter(live).find(|it| it.sha256 == sha256) {
        return Ok(Arrived::Seen(Box::new(seen(home, same.clone())?)));
    }
    let first_day = period.map_or_else(String::new, |it| it.start().to_string());
    let end_day = period.map_or_else(String::new, |it| it.end().to_string());
    let standing = home.store.reports()?;
    let twin = standing.iter().find(|it| {
        // A chart says its days line by line.
        let same_days = period.is_none()
            || (it.first_day.as_str(), it.end_day.as_str()) == (&*first_day, &*end_day);
        it.state == ReportState::Standing
            && (it.sender == sender && it.body == body && same_days && !conflict)
    });
    let row = ReportRow {
        id: report_id(&sender, &message_id, &sha256, &known),
        kind: kind.to_owned(),
        state: if conflict || twin.is_some() {
            ReportState::Conflict
        } else {
            ReportState::Standing
        },
        sender,
        sender_name,
        message_id,
        profile,
        service,
        first_day,
        end_day,
        sha256,
        body,
        imported_at: now.to_owned(),
        settlement: None,
    };
    let reason = match twin {
        Some(twin) => Some(format!(
            "the same sales transactions stand as report {} ({})",
            twin.id, twin.message_id
        )),
        None => conflict.then(|| "other content stands under its message id".to_owned()),
    };
    Ok(Arrived::Fresh(Box::new(row), reason))
}

/// Takes a report, or records that no usage lines can be made of it.
fn take_or_refuse(
    home: &mut Home,
    row: ReportRow,
    reason: Option<String>,
    files: &[ReportFile],
    desk: FindingDesk,
    read: ReadPart<'_>,
) -> Result<ImportOutcome, ReportError> {
    let findings = desk.clone();
    match take(home, row.clone(), files, desk, read) {
        Err(error @ ReportError::Ingest { .. }) => refuse(home, row, files, findings, error),
        done => done.map(|it| ImportOutcome { reason, ..it }),
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
    home.lake.sweep(&crate::home::manifest(&home.store)?)?;
    let known = home.store.reports_of(&row.sender, &row.message_id)?;
    let before = |it: &&ReportRow| it.state == ReportState::Refused && it.sha256 == row.sha256;
    match known.iter().find(before) {
        Some(same) => row.id.clone_from(&same.id),
        None => home.store.add_report(&row, files, &[], &desk.kept, &desk.counts, &[])?,
    }
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
    let part = Part::keep(home, path)?;
    let (row, reason) = match arrive(home, arrival, std::slice::from_ref(&part), now)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, reason) => (*row, reason),
    };
    let (id, files, desk) = (row.id.clone(), [part.file.clone()], FindingDesk::default());
    take_or_refuse(home, row, reason, &files, desk, &mut |index, sink, findings| {
        let chart =
            Chart { report: &id, file: index, name: &file, chart: name, service: name, territory };
        ingest_chart(&chart, open_text(&part.path)?, sink, findings)
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
        quarantined: home.store.quarantine_count(&report.id)?,
        report,
    })
}

/// Returns our id of a report: it follows from sender, message id and content. A report that
/// comes again, after it was withdrawn, gets a new one.
fn report_id(sender: &str, message_id: &str, sha256: &str, known: &[ReportRow]) -> String {
    let id = |time: usize| {
        let mut hash = Sha256::new();
        for part in [sender, message_id, sha256] {
            hash.update(part);
            hash.update([0]);
        }
        if time > 0 {
            hash.update(time.to_string());
        }
        hex(&hash.finalize()).chars().take(16).collect::<String>()
    };
    let taken = |it: &String| known.iter().any(|row| row.id == *it);
    (0..=known.len()).map(id).find(|it| !taken(it)).unwrap_or_else(|| id(known.len()))
}

/// Returns SHA-256 over a file's text, unpacked (the same report packed or not is the same), and
/// over its text without header and footer.
fn text_hashes(path: &Path) -> Result<[Vec<u8>; 2], StoreError> {
    let file = |source| StoreError::File { path: path.to_owned(), source };
    let mut reader = open_text(path)?;
    let (mut text, mut body) = (Sha256::new(), Sha256::new());
    let (mut starts_line, mut in_frame) = (true, false);
    loop {
        let bytes = reader.fill_buf().map_err(file)?;
        let Some(end) = bytes.iter().position(|it| *it == b'\n').or(bytes.len().checked_sub(1))
        else {
            return Ok([text.finalize().to_vec(), body.finalize().to_vec()]);
        };
        let Some(piece) = bytes.get(..=end) else { continue };
        if starts_line {
            let frame = [&b"HEAD"[..], b"SRHE", b"FOOT", b"SRFO"];
            in_frame = frame.iter().any(|it| piece.starts_with(it));
        }
        starts_line = piece.ends_with(b"\n");
        text.update(piece);
        if !in_frame {
            body.update(piece);
        }
        let length = piece.len();
        reader.consume(length);
    }
}

/// Returns a file's hash in hex; of several files, SHA-256 over their hashes.
fn one_hash(hashes: &[Vec<u8>]) -> String {
    match hashes {
        [one] => hex(one),
        several => hex(&Sha256::digest(several.concat())),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}
