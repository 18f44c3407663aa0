//! The catalogue of a label that could receive such reports.

use std::collections::BTreeSet;

use catalog::{
    Advance, Agreement, Base, Catalog, Condition, Licence, PartyKind, Payees, Recording,
    RightsType, Scope, Term, TermKind, Territories, Validity,
};
use ident::AgreementId;
use money::{Amount, Atoms, Ratio};
use period::Date;

use super::Order;
use crate::SplitMix64;
use crate::deals::{rate, term_id};
use crate::generate::{SENDERS, currency, party};
use crate::music::{isrc, link, new_party, new_production, production, recording, titles};

/// The most popular recordings, each with an agreement of its own.
const HITS: u64 = 20;

/// Productions that no agreement speaks of.
const UNAGREED: u64 = 20;

pub(super) fn catalogue(order: &Order) -> Catalog {
    let mut random = SplitMix64::new(order.seed ^ 0x006c_6162_656c);
    let mut catalog = Catalog::default();
    for number in 0..order.payees {
        let kind = if number == 0 { PartyKind::Organisation } else { PartyKind::Person };
        catalog.parties.insert(party(number), new_party(number, kind));
    }
    let agreed = order.agreements.saturating_sub(HITS + 1).max(1);
    let productions = agreed + UNAGREED;
    for number in 0..productions {
        catalog.productions.insert(production(number), new_production(number));
    }
    for number in 0..order.recordings {
        let made = Recording {
            id: recording(number),
            isrcs: vec![isrc(number)],
            titles: titles(format!("노래 {number:05}"), format!("Song {number:05}")),
            aliases: Vec::new(),
            artist: forge::name::artist(number),
            artist_aliases: Vec::new(),
            contributors: Vec::new(),
            works: Vec::new(),
            productions: vec![link(production(number % productions))],
            duration_ms: Some((180 + number % 60) * 1_000),
        };
        catalog.recordings.insert(made.id.clone(), made);
    }
    for number in 0..agreed {
        let scope = Scope::Productions(BTreeSet::from([production(number)]));
        add(&mut catalog, order, &mut random, &format!("drama-{number:03}"), scope);
    }
    for number in 0..HITS.min(order.recordings) {
        let scope = Scope::Recordings(BTreeSet::from([recording(number)]));
        add(&mut catalog, order, &mut random, &format!("hit-{number:02}"), scope);
    }
    add_works(&mut catalog);
    catalog
}

/// An agreement on the recordings: a distributor, and two to four payees.
fn add(catalog: &mut Catalog, order: &Order, random: &mut SplitMix64, name: &str, scope: Scope) {
    let id = named(name);
    let first = 1 + random.below(order.payees.saturating_sub(5));
    let mut terms = vec![term("fee", TermKind::Fee, 0, "15%", Condition::default())];
    let shares: &[&str] = random.pick(&[
        &["60%", "40%"],
        &["1/3", "1/3", "1/3"],
        &["5/12", "5/12", "2/12"],
        &["50%", "30%"],
        &["40%", "25%", "20%", "5%"],
        &["41.2345%", "1/7", "3.3333%"],
    ]);
    if random.chance(250) {
        for (id, share, condition) in
            [("singer-kr", "12.5%", only("KR")), ("singer", "10%", Condition::default())]
        {
            let royalty = term(id, TermKind::RoyaltyRate, first, share, condition);
            terms.push(Term { base: Base::NetOfFees, ..royalty });
        }
    }
    for (at, share) in (0..).zip(shares) {
        let name = format!("share-{at}");
        terms.push(term(&name, TermKind::ProfitShare, first + at, share, Condition::default()));
    }
    let advances = if random.chance(100) { vec![advance(first, random)] } else { Vec::new() };
    let plain = agreement(&id, format!("Agreement on {name}"), RightsType::Master, scope);
    catalog.agreements.insert(id, Agreement { terms, advances, ..plain });
}

fn named(id: &str) -> AgreementId {
    AgreementId::parse(id).expect("a slug")
}

/// Without terms.
fn agreement(id: &AgreementId, title: String, rights_type: RightsType, scope: Scope) -> Agreement {
    Agreement {
        id: id.clone(),
        title,
        rights_type,
        period: Validity { from: Some(Date::constant(2019, 1, 1)), before: None },
        scope,
        terms: Vec::new(),
        advances: Vec::new(),
        costs: Vec::new(),
        reserves: Vec::new(),
        guarantees: Vec::new(),
        settled_in: None,
        group: String::new(),
        note: String::new(),
    }
}

fn term(id: &str, kind: TermKind, payee: u64, share: &str, condition: Condition) -> Term {
    Term {
        id: term_id(id),
        kind,
        payees: Payees::One(party(payee)),
        slot: String::new(),
        rate: rate(share),
        ladder: None,
        base: kind.base(),
        out_of: None,
        reduce: Ratio::ONE,
        works_max: None,
        recoup: true,
        cap: None,
        condition,
        note: String::new(),
    }
}

fn only(territory: &str) -> Condition {
    let territories = Territories::Only(BTreeSet::from([territory.to_owned()]));
    Condition { territories, ..Condition::default() }
}

fn advance(payee: u64, random: &mut SplitMix64) -> Advance {
    let (code, most) = random.pick(&[("KRW", 50_000_000), ("USD", 40_000)]);
    let units = i64::try_from(1 + random.below(most)).expect("fifty millions fit");
    Advance {
        id: term_id("advance"),
        payee: party(payee),
        amount: Amount { atoms: Atoms::from_units(units), currency: currency(code) },
        paid: Date::constant(2021, 1, 15),
        note: String::new(),
    }
}

/// Both rights in the service's revenue, and one agreement on everything for the works.
fn add_works(catalog: &mut Catalog) {
    let always = Validity { from: Some(Date::constant(2019, 1, 1)), before: None };
    let id = named("works");
    let terms = vec![
        term("society", TermKind::Fee, 0, "9%", Condition::default()),
        term("writers", TermKind::ProfitShare, 1, "5/6", Condition::default()),
        term("arranger", TermKind::ProfitShare, 2, "1/6", Condition::default()),
    ];
    let title = "Agreement on all works".to_owned();
    let plain = agreement(&id, title, RightsType::Work, Scope::All);
    catalog.agreements.insert(id, Agreement { terms, ..plain });
    for (name, rights_type, share) in [
        ("melody-master", RightsType::Master, "48.25%"),
        ("melody-work", RightsType::Work, "10.5%"),
    ] {
        let id = named(name);
        let licence = Licence {
            id: id.clone(),
            title: format!("Licence {name}"),
            payer: SENDERS[0].to_owned(),
            rights_type,
            rate: rate(share),
            condition: Condition { period: always, ..Condition::default() },
            note: String::new(),
        };
        catalog.licences.insert(id, licence);
    }
}
