//! What holds for every catalogue and every set of cells.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use money::Atoms;
use proptest::prelude::*;
use settlement::{Divided, Plan, SettledCell, Settlement, settle};
use testkit::{World, differences};

fn world() -> impl Strategy<Value = World> {
    (any::<u64>(), 0_usize..60).prop_map(|(seed, cells)| World::new(seed, cells))
}

/// The settled cells of a world with their plans and figures.
fn divided<'a>(world: &'a World, outcome: &'a Settlement) -> Vec<(&'a Plan, Divided)> {
    let of = |it: &SettledCell| {
        let cell = world.input().cell(it.position, it.cell).unwrap();
        (outcome.plan(it).unwrap(), outcome.divided(&cell, it).unwrap())
    };
    outcome.settled.iter().map(of).collect()
}

/// The worlds are worth asking: what can happen does happen in them.
#[test]
fn generated_worlds_reach_every_case() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut see = |what: String| *seen.entry(what).or_default() += 1;
    for seed in 0..60 {
        let world = World::new(seed, 60);
        let outcome = settle(&world.input()).unwrap();
        for it in &outcome.outside {
            see(format!("outside: {}", it.reason.as_str()));
        }
        for it in outcome.settled.iter().filter_map(|it| outcome.route(it)) {
            if it.licence.is_some() {
                see("through a licence".to_owned());
            }
            if let Some(exchange) = &it.exchange {
                let over =
                    if exchange.quote.over.is_some() { " over a third currency" } else { "" };
                let mean = matches!(exchange.quote.time, catalog::RateTime::Mean(_));
                see(format!("exchanged{}{over}", if mean { " at a mean" } else { "" }));
            }
        }
        for (plan, it) in divided(&world, &outcome) {
            see(format!("received: {:?}", it.received.cmp(&Atoms::ZERO)));
            for (at, claim) in plan.claims.iter().enumerate() {
                let kind = match claim.account {
                    ledger::Account::Suspense(_) => claim.account.to_string(),
                    _ => claim.kind.as_str().to_owned(),
                };
                see(format!("claim: {kind}"));
                see(format!("rounded: {:?}", it.rounded(plan, at).unwrap()));
            }
        }
        for key in outcome.movements.keys() {
            see(format!("moved: {}", key.step.as_str()));
        }
    }
    let lines: String = seen.iter().map(|(what, count)| format!("{what}: {count}\n")).collect();
    expect![[r#"
        claim: deduction: 271
        claim: fee: 249
        claim: profit-share: 901
        claim: retained: 1072
        claim: royalty-rate: 766
        claim: suspense:no-agreement: 977
        claim: suspense:no-rate: 128
        claim: suspense:over-claimed: 50
        claim: suspense:paid-elsewhere: 69
        claim: suspense:unmatched: 218
        exchanged: 72
        exchanged at a mean: 38
        exchanged at a mean over a third currency: 7
        exchanged over a third currency: 46
        moved: cap: 18
        moved: guarantee: 405
        moved: kept-back: 39
        moved: members: 197
        moved: paid: 1852
        moved: pool-cost: 76
        moved: received-ahead: 58
        moved: recoup: 71
        moved: reserve-in: 120
        outside: revenue of the service for a right that somebody else pays: 55
        outside: revenue of the service for recordings that no agreement of ours covers: 380
        outside: revenue of the service without a licence that covers it: 431
        outside: usage without money: 517
        received: Equal: 191
        received: Greater: 1647
        received: Less: 554
        rounded: Down: 1219
        rounded: Exact: 2287
        rounded: Up: 1195
        through a licence: 175
    "#]]
    .assert_eq(&lines);
}

/// The auditor is worth hearing: a cell divided by another plan, or one atom in another category,
/// does not escape it.
#[test]
fn what_is_wrong_is_seen() {
    let world = World::new(4, 40);
    let right = settle(&world.input()).unwrap();
    assert!(differences(&world.input(), &right).is_empty());
    let plans: Vec<Plan> = divided(&world, &right).into_iter().map(|it| it.0.clone()).collect();
    for at in 0..right.settled.len() {
        for plan in 0..plans.len() {
            let mut wrong = right.clone();
            wrong.settled[at].plan = right.settled[plan].plan;
            let same = plans[at].claims == plans[plan].claims;
            assert_eq!(differences(&world.input(), &wrong).is_empty(), same);
        }
    }
    for currency in right.totals.keys() {
        let mut wrong = right.clone();
        let of = wrong.totals.get_mut(currency).unwrap();
        of.payees = Atoms::from_raw(of.payees.raw() + 1);
        of.retained = Atoms::from_raw(of.retained.raw() - 1);
        assert_eq!(differences(&world.input(), &wrong).len(), 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(48)))]

    #[test]
    fn the_auditor_agrees_to_the_atom(world in world()) {
        let outcome = settle(&world.input()).unwrap();
        let outside = outcome.outside.iter().map(|it| it.cell);
        let places: BTreeSet<u32> = outcome.settled.iter().map(|it| it.cell).chain(outside).collect();
        prop_assert_eq!(places.len(), world.cells.len());
        let plans: BTreeSet<u32> = outcome.settled.iter().map(|it| it.plan).collect();
        prop_assert!(plans.into_iter().eq((0..).take(outcome.plans.len())), "every plan divides a cell");
        let differences = differences(&world.input(), &outcome);
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
    }

    #[test]
    fn what_claims_get_is_what_was_received(world in world()) {
        let outcome = settle(&world.input()).unwrap();
        for (plan, it) in divided(&world, &outcome) {
            prop_assert_eq!(plan.claims.len(), it.amounts.len());
            prop_assert_eq!(Atoms::checked_sum(it.amounts.iter().copied()), Some(it.divided));
            let wrong = |part: &Atoms| !part.is_zero() && part.is_negative() != it.divided.is_negative();
            prop_assert!(!it.amounts.iter().any(wrong));
        }
        for it in outcome.totals.values() {
            let parts = [it.payees, it.fees, it.retained, it.suspense];
            prop_assert_eq!(Atoms::checked_sum(parts), it.received.checked_add(it.exchanged));
        }
    }

    #[test]
    fn debits_are_credits(world in world()) {
        let outcome = settle(&world.input()).unwrap();
        let mut book = ledger::TrialBalance::default();
        for entry in &outcome.entries {
            let mut alone = ledger::TrialBalance::default();
            alone.add(entry).unwrap();
            book.add(entry).unwrap();
            for currency in ["KRW", "USD", "EUR"].map(testkit::generate::currency) {
                let sides = alone.sides(currency).unwrap();
                prop_assert_eq!(sides.debit, sides.credit);
            }
        }
        let mut ids: Vec<_> = outcome.entries.iter().map(|it| it.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), outcome.entries.len());
    }

    #[test]
    fn settling_twice_gives_the_same(world in world()) {
        let input = world.input();
        prop_assert_eq!(settle(&input), settle(&input));
    }
}
