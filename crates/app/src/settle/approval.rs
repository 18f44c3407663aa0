//! What is approved is what is posted.

use period::Period;

use super::{SettleError, SettleOutcome};

/// What is posted is what was approved, if somebody approved it or has to.
pub(super) fn check_approval(
    required: bool,
    summary: &SettleOutcome,
    period: Period,
) -> Result<(), SettleError> {
    match &summary.approval {
        None if required => Err(SettleError::NotApproved { period }),
        Some(it) if it.digest != summary.digest => {
            Err(SettleError::NotAsApproved { period, who: it.who.clone(), at: it.at.clone() })
        }
        None | Some(_) => Ok(()),
    }
}
