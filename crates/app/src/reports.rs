//! Sales reports and charts: in, checked, listed, taken back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dsr::{Header, ReadError, Summary};
use finding::Finding;
use ingest::{Chart, IngestError, Ingested, Source, Survey, ingest_chart};
use lake::LakeError;
use money::Atoms;
use sha2::{Digest, Sha256};
use store::{Kept, QuarantinedLine, ReportFile, ReportRow, ReportState, StoreError, open_text};
use usage::{Basis, Line, RightsType};

use crate::home::{hex, record};
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
}

/// What an import did with one report.
#[derive(Clone, Debug)]
pub struct ImportOutcome {
    /// What became of it.
    pub import: Import,
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
    header: Header,
    summary: Summary,
}

/// A file's findings, kept up to a number and counted without end.
#[derive(Default)]
struct FindingDesk {
    kept: Vec<Finding>,
    counts: BTreeMap<String, u64>,
}

impl FindingDesk {
    fn take(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.rule.to_owned()).or_default();
        *count += 1;
        if *count <= FINDINGS_KEPT_A_RULE as u64 {
            self.kept.push(finding);
        }
    }

    fn add(&mut self, other: Self) {
        self.kept.extend(other.kept);
        for (rule, count) in other.counts {
            *self.counts.entry(rule).or_default() += count;
        }
    }
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
/// [`ReportError`] at the first report that cannot be imported; those before it are.
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
        let Some(header) = summary.header.clone() else {
            let source = IngestError::NoHeader { file: name.clone() };
            return Err(ReportError::Ingest { file: name, source });
        };
        let key = (header.sender_party_id.clone(), header.message_id.clone());
        let (parts, findings) = reports.entry(key).or_default();
        findings.add(desk);
        parts.push(Part { path: path.clone(), name, header, summary });
    }
    let total = reports.len() as u64;
    let mut outcomes = Vec::new();
    for (done, (key, (mut parts, mut desk))) in (0..).zip(reports) {
        progress.at("importing", done, total);
        parts.sort_by_key(|it| it.header.part());
        let summaries: Vec<Summary> = parts.iter().map(|it| it.summary.clone()).collect();
        dsr::check_parts(&summaries, &mut |it| desk.take(it));
        outcomes.push(import_one(home, key, &parts, desk, now)?);
    }
    Ok(outcomes)
}

fn import_one(
    home: &mut Home,
    (sender, message_id): (String, String),
    parts: &[Part],
    desk: FindingDesk,
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let expected = parts.iter().filter_map(|it| it.header.part()).map(|it| it.1).max().unwrap_or(1);
    if usize::try_from(expected).unwrap_or(usize::MAX) != parts.len() {
        return Err(ReportError::Incomplete { sender, message_id, expected, given: parts.len() });
    }
    let mut files = Vec::new();
    let mut whole = Sha256::new();
    for part in parts {
        let Kept { sha256, size_bytes } = home.store.keep(&part.path)?;
        whole.update(text_hash(&part.path)?);
        files.push(ReportFile { name: part.name.clone(), sha256, size_bytes });
    }
    let sha256 = hex(&whole.finalize());
    let known = home.store.reports_of(&sender, &message_id)?;
    let live = |it: &&ReportRow| it.state != ReportState::Withdrawn;
    if let Some(same) = known.iter().filter(live).find(|it| it.sha256 == sha256) {
        return Ok(seen(home, same.clone())?);
    }
    let conflict = known.iter().any(|it| it.state == ReportState::Standing);
    let header = &parts[0].header;
    let mut row = ReportRow {
        id: report_id(&sender, &message_id, &sha256, now, &known),
        kind: "sales".to_owned(),
        state: if conflict { ReportState::Conflict } else { ReportState::Standing },
        sender,
        sender_name: header.sender_name.clone(),
        message_id,
        profile: format!("{} {}", header.profile_name, header.profile_version),
        service: header.service_description.clone(),
        first_day: String::new(),
        end_day: String::new(),
        sha256,
        imported_at: now.to_owned(),
        settlement: None,
    };
    if let Some(period) = header.period() {
        row.first_day = period.start().to_string();
        row.end_day = period.end().to_string();
    }
    let paths: Vec<(&Path, &str)> =
        parts.iter().map(|it| (it.path.as_path(), it.name.as_str())).collect();
    let failed = |name: &str| {
        let file = name.to_owned();
        |source| ReportError::Ingest { file, source }
    };
    let mut survey = Survey::default();
    for (path, name) in &paths {
        survey.take(name, open_text(path)?).map_err(failed(name))?;
    }
    let id = row.id.clone();
    take(home, row, &files, desk, &mut |file, sink, findings| {
        let (path, name) = paths[usize::from(file)];
        let source = Source { report: &id, file, name };
        survey.lines(&source, open_text(path)?, sink, findings).map_err(failed(name))
    })
}

type LineSink<'a> = &'a mut dyn FnMut(Line);
type FindingSink<'a> = &'a mut dyn FnMut(Finding);
type ReadPart<'a> =
    &'a mut dyn FnMut(u16, LineSink<'_>, FindingSink<'_>) -> Result<Ingested, ReportError>;

/// Reads a report's files into the lake and records it; a conflict is only recorded.
fn take(
    home: &mut Home,
    mut row: ReportRow,
    files: &[ReportFile],
    mut desk: FindingDesk,
    read: ReadPart<'_>,
) -> Result<ImportOutcome, ReportError> {
    let mut quarantine = Vec::new();
    let mut writer = home.lake.begin(&row.id)?;
    let mut refused: Option<LakeError> = None;
    let mut lines = 0_u64;
    for (index, file) in (0_u16..).zip(files) {
        let mut push = |line: Line| {
            if refused.is_none() {
                match writer.push(&line) {
                    Ok(()) => lines += 1,
                    Err(error) => refused = Some(error),
                }
            }
        };
        let ingested = read(index, &mut push, &mut |it| desk.take(it))?;
        if usize::from(index).saturating_add(1) == files.len() {
            unitemised(&ingested, &row)?.into_iter().for_each(&mut push);
        }
        if let (Some(period), true) = (ingested.period, row.first_day.is_empty()) {
            row.first_day = period.start().to_string();
            row.end_day = period.end().to_string();
        }
        quarantine.extend(ingested.quarantined.iter().map(|it| QuarantinedLine {
            file: file.name.clone(),
            line: it.line,
            rule: it.reason.to_owned(),
            raw: it.raw.clone(),
        }));
        if let Some(error) = refused.take() {
            return Err(error.into());
        }
    }
    let staged = writer.finish()?;
    let usage: Vec<_> = match row.state {
        ReportState::Standing => {
            home.lake.commit(&staged)?;
            staged.files.iter().map(record).collect()
        }
        _ => Vec::new(),
    };
    home.store.add_report(&row, files, &usage, &desk.kept, &desk.counts, &quarantine)?;
    let import = match row.state {
        ReportState::Standing => Import::New,
        _ => Import::Conflict,
    };
    let mut amounts: BTreeMap<(String, String), Atoms> = BTreeMap::new();
    for (key, amount) in staged.files.iter().map(record).flat_map(|it| it.amounts) {
        let sum = amounts.entry(key).or_default();
        *sum = sum.checked_add(amount).ok_or(ReportError::Overflow)?;
    }
    let quarantined = quarantine.len();
    Ok(ImportOutcome { import, report: row, lines, amounts, counts: desk.counts, quarantined })
}

/// What a summary record announces beyond its lines becomes a line of its own, so that no revenue
/// is lost; nothing can be matched to it.
fn unitemised(ingested: &Ingested, row: &ReportRow) -> Result<Vec<Line>, ReportError> {
    let mut lines = Vec::new();
    let basic = |it: &&Header| it.profile_name.starts_with("BasicAudio");
    let header = ingested.header.as_ref().filter(basic);
    let Some(period) = header.and_then(Header::period) else { return Ok(lines) };
    for pool in &ingested.pools {
        let (Some(revenue), Some(usages), Some(currency)) =
            (pool.net_revenue, pool.total_usages, pool.currency)
        else {
            continue;
        };
        let amount = revenue.checked_sub(pool.attributed_revenue).ok_or(ReportError::Overflow)?;
        let usages = usages.checked_sub(pool.detailed_usages).ok_or(ReportError::Overflow)?;
        if amount.is_zero() || amount.is_negative() != revenue.is_negative() {
            continue;
        }
        lines.push(Line {
            report: row.id.clone(),
            line: 0,
            file: 0,
            transaction: String::new(),
            sender: row.sender.clone(),
            service: pool.service.clone(),
            territory: pool.territory.clone(),
            use_type: pool.use_type.clone(),
            commercial_model: pool.commercial_model.clone(),
            rights_type: RightsType::Work,
            basis: Basis::ServiceNet,
            from: period.start(),
            until: period.end(),
            isrc: String::new(),
            icpn: String::new(),
            resource_id: String::new(),
            title: format!("[not itemised, summary record {}]", pool.summary),
            artist: String::new(),
            usages: if usages.is_negative() { Atoms::ZERO } else { usages },
            currency: Some(currency),
            amount,
        });
    }
    Ok(lines)
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
    let Kept { sha256, size_bytes } = home.store.keep(path)?;
    let files = [ReportFile { name: file.clone(), sha256, size_bytes }];
    let sha256 = hex(&text_hash(path)?);
    let message_id = format!("{name} {territory} {file}");
    let known = home.store.reports_of(name, &message_id)?;
    let live = |it: &&ReportRow| it.state != ReportState::Withdrawn;
    if let Some(same) = known.iter().filter(live).find(|it| it.sha256 == sha256) {
        return Ok(seen(home, same.clone())?);
    }
    let conflict = known.iter().any(|it| it.state == ReportState::Standing);
    let row = ReportRow {
        id: report_id(name, &message_id, &sha256, now, &known),
        kind: "chart".to_owned(),
        state: if conflict { ReportState::Conflict } else { ReportState::Standing },
        sender: name.to_owned(),
        sender_name: name.to_owned(),
        message_id,
        profile: "chart".to_owned(),
        service: name.to_owned(),
        first_day: String::new(),
        end_day: String::new(),
        sha256,
        imported_at: now.to_owned(),
        settlement: None,
    };
    let id = row.id.clone();
    take(home, row, &files, FindingDesk::default(), &mut |index, sink, findings| {
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
