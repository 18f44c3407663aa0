//! Restated lines that come out as they were.

use std::collections::{BTreeMap, BTreeSet};

use ident::TermId;
use ledger::Account;
use money::{Atoms, Currency, Ratio};
use settlement::{Input, Position, SettledCell, Settlement};
use usage::{Context, Target};

/// Restated lines that come out as they were: they are in nobody's statement.
pub(super) struct Standing {
    lines: BTreeSet<Place>,
}

/// Position, cell, piece, route and plan of what is settled, and the place of a claim: a cell may be
/// settled for several rights, each with a route or a plan of its own.
type Place = (Position, u32, Option<std::num::NonZeroU32>, [u32; 2], usize);

fn place(it: &SettledCell, index: usize) -> Place {
    (it.position, it.cell, it.piece, [it.route, it.plan], index)
}

/// What makes two lines of a cell the same.
type LineKey<'a> = (
    (&'a Context, &'a Target, Option<Currency>),
    &'a Account,
    Option<&'a TermId>,
    [Ratio; 2],
    [Atoms; 3],
);

impl Standing {
    pub(super) fn new(input: &Input<'_>, outcome: &Settlement) -> Self {
        let mut found: BTreeMap<LineKey<'_>, [Vec<(&SettledCell, usize)>; 2]> = BTreeMap::new();
        for it in outcome.settled.iter().filter(|it| it.position != Position::Open) {
            let (Some(cell), Some(plan)) = (input.cell(it.position, it.cell), outcome.plan(it))
            else {
                continue;
            };
            let Ok(divided) = outcome.divided(&cell, it) else { continue };
            for (index, claim) in plan.claims.iter().enumerate() {
                let amount = divided.amounts.get(index).copied().unwrap_or_default();
                let [Some(received), Some(published), Some(amount)] =
                    [divided.received, divided.published, amount].map(|amount| match it.position {
                        Position::Before => amount.checked_neg(),
                        Position::Open | Position::Now => Some(amount),
                    })
                else {
                    continue;
                };
                let currency = outcome.currency(cell.context, it);
                let (used, term) = ((cell.context, cell.target, currency), claim.term.as_ref());
                let rates = [claim.rate, claim.of];
                let key = (used, &claim.account, term, rates, [received, published, amount]);
                let [before, now] = found.entry(key).or_default();
                let list = if it.position == Position::Before { before } else { now };
                list.push((it, index));
            }
        }
        // As often as the same line is taken back and given anew.
        let both = found.values().flat_map(|[before, now]| {
            let count = before.len().min(now.len());
            before.iter().take(count).chain(now.iter().take(count))
        });
        Self { lines: both.map(|(it, index)| place(it, *index)).collect() }
    }

    pub(super) fn leave_out(&self, it: &SettledCell, index: usize) -> bool {
        it.position != Position::Open && self.lines.contains(&place(it, index))
    }
}
