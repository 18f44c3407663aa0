//! The exchange rates of a generated world: days without one, pairs without any, and two that meet in a
//! third currency.

use catalog::{Catalog, RateDay, RateTable, Rates, SettledIn};
use ident::RateTableId;
use money::Ratio;
use period::{Date, Month};

use crate::SplitMix64;
use crate::generate::currency;

const TABLES: u64 = 2;

/// The pairs that a table may have, and about what they are.
const PAIRS: [(&str, &str, u64, u32); 4] = [
    ("EUR", "KRW", 1_340_000, 3),
    ("EUR", "USD", 11_884, 4),
    ("KRW", "EUR", 746, 6),
    ("USD", "KRW", 11_280, 1),
];

pub(crate) fn add(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..TABLES {
        let made = new_table(random, number);
        catalog.rate_tables.insert(made.id.clone(), made);
    }
}

fn table_id(number: u64) -> RateTableId {
    RateTableId::parse(&format!("rates-{number}")).expect("a slug")
}

fn new_table(random: &mut SplitMix64, number: u64) -> RateTable {
    let mut rates = Rates::default();
    for at in 0..PAIRS.len() {
        if random.chance(600) {
            // From the autumn of 2020 on, as long as a story may last.
            let mut month = Month::of(Date::constant(2020, 10, 1));
            for _ in 0..16 {
                for _ in 0..random.below(4) {
                    state(&mut rates, random, at, month);
                }
                month = month.next();
            }
        }
    }
    RateTable {
        id: table_id(number),
        title: format!("Rates {number}"),
        source: "made up".to_owned(),
        days_max: random.pick(&[0, 3, 7, 40]),
        rates,
    }
}

/// A rate of some day of a month, often of its end; the last one that is stated counts.
fn state(rates: &mut Rates, random: &mut SplitMix64, at: usize, month: Month) {
    let (from, to, about, places) = PAIRS[at];
    let last = month.period().last_day();
    let some = i8::try_from(1 + random.below(28)).unwrap_or(1);
    let day =
        if random.chance(500) { last } else { Date::constant(month.year(), month.month(), some) };
    let num = about - about / 20 + random.below(about / 10);
    let rate = Ratio::new(num.into(), 10_u128.pow(places)).expect("a power of ten is not zero");
    rates.replace((currency(from), currency(to)), day, rate);
}

/// Rates become known, or are corrected.
pub(crate) fn amend(catalog: &mut Catalog, random: &mut SplitMix64) {
    let number = random.below(TABLES);
    let Some(table) = catalog.rate_tables.get_mut(&table_id(number)) else { return };
    match random.below(6) {
        0 => *table = new_table(random, number),
        1 => table.days_max = random.pick(&[0, 3, 7, 40]),
        _ => {
            for _ in 0..1 + random.below(6) {
                let mut month = Month::of(Date::constant(2020, 10, 1));
                (0..random.below(16)).for_each(|_| month = month.next());
                let at = random.place(PAIRS.len());
                state(&mut table.rates, random, at, month);
            }
        }
    }
}

/// Two agreements in five settle in one currency.
pub(crate) fn settled_in(random: &mut SplitMix64) -> Option<SettledIn> {
    random.chance(400).then(|| SettledIn {
        currency: currency(random.pick(&["KRW", "KRW", "KRW", "USD"])),
        rates: table_id(random.below(TABLES)),
        rate_day: random.pick(&RateDay::ALL),
    })
}
