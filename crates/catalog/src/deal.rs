//! What an agreement says about sums: money paid ahead, costs, reserves, guarantees.

use std::collections::BTreeSet;

use ident::{PartyId, TermId};
use money::{Amount, Ratio};
use period::Date;

use crate::Validity;

/// Money paid to a payee ahead of what it will earn under the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// Our own id, unique in the agreement.
    pub id: TermId,
    /// Who was paid.
    pub payee: PartyId,
    /// How much; above zero.
    pub amount: Amount,
    /// When.
    pub paid: Date,
    /// A remark; empty if none.
    pub note: String,
}

/// Money spent on the repertoire, and who bears it: a singing fee, a video, a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Our own id, unique in the agreement.
    pub id: TermId,
    /// How much was spent; above zero.
    pub amount: Amount,
    /// When.
    pub paid: Date,
    /// Whose earnings it is kept back from. Of none it comes off before profit is shared: profit
    /// shares and the operator bear it in proportion.
    pub payee: Option<PartyId>,
    /// The part that is kept back, at most 1.
    pub part: Ratio,
    /// A remark; empty if none.
    pub note: String,
}

/// A part that is held back for a time, because goods may come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserve {
    /// Our own id, unique in the agreement.
    pub id: TermId,
    /// The part of what was earned on sales; returns are not counted.
    pub rate: Ratio,
    /// Whose earnings. Of none it is held back from the sales themselves, so from everybody's part.
    pub payee: Option<PartyId>,
    /// For these use types; empty means any.
    pub use_types: BTreeSet<String>,
    /// So many months after the period, this part of what was held back is released. The parts add
    /// up to 1.
    pub release: Vec<(u32, Ratio)>,
    /// A remark; empty if none.
    pub note: String,
}

/// The least that a payee earns in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarantee {
    /// Our own id, unique in the agreement.
    pub id: TermId,
    /// Who is promised it.
    pub payee: PartyId,
    /// How much; above zero.
    pub amount: Amount,
    /// For what was earned on these days; both ends are there when read from a file. It is topped up
    /// by the settlement that covers the last of them.
    pub period: Validity,
    /// Whether what is topped up is kept back from later earnings.
    pub recoupable: bool,
    /// A remark; empty if none.
    pub note: String,
}
