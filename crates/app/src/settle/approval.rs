//! What is approved is what is posted.

use std::collections::BTreeMap;

use money::{Atoms, Currency};
use period::{Month, Period};
use settlement::Settlement;
use sha2::{Digest as _, Sha256};
use statement::{LineNotes, Statement};
use store::StatementToPost;

use super::{RestatedLine, SettleError, SettleOutcome};
use crate::home::hex;

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

/// SHA-256 over the statements and entries.
pub(super) fn digest(issued: &[StatementToPost], outcome: &Settlement) -> String {
    let mut hash = Sha256::new();
    for it in issued {
        hash.update(Sha256::digest(&it.canonical));
    }
    for entry in &outcome.entries {
        hash.update(format!("{}\n", entry.id()));
        for it in entry.postings() {
            let (side, amount) = (it.side().as_str(), it.amount());
            hash.update(format!("{} {side} {} {}\n", it.account(), amount.currency, amount.atoms));
        }
    }
    hex(&hash.finalize())
}

/// The restated lines of all statements, what was taken back beside what is there now.
pub(super) fn restated_lines(issued: &[StatementToPost]) -> Option<Vec<RestatedLine>> {
    let mut found: BTreeMap<(String, String, String, String, Currency), RestatedLine> =
        BTreeMap::new();
    for it in issued {
        let Ok(statement) = Statement::parse(&it.canonical) else { continue };
        for line in &statement.lines {
            let LineNotes { source, recording: used, context, .. } = statement.notes(line)?;
            if source.restates.is_empty() {
                continue;
            }
            let month = &context.month;
            let used = if used.title.is_empty() { used.id.clone() } else { used.title.clone() };
            let (account, restates) = (it.account.clone(), source.restates.clone());
            let key = (account, restates, month.clone(), used, it.currency);
            let of = found.entry(key.clone()).or_insert_with(|| RestatedLine {
                account: key.0,
                settlement: key.1,
                month: Month::parse(&key.2).unwrap_or(Month::of(period::Date::MIN)),
                used: key.3,
                currency: key.4,
                from: Atoms::ZERO,
                to: Atoms::ZERO,
                because: source.because.clone(),
            });
            match source.restated.as_str() {
                "before" => of.from = of.from.checked_sub(line.amount)?,
                _ => of.to = of.to.checked_add(line.amount)?,
            }
        }
    }
    Some(found.into_values().collect())
}
