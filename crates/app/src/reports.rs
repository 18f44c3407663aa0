//! Sales reports and charts: in, checked, listed, taken back.

mod correct;
mod gather;
mod part;
mod plain;
mod sketch;
mod statement;
mod take;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ::statement::Entry;
use dsr::{Header, ReadError, Summary};
use finding::Finding;
use ingest::{Chart, IngestError, Source, Survey, ingest_chart};
use lake::LakeError;
use money::Atoms;
use sha2::{Digest, Sha256};
use store::{NewReport, ReportFile, ReportRow, ReportState, StoreError, Text};
use usage::Parting;

use self::correct::check_target;
pub use self::correct::{Adjustment, REVERSAL, adjustments, corrected_by};
pub use self::gather::parts_words;
use self::gather::{Gathered, Whole, gather};
use self::part::Part;
pub(crate) use self::plain::read_plain;
pub use self::statement::{Reconciled, StatementOrder, Statements, import_statements};
use self::take::{FindingDesk, Manner, ReadPart, take};
use crate::home::{hex, with_causes};
use crate::log::about;
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
    /// Some of its files are not here yet; those that are wait for them.
    Waiting,
    /// It contradicts what stands, or may count it twice; it is kept aside and does not count.
    Conflict,
    /// No usage lines can be made of it; its files are kept, with the findings.
    Refused,
}

/// What the one who imports says of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// Nothing: it is a report like any other.
    #[default]
    New,
    /// It is a correction of the report with this id, or whose id begins so.
    Corrects(String),
    /// It is a report of its own, though most of its sales transactions stand already.
    Apart,
}

impl Intent {
    fn corrects(&self) -> Option<&str> {
        match self {
            Self::Corrects(id) => Some(id),
            Self::New | Self::Apart => None,
        }
    }
}

/// What an import did with one report.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    /// What became of it.
    pub import: Import,
    /// Why it does not count, if it does not.
    pub reason: Option<String>,
    /// The report that it contradicts, if it is kept aside for that.
    pub against: Option<String>,
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

impl ImportOutcome {
    /// An outcome without lines.
    const fn of(report: ReportRow) -> Self {
        Self {
            import: Import::AlreadyHere,
            reason: None,
            against: None,
            report,
            lines: 0,
            amounts: BTreeMap::new(),
            counts: BTreeMap::new(),
            quarantined: 0,
        }
    }
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
    /// The report that is to be corrected cannot be.
    #[error("report {id} cannot be corrected: {reason}")]
    Corrects {
        /// Its id, as it was given.
        id: String,
        /// Why not.
        reason: String,
    },
    /// A file of usage lines is not as it was written.
    #[error("usage lines in the lake are not as they were imported: {mismatch}; restore the file")]
    LakeChanged {
        /// Which file, and how it differs.
        mismatch: String,
    },
    /// It is not known of which source the file is.
    #[error(transparent)]
    Source(#[from] crate::sources::SourceError),
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// Checks one file and lists what is wrong with it; nothing is kept.
///
/// # Errors
/// [`ReportError`] if the file cannot be read.
pub fn check(path: &Path) -> Result<CheckOutcome, ReportError> {
    let file = file_name(path);
    let mut desk = FindingDesk::default();
    let summary = dsr::check(&file, Text::open(path)?, &mut |it| desk.take(it))
        .map_err(|source| ReportError::Read { file: file.clone(), source })?;
    Ok(CheckOutcome { file, summary, findings: desk.kept, counts: desk.counts })
}

/// Imports sales reports; files of one report (same sender and message id) belong together, in
/// whatever order and over however many calls they come.
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
    import_as(home, paths, &Intent::New, now, progress)
}

/// Imports sales reports of which something is known beforehand. A correction is one report; its
/// lines take back what the corrected report said, and say what it says now.
///
/// # Errors
/// [`ReportError`], as for [`import`], and if the report to be corrected cannot be.
pub fn import_as(
    home: &mut Home,
    paths: &[PathBuf],
    intent: &Intent,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Vec<ImportOutcome>, ReportError> {
    let intent = match intent.corrects() {
        None => intent.clone(),
        Some(id) => match home.store.report(id)? {
            Some(it) => Intent::Corrects(it.id),
            None => return Err(check_target(&[], id, "").err().unwrap_or(ReportError::Overflow)),
        },
    };
    let mut reports: BTreeMap<(String, String, usize), Vec<Part>> = BTreeMap::new();
    let total = paths.len() as u64;
    for (done, path) in (0..).zip(paths) {
        progress.at("checking", done, total);
        let mut part = Part::keep(home, path)?;
        part.check()?;
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
            .is_some_and(|parts| parts.iter().any(|it| it.place() == part.place()))
        {
            key.2 += 1;
        }
        reports.entry(key).or_default().push(part);
    }
    if let (Some(id), true) = (intent.corrects(), reports.len() > 1) {
        let reason = format!("{} reports were given, and one corrects it", reports.len());
        return Err(ReportError::Corrects { id: id.to_owned(), reason });
    }
    let total = reports.len() as u64;
    let mut outcomes = Vec::new();
    for (done, (_, mut parts)) in (0..).zip(reports) {
        progress.at("importing", done, total);
        parts.sort_by_key(Part::place);
        outcomes.push(match gather(home, parts, &intent, now)? {
            Gathered::Whole(whole) => import_one(home, whole, intent == Intent::Apart, now)?,
            Gathered::Done(outcome) => *outcome,
        });
    }
    home.sign_log(now)?;
    Ok(outcomes)
}

/// The header of the first file that has one.
fn header_of(parts: &[Part]) -> Header {
    parts.iter().find_map(|it| it.summary.header.clone()).unwrap_or_default()
}

fn import_one(
    home: &mut Home,
    whole: Whole,
    apart: bool,
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let Whole { mut parts, waited, corrects } = whole;
    let mut desk = FindingDesk::default();
    parts.iter().for_each(|it| desk.add(it.desk.clone()));
    let summaries: Vec<Summary> = parts.iter().map(|it| it.summary.clone()).collect();
    dsr::check_parts(&summaries, &mut |it| desk.take(it));
    let arrival = ReportRow { corrects, ..row_of(&header_of(&parts), now) };
    let (row, manner) = match arrive(home, arrival, &parts, waited, apart)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, manner) => (*row, manner),
    };
    let files: Vec<ReportFile> = parts.iter().map(|it| it.file.clone()).collect();
    let earlier = home.store.reports_of(&row.sender, &row.message_id)?;
    if let Some((against, _)) = &manner.conflict
        && earlier.iter().any(|it| it.id == *against)
    {
        desk.take(dsr::message_reused(&files[0].name, &row.message_id, against));
    }
    let surveyed = whole_report(&parts).and_then(|()| survey(&mut parts));
    let mut survey = match surveyed {
        Ok(survey) => survey,
        Err(error) => return refuse(home, row, &manner, &files, desk, error),
    };
    let id = row.id.clone();
    let read: ReadPart<'_> = &mut |file, sink, findings| {
        let (path, name) = (&parts[usize::from(file)].path, &parts[usize::from(file)].file.name);
        let source = Source { report: &id, file, name };
        survey
            .lines(&source, Text::open(path)?, sink, findings)
            .map_err(|source| ReportError::Ingest { file: name.to_owned(), source })
    };
    take_or_refuse(home, row, &manner, &files, desk, read)
}

/// What all files of a report announce. One file was surveyed when it was checked; of several, what
/// one announces counts before what the next one does.
fn survey(parts: &mut [Part]) -> Result<Survey, ReportError> {
    if let [part] = parts
        && let Some(survey) = part.survey.take()
    {
        return Ok(survey);
    }
    let mut survey = Survey::default();
    for part in parts {
        let name = &part.file.name;
        let failed = |source| ReportError::Ingest { file: name.clone(), source };
        survey.take(name, Text::open(&part.path)?).map_err(failed)?;
    }
    Ok(survey)
}

/// What a report's header says of it; whether it counts is not decided yet.
fn row_of(header: &Header, now: &str) -> ReportRow {
    let period = header.period();
    ReportRow {
        id: String::new(),
        kind: "sales".to_owned(),
        state: ReportState::Standing,
        sender: header.sender_party_id.clone(),
        sender_name: header.sender_name.clone(),
        message_id: header.message_id.clone(),
        profile: format!("{} {}", header.profile_name, header.profile_version),
        service: header.service_description.clone(),
        first_day: period.map_or_else(String::new, |it| it.start().to_string()),
        end_day: period.map_or_else(String::new, |it| it.end().to_string()),
        sha256: String::new(),
        body: String::new(),
        imported_at: now.to_owned(),
        settlement: None,
        parts: 1,
        corrects: None,
    }
}

/// Says whether every file of the report is there.
fn whole_report(parts: &[Part]) -> Result<(), ReportError> {
    let expected = parts.iter().filter_map(Part::place).map(|it| it.1).max().unwrap_or(1);
    let here: BTreeSet<u32> = parts.iter().filter_map(Part::place).map(|it| it.0).collect();
    let unnumbered = parts.len() == 1 && here.is_empty();
    if unnumbered || (here.len() == parts.len() && here.into_iter().eq(1..=expected)) {
        return Ok(());
    }
    let header = header_of(parts);
    Err(ReportError::Incomplete {
        sender: header.sender_party_id,
        message_id: header.message_id,
        expected,
        given: parts.len(),
    })
}

/// Whether a report came before.
enum Arrived {
    Seen(Box<ImportOutcome>),
    Fresh(Box<ReportRow>, Manner),
}

/// Looks whether the same content, other content under the same id, or the same sales transactions
/// under another id, are there already. `waited` is the row that its first files waited under.
fn arrive(
    home: &Home,
    arrival: ReportRow,
    parts: &[Part],
    waited: Option<String>,
    apart: bool,
) -> Result<Arrived, ReportError> {
    let (mut texts, mut bodies) = (Vec::new(), Vec::new());
    for part in parts {
        texts.push(part.text.clone());
        bodies.push(part.body.clone());
    }
    let (sha256, body) = (one_hash(&texts), one_hash(&bodies));
    let mut known = home.store.reports_of(&arrival.sender, &arrival.message_id)?;
    known.retain(|it| waited.as_ref() != Some(&it.id));
    let stands = |it: &&ReportRow| matches!(it.state, ReportState::Standing | ReportState::Waiting);
    let there = known.iter().find(stands).filter(|_| arrival.corrects.is_none()).cloned();
    // A conflict counts as seen only while the other content stands.
    let live = |it: &&ReportRow| match it.state {
        ReportState::Standing => true,
        ReportState::Conflict => there.is_some(),
        ReportState::Waiting | ReportState::Refused | ReportState::Withdrawn => false,
    };
    if let Some(same) = known.iter().filter(live).find(|it| it.sha256 == sha256) {
        return Ok(Arrived::Seen(Box::new(seen(home, same.clone())?)));
    }
    let reports = home.store.reports()?;
    if let Some(id) = &arrival.corrects {
        check_target(&reports, id, &arrival.sender)?;
    }
    let twin = reports.iter().find(|it| {
        // A chart says its days line by line.
        let same_days = arrival.first_day.is_empty()
            || (&it.first_day, &it.end_day) == (&arrival.first_day, &arrival.end_day);
        it.state == ReportState::Standing
            && (it.sender == arrival.sender && it.body == body && same_days && there.is_none())
            && corrected_by(&reports, &it.id).is_none()
    });
    let conflict = match (&twin, &there) {
        (Some(twin), _) => {
            let message = &twin.message_id;
            Some((
                twin.id.clone(),
                format!("the same sales transactions stand as report {} ({message})", twin.id),
            ))
        }
        (None, Some(there)) => {
            let state = if there.state == ReportState::Standing { "stands" } else { "waits" };
            Some((there.id.clone(), format!("other content {state} under its message id")))
        }
        (None, None) => None,
    };
    // What was held back is held back no more, or once more, and is listed once.
    let held = |it: &&ReportRow| it.state == ReportState::Conflict && it.sha256 == sha256;
    let mut replaces: Vec<String> = known.iter().filter(held).map(|it| it.id.clone()).collect();
    known.retain(|it| !replaces.contains(&it.id));
    replaces.extend(waited);
    let row = ReportRow {
        id: report_id(&arrival.sender, &arrival.message_id, &sha256, &known),
        state: if conflict.is_some() { ReportState::Conflict } else { ReportState::Standing },
        parts: u32::try_from(parts.len()).unwrap_or(u32::MAX),
        sha256,
        body,
        ..arrival
    };
    Ok(Arrived::Fresh(Box::new(row), Manner { apart, replaces, conflict }))
}

/// Takes a report, or records that no usage lines can be made of it.
fn take_or_refuse(
    home: &mut Home,
    row: ReportRow,
    manner: &Manner,
    files: &[ReportFile],
    desk: FindingDesk,
    read: ReadPart<'_>,
) -> Result<ImportOutcome, ReportError> {
    let findings = desk.clone();
    match take(home, row.clone(), manner, files, desk, read) {
        Err(error @ ReportError::Ingest { .. }) => {
            refuse(home, row, manner, files, findings, error)
        }
        done => done,
    }
}

/// Records a report of which no usage lines can be made, with its findings; its files are kept.
fn refuse(
    home: &mut Home,
    mut row: ReportRow,
    manner: &Manner,
    files: &[ReportFile],
    desk: FindingDesk,
    error: ReportError,
) -> Result<ImportOutcome, ReportError> {
    row.state = ReportState::Refused;
    home.lake.sweep(&crate::home::manifest(&home.store)?)?;
    let known = home.store.reports_of(&row.sender, &row.message_id)?;
    let before = |it: &&ReportRow| it.state == ReportState::Refused && it.sha256 == row.sha256;
    match known.iter().find(before) {
        Some(same) => {
            row.id.clone_from(&same.id);
            for waited in &manner.replaces {
                take_back(home, waited)?;
            }
        }
        None => home.store.add_report(&NewReport {
            row: &row,
            files,
            usage: &[],
            findings: &desk.kept,
            counts: &desk.counts,
            quarantine: &[],
            sketch: &[],
            replaces: &manner.replaces,
            entry: None,
        })?,
    }
    Ok(ImportOutcome {
        import: Import::Refused,
        reason: Some(with_causes(&error)),
        counts: desk.counts,
        ..ImportOutcome::of(row)
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
    let arrival = ReportRow {
        kind: "chart".to_owned(),
        sender: name.to_owned(),
        sender_name: name.to_owned(),
        message_id: format!("{name} {territory} {file}"),
        profile: "chart".to_owned(),
        service: name.to_owned(),
        first_day: String::new(),
        end_day: String::new(),
        ..row_of(&Header::default(), now)
    };
    let mut part = Part::keep(home, path)?;
    part.hash()?;
    let (row, manner) = match arrive(home, arrival, std::slice::from_ref(&part), None, false)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, manner) => (*row, manner),
    };
    let (id, files, desk) = (row.id.clone(), [part.file.clone()], FindingDesk::default());
    let done = take_or_refuse(home, row, &manner, &files, desk, &mut |index, sink, findings| {
        let chart =
            Chart { report: &id, file: index, name: &file, chart: name, service: name, territory };
        let mut parting = Parting::default();
        let lines = &mut |line| parting.row(&line, &mut *sink);
        ingest_chart(&chart, Text::open(&part.path)?, lines, findings)
            .map_err(|source| ReportError::Ingest { file: file.clone(), source })
    })?;
    home.sign_log(now)?;
    Ok(done)
}

/// Takes a report back that waits or is not settled, and that no other corrects; its files stay in
/// `received`.
///
/// # Errors
/// [`ReportError`].
pub fn withdraw(home: &mut Home, id: &str) -> Result<bool, ReportError> {
    let withdrawn = take_back(home, id)?;
    if withdrawn {
        home.lake.sweep(&crate::home::manifest(&home.store)?)?;
    }
    Ok(withdrawn)
}

fn take_back(home: &mut Home, id: &str) -> Result<bool, StoreError> {
    let entry = Entry::Withdrawal { report: id.to_owned() }.bytes();
    home.store.withdraw_report(id, &about("withdrawal", id, &entry))
}

/// Returns the files of usage lines in the lake, of every report that stands.
///
/// # Errors
/// [`StoreError`] if the manifest cannot be read.
pub fn usage_files(home: &Home) -> Result<Vec<lake::FileEntry>, StoreError> {
    crate::home::manifest(&home.store)
}

fn seen(home: &Home, report: ReportRow) -> Result<ImportOutcome, StoreError> {
    let import = match report.state {
        ReportState::Conflict => Import::Conflict,
        _ => Import::AlreadyHere,
    };
    let by = corrected_by(&home.store.reports()?, &report.id).map(|it| it.id.clone());
    let reason = by.map(|it| format!("report {it} corrects it and counts in its place"));
    let files = home.store.usage_files()?;
    let own = files.iter().filter(|it| it.report == report.id);
    Ok(ImportOutcome {
        import,
        reason,
        lines: own.map(|it| it.lines).sum(),
        counts: home.store.finding_counts(&report.id)?,
        quarantined: home.store.quarantine_count(&report.id)?,
        ..ImportOutcome::of(report)
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

/// Returns the one hash; of several, SHA-256 over them.
fn one_hash(hashes: &[String]) -> String {
    match hashes {
        [one] => one.clone(),
        several => hex(&Sha256::digest(several.concat())),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}
