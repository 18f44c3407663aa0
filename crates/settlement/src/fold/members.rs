//! What is due to a band or an estate goes to its members.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Catalog, Member, Party};
use ident::PartyId;
use ledger::Account;
use money::{Atoms, Currency, allocate};
use period::{Date, Period};

use super::{EarnedSums, MovementKey, Movements, Step};
use crate::settle::{SettleError, plus};

/// What is due, by period of origin, currency and payee.
type Due = BTreeMap<(Date, Currency, Account), Atoms>;

/// Moves what is due to parties with members, period by period; the members on the last day of the
/// period divide it. Members may have members.
pub(super) fn divide(
    catalog: &Catalog,
    origins: &[Period],
    earned: &EarnedSums,
    movements: &mut Movements,
) -> Result<(), SettleError> {
    let has_members =
        |party: &PartyId| catalog.parties.get(party).is_some_and(|it| !it.members.is_empty());
    let mut due = Due::new();
    let mut add = |origin, currency, account: &Account, amount: Option<Atoms>| match account
        .payee()
        .filter(|it| has_members(it))
    {
        None => Ok(()),
        Some(_) => {
            let sum = due.entry((origin, currency, account.clone())).or_default();
            plus(sum, amount.ok_or(SettleError::Overflow)?)
        }
    };
    for (key, it) in earned {
        add(key.origin, key.currency, &key.account, Some(it.amount))?;
    }
    for (key, amount) in movements.iter() {
        add(key.origin, key.currency, &key.from, amount.checked_neg())?;
        add(key.origin, key.currency, &key.to, Some(*amount))?;
    }
    for party in above_before_below(catalog) {
        let of_party: Vec<(Date, Currency, Account)> =
            due.keys().filter(|it| it.2.payee() == Some(party)).cloned().collect();
        for key in of_party {
            let amount = due.remove(&key).unwrap_or_default();
            let (origin, currency, from) = key;
            let last = origins.iter().find(|it| it.end() == origin).map(|it| it.last_day());
            let members: Vec<&Member> = catalog.parties.get(party).map_or(Vec::new(), |it| {
                let is_one = |it: &&Member| last.is_some_and(|day| it.period.contains(day));
                it.members.iter().filter(is_one).collect()
            });
            if members.is_empty() || amount.is_zero() {
                continue;
            }
            let parts: Vec<u128> = members.iter().map(|it| u128::from(it.weight)).collect();
            for (member, part) in members.iter().zip(allocate(amount, &parts)?) {
                let to = Account::of_payee(from.pipe(), member.party.clone());
                let key = MovementKey {
                    origin,
                    step: Step::Members,
                    agreement: None,
                    reference: party.to_string(),
                    from: from.clone(),
                    to: to.clone(),
                    currency,
                };
                plus(movements.entry(key).or_default(), part)?;
                if has_members(&member.party) {
                    plus(due.entry((origin, currency, to)).or_default(), part)?;
                }
            }
        }
    }
    Ok(())
}

/// The parties with members, whoever is nobody's member first. A catalogue holds no circle.
fn above_before_below(catalog: &Catalog) -> Vec<&PartyId> {
    let mut left: Vec<&Party> =
        catalog.parties.values().filter(|it| !it.members.is_empty()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let below: BTreeSet<&PartyId> =
            left.iter().flat_map(|it| &it.members).map(|it| &it.party).collect();
        let (above, others): (Vec<_>, Vec<_>) =
            left.iter().copied().partition(|it| !below.contains(&it.id));
        if above.is_empty() {
            break;
        }
        order.extend(above.into_iter().map(|it| &it.id));
        left = others;
    }
    order
}
