//! How cells are given away, and whose money it becomes. The operator cheats.

use std::collections::BTreeMap;

use money::Atoms;
use statement::Line;

use super::case::Case;
use super::{Cheat, operator};
use crate::world::trees::{CellKey, CellLeaf, account_leaf, cells, sides, statement_key};
use crate::world::{close, minus, plus};

pub(super) const CHEATS: &[Cheat] = &[
    operator("a cell not wholly given away", 19, |it| {
        given(it, |case, settled, _| Some(minus(Atoms::ZERO, toward(settled, case.some()))))
    }),
    operator("more given than a cell brought", 19, |it| {
        given(it, |case, settled, _| Some(toward(settled, case.some())))
    }),
    operator("a cell given away one and a half times", 19, |it| {
        given(it, |_, settled, _| Some(Atoms::from_raw(settled.raw() / 2)))
    }),
    operator("nothing given of a cell but to who looks", 19, |it| {
        given(it, |_, _, given| given.checked_neg())
    }),
    operator("a cell given away with the sign turned", 19, |it| {
        given(it, |_, settled, _| settled.raw().checked_mul(-2).map(Atoms::from_raw))
    }),
    operator("a cell that brought nothing gives", 19, nothing_gives),
    operator("a cell that is another among the sources", 19, other_cell),
    operator("one cell for two, among the sources", 19, one_for_two),
    operator("a phantom payee", 17, |it| {
        let amount = it.some();
        phantom(it, amount);
        it.bytes()
    }),
    operator("a phantom payee, with books that cancel", 17, |it| {
        let amount = it.some();
        phantom(it, amount);
        let draft = it.draft();
        let of = draft.bare.get_mut("received")?;
        of[1] = minus(of[1], amount);
        it.bytes()
    }),
    operator("one leaf for two payees", 18, |it| {
        // Both have the same lines; the second is shown the leaf and the key of the first.
        it.choose_last(|it| it.account.starts_with("payee:"))?;
        let book = it.world.publish();
        let mut receipt = book.receipt(&it.world, it.at, &it.account);
        receipt.statement.account = "payee:second".into();
        receipt.statement.name = "Second".into();
        Some(receipt.canonical())
    }),
    operator("a leaf that counts other lines", 18, |it| leaf(it, Part::Lines)),
    operator("a leaf of another statement", 18, |it| leaf(it, Part::Statement)),
    operator("a leaf with less earned", 18, |it| leaf(it, Part::Earned)),
    operator("a leaf with a debt netted away", 18, |it| leaf(it, Part::Netted)),
    operator("an account in no category", 18, |it| {
        let account = it.account.clone();
        it.on_seal(move |seal| {
            let category = crate::world::trees::category(&account);
            for it in seal.categories.iter_mut().filter(|it| it.name == category) {
                it.name = format!("{category}-x");
            }
            seal.categories.sort_by(|a, b| a.name.cmp(&b.name));
        });
        // A seal with a category that begins anew does not continue; that is found later.
        it.bytes()
    }),
];

/// `amount`, on the side of `of`.
fn toward(of: Atoms, amount: Atoms) -> Atoms {
    if of.is_negative() { minus(Atoms::ZERO, amount) } else { amount }
}

/// Of a cell of the payee's that others have lines of too, others get more or less; all else is made
/// new. `more` is told what the cell brought, and what the others' line gives.
fn given(case: &mut Case, more: fn(&mut Case, Atoms, Atoms) -> Option<Atoms>) -> Option<Vec<u8>> {
    case.choose_last(|it| !it.lines.is_empty())?;
    let own = case.own().clone();
    let mut settled: BTreeMap<CellKey, Atoms> = BTreeMap::new();
    for (line, cell) in own.lines.iter().zip(cells(&own)) {
        let source = &own.sources[usize::try_from(line.source).unwrap()];
        if source.restated.is_empty() {
            settled.insert(cell, source.exchanged(line.received)?);
        }
    }
    let (account, at) = (case.account.clone(), case.at);
    let mut found: Vec<(usize, usize, Atoms)> = Vec::new();
    let alike = |cell: &CellKey| {
        case.world.drafts[at].statements.iter().flat_map(cells).filter(|it| it == cell).count()
    };
    for (which, it) in case.world.drafts[at].statements.iter().enumerate() {
        if it.account == account {
            continue;
        }
        for (line, cell) in cells(it).iter().enumerate() {
            // What is less than an atom of a cell that is there but once.
            let of = settled.get(cell).filter(|it| it.raw().unsigned_abs() > 10_u128.pow(16));
            found.extend(of.filter(|_| alike(cell) < 9).map(|of| (which, line, *of)));
        }
    }
    if found.is_empty() {
        return None;
    }
    let (which, line, settled) = *case.rng.pick(&found);
    let amount = case.world.drafts[at].statements[which].lines[line].amount;
    let more = more(case, settled, amount)?;
    // A positive multiple may be given: cells that are alike are one leaf.
    let is_multiple = more.raw().checked_rem(settled.raw()) == Some(0);
    if is_multiple && more.is_negative() == settled.is_negative() {
        return None;
    }
    let other = &mut case.draft().statements[which];
    other.lines[line].amount = plus(amount, more);
    close(other);
    case.draft().balance_books();
    case.bytes()
}

fn nothing_gives(case: &mut Case) -> Option<Vec<u8>> {
    let zero = |it: &Line| it.received.is_zero();
    case.choose_last(|it| {
        it.lines.iter().any(|line| {
            zero(line) && it.sources[usize::try_from(line.source).unwrap()].restated.is_empty()
        })
    })?;
    let own = case.own();
    let fresh = |it: &Line| own.sources[usize::try_from(it.source).unwrap()].restated.is_empty();
    let cell = cells(own)[own.lines.iter().position(|it| zero(it) && fresh(it))?];
    let (account, more) = (case.account.clone(), case.some());
    for it in &mut case.draft().statements {
        let at = cells(it).iter().position(|it| *it == cell);
        let (Some(at), true) = (at, it.account != account) else { continue };
        it.lines[at].amount = plus(it.lines[at].amount, more);
        close(it);
        case.draft().balance_books();
        return case.bytes();
    }
    None
}

/// The sources count something else with the same money.
fn other_cell(case: &mut Case) -> Option<Vec<u8>> {
    case.choose_last(|it| !it.lines.is_empty())?;
    let own = cells(case.own());
    let cell = *case.rng.pick(&own);
    let other = case.rng.bytes();
    case.on_leaves(move |leaves| {
        for it in leaves.cells.iter_mut().filter(|it| it.key == cell) {
            it.node = CellLeaf::new((cell.0, cell.1, other), it.given, it.salt).node;
        }
    });
    case.bytes()
}

/// Two cells of the payee's are counted as one leaf, which both are shown.
fn one_for_two(case: &mut Case) -> Option<Vec<u8>> {
    case.choose_last(|it| it.lines.len() > 1)?;
    let own = cells(case.own());
    let (a, b) = (own[0], own[own.len() - 1]);
    if a == b {
        return None;
    }
    case.on_leaves(move |leaves| {
        let given = leaves.cells.iter().find(|it| it.key == b).unwrap().given;
        leaves.cells.retain(|it| it.key != b);
        for it in leaves.cells.iter_mut().filter(|it| it.key == a) {
            *it = CellLeaf::new(a, plus(it.given, given), it.salt);
        }
    });
    let book = case.world.publish();
    let mut receipt = book.receipt(&case.world, case.at, &case.account);
    // The sources state what they have to; the second cell is shown the place of the first.
    let cell = receipt.sources.cells.iter().map(|it| it.0).next()?;
    let shown = receipt.sources.cells[0].clone();
    receipt.sources.cells.push((cell, shown.1, shown.2));
    Some(receipt.canonical())
}

/// An account that gets something, and is nobody.
fn phantom(case: &mut Case, amount: Atoms) {
    let key = statement_key(&case.world.secret, &case.world.drafts[case.at], "payee:phantom");
    let salt = case.rng.bytes();
    case.on_leaves(move |leaves| {
        let line = CellLeaf::new(([0; 8], [0; 8], salt), amount, salt).node;
        let [earned, _] = sides(amount);
        let sums = [0, 0, earned, 0, 0, 0, earned, 0];
        let leaf = account_leaf("payee:phantom", &salt, line, sums, &key);
        leaves.accounts.entry("payee".into()).or_default().push(leaf);
    });
}

enum Part {
    Lines,
    Statement,
    Earned,
    Netted,
}

/// The seal commits to another leaf than the statement makes, with sums that close.
fn leaf(case: &mut Case, part: Part) -> Option<Vec<u8>> {
    case.choose_last(|it| !it.lines.is_empty())?;
    let draft = &case.world.drafts[case.at];
    let key = statement_key(&case.world.secret, draft, &case.account);
    let hash = crate::world::sha256(&[&case.own().canonical()]);
    let (account, other) = (case.account.clone(), case.rng.bytes());
    let less = case.some().raw().unsigned_abs();
    case.on_leaves(move |leaves| {
        let leaf = leaves.account_mut(&account);
        let (mut hash, mut lines, mut sums) = (hash, leaf.lines, *leaf.node.sums());
        match part {
            Part::Lines => lines = CellLeaf::new(([0; 8], [0; 8], other), Atoms::ZERO, other).node,
            Part::Statement => hash = other,
            // Both sides grow alike, so that everything closes but what the statement says.
            Part::Earned => [2, 3].iter().for_each(|it| sums[*it] += less),
            Part::Netted => [0, 1, 6, 7].iter().for_each(|it| sums[*it] += less),
        }
        *leaf = account_leaf(&account, &hash, lines, sums, &key);
    });
    case.bytes()
}
