//! Honest receipts: none is refused, and the sealer agrees with the specification.

use std::collections::BTreeMap;

use statement::{NOT_WITNESSED, SealHead, Sealed, Sealer, SourceKey, StatementKey, verify};

use crate::cases;
use crate::world::trees::nonce;
use crate::world::{Draft, TRUST, World};

/// The sealer's own seal over the same statements and books.
fn sealed(world: &World, at: usize, previous: Option<u64>) -> Sealed {
    let draft: &Draft = &world.drafts[at];
    let (settlement, currency) = (draft.settlement.as_str(), draft.currency);
    let key = |account: &str| {
        let nonce = nonce(settlement, account);
        StatementKey::derive(&world.secret, &nonce, account, settlement, currency)
    };
    let mut sealer = Sealer::new(SourceKey::derive(&world.secret, settlement, currency));
    for it in &draft.statements {
        sealer.add_statement(it, &it.canonical(), &key(&it.account)).unwrap();
    }
    for (account, [opening, closing]) in &draft.bare {
        sealer.add_account(account, *opening, *closing, &key(account)).unwrap();
    }
    let book = world.publish();
    let seal = book.seal(at);
    let head = SealHead {
        settlement: settlement.to_owned(),
        period: draft.period.clone(),
        currency,
        engine: "world".into(),
        inputs: seal.inputs,
        previous,
        rates: seal.rates,
        reports: seal.reports,
    };
    sealer.finish(head).unwrap()
}

#[test]
fn no_honest_receipt_is_refused() {
    let (wanted, mut seen) = (cases(300), 0);
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0.. {
        let world = World::new(seed);
        let book = world.publish();
        for (at, draft) in world.drafts.iter().enumerate() {
            for it in &draft.statements {
                let receipt = book.receipt(&world, at, &it.account);
                let bytes = receipt.canonical();
                let verdict = verify(&bytes, &TRUST)
                    .unwrap_or_else(|why| panic!("world {seed}, {}: {why:?}", it.account));
                assert_ne!(verdict.exit_code(), NOT_WITNESSED, "world {seed}, {}", it.account);
                assert_eq!(verdict.exit_code(), 0);
                let mut note = |kind, holds| *kinds.entry(kind).or_default() += usize::from(holds);
                let any = |of: fn(&statement::SourceNote) -> bool| it.sources.iter().any(of);
                note("restated", any(|it| !it.restated.is_empty()));
                note("exchanged", any(|it| !it.rate_day.is_empty()));
                note("licensed", any(|it| !it.licence.is_empty()));
                note("attested", verdict.attested_of().0 > 0);
                note("continued", verdict.continued);
                note("negative", it.lines.iter().any(|it| it.amount.is_negative()));
                note("owed", it.balance.closing.is_negative());
                note("price", it.terms.iter().any(|it| it.measure.as_str() == "price"));
                note("borne", it.terms.iter().any(|it| it.kind == "price-borne"));
                note("moved", !it.movements.is_empty());
                note("less", !verdict.less.is_empty());
                note("without lines", it.lines.is_empty());
                seen += 1;
            }
        }
        if seen >= wanted && kinds.values().all(|it| *it > 0) {
            break;
        }
        assert!(seed < 1000 || seen < wanted, "some kind of statement never comes: {kinds:?}");
    }
    println!("{seen} honest receipts; of them {kinds:?}");
}

#[test]
fn the_sealer_builds_what_the_specification_says() {
    for seed in 0..cases(300) as u64 / 30 {
        let world = World::new(seed);
        let book = world.publish();
        for (at, draft) in world.drafts.iter().enumerate() {
            let seal = book.seal(at);
            let sealed = sealed(&world, at, seal.previous.first().copied());
            assert_eq!(
                sealed.seal(),
                &statement::Seal { engine: sealed.seal().engine.clone(), ..seal }
            );
            for it in &draft.statements {
                let receipt = book.receipt(&world, at, &it.account);
                assert_eq!(sealed.trees().path(&it.account), Some(receipt.path));
                assert_eq!(sealed.open_sources(it), Some(receipt.sources));
            }
        }
    }
}
