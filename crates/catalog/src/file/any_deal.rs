//! Any sound agreement.

use std::collections::BTreeSet;

use ident::{
    AgreementId, PartyId, ProductId, ProductionId, RateTableId, RecordingId, ReleaseId, TermId,
    WorkId,
};
use money::{Amount, Atoms, Currency, Ratio};
use period::{Date, Month};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;

use super::round_trip::{day, text, validity};
use super::territory::Groups;
use crate::{
    Advance, Agreement, Base, Cap, Condition, Cost, Guarantee, Ladder, Meter, Payees, RateDay,
    RateTable, Rates, Reserve, RightsType, Role, Scope, SettledIn, Term, TermKind, Territories,
    Validity,
};

/// The parties that agreements name.
pub(super) const PAYEES: [&str; 3] = ["payee", "second", "third"];

fn payee() -> impl Strategy<Value = PartyId> {
    (0_usize..3).prop_map(|at| PartyId::parse(PAYEES[at]).unwrap())
}

fn some_note() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), text()]
}

/// Small enough that four terms promise less than the whole.
pub(super) fn rate() -> impl Strategy<Value = Ratio> {
    (0_u128..20, 1_u128..2000).prop_map(|(num, den)| Ratio::new(num, den * 160).unwrap())
}

fn part() -> impl Strategy<Value = Ratio> {
    prop_oneof![Just(Ratio::ONE), rate()]
}

fn atoms() -> impl Strategy<Value = Atoms> {
    prop_oneof![
        (1_i64..1_000).prop_map(Atoms::from_units),
        (1_i128..1_000_000_000_000_000_000_000).prop_map(Atoms::from_raw),
    ]
}

pub(super) fn amount() -> impl Strategy<Value = Amount> {
    (atoms(), 0_usize..2).prop_map(|(atoms, at)| Amount {
        atoms,
        currency: Currency::parse(["KRW", "USD"][at]).unwrap(),
    })
}

fn role() -> impl Strategy<Value = Role> {
    "[A-Z][A-Za-z0-9]{0,8}".prop_map(|word| Role::parse(&word).unwrap())
}

/// Territories by code, or by the name that the agreement gives to a group of them.
fn territories() -> impl Strategy<Value = (Territories, Groups)> {
    let groups = btree_set(0_usize..2, 0..3).prop_map(|these| -> Groups {
        let group = |at: usize| [("asia", ["JP", "KR"]), ("north", ["NO", "SE"])][at];
        let named = these.into_iter().map(group);
        named.map(|(name, codes)| (name.to_owned(), codes.map(str::to_owned).into())).collect()
    });
    let make = prop_oneof![
        Just(Territories::Only as fn(BTreeSet<String>) -> Territories),
        Just(Territories::AllExcept as fn(BTreeSet<String>) -> Territories),
    ];
    let named = (make, btree_set("[A-Z]{2}", 1..4), groups).prop_map(|(make, codes, groups)| {
        let all = codes.into_iter().chain(groups.values().flatten().cloned());
        (make(all.collect()), groups)
    });
    prop_oneof![Just((Territories::All, Groups::new())), named]
}

pub(super) fn condition(from: bool) -> impl Strategy<Value = Condition> {
    let words = || btree_set("[A-Z][a-z]{2,8}", 0..3);
    let links = (any::<bool>(), any::<bool>());
    let texts = (btree_set(text(), 0..2), btree_set(text(), 0..2));
    let days = (subscribed(), validity(from));
    (territories(), texts, words(), words(), links, days).prop_map(
        |(
            (territories, territory_groups),
            (services, price_categories),
            use_types,
            commercial_models,
            (release, production),
            (subscribed, period),
        )| {
            let release = release.then(|| ReleaseId::parse("l").unwrap());
            let production = production.then(|| ProductionId::parse("p").unwrap());
            Condition {
                territories,
                territory_groups,
                services,
                use_types,
                commercial_models,
                price_categories,
                releases: release.into_iter().collect(),
                productions: production.into_iter().collect(),
                roles: BTreeSet::new(),
                subscribed,
                period,
            }
        },
    )
}

/// Ends of months, if anything is asked.
fn subscribed() -> impl Strategy<Value = Validity> {
    let month = |day: Date| Date::constant(day.year(), day.month(), 1);
    option::of(validity(false)).prop_map(move |asked| {
        let Some(days) = asked else { return Validity::ALWAYS };
        let from = days.from.map(month);
        let before = days.before.map(|it| Month::of(it).next().first_day());
        Validity { from, before }
    })
}

fn payees() -> impl Strategy<Value = Payees> {
    let several = btree_map(payee(), 1_u64.., 1..4);
    prop_oneof![
        Just(Payees::Operator),
        payee().prop_map(Payees::One),
        several.prop_map(|several| Payees::Among(several.into_iter().collect())),
        role().prop_map(Payees::Role),
    ]
}

fn ladder() -> impl Strategy<Value = Ladder> {
    let meter = prop_oneof![Just(Meter::Units), Just(Meter::Revenue)];
    let prior = prop_oneof![Just(Atoms::ZERO), atoms()];
    (meter, any::<bool>(), prior, btree_map(atoms(), rate(), 1..4)).prop_map(
        |(meter, per_recording, prior, steps)| Ladder {
            meter,
            per_recording,
            prior,
            steps: steps.into_iter().collect(),
        },
    )
}

fn cap() -> impl Strategy<Value = Cap> {
    (amount(), any::<bool>()).prop_map(|(amount, yearly)| Cap { amount, yearly })
}

/// A term that stands alone. Its base is put right by [`fit`].
fn term() -> impl Strategy<Value = Term> {
    let kind = (0_usize..4).prop_map(|at| TermKind::ALL[at]);
    let base = prop_oneof![
        Just(Base::Gross),
        Just(Base::Net),
        Just(Base::NetOfFees),
        Just(Base::Rest),
        Just(Base::Price),
        Just(Base::PriceNet),
        (0_u8..4).prop_map(|at| Base::Term(term_id(usize::from(at)))),
    ];
    let rates = (rate(), option::of(ladder()), base, part(), option::of(0_usize..4));
    let limits = (option::of(1_u32..=65_535), any::<bool>(), option::of(cap()));
    let asked = (condition(false), btree_set(role(), 0..3));
    (kind, payees(), some_note(), rates, limits, asked, some_note()).prop_map(
        |(kind, payees, slot, rates, (works_max, recoup, cap), (condition, roles), note)| {
            let (rate, ladder, base, reduce, source) = rates;
            let payees = match (kind, payees) {
                (TermKind::Deduction, payees) => payees,
                (_, Payees::Operator) => Payees::One(PartyId::parse("payee").unwrap()),
                (_, payees) => payees,
            };
            let roles = if payees.named().next().is_some() { roles } else { BTreeSet::new() };
            Term {
                id: term_id(0),
                kind,
                payees,
                slot,
                rate,
                ladder,
                base,
                out_of: source.map(term_id),
                reduce,
                works_max,
                recoup,
                cap,
                condition: Condition { roles, ..condition },
                note,
            }
        },
    )
}

fn term_id(at: usize) -> TermId {
    TermId::parse(&format!("t{at}")).unwrap()
}

/// Gives a term its id, and a base and source that are known before it.
fn fit(earlier: &[Term], mut term: Term) -> Term {
    term.id = term_id(earlier.len());
    let found = |id: &TermId| earlier.iter().find(|it| it.id == *id);
    let is_share = term.kind == TermKind::ProfitShare;
    let is_money = |it: &Term| it.kind != TermKind::Deduction || it.base != Base::Price;
    term.out_of = term.out_of.filter(|id| found(id).is_some_and(is_money) && !is_share);
    let is_known = match (&term.out_of, &term.base, term.kind) {
        // A part of what the source has is never too much.
        (Some(source), base, _) => *base == Base::Term(source.clone()),
        (None, Base::Term(id), kind) => {
            found(id).is_some_and(|it| it.out_of.is_none() && it.kind <= kind && is_money(it))
        }
        (None, Base::Price, TermKind::Deduction) => term.payees == Payees::Operator,
        (None, Base::Net | Base::NetOfFees | Base::PriceNet, TermKind::Deduction) => false,
        (None, Base::NetOfFees | Base::Price | Base::PriceNet, TermKind::Fee) => false,
        _ => true,
    };
    term.base = match &term.out_of {
        _ if is_share => Base::Left,
        Some(source) if !is_known => Base::Term(source.clone()),
        None if !is_known => Base::Gross,
        _ => term.base,
    };
    term
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::All),
        Just(Scope::Recordings(BTreeSet::from([RecordingId::parse("r0").unwrap()]))),
        Just(Scope::Releases(BTreeSet::from([ReleaseId::parse("l").unwrap()]))),
        Just(Scope::Products(BTreeSet::from([ProductId::parse("shirt").unwrap()]))),
        Just(Scope::Productions(BTreeSet::from([ProductionId::parse("p").unwrap()]))),
        Just(Scope::Works(BTreeSet::from([WorkId::parse("w").unwrap()]))),
    ]
}

fn id(name: &str) -> TermId {
    TermId::parse(name).unwrap()
}

fn advance() -> impl Strategy<Value = Advance> {
    (payee(), amount(), day(), some_note()).prop_map(|(payee, amount, paid, note)| Advance {
        id: id("advance"),
        payee,
        amount,
        paid,
        note,
    })
}

fn cost() -> impl Strategy<Value = Cost> {
    (amount(), day(), option::of(payee()), part(), some_note()).prop_map(
        |(amount, paid, payee, part, note)| Cost {
            id: id("cost"),
            amount,
            paid,
            payee,
            part,
            note,
        },
    )
}

fn reserve() -> impl Strategy<Value = Reserve> {
    let release = btree_map(1_u32..=65_535, 1_u128..1_000, 1..4).prop_map(|parts| {
        let whole: u128 = parts.values().sum();
        parts.into_iter().map(|(at, part)| (at, Ratio::new(part, whole).unwrap())).collect()
    });
    (part(), option::of(payee()), btree_set("[A-Z][a-z]{2,8}", 0..3), release, some_note())
        .prop_map(|(rate, payee, use_types, release, note)| Reserve {
            id: id("reserve"),
            rate,
            payee,
            use_types,
            release,
            note,
        })
}

fn guarantee() -> impl Strategy<Value = Guarantee> {
    (payee(), amount(), (day(), day()), any::<bool>(), some_note()).prop_map(
        |(payee, amount, (one, other), recoupable, note)| Guarantee {
            id: id("guarantee"),
            payee,
            amount,
            period: Validity {
                from: Some(one.min(other)),
                before: Some(one.max(other).tomorrow().unwrap()),
            },
            recoupable,
            note,
        },
    )
}

fn settled_in() -> impl Strategy<Value = SettledIn> {
    (0_usize..2, 0_usize..3).prop_map(|(currency, day)| SettledIn {
        currency: Currency::parse(["KRW", "USD"][currency]).unwrap(),
        rates: RateTableId::parse("ecb").unwrap(),
        rate_day: RateDay::ALL[day],
    })
}

/// A table of a few rates.
pub(super) fn rate_table() -> impl Strategy<Value = RateTable> {
    let rate = (1_u64..10_u64.pow(12), 0_u32..=12)
        .prop_map(|(num, places)| Ratio::new(num.into(), 10_u128.pow(places)).unwrap());
    let pair = prop_oneof![Just(("EUR", "USD")), Just(("EUR", "KRW")), Just(("KRW", "EUR"))];
    let rates = vec((pair, day(), rate), 0..8);
    (text(), text(), any::<u16>(), rates).prop_map(|(title, source, days_max, drawn)| {
        let mut rates = Rates::default();
        for ((from, to), day, rate) in drawn {
            let pair = [from, to].map(|it| Currency::parse(it).unwrap());
            rates.add((pair[0], pair[1]), day, rate);
        }
        let id = RateTableId::parse("ecb").unwrap();
        RateTable { id, title, source, days_max, rates }
    })
}

pub(super) fn agreement() -> impl Strategy<Value = Agreement> {
    let sums =
        (option::of(advance()), option::of(cost()), option::of(reserve()), option::of(guarantee()));
    let group = prop_oneof![Just(String::new()), "[a-z0-9][a-z0-9-]{0,8}"];
    let money = (option::of(settled_in()), group);
    (scope(), validity(true), vec(term(), 0..4), sums, money, some_note()).prop_map(
        |(scope, period, drawn, (advance, cost, reserve, guarantee), (settled_in, group), note)| {
            let mut terms = Vec::new();
            for term in drawn {
                let term = fit(&terms, term);
                terms.push(term);
            }
            Agreement {
                id: AgreementId::parse("agreement").unwrap(),
                title: "Agreement".to_owned(),
                rights_type: RightsType::Master,
                period,
                scope,
                terms,
                advances: advance.into_iter().collect(),
                costs: cost.into_iter().collect(),
                reserves: reserve.into_iter().collect(),
                guarantees: guarantee.into_iter().collect(),
                settled_in,
                group,
                note,
            }
        },
    )
}
