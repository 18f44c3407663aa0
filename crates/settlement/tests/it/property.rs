//! What holds for every catalogue and every set of cells.

use std::collections::{BTreeMap, BTreeSet};

use expect_test::expect;
use ident::TermId;
use ledger::Account;
use money::Atoms;
use proptest::prelude::*;
use settlement::{ClaimKind, Divided, Measure, Plan, SettledCell, Settlement, settle};
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
                    Account::Suspense(_) => claim.account.to_string(),
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
        claim: deduction: 146
        claim: fee: 241
        claim: price-borne: 51
        claim: profit-share: 738
        claim: retained: 960
        claim: royalty-rate: 659
        claim: suspense:no-agreement: 955
        claim: suspense:no-price: 49
        claim: suspense:no-rate: 131
        claim: suspense:over-claimed: 57
        claim: suspense:paid-elsewhere: 94
        claim: suspense:unmatched: 193
        exchanged: 155
        exchanged at a mean: 34
        exchanged at a mean over a third currency: 7
        exchanged over a third currency: 37
        moved: cap: 17
        moved: guarantee: 385
        moved: kept-back: 32
        moved: members: 201
        moved: paid: 1855
        moved: pool-cost: 114
        moved: received-ahead: 48
        moved: recoup: 74
        moved: reserve-in: 164
        outside: revenue of the service for a right that somebody else pays: 68
        outside: revenue of the service for recordings that no agreement of ours covers: 437
        outside: revenue of the service without a licence that covers it: 423
        outside: usage without money: 502
        received: Equal: 195
        received: Greater: 1632
        received: Less: 530
        rounded: Down: 1053
        rounded: Exact: 2190
        rounded: Up: 1031
        through a licence: 168
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
    for (at, own) in plans.iter().enumerate() {
        for (number, plan) in (0..).zip(&right.plans) {
            let mut wrong = right.clone();
            wrong.settled[at].plan = number;
            let same = own.claims == plan.claims;
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
            let mut got: BTreeMap<_, i128> = BTreeMap::new();
            for (claim, amount) in plan.claims.iter().zip(&it.amounts) {
                let pays_price = claim.measure == Measure::Price && claim.kind != ClaimKind::PriceBorne;
                let side = if pays_price { it.published } else { it.divided };
                let part = if side.is_negative() { -amount.raw() } else { amount.raw() };
                let whose = (&claim.account, &claim.term, pays_price);
                *got.entry(whose).or_default() += part;
            }
            // Only the operator loses, and only where royalties on the price exceed what came in; of a
            // share that is all borne away an atom may be missing by the rounding of both sides.
            let loses = |(account, ..): &(&Account, &Option<TermId>, bool), part: &i128| {
                let is_operator = **account == Account::Retained && plan.claims.iter().any(|it| it.measure == Measure::Price);
                let is_borne = plan.claims.iter().any(|it| it.kind == ClaimKind::PriceBorne);
                !is_operator && *part < if is_borne { -1 } else { 0 }
            };
            prop_assert!(!got.iter().any(|(whose, part)| loses(whose, part)), "{:?}", got);
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
