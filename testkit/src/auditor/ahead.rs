//! What distributors paid ahead, and how far it is worked off.

use std::collections::BTreeMap;

use catalog::{Catalog, ReceivedAdvance};
use money::Currency;
use num_bigint::BigInt;
use period::{Date, Period};

use super::Move;

/// What reports brought: by sender, currency and number of the period of origin.
pub(super) type Brought = BTreeMap<(String, Currency, usize), BigInt>;

/// Money that came ahead, and what of each period's receipts goes against it. The elder advance first.
pub(super) fn add(catalog: &Catalog, origins: &[Period], brought: &Brought, moves: &mut Vec<Move>) {
    let mut advances: Vec<&ReceivedAdvance> = catalog.received_advances.values().collect();
    advances.sort_by(|a, b| (a.received, &a.id).cmp(&(b.received, &b.id)));
    let mut left_of = brought.clone();
    for it in advances {
        let mut left = BigInt::from(it.amount.atoms.raw());
        let mut begin = Date::MIN;
        let mut has_come = false;
        for (origin, period) in origins.iter().enumerate() {
            let currency = it.amount.currency;
            let place = format!("advance-from:{}", it.id);
            if begin <= it.received && it.received < period.end() {
                has_come = true;
                let (from, to, amount) = ("cash".to_owned(), place.clone(), left.clone());
                moves.push(Move { origin, currency, from, to, amount });
            }
            begin = period.end();
            let key = (it.sender.clone(), currency, origin);
            let Some(there) = left_of.get_mut(&key).filter(|_| has_come) else { continue };
            let amount = left.clone().min(there.clone()).max(BigInt::default());
            *there -= &amount;
            left -= &amount;
            let to = format!("received:{}", it.sender);
            moves.push(Move { origin, currency, from: place, to, amount });
        }
    }
}
