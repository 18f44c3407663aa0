//! What was settled and has to be divided anew, because the catalogue says something else by now.

use catalog::{Catalog, ChangeKind, EntryKind, diff};
use lake::FileEntry;
use period::Period;
use settlement::Restated;
use store::{ReportRow, SettlementRow};
use usage::Cell;

use crate::Home;
use crate::settle::{SettleError, cells, files_of};

/// The periods of all settlements in the order of their ends, the open one last.
pub(crate) fn origins(settled: &[SettlementRow], open: Period) -> Vec<Period> {
    let day = |text: &str| period::parse_date(text).ok();
    let known = settled.iter().filter_map(|it| Period::new(day(&it.first_day)?, day(&it.end_day)?));
    known.chain([open]).collect()
}

/// Returns the settled cells, before and now, if there is a reason to look at them.
///
/// All of them are divided by the catalogue of the last settlement: a settlement restates
/// whatever changed, so that is how they stand.
pub(crate) fn restated(
    home: &Home,
    catalogue: &Catalog,
    settled: &[SettlementRow],
    manifest: &[FileEntry],
    open: &[Cell],
) -> Result<Option<Restated>, SettleError> {
    let Some(last) = settled.last() else { return Ok(None) };
    let Some(before) = home.store.catalogue_of(&last.id)? else { return Ok(None) };
    if !divides_anew(&before, catalogue) && !moves_ladders(catalogue, last, open) {
        return Ok(None);
    }
    let reports = home.store.reports()?;
    let settled: Vec<ReportRow> =
        reports.into_iter().filter(|it| it.settlement.is_some()).collect();
    let files = files_of(manifest, &settled);
    if let Some(mismatch) = home.lake.verify(&files)?.first() {
        return Err(SettleError::LakeChanged { mismatch: mismatch.to_string() });
    }
    let now = cells(home, catalogue, &files)?;
    Ok(Some(Restated { before: cells(home, &before, &files)?, now, catalog: before }))
}

/// Whether a change can reach how a cell is matched or divided.
fn divides_anew(before: &Catalog, now: &Catalog) -> bool {
    diff(before, now).iter().any(|it| match it.entry {
        EntryKind::Agreement
        | EntryKind::Licence
        | EntryKind::Recording
        | EntryKind::Release
        | EntryKind::Product
        | EntryKind::Work => true,
        // A name changes no amount; a party that is new or gone is named by something above.
        EntryKind::Party | EntryKind::Production | EntryKind::Repertoire => {
            it.kind == ChangeKind::Removed
        }
    })
}

/// Whether what comes late is counted by a ladder, in a month that is settled.
fn moves_ladders(catalogue: &Catalog, last: &SettlementRow, open: &[Cell]) -> bool {
    let has_ladder = |it: &catalog::Agreement| it.terms.iter().any(|term| term.ladder.is_some());
    catalogue.agreements.values().any(has_ladder)
        && open.iter().any(|it| it.key.month.first_day().to_string() < last.end_day)
}
