//! The share of a repertoire in a market, with everything it depends on.

use std::collections::BTreeSet;

use ident::RepertoireId;
use insight::{
    CoverageError, MarketTotal, Measure, Part, Question, Share, ShareError as EngineError,
    by_artist, by_month, by_production, share,
};
use lake::LakeError;
use lake::engine::{Again, Cluster, ClusterCells, Engine};
use period::{Month, Period};
use store::{ReportState, StoreError};
use usage::{Basis, RightsType};

use crate::Home;
use crate::cells::cells_on;
use crate::home::manifest;

/// Which reports are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sources {
    /// Charts: usage without money, cut off below their last rank.
    Charts,
    /// Sales reports that carry a service's whole usage.
    Reports,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct ShareRequest {
    /// The repertoire.
    pub repertoire: RepertoireId,
    /// A share of what.
    pub measure: Measure,
    /// The territory code, none for all.
    pub territory: Option<String>,
    /// The months.
    pub period: Period,
    /// Which reports to look at.
    pub sources: Sources,
    /// Only usage of this right.
    pub rights_type: Option<RightsType>,
    /// Only reports of this sender.
    pub sender: Option<String>,
    /// A published total to hold the denominator against.
    pub market: Option<MarketTotal>,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct ShareOutcome {
    /// The repertoire's title.
    pub title: String,
    /// The share.
    pub share: Share,
    /// The share of each month.
    pub months: Vec<(Month, Share)>,
    /// The numerator by production, with its title, largest first.
    pub productions: Vec<(String, Part)>,
    /// The numerator by artist, largest first.
    pub artists: Vec<Part>,
    /// What a cluster was not believed, and was computed again here.
    pub again: Vec<Again>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The engine refused.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The published total cannot be held against the share.
    #[error("the market total cannot be held against this share")]
    Coverage(#[from] CoverageError),
    /// No repertoire has this id.
    #[error("no repertoire is called {id}; the catalogue has: {known}")]
    Repertoire {
        /// The id that was asked for.
        id: RepertoireId,
        /// The ids that there are.
        known: String,
    },
    /// Two senders cover the same question, and their usages may be the same ones.
    #[error(
        "more than one sender answers this: {senders}; name one with --sender, since they may \
         count the same streams"
    )]
    Ambiguous {
        /// The senders.
        senders: String,
    },
    /// No report answers the question.
    #[error("{reason}")]
    NoSource {
        /// What is missing, and what to do.
        reason: &'static str,
    },
}

/// Answers what share a repertoire has.
///
/// # Errors
/// [`ShareError`].
pub fn share_of_market(home: &Home, request: &ShareRequest) -> Result<ShareOutcome, ShareError> {
    share_of_market_on(None, home, request)
}

/// As [`share_of_market`], with the usage lines summed on a cluster if one is given: the same
/// answer, since what a cluster says counts only where it closes on the control totals.
///
/// # Errors
/// [`ShareError`].
pub fn share_of_market_on(
    cluster: Option<(&Engine, &Cluster)>,
    home: &Home,
    request: &ShareRequest,
) -> Result<ShareOutcome, ShareError> {
    let catalogue = home.store.catalogue()?;
    let Some(repertoire) = catalogue.repertoires.get(&request.repertoire) else {
        let known: Vec<_> = catalogue.repertoires.keys().map(ToString::to_string).collect();
        let id = request.repertoire.clone();
        return Err(ShareError::Repertoire { id, known: known.join(", ") });
    };
    let kind = match request.sources {
        Sources::Charts => "chart",
        Sources::Reports => "sales",
    };
    let reports: BTreeSet<String> = home
        .store
        .reports()?
        .into_iter()
        .filter(|it| it.kind == kind && it.state == ReportState::Standing)
        .filter(|it| request.sender.as_ref().is_none_or(|sender| *sender == it.sender))
        .map(|it| it.id)
        .collect();
    let files: Vec<_> = manifest(&home.store)?
        .into_iter()
        .filter(|it| reports.contains(&it.report) && request.period.overlaps(it.month.period()))
        .collect();
    let ClusterCells { mut cells, again } = cells_on(cluster, home, &catalogue, &files)?;
    // A label's own statements know nothing of the market: only whole-usage reports do.
    if request.sources == Sources::Reports && !matches!(request.measure, Measure::Received(_)) {
        cells.retain_contexts(|it| it.basis == Basis::ServiceNet);
    }
    let territory = request.territory.as_ref();
    cells.retain_contexts(|it| territory.is_none_or(|code| *code == it.territory));
    let senders: BTreeSet<&str> = cells.iter().map(|it| it.context.sender.as_str()).collect();
    if senders.len() > 1 && request.territory.is_some() && request.sources == Sources::Charts {
        let senders = senders.into_iter().collect::<Vec<_>>().join(", ");
        return Err(ShareError::Ambiguous { senders });
    }
    if cells.is_empty() {
        return Err(ShareError::NoSource { reason: missing(request.sources) });
    }
    let question = Question {
        catalog: &catalogue,
        repertoire,
        measure: request.measure,
        territory: request.territory.clone(),
        rights_type: request.rights_type,
        period: request.period,
    };
    let whole = share(&cells, &question)?;
    let whole = match &request.market {
        Some(total) => whole.against(total)?,
        None => whole,
    };
    let titled = |part: Part| {
        let production = catalogue.productions.values().find(|it| it.id.as_str() == part.key);
        let title = production.and_then(|it| it.titles.get("en").or(it.titles.values().next()));
        (title.cloned().unwrap_or_else(|| part.key.clone()), part)
    };
    Ok(ShareOutcome {
        title: repertoire.title.clone(),
        share: whole,
        months: by_month(&cells, &question)?,
        productions: by_production(&cells, &question)?.into_iter().map(titled).collect(),
        artists: by_artist(&cells, &question)?,
        again,
    })
}

const fn missing(sources: Sources) -> &'static str {
    match sources {
        Sources::Charts => {
            "no chart covers this territory and period; import one with `leitmotif chart import`, \
             or ask the sales reports with --from reports"
        }
        Sources::Reports => {
            "no report with a service's whole usage covers this territory and period; a label's \
             own statements cannot say how large the market is"
        }
    }
}
