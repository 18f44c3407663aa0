//! The fractions of a cell.

use std::collections::BTreeMap;

use catalog::{Agreement, Base, Catalog, Payees, RightsType, Term, TermKind};
use ident::PartyId;
use num_bigint::BigInt;
use num_rational::BigRational;
use usage::CellKey;

use super::number::{rational, whole};
use super::speak;

/// Who gets which part of the whole, by which term.
#[derive(Clone)]
pub(super) struct Fraction {
    pub(super) account: String,
    pub(super) term: String,
    pub(super) part: BigRational,
}

/// All of it waits.
pub(super) fn waits(reason: &str) -> Vec<Fraction> {
    let account = format!("suspense:{reason}");
    vec![Fraction { account, term: String::new(), part: whole(1) }]
}

/// Who gets which part of a cell, in the order that breaks ties.
pub(super) fn fractions(
    catalog: &Catalog,
    agreement: &Agreement,
    key: &CellKey,
    terms: &[(&Term, BigRational)],
) -> Vec<Fraction> {
    let nothing = whole(0);
    let (order, parts, left) = parts(catalog, key, terms);
    if left < nothing || parts.values().any(|it| *it < nothing) {
        return waits("over-claimed");
    }
    let mut fractions = Vec::new();
    for term in order {
        fractions.extend(payees(catalog, (agreement, term), key, &parts[term.id.as_str()]));
    }
    let (account, term) = ("retained".to_owned(), String::new());
    fractions.push(Fraction { account, term, part: left });
    fractions.retain(|it| it.part != nothing);
    if is_too_fine(&fractions) { waits("too-fine") } else { fractions }
}

/// The terms in the order in which they take, what each has in the end, and what is left.
fn parts<'a>(
    catalog: &Catalog,
    key: &CellKey,
    terms: &[(&'a Term, BigRational)],
) -> (Vec<&'a Term>, BTreeMap<&'a str, BigRational>, BigRational) {
    let kinds = [TermKind::Deduction, TermKind::Fee, TermKind::RoyaltyRate, TermKind::ProfitShare];
    let mut order = Vec::new();
    let mut parts: BTreeMap<&str, BigRational> = BTreeMap::new();
    let mut left = whole(1);
    // What was left when the terms of a kind began: of fees that is net, of royalties net of fees.
    let mut before: BTreeMap<TermKind, BigRational> = BTreeMap::new();
    let base =
        |it: &Term, left: &BigRational, before: &BTreeMap<_, _>, parts: &BTreeMap<&str, _>| {
            let begin = |kind| before.get(&kind).cloned().unwrap_or_else(|| whole(1));
            match &it.base {
                Base::Gross => whole(1),
                Base::Net => begin(TermKind::Fee),
                Base::NetOfFees => begin(TermKind::RoyaltyRate),
                Base::Left => begin(TermKind::ProfitShare),
                Base::Rest => left.clone(),
                Base::Term(id) => parts.get(id.as_str()).cloned().unwrap_or_else(|| whole(0)),
            }
        };
    for kind in kinds {
        before.insert(kind, left.clone());
        for (term, rate) in terms.iter().filter(|(it, _)| it.kind == kind && it.out_of.is_none()) {
            let part = rate * reduction(catalog, key, term) * base(term, &left, &before, &parts);
            left -= &part;
            parts.insert(term.id.as_str(), part);
            order.push(*term);
        }
    }
    for (term, rate) in terms {
        let Some(source) = term.out_of.as_ref().filter(|it| parts.contains_key(it.as_str())) else {
            continue;
        };
        let part = rate * reduction(catalog, key, term) * base(term, &left, &before, &parts);
        *parts.entry(order_of(&order, source.as_str())).or_insert_with(|| whole(0)) -= &part;
        parts.insert(term.id.as_str(), part);
        order.push(*term);
    }
    (order, parts, left)
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
    part: &BigRational,
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
    let fraction = |(account, weight): (String, u64)| Fraction {
        account,
        term: term.id.to_string(),
        part: part * BigRational::new(weight.into(), all.clone()),
    };
    weighed.into_iter().map(fraction).collect()
}

/// Whether no denominator of 128 bits fits all of them.
fn is_too_fine(fractions: &[Fraction]) -> bool {
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
