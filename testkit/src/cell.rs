//! Cells on their own, as generators and the auditor deal with them.

use std::collections::BTreeMap;

use money::Atoms;
use usage::{CellKey, CellRow, Cells, Context, Target};

/// A cell with a key of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// What its lines have in common.
    pub key: CellKey,
    /// Sum of the usages.
    pub usages: Atoms,
    /// Sum of the amounts.
    pub amount: Atoms,
    /// Number of lines.
    pub lines: u64,
    /// Smallest line number among them.
    pub first_line: u64,
    /// Largest line number among them.
    pub last_line: u64,
}

/// Cells as settlement takes them, in any order; those with one key are added up.
///
/// # Panics
/// If a sum leaves the range of amounts.
#[must_use]
pub fn table(cells: &[Cell]) -> Cells {
    let mut contexts: Vec<Context> = cells.iter().map(|it| it.key.context.clone()).collect();
    let mut targets: Vec<Target> = cells.iter().map(|it| it.key.target.clone()).collect();
    contexts.sort();
    contexts.dedup();
    targets.sort();
    targets.dedup();
    let number = |place: Result<usize, usize>| {
        u32::try_from(place.expect("it is in the list")).expect("a short list")
    };
    let mut rows: BTreeMap<(u32, u32), CellRow> = BTreeMap::new();
    for it in cells {
        let context = number(contexts.binary_search(&it.key.context));
        let target = number(targets.binary_search(&it.key.target));
        let Cell { usages, amount, lines, first_line, last_line, .. } = *it;
        let row = CellRow { usages, amount, lines, first_line, last_line, context, target };
        let plus = |a: Atoms, b| a.checked_add(b).expect("a small sum");
        let add = |sum: &mut CellRow| {
            sum.usages = plus(sum.usages, usages);
            sum.amount = plus(sum.amount, amount);
            sum.lines += lines;
            sum.first_line = sum.first_line.min(first_line);
            sum.last_line = sum.last_line.max(last_line);
        };
        rows.entry((context, target)).and_modify(add).or_insert(row);
    }
    Cells::new(contexts, targets, rows.into_values().collect()).expect("they are in order")
}

/// Cells of a settlement, each with its own key.
#[must_use]
pub fn single(cells: &Cells) -> Vec<Cell> {
    let of = |it: usage::Cell<'_>| {
        let usage::Cell { usages, amount, lines, first_line, last_line, .. } = it;
        Cell { key: it.key(), usages, amount, lines, first_line, last_line }
    };
    cells.iter().map(of).collect()
}
