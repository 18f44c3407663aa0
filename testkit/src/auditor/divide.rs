//! The fractions of a cell.

use std::collections::BTreeMap;

use catalog::{Agreement, Base, Catalog, Payees, RightsType, Term, TermKind};
use ident::PartyId;
use num_bigint::BigInt;
use num_rational::BigRational;
use usage::CellKey;

use super::number::{rational, whole};
use super::speak;

/// What a part is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// What was received.
    Received,
    /// The price of all units: it is paid as a royalty.
    Price,
    /// The same: it is borne, by whom a part of what is left belongs to.
    Borne,
}

/// Who gets which part of the whole, by which term.
#[derive(Clone)]
pub(super) struct Fraction {
    pub(super) account: String,
    pub(super) term: String,
    pub(super) part: BigRational,
    pub(super) of: Of,
}

/// A part of what was received and a part of the price: paid if it is above zero, borne below.
#[derive(Clone)]
struct Pair {
    received: BigRational,
    price: BigRational,
}

impl Pair {
    fn new(received: BigRational, price: BigRational) -> Self {
        Self { received, price }
    }

    fn times(&self, rate: &BigRational) -> Self {
        Self::new(&self.received * rate, &self.price * rate)
    }
}

/// All of it waits.
pub(super) fn waits(reason: &str) -> Vec<Fraction> {
    let account = format!("suspense:{reason}");
    vec![Fraction { account, term: String::new(), part: whole(1), of: Of::Received }]
}

/// Whether a term is a part of the price, itself or through the term that it builds on.
pub(super) fn is_on_price(term: &Term, counting: &[&Term]) -> bool {
    match &term.base {
        Base::Price | Base::PriceNet => true,
        Base::Term(id) => {
            let earlier = counting.iter().find(|it| it.id == *id && it.id != term.id);
            earlier.is_some_and(|it| is_on_price(it, counting))
        }
        _ => false,
    }
}

/// What there is of a cell before any profit is shared: the part of what was received that is left, and
/// who gets which part, in the order that breaks ties.
pub(super) fn fractions(
    catalog: &Catalog,
    agreement: &Agreement,
    key: &CellKey,
    terms: &[(&Term, BigRational)],
) -> (BigRational, Vec<Fraction>) {
    let nothing = whole(0);
    let Parts { order, parts, profit, left, price_net } = parts(catalog, key, terms);
    let paid: BigRational =
        parts.values().map(|it| &it.price).filter(|it| **it > nothing).sum::<BigRational>();
    let is_over = left.received < nothing
        || left.price > nothing
        || price_net < nothing
        || paid > whole(1)
        || parts.values().any(|it| it.pair_is_over());
    if is_over {
        return (whole(1), waits("over-claimed"));
    }
    let mut fractions = Vec::new();
    for term in order {
        let part = &parts[term.id.as_str()];
        fractions.extend(payees(catalog, (agreement, term), key, part));
    }
    let (account, term) = ("retained".to_owned(), String::new());
    fractions.extend(split(&account, &term, &left));
    fractions.retain(|it| it.part != nothing);
    let of = |price: bool| fractions.iter().filter(move |it| (it.of != Of::Received) == price);
    match is_too_fine(of(false)) || is_too_fine(of(true)) {
        true => (whole(1), waits("too-fine")),
        false => (profit, fractions),
    }
}

/// A part of each kind; one below zero of the price is borne.
fn split(account: &str, term: &str, pair: &Pair) -> [Fraction; 2] {
    let of = if pair.price < whole(0) { Of::Borne } else { Of::Price };
    let size = if of == Of::Borne { -pair.price.clone() } else { pair.price.clone() };
    [(Of::Received, pair.received.clone()), (of, size)].map(|(of, part)| Fraction {
        account: account.to_owned(),
        term: term.to_owned(),
        part,
        of,
    })
}

/// What a term has in the end, and on which side of the price it began.
struct Has {
    pair: Pair,
    began: BigRational,
}

impl Has {
    fn pair_is_over(&self) -> bool {
        let nothing = whole(0);
        // Others may have taken out of it what it has, and no more.
        self.pair.received < nothing || &self.pair.price * &self.began < nothing || {
            self.began == nothing && self.pair.price != nothing
        }
    }
}

impl std::ops::Deref for Has {
    type Target = Pair;

    fn deref(&self) -> &Pair {
        &self.pair
    }
}

/// The terms in the order in which they take, what each has in the end, and what is left.
struct Parts<'a> {
    order: Vec<&'a Term>,
    parts: BTreeMap<&'a str, Has>,
    /// What is left of what was received when profit is shared.
    profit: BigRational,
    left: Pair,
    price_net: BigRational,
}

/// The kinds in the order in which they are worked out, and whether those on the price.
const STEPS: [(TermKind, bool); 6] = [
    (TermKind::Deduction, false),
    (TermKind::Deduction, true),
    (TermKind::Fee, false),
    (TermKind::RoyaltyRate, false),
    (TermKind::RoyaltyRate, true),
    (TermKind::ProfitShare, false),
];

fn parts<'a>(catalog: &Catalog, key: &CellKey, terms: &[(&'a Term, BigRational)]) -> Parts<'a> {
    let counting: Vec<&Term> = terms.iter().map(|it| it.0).collect();
    let mut order = Vec::new();
    let mut parts: BTreeMap<&str, Has> = BTreeMap::new();
    let mut left = Pair::new(whole(1), whole(0));
    let mut price_net = whole(1);
    // What was left when the terms of a kind began: of fees that is net, of royalties net of fees.
    let mut before: BTreeMap<TermKind, Pair> = BTreeMap::new();
    let base = |it: &Term,
                (left, price_net): (&Pair, &BigRational),
                before: &BTreeMap<TermKind, Pair>,
                parts: &BTreeMap<&str, Has>| {
        let received = |it: &BigRational| Pair::new(it.clone(), whole(0));
        let begin = |kind| before.get(&kind).map_or(whole(1), |it| it.received.clone());
        match &it.base {
            Base::Gross => received(&whole(1)),
            Base::Net => received(&begin(TermKind::Fee)),
            Base::NetOfFees => received(&begin(TermKind::RoyaltyRate)),
            Base::Left => {
                before.get(&TermKind::ProfitShare).cloned().unwrap_or(received(&whole(1)))
            }
            Base::Rest => received(&left.received),
            Base::Price => Pair::new(whole(0), whole(1)),
            Base::PriceNet => Pair::new(whole(0), price_net.clone()),
            Base::Term(id) => {
                parts.get(id.as_str()).map_or(received(&whole(0)), |it| it.pair.clone())
            }
        }
    };
    for (kind, on_price) in STEPS {
        before.entry(kind).or_insert_with(|| left.clone());
        if kind == TermKind::ProfitShare {
            before.insert(kind, left.clone());
        }
        let of_step = |it: &Term| {
            it.kind == kind && it.out_of.is_none() && is_on_price(it, &counting) == on_price
        };
        for (term, rate) in terms.iter().filter(|(it, _)| of_step(it)) {
            let reduced = rate * reduction(catalog, key, term);
            if kind == TermKind::Deduction && on_price {
                price_net -= reduced;
                continue;
            }
            let pair = base(term, (&left, &price_net), &before, &parts).times(&reduced);
            left = Pair::new(&left.received - &pair.received, &left.price - &pair.price);
            parts.insert(term.id.as_str(), Has { began: pair.price.clone(), pair });
            order.push(*term);
        }
    }
    let profit = before[&TermKind::ProfitShare].received.clone();
    for (term, rate) in terms {
        let Some(source) = term.out_of.as_ref().filter(|it| parts.contains_key(it.as_str())) else {
            continue;
        };
        let reduced = rate * reduction(catalog, key, term);
        let mut pair = base(term, (&left, &price_net), &before, &parts).times(&reduced);
        if let Some(from) = parts.get_mut(order_of(&order, source.as_str())) {
            let of = &from.pair;
            // A part of a share comes with the same part of what that bears.
            let bears = of.price < whole(0) && of.received != whole(0);
            if bears && pair.price == whole(0) {
                pair.price = &pair.received * (&of.price / &of.received);
            }
            from.pair = Pair::new(&of.received - &pair.received, &of.price - &pair.price);
        }
        parts.insert(term.id.as_str(), Has { began: pair.price.clone(), pair });
        order.push(*term);
    }
    Parts { order, parts, profit, left, price_net }
}

fn order_of<'a>(order: &[&'a Term], id: &str) -> &'a str {
    order.iter().find(|it| it.id.as_str() == id).map_or("", |it| it.id.as_str())
}

/// Reduced by agreement, and divided among more works than are paid for.
fn reduction(catalog: &Catalog, key: &CellKey, term: &Term) -> BigRational {
    let reduced = rational(term.reduce);
    match (term.works_max, speak::works(catalog, key)) {
        (Some(paid), Some(works)) if works > usize::try_from(paid).unwrap_or(usize::MAX) => {
            reduced * BigRational::new(paid.into(), works.into())
        }
        _ => reduced,
    }
}

/// One fraction for each of those whom a term pays.
fn payees(
    catalog: &Catalog,
    (agreement, term): (&Agreement, &Term),
    key: &CellKey,
    part: &Pair,
) -> Vec<Fraction> {
    let account = |party: &PartyId| match term.kind {
        TermKind::Deduction | TermKind::Fee => format!("fee:{party}"),
        TermKind::RoyaltyRate | TermKind::ProfitShare => payee_of(agreement, party),
    };
    let weighed: Vec<(String, u64)> = match &term.payees {
        Payees::Operator => vec![("retained".to_owned(), 1)],
        Payees::One(party) => vec![(account(party), 1)],
        Payees::Among(several) => {
            several.iter().map(|(party, weight)| (account(party), *weight)).collect()
        }
        Payees::Role(role) => match speak::in_role(catalog, key, role) {
            nobody if nobody.is_empty() => vec![("suspense:no-agreement".to_owned(), 1)],
            parties => parties.iter().map(|it| (account(it), 1)).collect(),
        },
    };
    let all: BigInt = weighed.iter().map(|(_, weight)| BigInt::from(*weight)).sum();
    let fraction = |(account, weight): (String, u64)| {
        let weight = BigRational::new(weight.into(), all.clone());
        split(&account, term.id.as_str(), &part.times(&weight))
    };
    weighed.into_iter().flat_map(fraction).collect()
}

/// Whether no denominator of 128 bits fits all of them.
fn is_too_fine<'f>(fractions: impl Iterator<Item = &'f Fraction>) -> bool {
    let mut common = BigInt::from(1);
    for it in fractions {
        common = BigRational::new(it.part.denom().clone(), common.clone()).numer() * &common;
    }
    common.bits() > 128
}

/// What is due to a payee: the work and the performance have ledgers of their own.
pub(super) fn payee_of(agreement: &Agreement, party: &PartyId) -> String {
    match agreement.rights_type {
        RightsType::Master => format!("payee:{party}"),
        RightsType::Work => format!("payee:{party}@work"),
        RightsType::Performer => format!("payee:{party}@performer"),
    }
}
