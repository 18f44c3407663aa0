//! What was promised to payees.
//!
//! Which agreement speaks about a cell (a recording, in one month, territory, use type and model),
//! and which of its terms count:
//!
//! 1. An agreement speaks about the cell if its rights type and scope match and the first day of
//!    the sale month lies in its period. If several do, the narrowest scope wins (recordings or
//!    products, then releases, productions, works, all), then the later `from`, then the smaller id. One agreement
//!    speaks; the others are silent. [`Catalog::agreement_for`]
//! 2. Within it, for each kind, payee and slot, the first term in file order whose condition matches
//!    counts. [`Agreement::terms_for`]
//!
//! What is done with them is the business of settlement; `docs/guide/terms.md` has the whole order.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use ident::{AgreementId, ProductId, ProductionId, RateTableId, RecordingId, ReleaseId, WorkId};
use money::Currency;
use period::Date;

use crate::term::counting;
use crate::{Advance, Catalog, Cost, Guarantee, Product, RateDay, Reserve, Term, Use, Validity};

/// Which right the money is for. Each right is paid through its own pipe and never mixed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RightsType {
    /// The sound recording.
    Master,
    /// The composition.
    Work,
    /// The performance.
    Performer,
}

impl RightsType {
    /// Every rights type.
    pub const ALL: [Self; 3] = [Self::Master, Self::Work, Self::Performer];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Work => "work",
            Self::Performer => "performer",
        }
    }
}

/// An agreement: for some repertoire and some time, who gets what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Our own id.
    pub id: AgreementId,
    /// What a reader sees.
    pub title: String,
    /// The right it is about.
    pub rights_type: RightsType,
    /// The sale months it is about, by their first day. `from` is always there when read from a file.
    pub period: Validity,
    /// The repertoire it is about.
    pub scope: Scope,
    /// Its terms, in the order that decides.
    pub terms: Vec<Term>,
    /// Money paid ahead.
    pub advances: Vec<Advance>,
    /// Money spent.
    pub costs: Vec<Cost>,
    /// What is held back for a time.
    pub reserves: Vec<Reserve>,
    /// The least that is earned.
    pub guarantees: Vec<Guarantee>,
    /// The currency that all it divides is settled in; of none, each currency stays what it is.
    pub settled_in: Option<SettledIn>,
    /// Agreements of one group keep back each other's advances and costs; empty if it stands alone.
    pub group: String,
    /// A remark; empty if none.
    pub note: String,
}

impl Agreement {
    /// Which of two agreements that speak about a cell counts: the lesser one, by narrower scope,
    /// then later `from`, then smaller id.
    pub fn precedence(&self, other: &Self) -> Ordering {
        let scope = self.scope.breadth().cmp(&other.scope.breadth());
        scope.then(other.period.from.cmp(&self.period.from)).then(self.id.cmp(&other.id))
    }

    /// Whether a rate of it changes with what was sold.
    pub fn has_ladder(&self) -> bool {
        self.terms.iter().any(|term| term.ladder.is_some())
    }

    /// The terms that count for a use, in file order: for each kind, payee and slot the first that
    /// matches.
    pub fn terms_for(&self, of: &Use<'_>) -> Vec<&Term> {
        counting(self.terms.iter().filter(|term| term.condition.matches(of, &term.payees)))
    }
}

/// Into which currency money is turned before it is divided, and by which rate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledIn {
    /// The currency.
    pub currency: Currency,
    /// The table that the rates stand in.
    pub rates: RateTableId,
    /// Which day's rate counts.
    pub rate_day: RateDay,
}

/// The repertoire an agreement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These recordings.
    Recordings(BTreeSet<RecordingId>),
    /// The recordings on these releases.
    Releases(BTreeSet<ReleaseId>),
    /// These products.
    Products(BTreeSet<ProductId>),
    /// The recordings linked to these productions, and the products that belong to them.
    Productions(BTreeSet<ProductionId>),
    /// The recordings of these works.
    Works(BTreeSet<WorkId>),
    /// Every recording of the catalogue.
    All,
}

impl Scope {
    /// How wide it is: 0 is the narrowest and wins.
    pub const fn breadth(&self) -> u8 {
        match self {
            Self::Recordings(_) | Self::Products(_) => 0,
            Self::Releases(_) => 1,
            Self::Productions(_) => 2,
            Self::Works(_) => 3,
            Self::All => 4,
        }
    }

    /// Whether a recording is in it.
    pub fn contains(&self, catalog: &Catalog, recording: &RecordingId) -> bool {
        let known = catalog.recordings.get(recording);
        match self {
            Self::Recordings(ids) => ids.contains(recording),
            Self::Releases(ids) => ids
                .iter()
                .filter_map(|id| catalog.releases.get(id))
                .any(|release| release.recordings.contains(recording)),
            Self::Products(_) => false,
            Self::Productions(ids) => {
                known.is_some_and(|r| r.productions.iter().any(|l| ids.contains(&l.production)))
            }
            Self::Works(ids) => known.is_some_and(|r| r.works.iter().any(|w| ids.contains(w))),
            Self::All => known.is_some(),
        }
    }

    /// Whether a product is in it. `All` is about recordings, and a release or work is none.
    pub fn covers(&self, product: &Product) -> bool {
        match self {
            Self::Products(ids) => ids.contains(&product.id),
            Self::Productions(ids) => {
                product.production.as_ref().is_some_and(|it| ids.contains(it))
            }
            Self::Recordings(_) | Self::Releases(_) | Self::Works(_) | Self::All => false,
        }
    }
}

impl Catalog {
    /// The agreements that speak about a recording in a month, the one that counts first.
    ///
    /// `date` is the first day of the sale month.
    pub fn agreements_for(
        &self,
        rights_type: RightsType,
        recording: &RecordingId,
        date: Date,
    ) -> Vec<&Agreement> {
        let mut found: Vec<&Agreement> = self
            .agreements
            .values()
            .filter(|a| a.rights_type == rights_type && a.period.contains(date))
            .filter(|a| a.scope.contains(self, recording))
            .collect();
        found.sort_by(|a, b| a.precedence(b));
        found
    }

    /// The one agreement that counts for a recording in a month, if any.
    pub fn agreement_for(
        &self,
        rights_type: RightsType,
        recording: &RecordingId,
        date: Date,
    ) -> Option<&Agreement> {
        self.agreements_for(rights_type, recording, date).into_iter().next()
    }
}
