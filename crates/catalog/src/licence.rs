//! What services promised to us.

use std::cmp::Ordering;

use ident::AgreementId;
use money::Ratio;

use crate::{Condition, RightsType};

/// What a service owes for what we control, as a part of its own net revenue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Our own id.
    pub id: AgreementId,
    /// What a reader sees.
    pub title: String,
    /// Who owes: the sender of the sales reports, exactly as the usage lines name it.
    pub payer: String,
    /// The right it is about.
    pub rights_type: RightsType,
    /// The part of the service's net revenue, at most 1.
    pub rate: Ratio,
    /// Which uses it is about. `from` is always there when read from a file.
    pub condition: Condition,
    /// A remark; empty if none.
    pub note: String,
}

impl Licence {
    /// Which of two licences that match a use counts: the lesser one, which asks when the listener
    /// subscribed, or has the later `from`, then the smaller id.
    pub fn precedence(&self, other: &Self) -> Ordering {
        self.condition.precedence(&other.condition).then(self.id.cmp(&other.id))
    }
}
