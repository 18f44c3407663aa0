//! Where an account and its cells stand in the seal: proofs that somebody changed.
#![expect(
    clippy::ptr_arg,
    reason = "some changes make a list of nodes longer, and all have one type"
)]

use money::Atoms;
use statement::{Receipt, SourcesNote};

use super::case::Case;
use super::{Cheat, somebody};
use crate::world::plus;
use crate::{base64, unbase64};

pub(super) const CHEATS: &[Cheat] = &[
    somebody("another statement key", 18, |it| changed(it, other_key)),
    somebody("a key that is no hex", 10, |it| changed(it, bad_key)),
    somebody("path: a sibling's sum lowered", 18, |it| path(it, ACCOUNT, lower_sum)),
    somebody("path: a sibling's sum raised", 18, |it| path(it, ACCOUNT, raise_sum)),
    somebody("path: sums moved between columns", 18, |it| path(it, ACCOUNT, move_sum)),
    somebody("path: a negative sum", 18, |it| path(it, ACCOUNT, negative_sum)),
    somebody("path: sums that overflow", 18, |it| path(it, ACCOUNT, overflow)),
    somebody("path: a wrong count", 18, |it| path(it, ACCOUNT, wrong_count)),
    somebody("path: a sibling's hash changed", 18, |it| path(it, ACCOUNT, other_hash)),
    somebody("path: a node left out", 18, |it| path(it, ACCOUNT, shorter)),
    somebody("path: a node more", 18, |it| path(it, ACCOUNT, longer)),
    somebody("path: two nodes swapped", 18, |it| path(it, ACCOUNT, swapped)),
    somebody("path: cut within a node", 18, |it| path(it, ACCOUNT, cut)),
    somebody("path: no base64", 18, |it| {
        changed(it, |_, receipt| {
            receipt.path.nodes.push('=');
            Some(())
        })
    }),
    somebody("path: another place", 18, |it| {
        changed(it, |case, receipt| {
            receipt.path.at += 1 + case.rng.below(3) as u64;
            Some(())
        })
    }),
    somebody("path: a place beyond every tree", 18, |it| {
        changed(it, |_, receipt| {
            receipt.path.at = u64::MAX;
            Some(())
        })
    }),
    somebody("path: that of another account", 18, |it| {
        changed(it, |case, receipt| {
            let other = other_receipt(case)?;
            receipt.path = other.path;
            Some(())
        })
    }),
    somebody("another account's statement", 18, |it| {
        changed(it, |case, receipt| {
            let other = other_receipt(case)?;
            receipt.statement = other.statement;
            Some(())
        })
    }),
    somebody("cells: what is given changed", 19, |it| cells(it, given)),
    somebody("cells: twice as much given", 19, |it| cells(it, given_twice)),
    somebody("cells: what is given written otherwise", 19, |it| cells(it, given_otherwise)),
    somebody("cells: another salt", 19, |it| cells(it, salt)),
    somebody("cells: a salt that is no hex", 19, |it| cells(it, bad_salt)),
    somebody("cells: one left out", 19, |it| cells(it, one_less)),
    somebody("cells: one more", 19, |it| cells(it, one_more)),
    somebody("cells: two at one place", 19, |it| cells(it, one_place)),
    somebody("cells: two places swapped", 19, |it| cells(it, places_swapped)),
    somebody("cells: two swapped", 19, |it| cells(it, cells_swapped)),
    somebody("cells: a place beyond the tree", 19, |it| cells(it, beyond)),
    somebody("cells: a sibling's sum lowered", 19, |it| path(it, CELLS, lower_sum)),
    somebody("cells: a sibling's sum raised", 19, |it| path(it, CELLS, raise_sum)),
    somebody("cells: a negative sum", 19, |it| path(it, CELLS, negative_sum)),
    somebody("cells: sums that overflow", 19, |it| path(it, CELLS, overflow)),
    somebody("cells: a wrong count", 19, |it| path(it, CELLS, wrong_count)),
    somebody("cells: a sibling's hash changed", 19, |it| path(it, CELLS, other_hash)),
    somebody("cells: a node left out", 19, |it| path(it, CELLS, shorter)),
    somebody("cells: a node more", 19, |it| path(it, CELLS, longer)),
    somebody("cells: two nodes swapped", 19, |it| path(it, CELLS, swapped)),
    somebody("cells: cut within a node", 19, |it| path(it, CELLS, cut)),
    somebody("cells: no base64", 19, |it| {
        changed(it, |_, receipt| {
            receipt.sources.nodes.push(' ');
            Some(())
        })
    }),
];

fn changed(case: &mut Case, change: fn(&mut Case, &mut Receipt) -> Option<()>) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    change(case, &mut receipt)?;
    Some(receipt.canonical())
}

/// Somebody else's receipt of the same kind of account and the same seal.
fn other_receipt(case: &mut Case) -> Option<Receipt> {
    let kind = |account: &str| account.split(':').next().unwrap().to_owned();
    let own = case.account.clone();
    let draft = &case.world.drafts[case.at];
    let others: Vec<String> = draft.statements.iter().map(|it| it.account.clone()).collect();
    let others: Vec<&String> =
        others.iter().filter(|it| **it != own && kind(it) == kind(&own)).collect();
    let other = (*others.first()?).clone();
    Some(case.world.publish().receipt(&case.world, case.at, &other))
}

fn other_key(case: &mut Case, receipt: &mut Receipt) -> Option<()> {
    let digit = case.rng.below(64);
    let by = if receipt.key.as_bytes()[digit] == b'0' { "1" } else { "0" };
    receipt.key.replace_range(digit..=digit, by);
    Some(())
}

fn bad_key(case: &mut Case, receipt: &mut Receipt) -> Option<()> {
    match case.rng.below(3) {
        0 => receipt.key.push('0'),
        1 => receipt.key.truncate(62),
        _ => receipt.key.replace_range(0..1, "A"),
    }
    Some(())
}

/// A proof's nodes as bytes, and how many columns they have.
struct Nodes {
    of: fn(&mut Receipt) -> &mut String,
    columns: usize,
}

const ACCOUNT: Nodes = Nodes { of: |it| &mut it.path.nodes, columns: 8 };
const CELLS: Nodes = Nodes { of: |it| &mut it.sources.nodes, columns: 2 };

type OnNodes = fn(&mut Case, &mut Vec<Vec<u8>>, usize) -> Option<()>;

fn path(case: &mut Case, of: Nodes, change: OnNodes) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let length = 32 + 16 * of.columns + 8;
    let text = (of.of)(&mut receipt);
    let mut nodes: Vec<Vec<u8>> = unbase64(text).chunks(length).map(<[u8]>::to_vec).collect();
    if nodes.is_empty() {
        return None;
    }
    change(case, &mut nodes, of.columns)?;
    *text = base64(&nodes.concat());
    Some(receipt.canonical())
}

fn sum(node: &mut [u8], column: usize) -> &mut [u8; 16] {
    (&mut node[32 + 16 * column..][..16]).try_into().unwrap()
}

/// A node, and a column of it, whose sum is changed.
fn on_sum(
    case: &mut Case,
    nodes: &mut [Vec<u8>],
    columns: usize,
    by: impl Fn(u128) -> Option<u128>,
) -> Option<()> {
    let (at, column) = (case.rng.below(nodes.len()), case.rng.below(columns));
    let sum = sum(&mut nodes[at], column);
    let now = by(u128::from_be_bytes(*sum))?;
    *sum = now.to_be_bytes();
    Some(())
}

/// What breaks a tree that binds only the sum of both its children (ePrint 2018/1139).
fn lower_sum(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    let part = case.rng.next();
    on_sum(case, nodes, columns, |it| it.checked_sub(1).map(|most| u128::from(part) % (most + 1)))
}

fn raise_sum(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    let more = case.some().raw().unsigned_abs();
    on_sum(case, nodes, columns, |it| Some(it + more))
}

fn move_sum(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    let (at, from, to) =
        (case.rng.below(nodes.len()), case.rng.below(columns), case.rng.below(columns));
    let all = *sum(&mut nodes[at], from);
    let other = *sum(&mut nodes[at], to);
    *sum(&mut nodes[at], from) = other;
    *sum(&mut nodes[at], to) = all;
    (all != other).then_some(())
}

fn negative_sum(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    let less = case.some().raw().unsigned_abs();
    on_sum(case, nodes, columns, |it| Some(it.wrapping_sub(less).max(1 << 127)))
}

fn overflow(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    on_sum(case, nodes, columns, |_| Some((1 << 127) - 1))
}

fn wrong_count(case: &mut Case, nodes: &mut Vec<Vec<u8>>, columns: usize) -> Option<()> {
    let at = case.rng.below(nodes.len());
    let count = &mut nodes[at][32 + 16 * columns..];
    let now = u64::from_be_bytes((&*count).try_into().unwrap());
    let other = *case.rng.pick(&[now + 1, now - 1, now * 2, u64::MAX]);
    count.copy_from_slice(&other.to_be_bytes());
    Some(())
}

fn other_hash(case: &mut Case, nodes: &mut Vec<Vec<u8>>, _: usize) -> Option<()> {
    let at = case.rng.below(nodes.len());
    let byte = case.rng.below(32);
    nodes[at][byte] ^= 1 << case.rng.below(8);
    Some(())
}

fn shorter(case: &mut Case, nodes: &mut Vec<Vec<u8>>, _: usize) -> Option<()> {
    nodes.remove(case.rng.below(nodes.len()));
    Some(())
}

fn longer(case: &mut Case, nodes: &mut Vec<Vec<u8>>, _: usize) -> Option<()> {
    let node = case.rng.pick(nodes).clone();
    nodes.insert(case.rng.below(nodes.len() + 1), node);
    Some(())
}

fn swapped(case: &mut Case, nodes: &mut Vec<Vec<u8>>, _: usize) -> Option<()> {
    let (a, b) = (case.rng.below(nodes.len()), case.rng.below(nodes.len()));
    nodes.swap(a, b);
    (nodes[a] != nodes[b]).then_some(())
}

fn cut(case: &mut Case, nodes: &mut Vec<Vec<u8>>, _: usize) -> Option<()> {
    let last = nodes.last_mut()?;
    let length = 1 + case.rng.below(last.len() - 1);
    last.truncate(length);
    Some(())
}

fn cells(
    case: &mut Case,
    change: fn(&mut Case, &mut SourcesNote) -> Option<()>,
) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    if receipt.sources.cells.is_empty() {
        return None;
    }
    change(case, &mut receipt.sources)?;
    Some(receipt.canonical())
}

fn any<'a>(case: &mut Case, of: &'a mut SourcesNote) -> &'a mut (u64, String, String) {
    let at = case.rng.below(of.cells.len());
    &mut of.cells[at]
}

fn given(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let more = case.some();
    let cell = any(case, of);
    cell.1 = plus(Atoms::parse(&cell.1).unwrap(), more).to_string();
    Some(())
}

fn given_twice(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let cell = any(case, of);
    let given = Atoms::parse(&cell.1).unwrap();
    cell.1 = plus(given, given).to_string();
    (!given.is_zero()).then_some(())
}

fn given_otherwise(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let cell = any(case, of);
    cell.1.push_str(if cell.1.contains('.') { "0" } else { "." });
    Some(())
}

fn salt(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let digit = case.rng.below(64);
    let cell = any(case, of);
    let by = if cell.2.as_bytes()[digit] == b'0' { "1" } else { "0" };
    cell.2.replace_range(digit..=digit, by);
    Some(())
}

fn bad_salt(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    any(case, of).2.replace_range(0..1, "G");
    Some(())
}

fn one_less(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    of.cells.remove(case.rng.below(of.cells.len()));
    Some(())
}

fn one_more(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let mut more = any(case, of).clone();
    more.0 += case.rng.below(2) as u64;
    of.cells.push(more);
    Some(())
}

fn one_place(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let (a, b) = (case.rng.below(of.cells.len()), case.rng.below(of.cells.len()));
    of.cells[a].0 = of.cells[b].0;
    (a != b).then_some(())
}

fn places_swapped(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let (a, b) = (case.rng.below(of.cells.len()), case.rng.below(of.cells.len()));
    (of.cells[a].0, of.cells[b].0) = (of.cells[b].0, of.cells[a].0);
    (a != b).then_some(())
}

fn cells_swapped(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    let (a, b) = (case.rng.below(of.cells.len()), case.rng.below(of.cells.len()));
    of.cells.swap(a, b);
    (a != b).then_some(())
}

fn beyond(case: &mut Case, of: &mut SourcesNote) -> Option<()> {
    any(case, of).0 = u64::MAX;
    Some(())
}
