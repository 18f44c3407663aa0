//! What a distributor paid us ahead is kept back from what its reports bring.

use std::collections::BTreeMap;

use catalog::{Catalog, ReceivedAdvance};
use ledger::Account;
use money::{Atoms, Currency};
use period::{Date, Period};

use super::{Brought, BroughtKey, MovementKey, Movements, Step};
use crate::settle::{SettleError, plus};

/// Moves each advance to the bank when it came, and then so much of it off what its sender owes as the
/// sender's reports bring, period by period; what came first is worked off first. Payees earn by their
/// lines whether the money came ahead or not.
pub(super) fn keep_back(
    catalog: &Catalog,
    origins: &[Period],
    brought: &Brought,
    movements: &mut Movements,
) -> Result<(), SettleError> {
    let mut senders: BTreeMap<(&str, Currency), Vec<&ReceivedAdvance>> = BTreeMap::new();
    for it in catalog.received_advances.values() {
        senders.entry((&it.sender, it.amount.currency)).or_default().push(it);
    }
    for ((sender, currency), mut advances) in senders {
        advances.sort_by_key(|it| (it.received, &it.id));
        let mut shift = |origin, step, of: &ReceivedAdvance, accounts, amount| {
            let [from, to] = accounts;
            let reference = of.id.to_string();
            let key = MovementKey { origin, step, agreement: None, reference, from, to, currency };
            plus(movements.entry(key).or_default(), amount)
        };
        let mut open: Vec<(&ReceivedAdvance, Atoms)> = Vec::new();
        let mut before = Date::MIN;
        for origin in origins.iter().map(|it| it.end()) {
            let came = advances.iter().filter(|it| before <= it.received && it.received < origin);
            for it in came {
                let accounts = [Account::Cash, Account::AdvanceFrom(it.id.clone())];
                shift(origin, Step::ReceivedAhead, it, accounts, it.amount.atoms)?;
                open.push((it, it.amount.atoms));
            }
            let key = BroughtKey { sender: sender.to_owned(), currency, origin };
            let mut there = brought.get(&key).copied().unwrap_or_default().max(Atoms::ZERO);
            for (it, left) in &mut open {
                let kept = there.min(*left);
                let less = |of: Atoms| of.checked_sub(kept).ok_or(SettleError::Overflow);
                (there, *left) = (less(there)?, less(*left)?);
                let from = Account::AdvanceFrom(it.id.clone());
                let accounts = [from, Account::Received(sender.to_owned())];
                shift(origin, Step::KeptBack, it, accounts, kept)?;
            }
            before = origin;
        }
    }
    Ok(())
}
