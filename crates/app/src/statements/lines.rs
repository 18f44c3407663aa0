//! Which lines stand in which statement.

use std::collections::BTreeMap;

use ledger::Account;
use money::Currency;
use settlement::{Input, Rounded, SettledCell, Settlement};
use statement::{AmountLine, ContextNote, Places, StatementBuilder};

use super::notes::{Numbers, recording_note};
use super::standing::Standing;
use super::words::term_note;

/// For each statement its lines: places of settled cells, and of claims in their plans.
pub(super) struct Lines {
    by_statement: Vec<Vec<[u32; 2]>>,
}

impl Lines {
    /// Sorts the claims of all settled cells by statement; statements are known by their place.
    pub(super) fn new<'a>(
        input: &Input<'_>,
        outcome: &'a Settlement,
        statements: impl Iterator<Item = (&'a Account, Currency)>,
    ) -> Self {
        let places: BTreeMap<(&Account, Currency), usize> = statements.zip(0..).collect();
        let mut by_statement = vec![Vec::new(); places.len()];
        // The statement of each claim of a plan, in each currency that it is met in.
        let mut by_plan: BTreeMap<Currency, Vec<Vec<usize>>> = BTreeMap::new();
        let standing = Standing::new(input, outcome);
        for (settled, it) in (0..).zip(&outcome.settled) {
            let cell = input.cell(it.position, it.cell);
            let currency = cell.and_then(|cell| outcome.currency(cell.context, it));
            let (Some(currency), Some(plan)) = (currency, outcome.plan(it)) else { continue };
            let known = by_plan.entry(currency).or_default();
            known.resize(outcome.plans.len(), Vec::new());
            let Some(known) = usize::try_from(it.plan).ok().and_then(|at| known.get_mut(at)) else {
                continue;
            };
            if known.is_empty() {
                let place = |it: &Account| places.get(&(it, currency)).copied();
                *known = plan.claims.iter().filter_map(|it| place(&it.account)).collect();
            }
            for (index, statement) in known.iter().enumerate() {
                if !standing.leave_out(it, index)
                    && let (Some(lines), Ok(index)) =
                        (by_statement.get_mut(*statement), u32::try_from(index))
                {
                    lines.push([settled, index]);
                }
            }
        }
        Self { by_statement }
    }

    /// Gives the lines of a statement away.
    pub(super) fn take(&mut self, statement: usize) -> Vec<[u32; 2]> {
        self.by_statement.get_mut(statement).map(std::mem::take).unwrap_or_default()
    }
}

/// Adds the line of a claim; none if a sum leaves the range of amounts.
pub(super) fn add_line(
    builder: &mut StatementBuilder,
    numbers: &mut Numbers<'_>,
    outcome: &Settlement,
    settled: &SettledCell,
    index: usize,
) -> Option<()> {
    let cell = numbers.input.cell(settled.position, settled.cell)?;
    let (plan, route) = (outcome.plan(settled)?, outcome.route(settled)?);
    let claim = plan.claims.get(index)?;
    let divided = outcome.divided(&cell, settled).ok()?;
    let rounded = match divided.rounded(plan, index)? {
        Rounded::Exact => statement::Rounded::Exact,
        Rounded::Down => statement::Rounded::Down,
        Rounded::Up => statement::Rounded::Up,
    };
    let price = outcome.price(settled).or(cell.context.unit_price);
    let places = numbers.places(&cell, settled, price)?;
    let currency = cell.context.currency?;
    let term = usize::try_from(settled.plan).ok()?.checked_mul(1 << 16)?.checked_add(index)?;
    builder.line(
        Places { term, ..places },
        &AmountLine {
            report_lines: [cell.lines, cell.first_line, cell.last_line],
            usages: divided.usages,
            reported: divided.reported,
            received: divided.received,
            amount: *divided.amounts.get(index)?,
            rounded,
        },
        || numbers.source(&cell, settled, route, plan, currency),
        || recording_note(numbers.input.catalog, cell.target),
        || term_note(numbers.input.catalog, plan, claim),
        || ContextNote {
            commercial_model: cell.context.commercial_model.clone(),
            month: cell.context.month.to_string(),
            price_category: cell.context.price_category.clone(),
            territory: cell.context.territory.clone(),
            unit_price: price.map_or_else(String::new, |it| it.to_string()),
            use_type: cell.context.use_type.clone(),
        },
    );
    Some(())
}
