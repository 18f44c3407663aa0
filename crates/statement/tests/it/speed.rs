//! How long the check of a large receipt takes, and how long its proofs are.

use std::collections::BTreeMap;

use statement::verify;

use crate::unbase64;
use crate::world::{TRUST, World};

/// Run it with `cargo test -p statement --release --test it -- --ignored --nocapture speed`.
#[test]
#[ignore = "measures; takes long without optimisation"]
#[expect(clippy::disallowed_types, reason = "a stopwatch")]
fn a_receipt_of_ten_thousand_lines_is_checked_quickly() {
    let mut sizes = BTreeMap::new();
    for seed in 0..40 {
        let world = World::large(seed, 15_000);
        let (at, largest) = (0..world.drafts.len())
            .flat_map(|at| world.drafts[at].statements.iter().map(move |it| (at, it)))
            .filter(|(_, it)| it.account.starts_with("payee:"))
            .max_by_key(|(_, it)| it.lines.len())
            .unwrap();
        if largest.lines.len() < 10_000 {
            continue;
        }
        let mut small = world.clone();
        // Exactly ten thousand: the other lines are a phantom's.
        let account = largest.account.clone();
        let draft = &mut small.drafts[at];
        let mut rest = draft.statement(&account).unwrap().clone();
        rest.account = "payee:rest".into();
        rest.movements.clear();
        rest.open.clear();
        rest.balance.opening = money::Atoms::ZERO;
        rest.lines.drain(..10_000);
        let own = draft.statement_mut(&account);
        own.lines.truncate(10_000);
        crate::world::close(own);
        crate::world::close(&mut rest);
        draft.statements.push(rest);
        draft.balance_books();
        small.drafts.truncate(at + 1);
        let book = small.publish();
        let receipt = book.receipt(&small, at, &account);
        let bytes = receipt.canonical();
        let mut best = u128::MAX;
        for _ in 0..40 {
            let start = std::time::Instant::now();
            let verdict = verify(&bytes, &TRUST).unwrap();
            best = best.min(start.elapsed().as_micros());
            assert_eq!(verdict.statement.lines.len(), 10_000);
        }
        println!(
            "{} lines of {} cells, {} entries: receipt {} bytes, path {} bytes, proof of the sources {} bytes, \
             checked in {} ms",
            receipt.statement.lines.len(),
            book.trees[at].leaves.cells.len(),
            receipt.entries.len(),
            bytes.len(),
            unbase64(&receipt.path.nodes).len(),
            unbase64(&receipt.sources.nodes).len(),
            best / 1000,
        );
        sizes.insert(seed, best);
        if sizes.len() == 2 {
            break;
        }
    }
    assert!(sizes.values().all(|it| *it < 1_000_000), "a second is too long: {sizes:?}");
    assert!(!sizes.is_empty());
}
