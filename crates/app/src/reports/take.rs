//! A report's files into the lake and the store, whole or not at all.

use std::collections::BTreeMap;

use finding::Finding;
use ingest::{Ingested, Quarantined};
use lake::LakeError;
use money::{Amount, Atoms};
use store::{QuarantinedLine, ReportFile, ReportRow, ReportState, UsageFile};
use usage::{Basis, Line, RightsType};

use super::{FINDINGS_KEPT_A_RULE, Import, ImportOutcome, ReportError};
use crate::Home;
use crate::home::record;

/// A file's findings, kept up to a number and counted without end.
#[derive(Clone, Default)]
pub(super) struct FindingDesk {
    pub(super) kept: Vec<Finding>,
    pub(super) counts: BTreeMap<String, u64>,
}

impl FindingDesk {
    pub(super) fn take(&mut self, finding: Finding) {
        let count = self.counts.entry(finding.rule.to_owned()).or_default();
        *count += 1;
        if *count <= FINDINGS_KEPT_A_RULE as u64 {
            self.kept.push(finding);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.kept.extend(other.kept);
        for (rule, count) in other.counts {
            *self.counts.entry(rule).or_default() += count;
        }
    }
}

type LineSink<'a> = &'a mut dyn FnMut(Line);
type FindingSink<'a> = &'a mut dyn FnMut(Finding);
pub(super) type ReadPart<'a> =
    &'a mut dyn FnMut(u16, LineSink<'_>, FindingSink<'_>) -> Result<Ingested, ReportError>;

/// Reads a report's files into the lake and records it; a conflict is only recorded.
pub(super) fn take(
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
    let recorded: Vec<UsageFile> = staged.files.iter().map(record).collect();
    let (import, usage) = match row.state {
        ReportState::Standing => {
            home.lake.commit(&staged)?;
            (Import::New, recorded.as_slice())
        }
        _ => (Import::Conflict, &[][..]),
    };
    home.store.add_report(&row, files, usage, &desk.kept, &desk.counts, &quarantine)?;
    let mut amounts: BTreeMap<(String, String), Atoms> = BTreeMap::new();
    for (key, amount) in recorded.into_iter().flat_map(|it| it.amounts) {
        let sum = amounts.entry(key).or_default();
        *sum = sum.checked_add(amount).ok_or(ReportError::Overflow)?;
    }
    let quarantined = quarantine.len();
    Ok(ImportOutcome {
        import,
        reason: None,
        report: row,
        lines,
        amounts,
        counts: desk.counts,
        quarantined,
    })
}

/// What a summary record announces beyond its lines, and money on lines in quarantine, become lines
/// of their own, so that nothing is lost: nothing can be matched to them, so they wait in suspense.
fn unitemised(ingested: &Ingested, row: &ReportRow) -> Result<Vec<Line>, ReportError> {
    let mut lines = Vec::new();
    let Some(header) = &ingested.header else { return Ok(lines) };
    let Some(period) = header.period() else { return Ok(lines) };
    let (basis, rights_type) = match header.profile_name.as_str() {
        it if it.starts_with("BasicAudio") => (Basis::ServiceNet, RightsType::Work),
        it if it.starts_with("FinancialReporting") => (Basis::Received, RightsType::Master),
        _ => return Ok(lines),
    };
    let line = |title: String, usages: Atoms, amount: Amount| Line {
        report: row.id.clone(),
        line: 0,
        file: 0,
        transaction: String::new(),
        sender: row.sender.clone(),
        service: row.service.clone(),
        territory: String::new(),
        use_type: String::new(),
        commercial_model: String::new(),
        rights_type,
        basis,
        from: period.start(),
        until: period.end(),
        isrc: String::new(),
        icpn: String::new(),
        resource_id: String::new(),
        title,
        artist: String::new(),
        usages,
        currency: Some(amount.currency),
        amount: amount.atoms,
        adjustment: String::new(),
        corrects: String::new(),
    };
    for pool in &ingested.pools {
        let (Some(revenue), Some(currency)) = (pool.net_revenue, pool.currency) else { continue };
        let atoms = revenue.checked_sub(pool.attributed_revenue).ok_or(ReportError::Overflow)?;
        if atoms.is_zero() || atoms.is_negative() != revenue.is_negative() {
            continue;
        }
        let usages = pool.total_usages.and_then(|it| it.checked_sub(pool.detailed_usages));
        let usages = usages.filter(|it| !it.is_negative()).unwrap_or_default();
        let title = format!("[not itemised, summary record {}]", pool.summary);
        lines.push(Line {
            service: pool.service.clone(),
            territory: pool.territory.clone(),
            use_type: pool.use_type.clone(),
            commercial_model: pool.commercial_model.clone(),
            ..line(title, usages, Amount { atoms, currency })
        });
    }
    // Where the summary record says how much it is, the line above holds what is in quarantine.
    let stated = ingested.pools.iter().any(|it| it.net_revenue.is_some());
    let homeless = |it: &&Quarantined| !stated || it.reason == "ingest-summary";
    for it in ingested.quarantined.iter().filter(homeless).filter(|_| basis == Basis::Received) {
        if let Some(amount) = it.amount.filter(|it| !it.atoms.is_zero()) {
            let title = format!("[in quarantine, line {}: {}]", it.line, it.reason);
            lines.push(line(title, it.usages.unwrap_or_default(), amount));
        }
    }
    Ok(lines)
}
