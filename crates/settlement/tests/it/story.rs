//! What holds for every story: what is known late ends where it would have ended in time.

use std::collections::BTreeMap;

use expect_test::expect;
use money::Atoms;
use proptest::prelude::*;
use settlement::Settlement;
use testkit::{Books, SplitMix64, Story, tell};

fn story() -> impl Strategy<Value = Story> {
    (any::<u64>(), 1_usize..60).prop_map(|(seed, lines)| Story::new(seed, lines))
}

/// The stories are worth asking: what can happen does happen in them.
#[test]
fn generated_stories_reach_every_case() {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut see = |what: String| *seen.entry(what).or_default() += 1;
    for seed in 0..20 {
        let story = Story::new(seed, 50);
        let (_, outcomes, _) = tell(&story.as_told()).unwrap();
        for (at, outcome) in outcomes.iter().enumerate() {
            see(format!("settlements: {}", at + 1));
            outcome.settled.iter().for_each(|it| see(format!("cells: {:?}", it.position)));
            for (key, amount) in &outcome.movements {
                let sign = if amount.is_negative() { "back" } else { "there" };
                see(format!("moved {sign}: {}", key.step.as_str()));
            }
        }
    }
    let lines: String = seen.iter().map(|(what, count)| format!("{what}: {count}\n")).collect();
    expect![[r#"
        cells: Before: 167
        cells: Now: 146
        cells: Open: 945
        moved back: cap: 3
        moved back: guarantee: 1
        moved back: members: 9
        moved back: pool-cost: 1
        moved back: recoup: 6
        moved back: reserve-in: 7
        moved back: reserve-out: 4
        moved there: cap: 30
        moved there: guarantee: 31
        moved there: kept-back: 7
        moved there: members: 38
        moved there: paid: 147
        moved there: pool-cost: 43
        moved there: received-ahead: 13
        moved there: recoup: 22
        moved there: reserve-in: 92
        moved there: reserve-out: 42
        settlements: 1: 20
        settlements: 2: 20
        settlements: 3: 17
        settlements: 4: 13
        settlements: 5: 6
        settlements: 6: 1
    "#]]
    .assert_eq(&lines);
}

/// Nothing is made and nothing is lost: not in a cell, not in an entry, not in the book.
fn assert_conserved(books: &Books, outcomes: &[Settlement]) {
    for outcome in outcomes {
        for entry in &outcome.entries {
            let mut alone = ledger::TrialBalance::default();
            alone.add(entry).unwrap();
            for currency in ["KRW", "USD", "EUR"].map(testkit::generate::currency) {
                let sides = alone.sides(currency).unwrap();
                assert_eq!(sides.debit, sides.credit);
            }
        }
        for it in outcome.totals.values() {
            let parts = [it.payees, it.fees, it.retained, it.suspense];
            assert_eq!(Atoms::checked_sum(parts), it.received.checked_add(it.exchanged));
        }
    }
    for currency in ["KRW", "USD", "EUR"] {
        let ours = books.due.iter().filter(|(account, _)| account.starts_with(currency));
        assert_eq!(ours.map(|(_, sum)| sum).sum::<num_bigint::BigInt>(), 0.into());
    }
}

/// No more is worked off than was paid, and no more is released than is held.
fn assert_bounded(books: &Books) {
    for (account, due) in &books.due {
        let (_, account) = account.split_once(' ').unwrap();
        match account.split(':').next() {
            Some("advance" | "cost" | "guarantee") => assert!(*due <= 0.into(), "{account} {due}"),
            Some("reserve" | "advance-from") => assert!(*due >= 0.into(), "{account} {due}"),
            _ => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(16)))]

    #[test]
    fn restated_is_settled_right_the_first_time(story in story()) {
        let (late, outcomes, differences) = tell(&story.as_told()).unwrap();
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
        assert_conserved(&late, &outcomes);
        let (timely, outcomes, differences) = tell(&story.in_time()).unwrap();
        prop_assert!(differences.is_empty(), "{}", differences.join("\n"));
        assert_conserved(&timely, &outcomes);
        prop_assert_eq!(late.due, timely.due);
    }

    #[test]
    fn nobody_gives_more_than_there_is(story in story()) {
        let mut books = Books::default();
        for it in &story.as_told() {
            books.settle(it).unwrap();
            assert_bounded(&books);
        }
    }

    #[test]
    fn told_again_it_is_the_same(story in story()) {
        let [one, two] = [(); 2].map(|()| tell(&story.as_told()).unwrap().1);
        prop_assert_eq!(one, two);
    }

    #[test]
    fn the_order_of_the_cells_does_not_matter(story in story(), seed: u64) {
        let chapters = story.as_told();
        let mut random = SplitMix64::new(seed);
        let mut shuffled = chapters.clone();
        for it in &mut shuffled {
            random.shuffle(&mut it.open);
            random.shuffle(&mut it.known);
        }
        let [one, two] = [&chapters, &shuffled].map(|it| tell(it).unwrap().1);
        prop_assert_eq!(one, two);
    }
}
