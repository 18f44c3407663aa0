//! One period, settled: cells, agreements, entries, statements, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use ident::{AgreementId, TermId};
use lake::engine::{Again, Cluster, ClusterCells, Engine};
use lake::{FileEntry, Filter, LakeError};
use ledger::{Account, SuspenseReason, TrialBalance};
use matching::Matcher;
use money::{Amount, Atoms, Currency};
use period::Period;
use settlement::{Input, Outside, SettleError as EngineError, Settlement, Totals, settle};
use sha2::{Digest, Sha256};
use store::{PostedSettlement, ReportRow, ReportState, SettlementRow, StatementToPost, StoreError};
use usage::Cell;

use crate::home::{hex, manifest};
use crate::statements::statements;
use crate::{Home, Progress};

/// What a settlement decided, or would decide.
#[derive(Clone, Debug)]
pub struct SettleOutcome {
    /// The settlement's id.
    pub id: String,
    /// The reports that it settles.
    pub reports: Vec<ReportRow>,
    /// The usage lines and the cells that they sum to.
    pub lines: u64,
    /// The number of cells.
    pub cells: usize,
    /// The totals by currency.
    pub totals: BTreeMap<Currency, Totals>,
    /// The statements: account, currency, name, earned, payable.
    pub statements: Vec<StatementSummary>,
    /// The lines of these reports that are in quarantine.
    pub quarantined: usize,
    /// What brought no money to us, summed by reason and currency.
    pub outside: Vec<OutsideSum>,
    /// Whether it was posted.
    pub posted: bool,
    /// What a cluster was not believed, and was computed again here.
    pub again: Vec<Again>,
}

/// A statement in one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementSummary {
    /// The account.
    pub account: String,
    /// The account holder's name.
    pub name: String,
    /// The currency.
    pub currency: Currency,
    /// What was earned.
    pub earned: Atoms,
    /// What is payable.
    pub payable: Atoms,
}

/// Usage that brought no money to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideSum {
    /// Why.
    pub reason: Outside,
    /// The currency of the amount, if there is one.
    pub currency: Option<Currency>,
    /// The usages.
    pub usages: Atoms,
    /// The amount that the reports state.
    pub amount: Atoms,
}

/// Why a period cannot be settled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The period ends before one that is settled already, or with it.
    #[error(
        "a period up to {until} is settled and closed; reports that came late are settled with \
         the next period"
    )]
    Closed {
        /// The day after the last settled day.
        until: String,
    },
    /// Nothing waits to be settled.
    #[error("no report waits whose usage ends within {period}; see `leitmotif report list`")]
    Nothing {
        /// The period.
        period: Period,
    },
    /// The sums in the lake are not those that were recorded at import.
    #[error("the cells of {currency} sum to {cells}, but the reports' control totals to {control}")]
    ControlTotal {
        /// The currency.
        currency: Currency,
        /// What the cells sum to.
        cells: Atoms,
        /// What was recorded.
        control: Atoms,
    },
    /// An advance that is in the book is not in the catalogue as it was posted.
    #[error(
        "{account} was posted with {posted}, and the catalogue now says otherwise; put the advance \
         back as it was (what was paid is not edited: a further payment is an advance of its own)"
    )]
    AdvanceChanged {
        /// The account.
        account: String,
        /// What was posted.
        posted: Amount,
    },
    /// The period is not over.
    #[error("{period} is not over yet; a settled period is closed for good")]
    NotOver {
        /// The period.
        period: Period,
    },
    /// A file of usage lines is not as it was written.
    #[error("usage lines in the lake are not as they were imported: {mismatch}; restore the file")]
    LakeChanged {
        /// Which file, and how it differs.
        mismatch: String,
    },
    /// A sum leaves the range of amounts.
    #[error("a sum is too large to be counted")]
    Overflow,
}

/// Settles every report whose usage ends within the period and that is not settled yet; with
/// `preview`, decides and posts nothing.
///
/// # Errors
/// [`SettleError`]; nothing is posted then.
pub fn settle_period(
    home: &mut Home,
    period: Period,
    preview: bool,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<SettleOutcome, SettleError> {
    settle_period_on(None, home, period, preview, now, progress)
}

/// As [`settle_period`], with the usage lines summed on a cluster if one is given: the same bytes,
/// since what a cluster says counts only where it closes on the control totals.
///
/// # Errors
/// [`SettleError`]; nothing is posted then.
pub fn settle_period_on(
    cluster: Option<(&Engine, &Cluster)>,
    home: &mut Home,
    period: Period,
    preview: bool,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<SettleOutcome, SettleError> {
    let end_day = period.end().to_string();
    if end_day.as_str() > now.get(..10).unwrap_or(now) {
        return Err(SettleError::NotOver { period });
    }
    if let Some(until) = home.store.settled_until()?.filter(|until| *until >= end_day) {
        return Err(SettleError::Closed { until });
    }
    progress.at("reading the catalogue", 0, 0);
    let catalogue = home.store.catalogue()?;
    let reports = waiting(&home.store.reports()?, &end_day);
    if reports.is_empty() {
        return Err(SettleError::Nothing { period });
    }
    let book = home.store.trial_balance()?;
    progress.at("summing usage lines", 0, 0);
    let files = files_of(&manifest(&home.store)?, &reports);
    let ClusterCells { cells, again } = checked_cells(cluster, home, &catalogue, &files)?;
    progress.at("dividing what was received", 0, 0);
    let id = period.to_string();
    let unrecouped = unrecouped(&catalogue, &book)?;
    let outcome = settle(&Input {
        id: &id,
        period,
        catalog: &catalogue,
        cells: &cells,
        unrecouped: &unrecouped,
    })?;
    progress.at("writing statements", 0, 0);
    let issued = statements(&id, period, home, &catalogue, &reports, &cells, &outcome, &book)
        .ok_or(SettleError::Overflow)?;
    let summary = summary(id, reports, &cells, &outcome, &issued).ok_or(SettleError::Overflow)?;
    let quarantined = |sum: usize, it: &ReportRow| -> Result<usize, StoreError> {
        Ok(sum + home.store.quarantine_count(&it.id)?)
    };
    let quarantined = summary.reports.iter().try_fold(0, quarantined)?;
    let summary = SettleOutcome { posted: !preview, quarantined, again, ..summary };
    if !preview {
        progress.at("posting", 0, 0);
        home.store.post_settlement(&PostedSettlement {
            row: SettlementRow {
                id: summary.id.clone(),
                period: summary.id.clone(),
                first_day: period.start().to_string(),
                end_day,
                posted_at: now.to_owned(),
                inputs: inputs(&catalogue, &summary.reports),
                totals: categories(&summary.totals),
                leaf: None,
            },
            entries: &outcome.entries,
            statements: issued,
            reports: summary.reports.iter().map(|it| it.id.clone()).collect(),
        })?;
    }
    Ok(summary)
}

/// Sums up what was decided; nothing of it is posted yet.
fn summary(
    id: String,
    reports: Vec<ReportRow>,
    cells: &[Cell],
    outcome: &Settlement,
    issued: &[StatementToPost],
) -> Option<SettleOutcome> {
    let statement = |it: &StatementToPost| StatementSummary {
        account: it.account.clone(),
        name: it.name.clone(),
        currency: it.currency,
        earned: it.earned,
        payable: it.payable,
    };
    Some(SettleOutcome {
        id,
        reports,
        lines: cells.iter().map(|it| it.lines).sum(),
        cells: cells.len(),
        totals: outcome.totals.clone(),
        statements: issued.iter().map(statement).collect(),
        quarantined: 0,
        outside: outside(cells, outcome)?,
        posted: false,
        again: Vec::new(),
    })
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

fn files_of(manifest: &[FileEntry], reports: &[ReportRow]) -> Vec<FileEntry> {
    let ids: BTreeSet<&str> = reports.iter().map(|it| it.id.as_str()).collect();
    manifest.iter().filter(|it| ids.contains(it.report.as_str())).cloned().collect()
}

/// Sums usage lines whose files are as they were written; the sums are those of the manifest.
fn checked_cells(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<ClusterCells, SettleError> {
    let mismatches = match cluster {
        None => home.lake.verify(files)?,
        // Each partition's answer is held against counts and sums anyway.
        Some(_) => home.lake.verify_bytes(files)?,
    };
    if let Some(mismatch) = mismatches.first() {
        return Err(SettleError::LakeChanged { mismatch: mismatch.to_string() });
    }
    let summed = cells_on(cluster, home, catalogue, files)?;
    check_control_totals(files, &summed.cells)?;
    Ok(summed)
}

/// Sums usage lines to cells, each line tied to its recording or product.
pub(crate) fn cells(
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<Vec<Cell>, LakeError> {
    cells_on(None, home, catalogue, files).map(|it| it.cells)
}

/// As [`cells`], on a cluster if one is given.
pub(crate) fn cells_on(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    catalogue: &Catalog,
    files: &[FileEntry],
) -> Result<ClusterCells, LakeError> {
    let matcher = Matcher::new(catalogue);
    let mut resolve = |identity: usage::Identity<'_>| matcher.target(&identity);
    match cluster {
        Some((engine, cluster)) => home.lake.cells_on(engine, cluster, files, &mut resolve),
        None => {
            let cells = home.lake.cells(files, &Filter::all(), &mut resolve)?;
            Ok(ClusterCells { cells, again: Vec::new() })
        }
    }
}

/// The cells have to add up to what the manifest recorded at import, to the atom.
fn check_control_totals(files: &[FileEntry], cells: &[Cell]) -> Result<(), SettleError> {
    let mut sums: BTreeMap<Currency, (Atoms, Atoms)> = BTreeMap::new();
    for cell in cells {
        if let Some(currency) = cell.key.currency {
            let sum = &mut sums.entry(currency).or_default().0;
            *sum = sum.checked_add(cell.amount).ok_or(SettleError::Overflow)?;
        }
    }
    for ((_, currency), amount) in files.iter().flat_map(|it| &it.amounts) {
        let sum = &mut sums.entry(*currency).or_default().1;
        *sum = sum.checked_add(*amount).ok_or(SettleError::Overflow)?;
    }
    match sums.into_iter().find(|(_, (cells, control))| cells != control) {
        Some((currency, (cells, control))) => {
            Err(SettleError::ControlTotal { currency, cells, control })
        }
        None => Ok(()),
    }
}

/// Returns what is still to be recouped of the advances that the book knows; the catalogue has to
/// say of each what it said when it was posted.
fn unrecouped(
    catalogue: &Catalog,
    book: &TrialBalance,
) -> Result<BTreeMap<(AgreementId, TermId), Atoms>, SettleError> {
    let mut left = BTreeMap::new();
    for (account, currency, balance) in book.iter() {
        let Account::Advance { agreement, advance, payee } = account else { continue };
        let open = balance.debit.checked_sub(balance.credit).ok_or(SettleError::Overflow)?;
        let known = catalogue.agreements.get(agreement);
        match known.and_then(|it| it.advances.iter().find(|it| it.id.as_str() == advance)) {
            Some(it)
                if it.payee == *payee
                    && it.amount == (Amount { atoms: balance.debit, currency }) =>
            {
                left.insert((agreement.clone(), it.id.clone()), open);
            }
            None if open.is_zero() => {}
            _ => {
                let posted = Amount { atoms: balance.debit, currency };
                return Err(SettleError::AdvanceChanged { account: account.to_string(), posted });
            }
        }
    }
    Ok(left)
}

fn outside(cells: &[Cell], outcome: &Settlement) -> Option<Vec<OutsideSum>> {
    let mut sums: BTreeMap<(Outside, Option<Currency>), (Atoms, Atoms)> = BTreeMap::new();
    for it in &outcome.outside {
        let cell = cells.get(it.cell)?;
        let sum = sums.entry((it.reason, cell.key.currency)).or_default();
        sum.0 = sum.0.checked_add(cell.usages)?;
        sum.1 = sum.1.checked_add(cell.amount)?;
    }
    let sum =
        |((reason, currency), (usages, amount))| OutsideSum { reason, currency, usages, amount };
    Some(sums.into_iter().map(sum).collect())
}

/// Returns SHA-256 over everything that was decided from: catalogue, agreements and reports.
fn inputs(catalogue: &Catalog, reports: &[ReportRow]) -> String {
    let mut hash = Sha256::new();
    for (name, text) in catalog::write_files(catalogue) {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    for it in reports {
        hash.update(format!("{} {}\n", it.id, it.sha256));
    }
    hex(&hash.finalize())
}

fn categories(totals: &BTreeMap<Currency, Totals>) -> BTreeMap<(Currency, String), Atoms> {
    let named = |(currency, it): (&Currency, &Totals)| {
        let currency = *currency;
        [
            ("received", it.received),
            ("payees", it.payees),
            ("fees", it.fees),
            ("retained", it.retained),
            ("suspense", it.suspense),
        ]
        .map(|(category, amount)| ((currency, category.to_owned()), amount))
    };
    totals.iter().flat_map(named).collect()
}

/// Returns the words for a suspense account.
pub(crate) const fn suspense_words(reason: SuspenseReason) -> &'static str {
    match reason {
        SuspenseReason::NoAgreement => "Suspense: no agreement covers the recording",
        SuspenseReason::OverClaimed => "Suspense: the terms promise more than the whole",
        SuspenseReason::TooFine => "Suspense: the rates are too fine to be divided exactly",
        SuspenseReason::Unmatched => "Suspense: not matched to a recording",
    }
}
