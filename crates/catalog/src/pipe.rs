//! Rights that are paid past us, and what distributors paid us ahead.

use std::cmp::Ordering;

use ident::{AdvanceId, PartyId, PipeId};
use money::Amount;
use period::Date;

use crate::{Condition, RightsType};

/// A right that somebody else pays for some uses, past us: a society, or the service itself.
///
/// What a service earns by such uses is nobody's by us, and money of that right that reaches us
/// nevertheless waits, because who it belongs to is paid already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsidePipe {
    /// Our own id.
    pub id: PipeId,
    /// What a reader sees.
    pub title: String,
    /// The right that is paid.
    pub rights_type: RightsType,
    /// Who pays it.
    pub paid_by: PartyId,
    /// For which uses. `from` is always there when read from a file.
    pub condition: Condition,
    /// A remark; empty if none.
    pub note: String,
}

/// Money that a distributor or service paid us ahead, and keeps back from what its reports bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedAdvance {
    /// Our own id.
    pub id: AdvanceId,
    /// What a reader sees.
    pub title: String,
    /// Who paid: the sender of the sales reports, exactly as the usage lines name it.
    pub sender: String,
    /// How much; above zero.
    pub amount: Amount,
    /// When it came.
    pub received: Date,
    /// A remark; empty if none.
    pub note: String,
}

impl OutsidePipe {
    /// Which of two pipes that match a use counts: the lesser one, which asks when the listener
    /// subscribed, or has the later `from`, then the smaller id.
    pub fn precedence(&self, other: &Self) -> Ordering {
        self.condition.precedence(&other.condition).then(self.id.cmp(&other.id))
    }
}
