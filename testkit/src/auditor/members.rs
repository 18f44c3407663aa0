//! What is due to a band or an estate, divided among its members.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use ident::PartyId;
use money::Currency;
use num_bigint::BigInt;
use num_rational::BigRational;
use period::Period;

use super::number::{largest_remainder, whole};
use super::{Move, Sums};

/// Divides what is due for each period among the members on its last day; a party whose members have
/// members comes before them.
pub(super) fn add(catalog: &Catalog, origins: &[Period], sums: &Sums, moves: &mut Vec<Move>) {
    let mut due: BTreeMap<(String, usize, Currency), BigInt> = BTreeMap::new();
    for (key, sum) in sums {
        *due.entry((key.account.clone(), key.origin, key.currency)).or_default() += &sum.amount;
    }
    for it in moves.iter() {
        *due.entry((it.from.clone(), it.origin, it.currency)).or_default() -= &it.amount;
        *due.entry((it.to.clone(), it.origin, it.currency)).or_default() += &it.amount;
    }
    let currencies: BTreeSet<Currency> = due.keys().map(|it| it.2).collect();
    for band in above_before_below(catalog) {
        let pipes = ["", "@work", "@performer"];
        let places = origins.iter().enumerate().flat_map(|it| pipes.map(|pipe| (it, pipe)));
        for ((at, origin), pipe) in places {
            let from = format!("payee:{band}{pipe}");
            let day = origin.last_day();
            let there = |it: &&catalog::Member| {
                it.period.from.is_none_or(|from| from <= day)
                    && it.period.before.is_none_or(|before| day < before)
            };
            let members: Vec<_> = catalog.parties[band].members.iter().filter(there).collect();
            let weights: Vec<BigRational> = members.iter().map(|it| whole(it.weight)).collect();
            for currency in currencies.iter().filter(|_| !members.is_empty()) {
                let amount = due.remove(&(from.clone(), at, *currency)).unwrap_or_default();
                for (member, part) in members.iter().zip(largest_remainder(&amount, weights.iter()))
                {
                    let to = format!("payee:{}{pipe}", member.party);
                    *due.entry((to.clone(), at, *currency)).or_default() += &part;
                    let (origin, currency, from) = (at, *currency, from.clone());
                    moves.push(Move { origin, currency, from, to, amount: part });
                }
            }
        }
    }
}

/// The parties with members, those who are nobody's member first.
fn above_before_below(catalog: &Catalog) -> Vec<&PartyId> {
    let mut left: Vec<&PartyId> =
        catalog.parties.values().filter(|it| !it.members.is_empty()).map(|it| &it.id).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let is_below = |id: &PartyId| {
            left.iter().any(|it| catalog.parties[*it].members.iter().any(|m| m.party == *id))
        };
        let Some(at) = left.iter().position(|it| !is_below(it)) else { break };
        order.push(left.remove(at));
    }
    order
}
