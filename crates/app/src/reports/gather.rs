//! Files that belong together: those of one call, and those that came before and wait.

use std::collections::{BTreeMap, BTreeSet};

use store::{NewReport, ReportFile, ReportRow, ReportState};

use super::take::FindingDesk;
use super::{
    Import, ImportOutcome, Intent, Part, ReportError, header_of, one_hash, report_id, row_of, seen,
};
use crate::Home;

/// What became of the files of one call that belong together.
pub(super) enum Gathered {
    /// Every file of the report is here, or the report says nothing of several.
    Whole(Whole),
    /// There is nothing to read: what is told is done.
    Done(Box<ImportOutcome>),
}

/// A report whose files are here.
pub(super) struct Whole {
    /// Its files, in their order.
    pub(super) parts: Vec<Part>,
    /// The row under which the first of them waited.
    pub(super) waited: Option<String>,
    /// The report that it corrects.
    pub(super) corrects: Option<String>,
}

/// How many missing files are named.
const MISSING_NAMED: usize = 20;

/// Says how many files of a waiting report are here, and which are missing; none if it waits for
/// nothing.
#[must_use]
pub fn parts_words(row: &ReportRow, files: &[ReportFile]) -> Option<String> {
    if row.state != ReportState::Waiting {
        return None;
    }
    let here: BTreeSet<u32> = files.iter().map(|it| it.part).collect();
    let mut missing = (1..=row.parts).filter(|it| !here.contains(it));
    let mut named: Vec<String> =
        missing.by_ref().take(MISSING_NAMED).map(|it| it.to_string()).collect();
    // How many are missing is what the sender says, and that may be any number.
    if missing.next().is_some() {
        named.push("and more".to_owned());
    }
    Some(format!("{} of {} here, {} missing", here.len(), row.parts, named.join(" ")))
}

/// Puts files together with those of their report that wait; keeps them waiting if some are missing.
///
/// The order in which files come, and over how many calls, plays no part in what is read in the end.
pub(super) fn gather(
    home: &mut Home,
    parts: Vec<Part>,
    intent: &Intent,
    now: &str,
) -> Result<Gathered, ReportError> {
    let header = header_of(&parts);
    let known = home.store.reports_of(&header.sender_party_id, &header.message_id)?;
    let corrects = intent.corrects().map(str::to_owned);
    let count = numbered(&parts).filter(|_| !header.message_id.is_empty());
    let Some(count) = count else {
        return Ok(Gathered::Whole(Whole { parts, waited: None, corrects }));
    };
    let Some(waiting) = known.iter().find(|it| it.state == ReportState::Waiting) else {
        if parts.len() == usize::try_from(count).unwrap_or(usize::MAX) {
            return Ok(Gathered::Whole(Whole { parts, waited: None, corrects }));
        }
        let Some(standing) = known.iter().rfind(|it| it.state == ReportState::Standing) else {
            let id = report_id(&header.sender_party_id, &header.message_id, "waiting", &known);
            return wait(home, &parts, (&id, count), (corrects, None), now);
        };
        let files = home.store.report_files(&standing.id)?;
        return Ok(Gathered::Done(Box::new(match clash(home, &parts, &files)? {
            None => seen(home, standing.clone())?,
            Some(part) => hold_back(home, &parts, (part, count), standing, &known, now)?,
        })));
    };
    let files = home.store.report_files(&waiting.id)?;
    let other =
        if count == waiting.parts { clash_here(home, &parts, &files)? } else { Some(count) };
    if let Some(part) = other {
        let outcome = hold_back(home, &parts, (part, count), waiting, &known, now)?;
        return Ok(Gathered::Done(Box::new(outcome)));
    }
    let before = files.len();
    let mut all: BTreeMap<u32, Part> = BTreeMap::new();
    for file in files {
        all.insert(file.part, Part::again(home, file)?);
    }
    for part in parts {
        all.entry(part.file.part).or_insert(part);
    }
    let corrects = corrects.or_else(|| waiting.corrects.clone());
    let all: Vec<Part> = all.into_values().collect();
    if all.len() == usize::try_from(count).unwrap_or(usize::MAX) {
        return Ok(Gathered::Whole(Whole {
            parts: all,
            waited: Some(waiting.id.clone()),
            corrects,
        }));
    }
    if all.len() == before && corrects == waiting.corrects {
        let reason = parts_words(waiting, &home.store.report_files(&waiting.id)?);
        let outcome = ImportOutcome { reason, ..seen(home, waiting.clone())? };
        return Ok(Gathered::Done(Box::new(outcome)));
    }
    wait(home, &all, (&waiting.id, count), (corrects, Some(waiting.id.clone())), now)
}

impl Part {
    /// A file that was kept before, checked again.
    fn again(home: &Home, file: ReportFile) -> Result<Self, ReportError> {
        let mut part = Self::kept(home, file);
        part.check()?;
        Ok(part)
    }
}

/// Returns the number of files of the report, if every part says it and no two are the same.
fn numbered(parts: &[Part]) -> Option<u32> {
    let places: BTreeSet<(u32, u32)> = parts.iter().filter_map(Part::place).collect();
    let count = places.first()?.1;
    let sound = places.len() == parts.len()
        && places.iter().all(|(number, of)| *of == count && (1..=count).contains(number));
    sound.then_some(count)
}

/// Returns the first part that the files do not have with this content.
fn clash(home: &Home, parts: &[Part], files: &[ReportFile]) -> Result<Option<u32>, ReportError> {
    let has = |part: &&Part| files.iter().any(|it| it.part == part.file.part);
    match parts.iter().find(|it| !has(it)) {
        Some(part) => Ok(Some(part.file.part)),
        None => clash_here(home, parts, files),
    }
}

/// Returns the first part that the files have with other content.
fn clash_here(
    home: &Home,
    parts: &[Part],
    files: &[ReportFile],
) -> Result<Option<u32>, ReportError> {
    for part in parts {
        let Some(file) = files.iter().find(|it| it.part == part.file.part) else { continue };
        if Part::again(home, file.clone())?.text != part.text {
            return Ok(Some(part.file.part));
        }
    }
    Ok(None)
}

/// Keeps the files that are here until the others come; the row takes the place of `before`.
fn wait(
    home: &mut Home,
    parts: &[Part],
    (id, count): (&str, u32),
    (corrects, before): (Option<String>, Option<String>),
    now: &str,
) -> Result<Gathered, ReportError> {
    let row = ReportRow { corrects, ..partial(parts, id, count, ReportState::Waiting, now)? };
    let replaces: Vec<String> = before.into_iter().collect();
    let outcome = record(home, row, parts, &replaces)?;
    let reason = parts_words(&outcome.report, &files_of(parts));
    Ok(Gathered::Done(Box::new(ImportOutcome { import: Import::Waiting, reason, ..outcome })))
}

/// Keeps files aside that do not fit what is here of their report.
fn hold_back(
    home: &mut Home,
    parts: &[Part],
    (part, count): (u32, u32),
    there: &ReportRow,
    known: &[ReportRow],
    now: &str,
) -> Result<ImportOutcome, ReportError> {
    let row = partial(parts, "", count, ReportState::Conflict, now)?;
    let same = |it: &&ReportRow| it.state == ReportState::Conflict && it.sha256 == row.sha256;
    let replaces: Vec<String> = known.iter().filter(same).map(|it| it.id.clone()).collect();
    let id = replaces.first().cloned();
    let id = id.unwrap_or_else(|| report_id(&row.sender, &row.message_id, &row.sha256, known));
    let outcome = record(home, ReportRow { id, ..row }, parts, &replaces)?;
    let state = there.state.as_str();
    let reason = format!("part {part} of {count} is not that of the {state} report {}", there.id);
    let against = Some(there.id.clone());
    Ok(ImportOutcome { import: Import::Conflict, reason: Some(reason), against, ..outcome })
}

/// The row of a report of which not every file is here.
fn partial(
    parts: &[Part],
    id: &str,
    count: u32,
    state: ReportState,
    now: &str,
) -> Result<ReportRow, ReportError> {
    let texts: Vec<String> = parts.iter().map(|it| it.text.clone()).collect();
    let row = row_of(&header_of(parts), now);
    Ok(ReportRow { id: id.to_owned(), state, sha256: one_hash(&texts), parts: count, ..row })
}

fn files_of(parts: &[Part]) -> Vec<ReportFile> {
    parts.iter().map(|it| it.file.clone()).collect()
}

fn record(
    home: &mut Home,
    row: ReportRow,
    parts: &[Part],
    replaces: &[String],
) -> Result<ImportOutcome, ReportError> {
    let mut desk = FindingDesk::default();
    parts.iter().for_each(|it| desk.add(it.desk.clone()));
    home.store.add_report(&NewReport {
        row: &row,
        files: &files_of(parts),
        usage: &[],
        findings: &desk.kept,
        counts: &desk.counts,
        quarantine: &[],
        sketch: &[],
        replaces,
        entry: None,
    })?;
    Ok(ImportOutcome { counts: desk.counts, ..ImportOutcome::of(row) })
}
