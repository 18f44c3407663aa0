//! The agreements and licences of a generated world.

use std::collections::BTreeSet;

use catalog::{
    Advance, Agreement, Catalog, Condition, Licence, RightsType, RoyaltyBase, Scope, Term,
    TermKind, Territories, Validity,
};
use ident::{AgreementId, TermId};
use money::{Amount, Atoms, Ratio};
use period::Date;

use crate::SplitMix64;
use crate::generate::{MODELS, SENDERS, TERRITORIES, USE_TYPES, currency, party, words};
use crate::music::{
    PARTIES, PRODUCTIONS, PRODUCTS, RECORDINGS, RELEASES, WORKS, product, production, recording,
    release, work,
};

/// Rates that divide badly, beside those that people agree on.
const RATES: [&str; 14] = [
    "1/3", "5/12", "2/12", "1/7", "2/11", "10%", "20%", "48.25%", "10.5%", "6.25%", "3.3333%",
    "1/2", "0", "1/13",
];

/// The finest rate; at most one in an agreement, so that all fit one denominator of 128 bits.
const FINE: &str = "0.123456789";

/// Parses a rate.
///
/// # Panics
/// If the text is no rate.
#[must_use]
pub fn rate(text: &str) -> Ratio {
    Ratio::parse(text).expect("a rate")
}

pub(crate) fn agreement_id(text: &str) -> AgreementId {
    AgreementId::parse(text).expect("a slug")
}

pub(crate) fn term_id(text: &str) -> TermId {
    TermId::parse(text).expect("a slug")
}

pub(crate) fn add(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..14 {
        let id = agreement_id(&format!("agreement-{number:02}"));
        let rights_type = match random.below(6) {
            0 => RightsType::Work,
            1 => RightsType::Performer,
            _ => RightsType::Master,
        };
        let terms = terms(random);
        let agreement = Agreement {
            id: id.clone(),
            title: format!("Agreement {number}"),
            rights_type,
            period: validity(random, 250),
            scope: scope(random),
            advances: advances(random, &terms),
            terms,
            note: String::new(),
        };
        catalog.agreements.insert(id, agreement);
    }
    for number in 0..6 {
        let id = agreement_id(&format!("licence-{number}"));
        let licence = Licence {
            id: id.clone(),
            title: format!("Licence {number}"),
            payer: random.pick(&SENDERS).to_owned(),
            rights_type: random.pick(&[RightsType::Master, RightsType::Master, RightsType::Work]),
            rate: rate(random.pick(&["52%", "12.3%", "1/7", "1", "15.1%", "0.523456789"])),
            condition: condition(random),
            note: String::new(),
        };
        catalog.licences.insert(id, licence);
    }
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

/// From none to six terms; a few promise too much somewhere.
fn terms(random: &mut SplitMix64) -> Vec<Term> {
    let (count, fine) = (random.below(7), random.below(12));
    let is_generous = random.chance(300);
    let term = |number: u64| {
        let kind = match random.below(5) {
            0 => TermKind::Fee,
            1 => TermKind::RoyaltyRate { base: RoyaltyBase::Gross },
            2 => TermKind::RoyaltyRate { base: RoyaltyBase::NetOfFees },
            _ => TermKind::ProfitShare,
        };
        let part = if is_generous { rate("2") } else { rate("1/2") };
        let rate = rate(if number == fine { FINE } else { random.pick(&RATES) });
        Term {
            id: term_id(&format!("t{number}")),
            kind,
            payee: party(random.below(PARTIES)),
            rate: if kind == TermKind::ProfitShare { Some(rate) } else { rate.checked_mul(part) }
                .expect("a short fraction"),
            condition: if random.chance(500) { Condition::default() } else { condition(random) },
            note: String::new(),
        }
    };
    (0..count).map(term).collect()
}

fn condition(random: &mut SplitMix64) -> Condition {
    let named: BTreeSet<String> =
        (0..=random.below(2)).map(|_| random.pick(&TERRITORIES).to_owned()).collect();
    let territories = match random.below(4) {
        0 => Territories::Only(named),
        1 => Territories::AllExcept(named),
        _ => Territories::All,
    };
    Condition {
        territories,
        use_types: words(random, &USE_TYPES),
        commercial_models: words(random, &MODELS),
        period: if random.chance(667) { Validity::ALWAYS } else { validity(random, 500) },
    }
}

/// Months of 2020 and 2021; the end is open `open` times in a thousand or more.
fn validity(random: &mut SplitMix64, open: u64) -> Validity {
    let month = |number: u64| {
        let year = if number < 12 { 2020 } else { 2021 };
        Date::constant(year, i8::try_from(1 + number % 12).unwrap_or(1), 1)
    };
    let from = random.below(15);
    let before = from + 1 + random.below(12);
    Validity {
        from: (!random.chance(open)).then(|| month(from)),
        before: (before < 24 && random.chance(500)).then(|| month(before)),
    }
}

/// Up to three; most of them to somebody who earns under the agreement.
fn advances(random: &mut SplitMix64, terms: &[Term]) -> Vec<Advance> {
    let count = random.below(4);
    let advance = |number: u64| {
        let earner = terms.get(random.place(terms.len() + 1)).map(|it| it.payee.clone());
        let most = random.pick(&[1_000, 100_000, 2_000_000]);
        let units = 1 + i64::try_from(random.below(most)).unwrap_or(0);
        let month = i8::try_from(1 + random.below(9)).unwrap_or(1);
        Advance {
            id: term_id(&format!("a{number}")),
            payee: earner.unwrap_or_else(|| party(random.below(PARTIES))),
            amount: Amount {
                atoms: Atoms::from_units(units),
                currency: currency(random.pick(&["KRW", "USD"])),
            },
            paid: Date::constant(2021, month, 15),
            note: String::new(),
        }
    };
    (0..count).map(advance).collect()
}
