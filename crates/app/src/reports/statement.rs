//! Statements of sources: read on trial, reconciled with what the bank says, then taken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use finding::Finding;
use ingest::{
    IngestError, Source, Statement, Told, agrees, ingest_statement, open_statement,
    tell_unread_member,
};
use money::{Amount, Atoms, Currency};
use period::Period;
use store::{ReportFile, ReportRow, ReportState, StatementSource};
use usage::{Line, Parting};

use super::take::FindingDesk;
use super::{
    Arrived, ImportOutcome, Intent, Part, ReadPart, ReportError, arrive, check_target, row_of,
    take_or_refuse,
};
use crate::sources::{Known, Piece, SourceError, Sources, pieces, reader};
use crate::{Home, Progress};

/// What is asked of an import of statements.
#[derive(Clone, Debug, Default)]
pub struct StatementOrder<'a> {
    /// The files as they were delivered.
    pub paths: &'a [PathBuf],
    /// The source: a name, a name and edition, or the file of a spec; told by the header if `None`.
    pub source: Option<&'a str>,
    /// What all of them together bring, as the bank says.
    pub control_total: Option<Amount>,
    /// The days of all usage, where the files do not say them.
    pub period: Option<Period>,
    /// What else is known of them.
    pub intent: Intent,
}

/// A control total, compared with the sum of the lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconciled {
    /// What the operator said.
    pub stated: Amount,
    /// The exact sum of all usage lines in that currency.
    pub sum: Atoms,
    /// The money on rows in quarantine, as far as it could be read, in that currency.
    pub quarantined: Atoms,
    /// The rows in quarantine.
    pub quarantined_rows: u64,
    /// Whether they agree: the sum, rounded to the decimals stated, is the total.
    pub agrees: bool,
}

/// What became of the statements.
#[derive(Clone, Debug)]
pub struct Statements {
    /// The control total, if there was one. Where it does not agree, nothing was taken.
    pub reconciled: Option<Reconciled>,
    /// The reports, one a source and delivered file; empty where nothing was taken.
    pub outcomes: Vec<ImportOutcome>,
}

/// The pieces of one source in one delivered file.
struct Group<'a> {
    path: &'a Path,
    delivered: String,
    known: &'a Known,
    pieces: Vec<Piece>,
    unread: Vec<String>,
    period: Option<Period>,
}

/// Imports statements: each is told by its header, read on trial, reconciled with the control
/// total, and taken. If the total does not agree, nothing at all is taken.
///
/// # Errors
/// [`ReportError`] if a file is of no known source, cannot be read, or the store or lake refuses.
pub fn import_statements(
    home: &mut Home,
    sources: &Sources,
    order: &StatementOrder<'_>,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Statements, ReportError> {
    let scratch = home.store.home().join("received").join("taken-apart");
    clear(&scratch)?;
    let sources = sources.asked(order.source)?;
    let done = import_from(home, &sources, order, &scratch, now, progress);
    clear(&scratch)?;
    home.sign_log(now)?;
    done
}

fn import_from(
    home: &mut Home,
    sources: &Sources,
    order: &StatementOrder<'_>,
    scratch: &Path,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Statements, ReportError> {
    let total = order.paths.len() as u64;
    let mut groups = Vec::new();
    let (mut sum, mut aside, mut rows) = (Atoms::ZERO, Atoms::ZERO, 0_u64);
    for (done, path) in (0..).zip(order.paths) {
        progress.at("checking", done, total);
        let folder = scratch.join(done.to_string());
        for mut group in groups_of(sources, order, path, &folder)? {
            let asked = group.known.spec.asks_period() && order.period.is_none();
            if asked {
                return Err(SourceError::NoPeriod { id: group.known.spec.id() }.into());
            }
            let surveyed = survey(&group, order)?;
            group.period = surveyed.period;
            let currency = order.control_total.map(|it| it.currency);
            sum = add(sum, of(&surveyed.lines, currency))?;
            aside = add(aside, of(&surveyed.aside, currency))?;
            rows += surveyed.rows_aside;
            groups.push(group);
        }
    }
    let reconciled = order.control_total.map(|stated| Reconciled {
        stated,
        sum,
        quarantined: aside,
        quarantined_rows: rows,
        agrees: agrees(stated, sum),
    });
    let mut outcomes = Vec::new();
    if reconciled.as_ref().is_none_or(|it| it.agrees) {
        if let (Some(id), true) = (order.intent.corrects(), groups.len() > 1) {
            let reason = format!("{} reports were given, and one corrects it", groups.len());
            return Err(ReportError::Corrects { id: id.to_owned(), reason });
        }
        let total = groups.len() as u64;
        for (done, group) in (0..).zip(&groups) {
            progress.at("importing", done, total);
            outcomes.push(take_group(home, group, order, now)?);
        }
    }
    Ok(Statements { reconciled, outcomes })
}

/// The statements in a delivered file, by source.
fn groups_of<'a>(
    sources: &'a Sources,
    order: &StatementOrder<'_>,
    path: &'a Path,
    folder: &Path,
) -> Result<Vec<Group<'a>>, ReportError> {
    let found = pieces(sources, order.source, path, folder)?;
    let mut by_source: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
    for piece in found.pieces {
        by_source.entry(piece.source.clone()).or_default().push(piece);
    }
    let mut groups = Vec::new();
    for (source, pieces) in by_source {
        let name = super::file_name(path);
        let delivered = name.trim_end_matches(".gz").to_owned();
        let Some(known) = sources.known(&source) else {
            return Err(SourceError::NoSource { name: source }.into());
        };
        // What is not read is told once.
        let unread = if groups.is_empty() { found.unread.clone() } else { Vec::new() };
        groups.push(Group { path, delivered, known, pieces, unread, period: None });
    }
    Ok(groups)
}

/// What a group would bring.
#[derive(Default)]
struct Surveyed {
    lines: BTreeMap<Currency, Atoms>,
    aside: BTreeMap<Currency, Atoms>,
    rows_aside: u64,
    period: Option<Period>,
}

fn survey(group: &Group<'_>, order: &StatementOrder<'_>) -> Result<Surveyed, ReportError> {
    let mut all = Surveyed::default();
    for piece in &group.pieces {
        let source = Source { report: "", file: 0, name: &piece.name };
        let read = read(group, piece, &piece.path, &source, order, &mut |_| {}, &mut |_| {});
        // What cannot be read is refused when it is taken, and brings nothing.
        let Ok(statement) = read else { continue };
        let it = statement.ingested;
        for ((currency, _), amount) in it.amounts {
            let sum = all.lines.entry(currency).or_default();
            *sum = add(*sum, amount)?;
        }
        for amount in it.quarantined.iter().filter_map(|it| it.amount) {
            let sum = all.aside.entry(amount.currency).or_default();
            *sum = add(*sum, amount.atoms)?;
        }
        all.rows_aside += it.quarantined.len() as u64;
        all.period = match (all.period, it.period) {
            (Some(a), Some(b)) => Period::new(a.start().min(b.start()), a.end().max(b.end())),
            (a, b) => a.or(b),
        };
    }
    Ok(all)
}

/// Reads a piece, wherever its bytes lie by now.
fn read(
    group: &Group<'_>,
    piece: &Piece,
    path: &Path,
    source: &Source<'_>,
    order: &StatementOrder<'_>,
    sink: &mut dyn FnMut(Line),
    findings: &mut dyn FnMut(Finding),
) -> Result<Statement, IngestError> {
    let told = Told { spec: &group.known.spec, period: order.period };
    open_statement(told.spec, &piece.name, &reader(path), &mut |way, rows| {
        way.tell(&piece.name, piece.emptied, findings);
        ingest_statement(source, told, rows, sink, findings)
    })
}

fn take_group(
    home: &mut Home,
    group: &Group<'_>,
    order: &StatementOrder<'_>,
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let mut desk = FindingDesk::default();
    group.unread.iter().for_each(|it| {
        tell_unread_member(&group.delivered, it, &mut |it| desk.take(it));
    });
    // An archive is kept too, with what is not read of it; what names persons is not.
    if !group.known.spec.has_personal() && group.pieces.iter().any(|it| it.origin.is_some()) {
        home.store.keep(group.path)?;
    }
    let mut parts = Vec::new();
    for piece in &group.pieces {
        let mut part = Part::keep(home, &piece.path)?;
        part.file.name.clone_from(&piece.name);
        part.hash()?;
        parts.push(part);
    }
    let corrects = match order.intent.corrects() {
        None => None,
        Some(id) => match home.store.report(id)? {
            Some(it) => Some(it.id),
            None => return Err(check_target(&[], id, "").err().unwrap_or(ReportError::Overflow)),
        },
    };
    let arrival = arrival(group, corrects, now);
    let apart = order.intent == Intent::Apart;
    let (row, manner) = match arrive(home, arrival, &parts, None, apart)? {
        Arrived::Seen(outcome) => return Ok(*outcome),
        Arrived::Fresh(row, manner) => (*row, manner),
    };
    let source = StatementSource {
        source: group.known.spec.id(),
        spec: group.known.text.clone(),
        control_total: order
            .control_total
            .map(|it| (it.atoms.to_string(), it.currency.as_str().to_owned())),
        origins: group.pieces.iter().map(|it| it.origin.clone()).collect(),
    };
    home.store.put_statement_source(&row.id, &source)?;
    let (id, files): (_, Vec<ReportFile>) =
        (row.id.clone(), parts.iter().map(|it| it.file.clone()).collect());
    let read_part: ReadPart<'_> = &mut |file, sink, findings| {
        let (part, piece) = (&parts[usize::from(file)], &group.pieces[usize::from(file)]);
        let source = Source { report: &id, file, name: &piece.name };
        let mut parting = Parting::default();
        let lines = &mut |line| parting.row(&line, &mut *sink);
        read(group, piece, &part.path, &source, order, lines, findings)
            .map(|it| it.ingested)
            .map_err(|source| ReportError::Ingest { file: piece.name.clone(), source })
    };
    take_or_refuse(home, row, &manner, &files, desk, read_part)
}

/// What is known of a statement before its lines are taken.
fn arrival(group: &Group<'_>, corrects: Option<String>, now: &str) -> ReportRow {
    let head = &group.known.spec.source;
    let day = |it: Option<period::Date>| it.map_or_else(String::new, |it| it.to_string());
    ReportRow {
        state: ReportState::Standing,
        sender: head.title.clone(),
        sender_name: head.title.clone(),
        message_id: group.delivered.clone(),
        profile: format!("statement {} v{}", group.known.spec.id(), head.version),
        service: head.title.clone(),
        first_day: day(group.period.map(Period::start)),
        end_day: day(group.period.map(Period::end)),
        corrects,
        ..row_of(&dsr::Header::default(), now)
    }
}

fn of(sums: &BTreeMap<Currency, Atoms>, currency: Option<Currency>) -> Atoms {
    currency.and_then(|it| sums.get(&it).copied()).unwrap_or_default()
}

fn add(sum: Atoms, more: Atoms) -> Result<Atoms, ReportError> {
    sum.checked_add(more).ok_or(ReportError::Overflow)
}

/// Removes a folder, if it is there.
fn clear(folder: &Path) -> Result<(), ReportError> {
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(SourceError::File { path: folder.to_owned(), source }.into())
        }
        _ => Ok(()),
    }
}
