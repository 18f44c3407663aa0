//! One period, settled: cells, agreements, entries, statements, in one transaction.

mod approval;
mod decide;
mod replay;
mod summary;

use std::collections::BTreeMap;

use ident::PipeId;
use lake::LakeError;
use lake::engine::{Again, Cluster, Engine};
use ledger::SuspenseReason;
use money::{Amount, Atoms, Currency};
use period::{Month, Period};
use settlement::{Movements, SettleError as EngineError, Totals};
use store::{Act, PostedSettlement, ReportRow, SettlementRow, StoreError};

use self::approval::check_approval;
use self::decide::Decided;
use crate::{Home, Progress};

pub use replay::{Replayed, replay};

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
    /// What distributors paid ahead and have not kept back from their reports altogether, or had not before.
    pub ahead: Vec<AheadSum>,
    /// What a cluster was not believed, and was computed again here.
    pub again: Vec<Again>,
}

/// An advance that a distributor paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AheadSum {
    /// The advance's id in the catalogue.
    pub advance: String,
    /// The currency.
    pub currency: Currency,
    /// What was open before, with what came in the period.
    pub opening: Atoms,
    /// What is still open.
    pub closing: Atoms,
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
    /// Why: the token that statements use.
    pub because: String,
    /// What that is about.
    pub because_of: String,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideSum {
    /// Why.
    pub reason: &'static str,
    /// The pipe through which somebody else pays it.
    pub pipe: Option<PipeId>,
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
    /// What it was decided from was not kept then.
    #[error("{settlement} was settled by an earlier build, which did not keep its catalogue")]
    NotKept {
        /// The settlement.
        settlement: String,
    },
    /// No settlement is called so.
    #[error("no settlement is called {settlement:?}; `leitmotif settle acts` lists them")]
    Unknown {
        /// What was asked for.
        settlement: String,
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
    let decided = Decided::new(cluster, home, period, progress)?;
    let input = decided.input();
    let issue = decided.issue(&input).ok_or(SettleError::Overflow)?;
    let mut summary = decided.summary(home, &issue)?;
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
            let posted = PostedSettlement {
                row: SettlementRow {
                    id: summary.id.clone(),
                    period: summary.id.clone(),
                    first_day: period.start().to_string(),
                    end_day,
                    posted_at: now.to_owned(),
                    inputs: decided.inputs(),
                    totals: categories(&summary.totals),
                    sealed: false,
                },
                outcome: &decided.outcome,
                catalogue: &decided.catalogue,
                decisions: decided.decisions,
                acts: vec![act("closed", who, &summary)],
                reports: summary.reports.iter().map(|it| it.id.clone()).collect(),
            };
            home.store.post_settlement(&posted, issue.statements(progress))?;
            summary.posted = true;
        }
    }
    Ok(summary)
}

fn categories(totals: &BTreeMap<Currency, Totals>) -> BTreeMap<(Currency, String), Atoms> {
    let named = |(currency, it): (&Currency, &Totals)| {
        let currency = *currency;
        [
            ("received", it.received),
            ("exchanged", it.exchanged),
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
        SuspenseReason::NoPrice => "Suspense: no published price is known",
        SuspenseReason::NoRate => "Suspense: no exchange rate is known",
        SuspenseReason::OverClaimed => "Suspense: the terms promise more than the whole",
        SuspenseReason::PaidElsewhere => "Suspense: somebody else pays this right already",
        SuspenseReason::TooFine => "Suspense: the rates are too fine to be divided exactly",
        SuspenseReason::Unmatched => "Suspense: not matched to a recording",
    }
}
