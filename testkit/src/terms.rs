//! The terms of generated agreements: every word there is, in every combination that a file may have.

use std::collections::BTreeSet;

use catalog::{Base, Cap, Condition, Ladder, Meter, Payees, Term, TermKind, Territories, Validity};
use ident::{PartyId, TermId};
use money::{Amount, Atoms};
use period::Date;

use crate::SplitMix64;
use crate::deals::{rate, term_id, validity};
use crate::generate::{
    MODELS, PRICE_CATEGORIES, SERVICES, TERRITORIES, USE_TYPES, currency, party, words,
};
use crate::music::{PARTIES, PRODUCTIONS, RELEASES, ROLES, production, release, role};

/// Rates that divide badly, beside those that people agree on.
const RATES: [&str; 14] = [
    "1/3", "5/12", "2/12", "1/7", "2/11", "10%", "20%", "48.25%", "10.5%", "6.25%", "3.3%", "1/2",
    "0", "1/13",
];

/// The finest rate; at most one in an agreement, so that all fit one denominator of 128 bits.
const FINE: &str = "0.123456789";

/// From none to six; a few promise too much somewhere.
pub(crate) fn terms(random: &mut SplitMix64) -> Vec<Term> {
    let (count, fine) = (random.below(7), random.below(12));
    let is_generous = random.chance(200);
    let mut terms: Vec<Term> = Vec::new();
    for number in 0..count {
        let kind = match random.below(8) {
            0 => TermKind::Deduction,
            1 => TermKind::Fee,
            2..=4 => TermKind::RoyaltyRate,
            _ => TermKind::ProfitShare,
        };
        let part = rate(match (kind, is_generous) {
            (TermKind::ProfitShare, _) => "1",
            (_, true) => "1",
            (_, false) => "1/3",
        });
        let own = rate(if number == fine { FINE } else { random.pick(&RATES) });
        let out_of = Some(random.place(terms.len() + 1)).filter(|_| random.chance(150));
        // Nothing is taken out of a deduction from the price, and no share out of what is paid on it.
        let known = |id: &TermId| terms.iter().find(|it| it.id == *id);
        let fits = |it: &&Term| {
            let is_closed = matches!(kind, TermKind::ProfitShare) || it.kind == TermKind::Deduction;
            !(is_closed && it.is_on_price(known))
        };
        let out_of = out_of.and_then(|at| terms.get(at)).filter(fits).map(|it| it.id.clone());
        let payees = payees(random, kind);
        let is_named = payees.named().next().is_some();
        let base = base(random, (kind, &payees), out_of.as_ref(), &terms);
        terms.push(Term {
            id: term_id(&format!("t{number}")),
            kind,
            payees,
            slot: random.pick(&["", "", "", "", "", "second"]).to_owned(),
            rate: own.checked_mul(part).expect("a short fraction"),
            ladder: random.chance(150).then(|| ladder(random)),
            base,
            out_of,
            reduce: rate(random.pick(&["1", "1", "1", "1", "1", "1", "1", "75%"])),
            works_max: random.chance(100).then(|| 1 + u32::from(random.chance(500))),
            recoup: !random.chance(150),
            cap: random.chance(200).then(|| cap(random)),
            condition: of_payees(random, is_named),
            note: String::new(),
        });
    }
    terms
}

fn payees(random: &mut SplitMix64, kind: TermKind) -> Payees {
    let one = |random: &mut SplitMix64| party(random.below(PARTIES));
    match random.below(8) {
        0 => {
            let several: BTreeSet<PartyId> = (0..3).map(|_| one(random)).collect();
            let weigh = |it| (it, random.pick(&[1, 1, 2, 5, 60_001]));
            Payees::Among(several.into_iter().map(weigh).collect())
        }
        1 => Payees::Role(role(random.pick(&ROLES))),
        _ if kind == TermKind::Deduction && random.chance(700) => Payees::Operator,
        _ => Payees::One(one(random)),
    }
}

/// What is known when a term of this kind is computed. What is taken out of a term on the price is one
/// on the price too, and nothing builds on a deduction from it.
fn base(
    random: &mut SplitMix64,
    (kind, payees): (TermKind, &Payees),
    out_of: Option<&TermId>,
    before: &[Term],
) -> Base {
    let by_id = |id: &TermId| before.iter().find(|it| it.id == *id);
    let is_money = |it: &Term| it.kind != TermKind::Deduction || !it.looks_at_price();
    let source = out_of.and_then(by_id);
    let source_on_price = source.map(|it| it.is_on_price(by_id));
    let fits = |it: &&Term| match source_on_price {
        Some(on_price) => it.is_on_price(by_id) == on_price,
        None => it.out_of.is_none() && it.kind <= kind,
    };
    let known: Vec<&Term> = before.iter().filter(|it| is_money(it) && fits(it)).collect();
    match source_on_price {
        Some(true) => {
            let own = source.map(|it| Base::Term(it.id.clone()));
            return if random.chance(500) { Base::Price } else { own.unwrap_or(Base::Price) };
        }
        Some(false) => {}
        None if kind == TermKind::RoyaltyRate && random.chance(150) => {
            return if random.chance(500) { Base::Price } else { Base::PriceNet };
        }
        None if kind == TermKind::Deduction
            && *payees == Payees::Operator
            && random.chance(300) =>
        {
            return Base::Price;
        }
        None => {}
    }
    let of_term = random.chance(150).then(|| known.get(random.place(known.len() + 1)));
    if let (Some(Some(term)), true) = (of_term, kind != TermKind::ProfitShare) {
        return Base::Term(term.id.clone());
    }
    let bases = [Base::Gross, Base::Net, Base::NetOfFees, Base::Rest];
    let some = match kind {
        TermKind::Deduction => random.pick(&[0, 3]),
        TermKind::Fee => random.pick(&[0, 1, 3]),
        TermKind::RoyaltyRate => random.pick(&[0, 0, 1, 2, 2, 3]),
        TermKind::ProfitShare => return Base::Left,
    };
    bases[some].clone()
}

/// Steps where the usages and sums of a story often are.
fn ladder(random: &mut SplitMix64) -> Ladder {
    let meter = random.pick(&Meter::ALL);
    let unit = if meter == Meter::Units { 30_000 } else { 300_000 };
    let atoms = |units: u64| Atoms::from_units(i64::try_from(units).unwrap_or(0));
    let (mut above, mut steps) = (0, Vec::new());
    for _ in 0..1 + random.below(3) {
        above += 1 + random.below(unit);
        let step = rate(random.pick(&RATES)).checked_mul(rate("1/3"));
        steps.push((atoms(above), step.expect("a short fraction")));
    }
    Ladder {
        meter,
        per_recording: random.chance(400),
        prior: atoms(random.pick(&[0, 0, unit / 2, 2 * unit])),
        steps,
    }
}

fn cap(random: &mut SplitMix64) -> Cap {
    let most = random.pick(&[10, 10_000, 300_000]);
    let units = 1 + i64::try_from(random.below(most)).unwrap_or(0);
    let currency = currency(random.pick(&["KRW", "KRW", "USD"]));
    Cap { amount: Amount { atoms: Atoms::from_units(units), currency }, yearly: random.chance(500) }
}

fn of_payees(random: &mut SplitMix64, is_named: bool) -> Condition {
    let mut condition = if random.chance(500) { Condition::default() } else { condition(random) };
    if is_named && random.chance(100) {
        condition.roles = words(random, &ROLES).iter().map(|it| role(it)).collect();
    }
    condition
}

/// Listeners of before 2019, or of since then.
fn subscribed(random: &mut SplitMix64) -> Validity {
    let day = Some(Date::constant(2019, 1, 1));
    match random.chance(500) {
        true => Validity { from: day, before: None },
        false => Validity { from: None, before: day },
    }
}

pub(crate) fn condition(random: &mut SplitMix64) -> Condition {
    let named: BTreeSet<String> =
        (0..=random.below(2)).map(|_| random.pick(&TERRITORIES).to_owned()).collect();
    let territories = match random.below(4) {
        0 => Territories::Only(named),
        1 => Territories::AllExcept(named),
        _ => Territories::All,
    };
    let rarely = |random: &mut SplitMix64, of: u64| {
        if random.chance(100) { (0..2).map(|_| random.below(of)).collect() } else { Vec::new() }
    };
    Condition {
        territories,
        services: if random.chance(150) { words(random, &SERVICES) } else { BTreeSet::new() },
        use_types: words(random, &USE_TYPES),
        commercial_models: words(random, &MODELS),
        price_categories: match random.chance(100) {
            true => words(random, &PRICE_CATEGORIES),
            false => BTreeSet::new(),
        },
        releases: rarely(random, RELEASES).into_iter().map(release).collect(),
        productions: rarely(random, PRODUCTIONS).into_iter().map(production).collect(),
        subscribed: if random.chance(100) { subscribed(random) } else { Validity::ALWAYS },
        period: if random.chance(667) { Validity::ALWAYS } else { validity(random, 500) },
        ..Condition::default()
    }
}
