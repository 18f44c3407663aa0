//! The agreements and licences of a generated world.

use catalog::{
    Advance, Agreement, Catalog, Condition, Cost, Guarantee, Licence, OutsidePipe, Payees, Price,
    Priced, ReceivedAdvance, Reserve, RightsType, Scope, Term, Territories, Validity,
};
use ident::{AdvanceId, AgreementId, PartyId, PipeId, PriceId, TermId};
use money::{Amount, Atoms, Ratio};
use period::Date;

use crate::SplitMix64;
use crate::generate::{SENDERS, TERRITORIES, USE_TYPES, currency, party, price, words};
use crate::music::{
    PARTIES, PRODUCTIONS, PRODUCTS, RECORDINGS, RELEASES, WORKS, product, production, recording,
    release, work,
};
use crate::rates::settled_in;
use crate::terms::{condition, terms};

const AGREEMENTS: u64 = 14;
/// Fewer, so that much is earned under each.
pub(crate) const STORY_AGREEMENTS: u64 = 5;
pub(crate) const LICENCES: u64 = 6;
pub(crate) const PIPES: u64 = 2;
pub(crate) const PRICES: u64 = 12;

/// Parses a rate.
///
/// # Panics
/// If the text is no rate.
#[must_use]
pub fn rate(text: &str) -> Ratio {
    Ratio::parse(text).expect("a rate")
}

pub(crate) fn agreement_id(number: u64) -> AgreementId {
    AgreementId::parse(&format!("agreement-{number:02}")).expect("a slug")
}

fn licence_id(number: u64) -> AgreementId {
    AgreementId::parse(&format!("licence-{number}")).expect("a slug")
}

pub(crate) fn term_id(text: &str) -> TermId {
    TermId::parse(text).expect("a slug")
}

pub(crate) fn add(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..AGREEMENTS {
        let made = new_agreement(random, number);
        catalog.agreements.insert(made.id.clone(), made);
    }
    add_licences(catalog, random);
    add_prices(catalog, random);
}

/// The agreements and licences of a story.
pub(crate) fn add_wide(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..STORY_AGREEMENTS {
        let made = new_wide_agreement(random, number);
        catalog.agreements.insert(made.id.clone(), made);
    }
    add_licences(catalog, random);
    add_prices(catalog, random);
}

/// What things cost where their reports do not say; some of it twice, and not the same.
pub(crate) fn new_price(random: &mut SplitMix64, number: u64) -> Price {
    let some = |random: &mut SplitMix64, of: u64| -> Vec<u64> {
        (0..1 + random.below(5)).map(|_| random.below(of)).collect()
    };
    let of = match random.below(4) {
        0 => Priced::Releases(some(random, RELEASES).into_iter().map(release).collect()),
        1 => Priced::Products(some(random, PRODUCTS).into_iter().map(product).collect()),
        _ => Priced::Recordings(some(random, RECORDINGS).into_iter().map(recording).collect()),
    };
    let Condition { territories, price_categories, period, .. } = condition(random);
    Price {
        id: PriceId::parse(&format!("price-{number}")).expect("a slug"),
        of,
        amount: Amount {
            atoms: price(random),
            currency: currency(random.pick(&["KRW", "KRW", "USD", "EUR"])),
        },
        territories,
        price_categories,
        period,
        note: String::new(),
    }
}

fn add_prices(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..PRICES {
        let made = new_price(random, number);
        catalog.prices.insert(made.id.clone(), made);
    }
}

fn add_licences(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..LICENCES {
        let made = new_licence(random, number);
        catalog.licences.insert(made.id.clone(), made);
    }
    for number in 0..random.below(PIPES + 1) {
        let made = new_pipe(random, number);
        catalog.pipes.insert(made.id.clone(), made);
    }
    for number in 0..random.below(3) {
        let made = new_received_advance(random, number);
        catalog.received_advances.insert(made.id.clone(), made);
    }
}

pub(crate) fn new_agreement(random: &mut SplitMix64, number: u64) -> Agreement {
    let rights_type = match random.below(6) {
        0 => RightsType::Work,
        1 => RightsType::Performer,
        _ => RightsType::Master,
    };
    let terms = terms(random);
    Agreement {
        id: agreement_id(number),
        title: format!("Agreement {number}"),
        rights_type,
        period: validity(random, 250),
        scope: scope(random),
        advances: several(random, 4, |random, at| advance(random, at, &terms)),
        costs: several(random, 3, |random, at| cost(random, at, &terms)),
        reserves: several(random, 2, |random, at| reserve(random, at, &terms)),
        guarantees: several(random, 2, |random, at| guarantee(random, at, &terms)),
        settled_in: settled_in(random),
        group: random.pick(&["", "", "", "one", "two"]).to_owned(),
        terms,
        note: String::new(),
    }
}

/// An agreement that most often speaks about much, so that much is earned under it.
pub(crate) fn new_wide_agreement(random: &mut SplitMix64, number: u64) -> Agreement {
    let made = new_agreement(random, number);
    if random.chance(300) {
        return made;
    }
    let period = Validity { from: Some(first_day(0)), before: None };
    let scope = if random.chance(500) { Scope::All } else { made.scope };
    Agreement { rights_type: RightsType::Master, period, scope, ..made }
}

pub(crate) fn new_licence(random: &mut SplitMix64, number: u64) -> Licence {
    Licence {
        id: licence_id(number),
        title: format!("Licence {number}"),
        payer: random.pick(&SENDERS).to_owned(),
        rights_type: random.pick(&[
            RightsType::Master,
            RightsType::Master,
            RightsType::Work,
            RightsType::Performer,
        ]),
        rate: rate(random.pick(&["52%", "12.3%", "1/7", "1", "15.1%", "0.523456789"])),
        condition: condition(random),
        note: String::new(),
    }
}

/// Most often for few uses, so that much is paid through us.
pub(crate) fn new_pipe(random: &mut SplitMix64, number: u64) -> OutsidePipe {
    let mut condition = condition(random);
    if random.chance(600) {
        condition.territories = Territories::Only([random.pick(&TERRITORIES).to_owned()].into());
    }
    OutsidePipe {
        id: PipeId::parse(&format!("pipe-{number}")).expect("a slug"),
        title: format!("Pipe {number}"),
        rights_type: random.pick(&[RightsType::Work, RightsType::Performer, RightsType::Master]),
        paid_by: party(random.below(PARTIES)),
        condition,
        note: String::new(),
    }
}

pub(crate) fn new_received_advance(random: &mut SplitMix64, number: u64) -> ReceivedAdvance {
    ReceivedAdvance {
        id: AdvanceId::parse(&format!("ahead-{number}")).expect("a slug"),
        title: format!("Advance {number}"),
        sender: random.pick(&SENDERS).to_owned(),
        amount: money(random),
        received: day(random),
        note: String::new(),
    }
}

/// Fewer than so many.
fn several<T>(
    random: &mut SplitMix64,
    end: u64,
    make: impl Fn(&mut SplitMix64, u64) -> T,
) -> Vec<T> {
    (0..random.below(end)).map(|at| make(random, at)).collect()
}

fn scope(random: &mut SplitMix64) -> Scope {
    let count = 1 + random.below(4);
    let mut some = |of: u64| (0..count).map(|_| random.below(of)).collect::<Vec<_>>();
    match some(10)[0] {
        0 | 1 => Scope::Recordings(some(RECORDINGS).into_iter().map(recording).collect()),
        2 | 3 => Scope::Releases(some(RELEASES).into_iter().map(release).collect()),
        4 | 5 => Scope::Productions(some(PRODUCTIONS).into_iter().map(production).collect()),
        6 | 7 => Scope::Works(some(WORKS).into_iter().map(work).collect()),
        8 => Scope::Products(some(PRODUCTS).into_iter().map(product).collect()),
        _ => Scope::All,
    }
}

/// Months of 2020 and 2021; the end is open `open` times in a thousand or more.
pub(crate) fn validity(random: &mut SplitMix64, open: u64) -> Validity {
    let from = random.below(15);
    let before = from + 1 + random.below(12);
    Validity {
        from: (!random.chance(open)).then(|| first_day(from)),
        before: (before < 24 && random.chance(500)).then(|| first_day(before)),
    }
}

/// Most often somebody who earns under the agreement.
fn earner(random: &mut SplitMix64, terms: &[Term]) -> PartyId {
    let of_term = terms.get(random.place(terms.len() + 1)).and_then(|it| match &it.payees {
        Payees::One(party) => Some(party.clone()),
        Payees::Among(several) => several.first().map(|(party, _)| party.clone()),
        Payees::Operator | Payees::Role(_) => None,
    });
    of_term.unwrap_or_else(|| party(random.below(PARTIES)))
}

fn money(random: &mut SplitMix64) -> Amount {
    let most = random.pick(&[1_000, 100_000, 2_000_000]);
    let units = 1 + i64::try_from(random.below(most)).unwrap_or(0);
    let currency = currency(random.pick(&["KRW", "KRW", "KRW", "USD"]));
    Amount { atoms: Atoms::from_units(units), currency }
}

/// From the autumn before the first period on.
fn day(random: &mut SplitMix64) -> Date {
    let month = first_day(9 + random.below(10));
    Date::constant(month.year(), month.month(), 15)
}

/// The first day of a month, counted from the January of 2020.
fn first_day(number: u64) -> Date {
    let year = if number < 12 { 2020 } else { 2021 };
    Date::constant(year, i8::try_from(1 + number % 12).unwrap_or(1), 1)
}

fn advance(random: &mut SplitMix64, at: u64, terms: &[Term]) -> Advance {
    Advance {
        id: term_id(&format!("a{at}")),
        payee: earner(random, terms),
        amount: money(random),
        paid: day(random),
        note: String::new(),
    }
}

fn cost(random: &mut SplitMix64, at: u64, terms: &[Term]) -> Cost {
    Cost {
        id: term_id(&format!("c{at}")),
        amount: money(random),
        paid: day(random),
        payee: random.chance(500).then(|| earner(random, terms)),
        part: rate(random.pick(&["1", "1", "50%", "1/3"])),
        note: String::new(),
    }
}

/// Schedules of few months, so that much of them falls into a story.
fn reserve(random: &mut SplitMix64, at: u64, terms: &[Term]) -> Reserve {
    let release = match random.below(4) {
        0 => vec![(1, "1")],
        1 => vec![(1, "1/3"), (3, "2/3")],
        2 => vec![(1, "1/7"), (2, "2/7"), (4, "4/7")],
        _ => vec![(6, "50%"), (12, "50%")],
    };
    Reserve {
        id: term_id(&format!("r{at}")),
        rate: rate(random.pick(&["20%", "1/3", "1/7", "10%"])),
        payee: random.chance(700).then(|| earner(random, terms)),
        use_types: words(random, &USE_TYPES),
        release: release.into_iter().map(|(months, part)| (months, rate(part))).collect(),
        note: String::new(),
    }
}

fn guarantee(random: &mut SplitMix64, at: u64, terms: &[Term]) -> Guarantee {
    let from = 10 + random.below(6);
    let until = from + 1 + random.below(4);
    Guarantee {
        id: term_id(&format!("g{at}")),
        payee: earner(random, terms),
        amount: money(random),
        period: Validity { from: Some(first_day(from)), before: Some(first_day(until)) },
        recoupable: random.chance(600),
        note: String::new(),
    }
}
