//! A report's files into the lake and the store, whole or not at all.

use std::collections::BTreeMap;

use finding::Finding;
use ingest::{Ingested, Quarantined};
use lake::{LakeError, ReportWriter};
use money::{Amount, Atoms};
use store::{NewReport, QuarantinedLine, ReportFile, ReportRow, ReportState, UsageFile};
use usage::{Basis, Line, Parting, RightsType, Row};

use super::correct::{Relations, Standing, is_itemised, reverse};
use super::sketch::Sketch;
use super::{FINDINGS_KEPT_A_RULE, Import, ImportOutcome, ReportError};
use crate::Home;
use crate::home::record;
use crate::log::{about, report_entry};

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

/// How a report is taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Manner {
    /// It is a report of its own, whatever it shares with another.
    pub(super) apart: bool,
    /// The rows whose place it takes.
    pub(super) replaces: Vec<String>,
    /// The report that it contradicts, and how.
    pub(super) conflict: Option<(String, String)>,
}

pub(super) type RowSink<'a> = &'a mut dyn FnMut(&Row<'_>);
type FindingSink<'a> = &'a mut dyn FnMut(Finding);
pub(super) type ReadPart<'a> =
    &'a mut dyn FnMut(u16, RowSink<'_>, FindingSink<'_>) -> Result<Ingested, ReportError>;

/// What a report's lines are written with, and what is learned of them on the way.
struct Pen {
    writer: ReportWriter,
    sketch: Sketch,
    refused: Option<LakeError>,
    lines: u64,
}

impl Pen {
    fn new(writer: ReportWriter) -> Self {
        Self { writer, sketch: Sketch::default(), refused: None, lines: 0 }
    }

    fn row(&mut self, row: &Row<'_>, relations: &mut Relations<'_>) {
        let offer = relations.offer(row.offer);
        let row = Row { offer: &offer, ..*row };
        if is_itemised(&row) {
            self.sketch.add(&row);
        }
        if self.refused.is_none() {
            match self.writer.push_row(&row) {
                Ok(()) => self.lines += 1,
                Err(error) => self.refused = Some(error),
            }
        }
    }

    fn check(&mut self) -> Result<(), LakeError> {
        self.refused.take().map_or(Ok(()), Err)
    }

    /// Writes what takes back the lines of the corrected report.
    fn reverse(&mut self, home: &Home, corrected: &str, by: &str) -> Result<(), ReportError> {
        reverse(home, corrected, by, &mut |line| {
            if self.refused.is_none() {
                self.refused = self.writer.push(&line).err();
            }
        })?;
        Ok(self.check()?)
    }
}

/// Reads a report's files into the lake and records it; a conflict is only recorded.
pub(super) fn take(
    home: &mut Home,
    mut row: ReportRow,
    manner: &Manner,
    files: &[ReportFile],
    mut desk: FindingDesk,
    read: ReadPart<'_>,
) -> Result<ImportOutcome, ReportError> {
    let mut quarantine = Vec::new();
    let standing = Standing::of(home, &row)?;
    let mut relations = Relations::new(&standing, row.corrects.as_deref());
    let mut pen = Pen::new(home.lake.begin(&row.id)?);
    for (index, file) in (0_u16..).zip(files) {
        let mut push = |it: &Row<'_>| pen.row(it, &mut relations);
        let ingested = read(index, &mut push, &mut |it| desk.take(it))?;
        if usize::from(index).saturating_add(1) == files.len() {
            let mut parting = Parting::default();
            for line in unitemised(&ingested, &row)? {
                parting.row(&line, &mut push);
            }
        }
        if let (Some(it), true) = (ingested.period, row.first_day.is_empty()) {
            (row.first_day, row.end_day) = (it.start().to_string(), it.end().to_string());
        }
        quarantine.extend(ingested.quarantined.iter().map(|it| kept_aside(file, it)));
        pen.check()?;
    }
    let sketch = std::mem::take(&mut pen.sketch).into_hashes();
    let conflict = match &manner.conflict {
        None if !manner.apart => standing.doubt(home, &row, &sketch)?,
        known => known.clone(),
    };
    if conflict.is_some() {
        row.state = ReportState::Conflict;
    } else if let Some(corrected) = &row.corrects {
        pen.reverse(home, corrected, &row.id)?;
    }
    let (lines, staged) = (pen.lines, pen.writer.finish()?);
    let recorded: Vec<UsageFile> = staged.files.iter().map(record).collect();
    let (import, usage, entry) = match row.state {
        ReportState::Standing => {
            home.lake.commit(&staged)?;
            let entry = report_entry(home, &row.id, &row.sha256, &recorded)?;
            (Import::New, recorded.as_slice(), Some(entry))
        }
        _ => (Import::Conflict, &[][..], None),
    };
    home.store.add_report(&NewReport {
        row: &row,
        files,
        usage,
        findings: &desk.kept,
        counts: &desk.counts,
        quarantine: &quarantine,
        sketch: &sketch,
        replaces: &manner.replaces,
        entry: entry.as_deref().map(|it| about("report", &row.id, it)),
    })?;
    let (against, reason) = conflict.unzip();
    Ok(ImportOutcome {
        import,
        reason,
        against,
        lines,
        amounts: amounts(&recorded)?,
        counts: desk.counts,
        quarantined: quarantine.len(),
        ..ImportOutcome::of(row)
    })
}

fn kept_aside(file: &ReportFile, it: &Quarantined) -> QuarantinedLine {
    QuarantinedLine {
        file: file.name.clone(),
        line: it.line,
        rule: it.reason.to_owned(),
        raw: it.raw.clone(),
    }
}

/// Sums the amounts of files of usage lines.
fn amounts(files: &[UsageFile]) -> Result<BTreeMap<(String, String), Atoms>, ReportError> {
    let mut amounts: BTreeMap<(String, String), Atoms> = BTreeMap::new();
    for (key, amount) in files.iter().flat_map(|it| &it.amounts) {
        let sum = amounts.entry(key.clone()).or_default();
        *sum = sum.checked_add(*amount).ok_or(ReportError::Overflow)?;
    }
    Ok(amounts)
}

/// What a summary record announces beyond its lines, and money on lines in quarantine, become lines
/// of their own, so that nothing is lost: nothing can be matched to them, so they wait in suspense.
pub(super) fn unitemised(ingested: &Ingested, row: &ReportRow) -> Result<Vec<Line>, ReportError> {
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
        subscribed: None,
        adjustment: String::new(),
        unit_price: None,
        price_category: String::new(),
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

#[cfg(test)]
pub(super) mod tests {
    use period::{Date, Period};

    use super::*;
    use crate::reports::{adjustments, row_of};
    use crate::settle::settle_period;
    use crate::{Config, Silent};

    /// An ordinary line of a report.
    pub(in crate::reports) fn line() -> Line {
        Line {
            report: "0123456789abcdef".to_owned(),
            line: 1,
            file: 0,
            transaction: "T1".to_owned(),
            sender: "PADPIDA0000000001A".to_owned(),
            service: "Melody".to_owned(),
            territory: "KR".to_owned(),
            use_type: "OnDemandStream".to_owned(),
            commercial_model: "SubscriptionModel".to_owned(),
            rights_type: RightsType::Master,
            basis: Basis::Received,
            from: Date::constant(2021, 6, 1),
            until: Date::constant(2021, 7, 1),
            isrc: "ZZAAA2100001".to_owned(),
            icpn: String::new(),
            resource_id: String::new(),
            title: "Rain".to_owned(),
            artist: "Kim".to_owned(),
            usages: Atoms::from_units(100),
            currency: money::Currency::parse("KRW").ok(),
            amount: Atoms::from_units(700),
            subscribed: None,
            adjustment: String::new(),
            unit_price: None,
            price_category: String::new(),
            corrects: String::new(),
        }
    }

    /// Takes a report of one file and these lines, for these days.
    fn take_lines(home: &mut Home, id: &str, days: [&str; 2], lines: &[Line]) -> ImportOutcome {
        let row = ReportRow {
            id: id.to_owned(),
            sender: line().sender,
            message_id: id.to_owned(),
            first_day: days[0].to_owned(),
            end_day: days[1].to_owned(),
            ..row_of(&dsr::Header::default(), "2021-12-31")
        };
        let file = ReportFile {
            name: "statement.csv".to_owned(),
            sha256: id.to_owned(),
            size_bytes: 1,
            part: 0,
        };
        let read: ReadPart<'_> = &mut |_, sink, _| {
            for it in lines {
                Parting::default().row(it, &mut *sink);
            }
            Ok(Ingested::default())
        };
        take(home, row, &Manner::default(), &[file], FindingDesk::default(), read).unwrap()
    }

    #[test]
    fn an_adjustment_of_an_earlier_month_is_settled_in_the_open_one_and_names_what_it_adjusts() {
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::open(folder.path(), &Config::default()).unwrap();
        take_lines(&mut home, "june", ["2021-06-01", "2021-07-01"], &[line()]);
        let settle = |home: &mut Home, period: &str| {
            let period = Period::parse(period).unwrap();
            let outcome = settle_period(home, period, false, "2021-12-31", &mut Silent).unwrap();
            outcome.totals.values().next().unwrap().received
        };
        assert_eq!(settle(&mut home, "2021-06"), Atoms::from_units(700));
        let july =
            Line { from: Date::constant(2021, 7, 1), until: Date::constant(2021, 8, 1), ..line() };
        let adjusted = |kind: &str, amount: i64, from: Date| Line {
            adjustment: kind.to_owned(),
            amount: Atoms::from_units(amount),
            transaction: kind.to_owned(),
            from,
            ..line()
        };
        let lines = [
            july,
            adjusted("Backpay", 50, Date::constant(2021, 6, 1)),
            adjusted("Spam Adjustment", -20, Date::constant(2021, 6, 1)),
            adjusted("Dispute Resolution", 5, Date::constant(2021, 3, 1)),
        ];
        // The statement's days reach back to its oldest line.
        take_lines(&mut home, "july", ["2021-03-01", "2021-08-01"], &lines);
        assert_eq!(settle(&mut home, "2021-07"), Atoms::from_units(735));
        let shown: Vec<String> = adjustments(&home, "july")
            .unwrap()
            .iter()
            .map(|it| format!("{} {} {} of {:?}", it.adjustment, it.month, it.amount, it.corrects))
            .collect();
        let expected = [
            "Backpay 2021-06 50 of \"june\"",
            "Dispute Resolution 2021-03 5 of \"\"",
            "Spam Adjustment 2021-06 -20 of \"june\"",
        ];
        assert_eq!(shown, expected);
        // Two reports speak about June by now; one of them ends with it.
        let late = adjusted("Revenue Correction", 1, Date::constant(2021, 6, 1));
        take_lines(&mut home, "august", ["2021-06-01", "2021-09-01"], &[late]);
        assert_eq!(adjustments(&home, "august").unwrap()[0].corrects, "june");
    }

    #[test]
    fn what_a_sender_calls_a_reversal_is_corrected_like_any_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut home = Home::open(folder.path(), &Config::default()).unwrap();
        let theirs = Line { adjustment: "Reversal".to_owned(), ..line() };
        take_lines(&mut home, "old", ["2021-06-01", "2021-07-01"], &[line(), theirs]);
        let mut taken_back = Vec::new();
        reverse(&home, "old", "new", &mut |it| taken_back.push(it)).unwrap();
        let sum = Atoms::checked_sum(taken_back.iter().map(|it| it.amount));
        assert_eq!((taken_back.len(), sum), (2, Some(Atoms::from_units(-1400))));
    }
}
