//! Small worlds for properties of settlement: a catalogue and cells.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use catalog::Catalog;
use ident::PartyId;
use money::{Atoms, Currency};
use period::{Month, Period};
use settlement::Past;
use usage::{Basis, CellKey, Cells, Context, RightsType, Target};

use crate::{Cell, table};

use crate::SplitMix64;
use crate::{deals, music, rates};

/// Territories of generated cells and conditions.
pub const TERRITORIES: [&str; 5] = ["KR", "JP", "US", "DE", "Worldwide"];
/// Use types of generated cells and conditions.
pub const USE_TYPES: [&str; 3] = ["OnDemandStream", "NonInteractiveStream", "PermanentDownload"];
/// Commercial models of generated cells and conditions.
pub const MODELS: [&str; 3] =
    ["SubscriptionModel", "AdvertisementSupportedModel", "PayAsYouGoModel"];
/// Services of generated cells and conditions.
pub const SERVICES: [&str; 2] = ["Melody", "Melody Free"];
/// Price categories of generated cells, conditions and prices.
pub const PRICE_CATEGORIES: [&str; 2] = ["mid-price", "budget"];
/// Senders of generated reports; the identifiers are made up.
pub const SENDERS: [&str; 3] = ["PADPIDA0000000001A", "PADPIDA0000000002B", "A chart"];

/// Everything a settlement depends on, made from a seed.
///
/// It prints as the call that makes it again.
#[derive(Clone)]
pub struct World {
    made_from: (u64, usize),
    /// Parties, recordings, productions, agreements, licences.
    pub catalog: Catalog,
    /// The cells.
    pub cells: Cells,
    /// The period to settle.
    pub period: Period,
    past: Past,
}

impl World {
    /// Makes a world of at most so many cells; fewer where two of them would have one key.
    #[must_use]
    pub fn new(seed: u64, cells: usize) -> Self {
        let made_from = (seed, cells);
        let mut random = SplitMix64::new(seed);
        let mut catalog = Catalog::default();
        music::add(&mut catalog, &mut random);
        rates::add(&mut catalog, &mut random);
        deals::add(&mut catalog, &mut random);
        let mut made: BTreeMap<CellKey, Cell> = BTreeMap::new();
        for _ in 0..cells {
            let cell = cell(&mut random);
            made.insert(cell.key.clone(), cell);
        }
        let cells = table(&made.into_values().collect::<Vec<_>>());
        Self {
            made_from,
            catalog,
            cells,
            period: Period::parse("2021-01..2021-06").expect("a period"),
            past: Past::default(),
        }
    }

    /// The settlement's input.
    #[must_use]
    pub fn input(&self) -> settlement::Input<'_> {
        settlement::Input {
            id: "generated",
            origins: std::slice::from_ref(&self.period),
            catalog: &self.catalog,
            cells: &self.cells,
            past: &self.past,
            rulings: &settlement::NO_RULINGS,
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seed, cells) = self.made_from;
        write!(f, "World::new({seed}, {cells})")
    }
}

/// A currency of the table.
///
/// # Panics
/// If the code is not in it.
#[must_use]
pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a code of ISO 4217")
}

pub(crate) fn party(number: u64) -> PartyId {
    PartyId::parse(&format!("party-{number:04}")).expect("a slug")
}

/// A set of words, empty two times in three.
pub(crate) fn words(random: &mut SplitMix64, of: &[&str]) -> BTreeSet<String> {
    let count = if random.chance(667) { 0 } else { 1 + random.below(2) };
    (0..count).map(|_| (random.pick(of)).to_owned()).collect()
}

fn cell(random: &mut SplitMix64) -> Cell {
    let report = random.below(6);
    let month = i8::try_from(1 + random.below(6)).ok().and_then(|it| Month::new(2021, it));
    cell_of(random, report, month.expect("a month of 2021"))
}

/// A cell of a report, of whatever was used in a month.
pub(crate) fn cell_of(random: &mut SplitMix64, report: u64, month: Month) -> Cell {
    let basis = random.pick(&[
        Basis::Received,
        Basis::Received,
        Basis::Received,
        Basis::Received,
        Basis::ServiceNet,
        Basis::ServiceNet,
        Basis::NoMoney,
    ]);
    let (currency, amount) = match basis {
        Basis::NoMoney => (None, Atoms::ZERO),
        _ => (Some(currency(random.pick(&["KRW", "USD", "EUR"]))), amount(random)),
    };
    let rights_type = random.pick(&[
        RightsType::Master,
        RightsType::Master,
        RightsType::Master,
        RightsType::Work,
        RightsType::Performer,
        RightsType::Unspecified,
    ]);
    let lines = 1 + random.below(9);
    let context = Context {
        report: format!("{report:016x}"),
        sender: SENDERS[usize::try_from(report).unwrap_or(0) % SENDERS.len()].to_owned(),
        service: random.pick(&SERVICES).to_owned(),
        territory: random.pick(&TERRITORIES).to_owned(),
        use_type: random.pick(&USE_TYPES).to_owned(),
        commercial_model: random.pick(&MODELS).to_owned(),
        rights_type,
        basis,
        month,
        subscribed: random.pick(&[None, None, Month::new(2018, 11), Month::new(2019, 2)]),
        currency,
        unit_price: currency.filter(|_| random.chance(250)).map(|_| price(random)),
        price_category: match random.chance(200) {
            true => random.pick(&PRICE_CATEGORIES).to_owned(),
            false => String::new(),
        },
    };
    let key = CellKey { context, target: target(random) };
    let usages = i64::try_from(match random.below(5) {
        0 => random.below(3),
        _ => random.below(100_000),
    });
    // Most of what comes back was sold before, and is below zero as its amount is.
    let is_back = amount.is_negative() && random.chance(800);
    let usages = usages.unwrap_or(0);
    let usages = Atoms::from_units(if is_back { -usages } else { usages });
    Cell { key, usages, amount, lines, first_line: 1, last_line: lines }
}

/// From less than a won to thousands, some with many decimals.
pub(crate) fn price(random: &mut SplitMix64) -> Atoms {
    let raw = match random.below(4) {
        0 => i128::from(random.below(1_000_000_000)) + 1,
        1 => (i128::from(random.below(20_000)) + 1) * 1_000_000_000_000_000_000,
        _ => (i128::from(random.below(2_000)) + 1) * 10_000_000_000_000_000,
    };
    Atoms::from_raw(raw)
}

/// Of every size and sign: a few atoms, prices with many decimals, round sums, nothing, fortunes.
fn amount(random: &mut SplitMix64) -> Atoms {
    let bits = i128::from(random.draw());
    let raw = match random.below(12) {
        0 => 0,
        1 => bits % 50,
        2 | 3 => bits % 1_000_000_000_000_000_000,
        4..=8 => bits % 1_000_000 * 1_000_000_000_000_000_000,
        9 if random.chance(100) => bits * 1_000_000_000_000 + 7,
        _ => bits,
    };
    Atoms::from_raw(if random.chance(250) { -raw } else { raw })
}

fn target(random: &mut SplitMix64) -> Target {
    match random.below(20) {
        0..=1 => {
            let number = random.below(5);
            Target::Unmatched {
                isrc: if number < 3 { format!("ZZTST21{number:05}") } else { String::new() },
                icpn: String::new(),
                title: format!("Unknown {number}"),
                artist: "Nobody".to_owned(),
            }
        }
        2 => Target::Product(music::product(random.below(music::PRODUCTS + 1))),
        // One more than there are: a recording that has left the catalogue.
        _ => Target::Recording(music::recording(random.below(music::RECORDINGS + 1))),
    }
}
