//! What a production or an artist brought us, whole, by source.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
pub use insight::income::{Income, IncomeBy, Sum, Whose};
use insight::income::{Overflow, income};
use lake::LakeError;
use lake::engine::{Again, Cluster, ClusterCells, Engine};
use money::{Atoms, Currency};
use period::Period;
use settlement::{
    Input, NO_RULINGS, Outside, Past, Position, SettleError as EngineError, Settlement, settle,
};
use store::{ReportState, StoreError};

use crate::Home;
use crate::cells::cells_on;
use crate::home::manifest;

/// What is asked.
#[derive(Clone, Debug)]
pub struct IncomeRequest {
    /// Whose income.
    pub whose: Whose,
    /// The months of usage; all if none is given.
    pub period: Option<Period>,
    /// What it is shown by.
    pub by: IncomeBy,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct IncomeOutcome {
    /// The income.
    pub income: Income,
    /// The names of senders, by their id.
    pub senders: BTreeMap<String, String>,
    /// Revenue of services that is stated for the same music and is not ours, or that no licence turns into money for
    /// us, by currency: it is in none of the sums.
    pub outside: BTreeMap<Currency, Atoms>,
    /// The months that were asked about, or that the reports speak of.
    pub period: Option<Period>,
    /// What a cluster was not believed, and was computed again here.
    pub again: Vec<Again>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IncomeError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A sum leaves the range of amounts.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The catalogue has nothing of this name.
    #[error("the catalogue has no {what} called {id}")]
    Unknown {
        /// What was asked for.
        what: &'static str,
        /// Its id.
        id: String,
    },
}

/// Adds up what every standing report says that somebody brought us, settled or not.
///
/// Money that was received counts as it is; a service's own revenue counts with what its licence
/// says is owed to us, as a settlement would decide it.
///
/// # Errors
/// [`IncomeError`].
pub fn income_of(home: &Home, request: &IncomeRequest) -> Result<IncomeOutcome, IncomeError> {
    income_of_on(None, home, request)
}

/// As [`income_of`], with the usage lines summed on a cluster if one is given: the same answer,
/// since what a cluster says counts only where it closes on the control totals.
///
/// # Errors
/// [`IncomeError`].
pub fn income_of_on(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    request: &IncomeRequest,
) -> Result<IncomeOutcome, IncomeError> {
    let catalogue = home.store.catalogue()?;
    check_known(&catalogue, &request.whose)?;
    let counts = |it: &store::ReportRow| it.kind == "sales" && it.state == ReportState::Standing;
    let reports: Vec<_> = home.store.reports()?.into_iter().filter(counts).collect();
    let ids: BTreeSet<&str> = reports.iter().map(|it| it.id.as_str()).collect();
    let within =
        |it: &lake::FileEntry| request.period.is_none_or(|p| p.overlaps(it.month.period()));
    let files: Vec<_> = manifest(&home.store)?
        .into_iter()
        .filter(|it| ids.contains(it.report.as_str()) && within(it))
        .collect();
    let period = files
        .iter()
        .map(|it| it.month.period())
        .reduce(|a, b| Period::new(a.start().min(b.start()), a.end().max(b.end())).unwrap_or(a));
    let ClusterCells { mut cells, again } = cells_on(cluster, home, &catalogue, &files)?;
    cells.retain_contexts(|it| request.period.is_none_or(|p| p.contains(it.month.first_day())));
    let mut outcome = IncomeOutcome {
        income: Income::default(),
        senders: reports.into_iter().map(|it| (it.sender, it.sender_name)).collect(),
        outside: BTreeMap::new(),
        period: request.period.or(period),
        again,
    };
    let Some(period) = outcome.period else { return Ok(outcome) };
    // What a cell brings is decided in one place. Advances change who is paid, never what came in.
    let past = Past::default();
    let input = Input {
        id: "income",
        origins: &[period],
        catalog: &catalogue,
        cells: &cells,
        past: &past,
        rulings: &NO_RULINGS,
    };
    let decided = settle(&input)?;
    let mut earned = Vec::new();
    for it in &decided.settled {
        let Some(cell) = input.cell(it.position, it.cell) else { continue };
        earned.push((cell, decided.divided(&cell, it)?.received));
    }
    outcome.income = income(&catalogue, &request.whose, request.by, earned)?;
    outcome.outside = beside(&catalogue, request, &input, &decided)?;
    Ok(outcome)
}

/// What services earned by what is asked for, as far as nothing of it is ours.
///
/// Revenue of several rights at once may be ours for one and somebody else's for another: it is told once,
/// and here only if no right of it is ours.
fn beside(
    catalogue: &Catalog,
    request: &IncomeRequest,
    input: &Input<'_>,
    decided: &Settlement,
) -> Result<BTreeMap<Currency, Atoms>, IncomeError> {
    let mut beside: BTreeMap<Currency, Atoms> = BTreeMap::new();
    let mut told: BTreeSet<u32> = decided.settled.iter().map(|it| it.cell).collect();
    for it in decided.outside.iter().filter(|it| it.reason != Outside::NoMoney) {
        if !told.insert(it.cell) {
            continue;
        }
        let Some(cell) = input.cell(Position::Open, it.cell) else { continue };
        let Some(currency) = cell.context.currency else { continue };
        if request.whose.has(catalogue, cell.target) {
            let sum = beside.entry(currency).or_default();
            *sum = sum.checked_add(cell.amount).ok_or(Overflow)?;
        }
    }
    Ok(beside)
}

/// Whether the catalogue has whom or what was asked for.
fn check_known(catalogue: &Catalog, whose: &Whose) -> Result<(), IncomeError> {
    let (what, id, is_known) = match whose {
        Whose::All => return Ok(()),
        Whose::Production(id) => {
            ("production", id.as_str(), catalogue.productions.contains_key(id))
        }
        Whose::Artist(id) => ("party", id.as_str(), catalogue.parties.contains_key(id)),
        Whose::Repertoire(id) => {
            ("repertoire", id.as_str(), catalogue.repertoires.contains_key(id))
        }
    };
    if is_known { Ok(()) } else { Err(IncomeError::Unknown { what, id: id.to_owned() }) }
}
