//! What a period comes to, and from what; nothing of it is posted here.

use std::collections::BTreeSet;

use catalog::Catalog;
use lake::engine::{Again, Cluster, ClusterCells, Engine};
use ledger::TrialBalance;
use money::Amount;
use period::Period;
use settlement::{Input, Past, Rulings, Settlement, Step, settle};
use sha2::{Digest as _, Sha256};
use store::{ReportRow, ReportState, SentPayment, SettlementRow, StoreError};
use usage::Cells;

use super::summary::{digest, outside, restated};
use super::{AheadSum, MovementKey, SettleError, SettleOutcome, StatementSummary};
use crate::cells::{checked_cells, files_of};
use crate::home::{hex, manifest};
use crate::restate::{Known, origins};
use crate::statements::{Issue, Sources};
use crate::{Home, Progress};

/// All that a settlement decides, and what it was decided from.
pub(super) struct Decided {
    pub(super) catalogue: Catalog,
    pub(super) outcome: Settlement,
    /// The number of the last decision that was looked at.
    pub(super) decisions: i64,
    id: String,
    operator: String,
    reports: Vec<ReportRow>,
    all: Vec<ReportRow>,
    settled: Vec<SettlementRow>,
    origins: Vec<Period>,
    cells: Cells,
    again: Vec<Again>,
    past: Past,
    rulings: Rulings,
    book: TrialBalance,
    paid: Vec<SentPayment>,
}

/// What a period is decided from, beside usage and book.
struct Basis {
    period: Period,
    catalogue: Catalog,
    all: Vec<ReportRow>,
    /// The reports that it settles.
    reports: Vec<ReportRow>,
    /// The settlements before it.
    settled: Vec<SettlementRow>,
    /// The settlement, if it was posted.
    id: Option<String>,
    /// The number of the last decision that counts.
    until: i64,
}

impl Decided {
    /// Decides an open period.
    pub(super) fn new(
        cluster: Option<(&Engine, &Cluster)>,
        home: &Home,
        period: Period,
        progress: &mut dyn Progress,
    ) -> Result<Self, SettleError> {
        progress.at("reading the catalogue", 0, 0);
        let catalogue = home.store.catalogue()?;
        let all = home.store.reports()?;
        let reports = waiting(&all, &period.end().to_string());
        let settled = home.store.settlements()?;
        // A period without reports is settled too, once there is a book: reserves fall due, and
        // everybody gets a statement.
        if reports.is_empty() && settled.is_empty() {
            return Err(SettleError::Nothing { period });
        }
        let basis = Basis { period, catalogue, all, reports, settled, id: None, until: i64::MAX };
        Self::of(cluster, home, basis, progress)
    }

    /// Decides a settled period once more, from what was known then.
    pub(super) fn again(
        home: &Home,
        settlement: &SettlementRow,
        progress: &mut dyn Progress,
    ) -> Result<Self, SettleError> {
        progress.at("reading the catalogue", 0, 0);
        let id = &settlement.id;
        let unknown = || SettleError::NotKept { settlement: id.clone() };
        let catalogue = home.store.catalogue_of(id)?.ok_or_else(unknown)?;
        let day = |text: &str| period::parse_date(text).ok();
        let [first, end] = [&settlement.first_day, &settlement.end_day].map(|it| day(it));
        let period = first.zip(end).and_then(|it| Period::new(it.0, it.1)).ok_or_else(unknown)?;
        let mut settled = home.store.settlements()?;
        settled.retain(|it| it.end_day < settlement.end_day);
        let mut all = home.store.reports()?;
        let reports = all.iter().filter(|it| it.settlement.as_ref() == Some(id)).cloned().collect();
        // What was settled later, or with it, was not settled then.
        for it in &mut all {
            it.settlement = it.settlement.take().filter(|of| settled.iter().any(|it| it.id == *of));
        }
        let (id, until) = (Some(id.clone()), home.store.decided_until(id)?);
        let basis = Basis { period, catalogue, all, reports, settled, id, until };
        Self::of(None, home, basis, progress)
    }

    fn of(
        cluster: Option<(&Engine, &Cluster)>,
        home: &Home,
        basis: Basis,
        progress: &mut dyn Progress,
    ) -> Result<Self, SettleError> {
        let Basis { period, catalogue, all, reports, settled, id, until } = basis;
        let book = home.store.trial_balance_before(id.as_deref())?;
        progress.at("summing usage lines", 0, 0);
        let manifest = manifest(&home.store)?;
        let files = files_of(&manifest, &reports);
        let ClusterCells { cells, again } = checked_cells(cluster, home, &catalogue, &files)?;
        progress.at("dividing what was received", 0, 0);
        let known = Known::new(home, &catalogue, &settled, &all, until)?;
        let restated = known.restated(home, &manifest, &cells)?;
        let decisions = known.decisions.last().map_or(0, |it| it.number);
        let rulings = known.rulings();
        let mut decided = Self {
            id: period.to_string(),
            operator: home.config.operator.clone(),
            origins: origins(&settled, period),
            past: Past { restated, ..home.store.past(id.as_deref())? },
            paid: home.store.payments_told(id.as_deref())?,
            outcome: Settlement::default(),
            catalogue,
            decisions,
            reports,
            all,
            settled,
            cells,
            again,
            rulings,
            book,
        };
        decided.outcome = settle(&decided.input())?;
        check_paid(&decided.past, &decided.outcome)?;
        Ok(decided)
    }

    /// What it was decided from.
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            id: &self.id,
            origins: &self.origins,
            catalog: &self.catalogue,
            cells: &self.cells,
            past: &self.past,
            rulings: &self.rulings,
        }
    }

    /// The statements that it comes to; none if a sum leaves the range of amounts.
    pub(super) fn issue<'a>(&'a self, input: &'a Input<'a>) -> Option<Issue<'a>> {
        Issue::new(Sources {
            operator: &self.operator,
            input,
            reports: &self.all,
            outcome: &self.outcome,
            book: &self.book,
            paid: &self.paid,
        })
    }

    /// Sums it up for whoever asked.
    pub(super) fn summary(
        &self,
        home: &Home,
        issue: &Issue<'_>,
    ) -> Result<SettleOutcome, SettleError> {
        let statement = |(account, currency, name, balance): (_, _, &str, _)| {
            let statement::BalanceNote { earned, payable, .. } = balance;
            StatementSummary { account, name: name.to_owned(), currency, earned, payable }
        };
        let quarantined = |sum: usize, it: &ReportRow| -> Result<usize, StoreError> {
            Ok(sum + home.store.quarantine_count(&it.id)?)
        };
        let ahead = issue.received_ahead().map(|(it, currency)| AheadSum {
            advance: it.account.trim_start_matches("advance-from:").to_owned(),
            currency,
            opening: it.opening,
            closing: it.closing,
        });
        let statements: Vec<StatementSummary> = issue.balances().map(statement).collect();
        Ok(SettleOutcome {
            id: self.id.clone(),
            reports: self.reports.clone(),
            lines: self.cells.iter().map(|it| it.lines).sum(),
            cells: self.cells.len(),
            totals: self.outcome.totals.clone(),
            quarantined: self.reports.iter().try_fold(0, quarantined)?,
            outside: outside(&self.cells, &self.outcome).ok_or(SettleError::Overflow)?,
            posted: false,
            restated: restated(issue).ok_or(SettleError::Overflow)?,
            digest: digest(&statements, &self.outcome),
            statements,
            approval: home.store.approval(&self.id)?,
            movements: self.outcome.movements.clone(),
            ahead: ahead.collect(),
            again: self.again.clone(),
        })
    }

    /// Returns SHA-256 over everything that was decided from: catalogue, agreements, reports, what
    /// was paid since the settlement before, and that.
    pub(super) fn inputs(&self) -> String {
        let mut hash = Sha256::new();
        for (name, text) in catalog::write_files(&self.catalogue) {
            hash.update(format!("{name} {}\n", text.len()));
            hash.update(text);
        }
        for it in &self.reports {
            hash.update(format!("{} {}\n", it.id, it.sha256));
        }
        for SentPayment { batch, payment, returned, .. } in &self.paid {
            let back = if returned.is_some() { " back" } else { "" };
            hash.update(format!("{batch} {} {}{back}\n", payment.account, payment.payout.gross));
        }
        // What was settled before follows from what that was decided from.
        hash.update(self.settled.last().map_or("", |it| it.inputs.as_str()));
        hex(&hash.finalize())
    }
}

/// Returns the sales reports that wait for a settlement up to `end_day`; a correction is settled
/// with what it corrects, or after it, never before.
fn waiting(reports: &[ReportRow], end_day: &str) -> Vec<ReportRow> {
    let mut due: Vec<ReportRow> = reports
        .iter()
        .filter(|it| it.kind == "sales" && it.state == ReportState::Standing)
        .filter(|it| it.settlement.is_none() && it.end_day.as_str() <= end_day)
        .cloned()
        .collect();
    loop {
        let ids: BTreeSet<String> = due.iter().map(|it| it.id.clone()).collect();
        let settled =
            |id: &String| reports.iter().any(|it| it.id == *id && it.settlement.is_some());
        due.retain(|it| it.corrects.as_ref().is_none_or(|id| ids.contains(id) || settled(id)));
        if due.len() == ids.len() {
            return due;
        }
    }
}

/// What was paid is a fact of the book: no settlement takes it back because the catalogue says
/// otherwise.
fn check_paid(past: &Past, outcome: &Settlement) -> Result<(), SettleError> {
    let paid = |it: &&MovementKey| matches!(it.step, Step::Paid | Step::ReceivedAhead);
    for key in outcome.movements.keys().filter(paid) {
        let same =
            |it: &&MovementKey| (&it.agreement, &it.reference) == (&key.agreement, &key.reference);
        let posted = past.movements.keys().filter(paid).find(same);
        if let Some(posted) = posted {
            let atoms = past.movements.get(posted).copied().unwrap_or_default();
            return Err(SettleError::AdvanceChanged {
                account: match posted.step {
                    Step::ReceivedAhead => posted.to.to_string(),
                    _ => posted.from.to_string(),
                },
                posted: Amount { atoms, currency: posted.currency },
            });
        }
    }
    Ok(())
}
