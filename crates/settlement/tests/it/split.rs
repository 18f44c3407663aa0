//! One cell or two: without conditions, where a use took place changes who gets what by atoms only.

use money::Atoms;
use proptest::prelude::*;
use settlement::{SettledCell, Settlement, settle};
use testkit::{World, single, table};
use usage::Basis;

/// A world whose terms look at nothing and have one rate, and of its cells the one that most claims
/// divide.
fn world(seed: u64) -> World {
    let mut world = World::new(seed, 40);
    world.catalog.pipes.clear();
    for agreement in world.catalog.agreements.values_mut() {
        agreement.settled_in = None;
        // Each part of a cell is exchanged, and rounded, for itself.
        agreement.settled_in = None;
        for term in &mut agreement.terms {
            (term.condition, term.ladder) = (catalog::Condition::default(), None);
        }
    }
    let mut cells = single(&world.cells);
    cells
        .retain(|it| it.key.context.basis == Basis::Received && it.amount.raw().unsigned_abs() > 9);
    // Where nothing is sold the price does not count, of which a part of the units has a part.
    cells.iter_mut().for_each(|it| it.usages = Atoms::ZERO);
    world.cells = table(&cells);
    let outcome = settle(&world.input()).unwrap();
    let claims = |it: &&SettledCell| outcome.plan(it).unwrap().claims.len();
    let most = outcome.settled.iter().max_by_key(claims).map(|it| it.cell as usize);
    world.cells = table(&most.map(|at| cells[at].clone()).into_iter().collect::<Vec<_>>());
    world
}

fn cut(world: &World, parts: i128) -> World {
    let mut cells = Vec::new();
    for cell in single(&world.cells) {
        let whole = cell.amount.raw();
        for part in 0..parts {
            let mut piece = cell.clone();
            piece.key.context.territory = format!("X{part}");
            let raw = if part == 0 { whole - whole / parts * (parts - 1) } else { whole / parts };
            piece.amount = Atoms::from_raw(raw);
            cells.push(piece);
        }
    }
    let mut other = world.clone();
    other.cells = table(&cells);
    other
}

/// What each claim gets from all cells together; a cell in one piece has the same plan as its parts.
fn sums(world: &World, outcome: &Settlement) -> Vec<i128> {
    let mut sums = vec![0; outcome.plans.first().map_or(0, |it| it.claims.len())];
    for it in &outcome.settled {
        let cell = world.input().cell(it.position, it.cell).unwrap();
        let divided = outcome.divided(&cell, it).unwrap();
        sums.iter_mut().zip(divided.amounts).for_each(|(sum, part)| *sum += part.raw());
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(48)))]

    #[test]
    fn cutting_a_cell_moves_at_most_an_atom_a_part(seed: u64, parts in 2_i128..9) {
        let whole = world(seed);
        let cut = cut(&whole, parts);
        let [one, many] = [&whole, &cut].map(|it| settle(&it.input()).unwrap());
        prop_assert_eq!(&one.plans, &many.plans);
        let (one, many) = (sums(&whole, &one), sums(&cut, &many));
        prop_assert_eq!(one.iter().sum::<i128>(), many.iter().sum::<i128>());
        for (a, b) in one.into_iter().zip(many) {
            // Each of the parts, and the whole, is less than an atom from its exact share.
            prop_assert!((a - b).abs() <= parts, "{a} {b}");
        }
    }
}
