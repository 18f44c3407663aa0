//! Restated lines that come out as they were.

use std::collections::BTreeMap;

use ident::TermId;
use ledger::Account;
use money::{Atoms, Ratio};
use settlement::{Claim, Input, Position, SettledCell, Settlement};
use usage::{Cell, CellKey};

/// Restated lines that come out as they were: they are in nobody's statement.
pub(super) struct Standing<'a> {
    /// How often the same line is taken back and given anew, and may still be left out.
    lines: BTreeMap<(Position, LineKey<'a>), usize>,
}

/// What makes two lines of a cell the same.
type LineKey<'a> = (&'a CellKey, &'a Account, Option<&'a TermId>, [Ratio; 2], [Atoms; 2]);

impl<'a> Standing<'a> {
    pub(super) fn new(input: &'a Input<'a>, outcome: &'a Settlement) -> Self {
        let mut found: BTreeMap<LineKey<'_>, [usize; 2]> = BTreeMap::new();
        for it in outcome.settled.iter().filter(|it| it.position != Position::Open) {
            let (Some(cell), Some(plan)) =
                (input.cell(it.position, it.cell), outcome.plans.get(it.plan))
            else {
                continue;
            };
            for (index, claim) in plan.claims.iter().enumerate() {
                if let Some(key) = line_key(cell, it, claim, index) {
                    let [before, now] = found.entry(key).or_default();
                    *(if it.position == Position::Before { before } else { now }) += 1;
                }
            }
        }
        let lines = found.into_iter().flat_map(|(key, [before, now])| {
            let both = before.min(now);
            [((Position::Before, key), both), ((Position::Now, key), both)]
        });
        Self { lines: lines.filter(|it| it.1 > 0).collect() }
    }

    pub(super) fn leave_out(
        &mut self,
        cell: &'a Cell,
        settled: &'a SettledCell,
        claim: &'a Claim,
        index: usize,
    ) -> bool {
        if settled.position == Position::Open || self.lines.is_empty() {
            return false;
        }
        let left = line_key(cell, settled, claim, index)
            .and_then(|key| self.lines.get_mut(&(settled.position, key)))
            .filter(|left| **left > 0);
        left.map(|left| *left -= 1).is_some()
    }
}

fn line_key<'a>(
    cell: &'a Cell,
    settled: &'a SettledCell,
    claim: &'a Claim,
    index: usize,
) -> Option<LineKey<'a>> {
    let amounts = [settled.received, *settled.amounts.get(index)?];
    let [Some(received), Some(amount)] = (match settled.position {
        Position::Before => amounts.map(Atoms::checked_neg),
        Position::Open | Position::Now => amounts.map(Some),
    }) else {
        return None;
    };
    let term = claim.term.as_ref();
    Some((&cell.key, &claim.account, term, [claim.rate, claim.of], [received, amount]))
}
