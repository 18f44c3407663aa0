//! What was decided, summed up for whoever asked.

use std::collections::BTreeMap;

use money::{Atoms, Currency};
use settlement::{Outside, Position, Settlement};
use store::{ReportRow, StatementToPost};
use usage::Cell;

use super::approval::{digest, restated_lines};
use super::{OutsideSum, SettleOutcome, StatementSummary};

/// Sums up what was decided; nothing of it is posted yet.
pub(super) fn summary(
    id: String,
    reports: Vec<ReportRow>,
    cells: &[Cell],
    outcome: &Settlement,
    issued: &[StatementToPost],
) -> Option<SettleOutcome> {
    let statement = |it: &StatementToPost| StatementSummary {
        account: it.account.clone(),
        name: it.name.clone(),
        currency: it.currency,
        earned: it.earned,
        payable: it.payable,
    };
    Some(SettleOutcome {
        id,
        reports,
        lines: cells.iter().map(|it| it.lines).sum(),
        cells: cells.len(),
        totals: outcome.totals.clone(),
        statements: issued.iter().map(statement).collect(),
        quarantined: 0,
        outside: outside(cells, outcome)?,
        posted: false,
        digest: digest(issued, outcome),
        approval: None,
        // Statements are read again only if there is something to find in them.
        restated: match outcome.settled.iter().any(|it| it.position != Position::Open) {
            true => restated_lines(issued)?,
            false => Vec::new(),
        },
        movements: outcome.movements.clone(),
        again: Vec::new(),
    })
}

fn outside(cells: &[Cell], outcome: &Settlement) -> Option<Vec<OutsideSum>> {
    let mut sums: BTreeMap<(Outside, Option<Currency>), (Atoms, Atoms)> = BTreeMap::new();
    for it in &outcome.outside {
        let cell = cells.get(it.cell)?;
        let sum = sums.entry((it.reason, cell.key.currency)).or_default();
        sum.0 = sum.0.checked_add(cell.usages)?;
        sum.1 = sum.1.checked_add(cell.amount)?;
    }
    let sum =
        |((reason, currency), (usages, amount))| OutsideSum { reason, currency, usages, amount };
    Some(sums.into_iter().map(sum).collect())
}
