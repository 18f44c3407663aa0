//! One cell or two: without conditions, where a use took place changes who gets what by atoms only.

use money::Atoms;
use proptest::prelude::*;
use settlement::{Settlement, settle};
use testkit::World;
use usage::Basis;

/// A world whose terms look at nothing and have one rate, and of its cells the one that most claims
/// divide.
fn world(seed: u64) -> World {
    let mut world = World::new(seed, 40);
    for agreement in world.catalog.agreements.values_mut() {
        for term in &mut agreement.terms {
            (term.condition, term.ladder) = (catalog::Condition::default(), None);
        }
    }
    world.cells.retain(|it| it.key.basis == Basis::Received && it.amount.raw().unsigned_abs() > 9);
    let outcome = settle(&world.input()).unwrap();
    let most = outcome.settled.iter().max_by_key(|it| it.amounts.len()).map(|it| it.cell);
    world.cells = most.map(|at| world.cells[at].clone()).into_iter().collect();
    world
}

fn cut(world: &World, parts: i128) -> World {
    let mut cells = Vec::new();
    for cell in &world.cells {
        let whole = cell.amount.raw();
        for part in 0..parts {
            let mut piece = cell.clone();
            piece.key.territory = format!("X{part}");
            let raw = if part == 0 { whole - whole / parts * (parts - 1) } else { whole / parts };
            piece.amount = Atoms::from_raw(raw);
            cells.push(piece);
        }
    }
    let mut other = world.clone();
    other.cells = cells;
    other
}

/// What each claim gets from all cells together; a cell in one piece has the same plan as its parts.
fn sums(outcome: &Settlement) -> Vec<i128> {
    let mut sums = vec![0; outcome.plans.first().map_or(0, |it| it.claims.len())];
    for cell in &outcome.settled {
        sums.iter_mut().zip(&cell.amounts).for_each(|(sum, part)| *sum += part.raw());
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
        prop_assert_eq!(sums(&one).iter().sum::<i128>(), sums(&many).iter().sum::<i128>());
        for (a, b) in sums(&one).into_iter().zip(sums(&many)) {
            // Each of the parts, and the whole, is less than an atom from its exact share.
            prop_assert!((a - b).abs() <= parts, "{a} {b}");
        }
    }
}
