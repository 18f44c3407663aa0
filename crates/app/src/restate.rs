//! What was settled and has to be divided anew, because the catalogue says something else by now.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, ChangeKind, EntryKind, RateTable, diff};
use lake::FileEntry;
use period::{Date, Month, Period};
use settlement::{Restated, Rulings};
use store::{Decision, ReportRow, SettlementRow};
use usage::Cells;

use crate::Home;
use crate::cells::{cells, files_of};
use crate::rulings::rulings;
use crate::settle::SettleError;

/// The periods of all settlements in the order of their ends, the open one last.
pub(crate) fn origins(settled: &[SettlementRow], open: Period) -> Vec<Period> {
    let day = |text: &str| period::parse_date(text).ok();
    let known = settled.iter().filter_map(|it| Period::new(day(&it.first_day)?, day(&it.end_day)?));
    known.chain([open]).collect()
}

/// What a settlement looks at beside the reports that it settles.
pub(crate) struct Known<'a> {
    pub(crate) catalogue: &'a Catalog,
    pub(crate) settled: &'a [SettlementRow],
    pub(crate) reports: &'a [ReportRow],
    pub(crate) decisions: Vec<Decision>,
    /// The last decision that each settlement looked at.
    looked_at: BTreeMap<String, i64>,
}

impl<'a> Known<'a> {
    pub(crate) fn new(
        home: &Home,
        catalogue: &'a Catalog,
        settled: &'a [SettlementRow],
        reports: &'a [ReportRow],
        until: i64,
    ) -> Result<Self, SettleError> {
        let mut looked_at = BTreeMap::new();
        for it in settled {
            looked_at.insert(it.id.clone(), home.store.decided_until(&it.id)?);
        }
        let mut decisions = home.store.decisions()?;
        decisions.retain(|it| it.number <= until);
        Ok(Self { catalogue, settled, reports, decisions, looked_at })
    }

    pub(crate) fn rulings(&self) -> Rulings {
        self.rulings_until(self.catalogue, i64::MAX)
    }

    fn rulings_until(&self, catalogue: &Catalog, number: i64) -> Rulings {
        rulings(catalogue, &self.decisions, number, self.reports, &self.looked_at)
    }

    /// Returns the settled cells, before and now, if there is a reason to look at them.
    ///
    /// All of them are divided by the catalogue of the last settlement: a settlement restates
    /// whatever changed, so that is how they stand.
    pub(crate) fn restated(
        &self,
        home: &Home,
        manifest: &[FileEntry],
        open: &Cells,
    ) -> Result<Option<Restated>, SettleError> {
        let Some(last) = self.settled.last() else { return Ok(None) };
        let Some(before) = home.store.catalogue_of(&last.id)? else { return Ok(None) };
        let looked_at = self.looked_at.get(&last.id).copied().unwrap_or_default();
        let decided = self.decisions.iter().any(|it| it.number > looked_at);
        if !decided
            && !divides_anew(&before, self.catalogue, last)
            && !moves_ladders(self.catalogue, last, open)
        {
            return Ok(None);
        }
        let settled = self.reports.iter().filter(|it| it.settlement.is_some());
        let settled: Vec<ReportRow> = settled.cloned().collect();
        let files = files_of(manifest, &settled);
        if let Some(mismatch) = home.lake.verify(&files)?.first() {
            return Err(SettleError::LakeChanged { mismatch: mismatch.to_string() });
        }
        Ok(Some(Restated {
            now: cells(home, self.catalogue, &files)?,
            rulings: self.rulings_until(&before, looked_at),
            before: cells(home, &before, &files)?,
            catalog: before,
        }))
    }
}

/// Whether a change can reach how a cell is matched or divided.
fn divides_anew(before: &Catalog, now: &Catalog, last: &SettlementRow) -> bool {
    // Every month brings new rates: those of days after all that is settled change nothing of it.
    let settled = period::parse_date(&last.end_day).ok().and_then(|it| it.yesterday().ok());
    let until = settled.map_or(Date::MAX, |it| Month::of(it).period().last_day());
    let differs = |table: &RateTable| {
        let was = before.rate_tables.get(&table.id);
        was.is_some_and(|it| it.differs_until(table, until))
    };
    diff(before, now).iter().any(|it| match it.entry {
        EntryKind::Agreement
        | EntryKind::Licence
        | EntryKind::Pipe
        | EntryKind::Recording
        | EntryKind::Release
        | EntryKind::Product
        | EntryKind::Price
        | EntryKind::Work => true,
        // A name changes no amount; a party that is new or gone is named by something above.
        EntryKind::ReceivedAdvance | EntryKind::Withholding => false,
        EntryKind::RateTable => now.rate_tables.values().any(differs),
        EntryKind::Party | EntryKind::Production | EntryKind::Repertoire => {
            it.kind == ChangeKind::Removed
        }
    })
}

/// Whether what comes late is counted by a ladder, in a month that is settled.
fn moves_ladders(catalogue: &Catalog, last: &SettlementRow, open: &Cells) -> bool {
    catalogue.agreements.values().any(Agreement::has_ladder)
        && open.iter().any(|it| it.context.month.first_day().to_string() < last.end_day)
}
