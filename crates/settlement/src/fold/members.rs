//! What is due to a band or an estate goes to its members.

use std::collections::BTreeMap;

use catalog::{Catalog, Member};
use ident::PartyId;
use ledger::Account;
use money::{Atoms, Currency, allocate};
use period::{Date, Period};

use super::{EarnedSums, MovementKey, Movements, Step};
use crate::settle::{SettleError, plus};

/// What is due, by period of origin, currency and payee.
type Due = BTreeMap<(Date, Currency, PartyId), Atoms>;

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
        Some(party) => {
            let sum = due.entry((origin, currency, party.clone())).or_default();
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
    // Whoever is nobody's member comes first; a catalogue holds no circle.
    while let Some(key) = due.keys().find(|it| !is_within(catalog, &it.2, &due)).cloned() {
        let Some(amount) = due.remove(&key) else { break };
        let (origin, currency, party) = key;
        let last = origins.iter().find(|it| it.end() == origin).map(|it| it.last_day());
        let members: Vec<&Member> = catalog.parties.get(&party).map_or(Vec::new(), |it| {
            it.members.iter().filter(|m| last.is_some_and(|day| m.period.contains(day))).collect()
        });
        if members.is_empty() || amount.is_zero() {
            continue;
        }
        let parts: Vec<u128> = members.iter().map(|it| u128::from(it.weight)).collect();
        for (member, part) in members.iter().zip(allocate(amount, &parts)?) {
            let key = MovementKey {
                origin,
                step: Step::Members,
                agreement: None,
                reference: party.to_string(),
                from: Account::Payee(party.clone()),
                to: Account::Payee(member.party.clone()),
                currency,
            };
            plus(movements.entry(key).or_default(), part)?;
            if has_members(&member.party) {
                plus(due.entry((origin, currency, member.party.clone())).or_default(), part)?;
            }
        }
    }
    Ok(())
}

/// Whether a party is a member of another one that still waits to be divided.
fn is_within(catalog: &Catalog, party: &PartyId, due: &Due) -> bool {
    due.keys().any(|(_, _, other)| {
        catalog.parties.get(other).is_some_and(|it| it.members.iter().any(|m| m.party == *party))
    })
}
