//! One period, settled: cells, agreements, entries, statements, in one transaction.

mod approval;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use lake::engine::{Again, Cluster, ClusterCells, Engine};
use lake::{FileEntry, Filter, LakeError};
use ledger::SuspenseReason;
use matching::Matcher;
use money::{Amount, Atoms, Currency};
use period::{Month, Period};
use settlement::{
    Input, Movements, Outside, Past, SettleError as EngineError, Settlement, Step, Totals, settle,
};
use sha2::{Digest, Sha256};
use store::{
    Act, PostedSettlement, ReportRow, ReportState, SentPayment, SettlementRow, StatementToPost,
    StoreError,
};
use usage::Cell;

use self::approval::check_approval;
use self::summary::summary;
use crate::home::{hex, manifest};
use crate::restate::{Known, origins};
use crate::statements::statements;
use crate::{Home, Progress};

pub use settlement::MovementKey;

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
    /// SHA-256 over every entry and statement, in hex: what is approved is what is posted.
    pub digest: String,
    /// Who approved it, if somebody did.
    pub approval: Option<Act>,
    /// What it restates: lines that were settled otherwise before.
    pub restated: Vec<RestatedLine>,
    /// What moved beside what was earned.
    pub movements: Movements,
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

/// A restated line: what an account had of some usage, and what it has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestatedLine {
    /// The account.
    pub account: String,
    /// The settlement that it was settled by first.
    pub settlement: String,
    /// The month of use.
    pub month: Month,
    /// What was used: title, or our id.
    pub used: String,
    /// The currency.
    pub currency: Currency,
    /// What it was.
    pub from: Atoms,
    /// What it is now.
    pub to: Atoms,
    /// Why.
    pub because: String,
}

/// What is done with what is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed<'a> {
    /// It is shown.
    Preview,
    /// Somebody approves it; nothing is posted.
    Approve(&'a str),
    /// Somebody closes the period: it is posted.
    Close(&'a str),
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
    /// Nobody approved it, and the configuration asks for it.
    #[error(
        "{period} is not approved; look at `leitmotif settle {period} --preview`, then `leitmotif \
         settle approve {period} --by NAME`"
    )]
    NotApproved {
        /// The period.
        period: Period,
    },
    /// It is not what was approved.
    #[error(
        "{period} is not what {who} approved on {at}: something came or changed since; see \
         `leitmotif settle diff {period}`, and have it approved again"
    )]
    NotAsApproved {
        /// The period.
        period: Period,
        /// Who approved it.
        who: String,
        /// When.
        at: String,
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
    let deed = if preview { Deed::Preview } else { Deed::Close("") };
    settle_period_on(None, home, period, deed, now, progress)
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
    deed: Deed<'_>,
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
    let Decided { catalogue, outcome, issued, mut summary, inputs, decisions } =
        decide(cluster, home, period, progress)?;
    let act = |act: &str, who: &str, summary: &SettleOutcome| Act {
        at: now.to_owned(),
        who: if who.is_empty() { home.config.operator.clone() } else { who.to_owned() },
        act: act.to_owned(),
        settlement: summary.id.clone(),
        digest: summary.digest.clone(),
    };
    match deed {
        Deed::Preview => {}
        Deed::Approve(who) => {
            let approved = act("approved", who, &summary);
            home.store.add_act(&approved)?;
            summary.approval = Some(approved);
        }
        Deed::Close(who) => {
            check_approval(home.config.approval, &summary, period)?;
            progress.at("posting", 0, 0);
            home.store.post_settlement(&PostedSettlement {
                row: SettlementRow {
                    id: summary.id.clone(),
                    period: summary.id.clone(),
                    first_day: period.start().to_string(),
                    end_day,
                    posted_at: now.to_owned(),
                    inputs,
                    totals: categories(&summary.totals),
                    leaf: None,
                },
                outcome: &outcome,
                catalogue: &catalogue,
                decisions,
                acts: vec![act("closed", who, &summary)],
                statements: issued,
                reports: summary.reports.iter().map(|it| it.id.clone()).collect(),
            })?;
            summary.posted = true;
        }
    }
    Ok(summary)
}

/// All that a settlement decides, and what it was decided from.
struct Decided {
    catalogue: Catalog,
    outcome: Settlement,
    issued: Vec<StatementToPost>,
    summary: SettleOutcome,
    inputs: String,
    /// The number of the last decision that was looked at.
    decisions: i64,
}

/// Decides a period; nothing is posted.
fn decide(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    period: Period,
    progress: &mut dyn Progress,
) -> Result<Decided, SettleError> {
    progress.at("reading the catalogue", 0, 0);
    let catalogue = home.store.catalogue()?;
    let all = home.store.reports()?;
    let reports = waiting(&all, &period.end().to_string());
    let settled = home.store.settlements()?;
    // A period without reports is settled too, once there is a book: reserves fall due, and everybody
    // gets a statement.
    if reports.is_empty() && settled.is_empty() {
        return Err(SettleError::Nothing { period });
    }
    let book = home.store.trial_balance()?;
    progress.at("summing usage lines", 0, 0);
    let manifest = manifest(&home.store)?;
    let files = files_of(&manifest, &reports);
    let ClusterCells { cells, again } = checked_cells(cluster, home, &catalogue, &files)?;
    progress.at("dividing what was received", 0, 0);
    let id = period.to_string();
    let known = Known::new(home, &catalogue, &settled, &all)?;
    let restated = known.restated(home, &manifest, &cells)?;
    let past = Past { restated, ..home.store.past()? };
    let input = Input {
        id: &id,
        origins: &origins(&settled, period),
        catalog: &catalogue,
        cells: &cells,
        past: &past,
        rulings: &known.rulings(),
    };
    let outcome = settle(&input)?;
    check_paid(&past, &outcome)?;
    progress.at("writing statements", 0, 0);
    let paid = home.store.payments_untold()?;
    let issued = statements(home, period, &input, &all, &outcome, &book, &paid)
        .ok_or(SettleError::Overflow)?;
    let quarantined = |sum: usize, it: &ReportRow| -> Result<usize, StoreError> {
        Ok(sum + home.store.quarantine_count(&it.id)?)
    };
    let inputs = inputs(&catalogue, &reports, settled.last(), &paid);
    let summary = SettleOutcome {
        quarantined: reports.iter().try_fold(0, quarantined)?,
        again,
        approval: home.store.approval(&id)?,
        ..summary(id, reports, &cells, &outcome, &issued).ok_or(SettleError::Overflow)?
    };
    let decisions = known.decisions.last().map_or(0, |it| it.number);
    Ok(Decided { outcome, issued, summary, inputs, decisions, catalogue })
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

pub(crate) fn files_of(manifest: &[FileEntry], reports: &[ReportRow]) -> Vec<FileEntry> {
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

/// What was paid is a fact of the book: no settlement takes it back because the catalogue says
/// otherwise.
fn check_paid(past: &Past, outcome: &Settlement) -> Result<(), SettleError> {
    let paid = |it: &&MovementKey| it.step == Step::Paid;
    for key in outcome.movements.keys().filter(paid) {
        let same =
            |it: &&MovementKey| (&it.agreement, &it.reference) == (&key.agreement, &key.reference);
        let posted = past.movements.keys().filter(paid).find(same);
        if let Some(posted) = posted {
            let atoms = past.movements.get(posted).copied().unwrap_or_default();
            return Err(SettleError::AdvanceChanged {
                account: posted.from.to_string(),
                posted: Amount { atoms, currency: posted.currency },
            });
        }
    }
    Ok(())
}

/// Returns SHA-256 over everything that was decided from: catalogue, agreements, reports, what was
/// paid since the settlement before, and that.
fn inputs(
    catalogue: &Catalog,
    reports: &[ReportRow],
    before: Option<&SettlementRow>,
    paid: &[SentPayment],
) -> String {
    let mut hash = Sha256::new();
    for (name, text) in catalog::write_files(catalogue) {
        hash.update(format!("{name} {}\n", text.len()));
        hash.update(text);
    }
    for it in reports {
        hash.update(format!("{} {}\n", it.id, it.sha256));
    }
    for SentPayment { batch, payment, .. } in paid {
        hash.update(format!("{batch} {} {}\n", payment.account, payment.payout.gross));
    }
    // What was settled before follows from what that was decided from.
    hash.update(before.map_or("", |it| it.inputs.as_str()));
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
        SuspenseReason::Disputed => "Suspense: disputed",
        SuspenseReason::Lapsed => "Suspense: lapsed",
        SuspenseReason::NoAgreement => "Suspense: no agreement covers the recording",
        SuspenseReason::OverClaimed => "Suspense: the terms promise more than the whole",
        SuspenseReason::TooFine => "Suspense: the rates are too fine to be divided exactly",
        SuspenseReason::Unmatched => "Suspense: not matched to a recording",
    }
}
