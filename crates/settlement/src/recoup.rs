//! Advances: into the book when they are paid, out of what their payee earns.

use std::collections::BTreeMap;

use catalog::Catalog;
use ident::{AgreementId, PartyId, TermId};
use ledger::{Account, Entry, Posting};
use money::{Amount, Atoms, Currency};
use period::Period;

use crate::outcome::Recoupment;
use crate::settle::SettleError;

/// What each payee earned under each agreement.
pub(crate) type Earned = BTreeMap<(AgreementId, PartyId, Currency), Atoms>;

/// Returns every advance that was paid before the period's end and is not yet recouped, with what
/// this settlement takes back, in the order agreement, day of payment, id.
pub(crate) fn recoup(
    catalog: &Catalog,
    period: Period,
    unrecouped: &BTreeMap<(AgreementId, TermId), Atoms>,
    mut earned: Earned,
) -> Result<Vec<Recoupment>, SettleError> {
    let mut recoupments = Vec::new();
    for agreement in catalog.agreements.values() {
        let mut advances: Vec<_> = agreement.advances.iter().collect();
        advances.sort_by(|a, b| (a.paid, &a.id).cmp(&(b.paid, &b.id)));
        for advance in advances.into_iter().filter(|it| it.paid < period.end()) {
            let key = (agreement.id.clone(), advance.id.clone());
            let known = unrecouped.get(&key).copied();
            let opening = known.unwrap_or(advance.amount.atoms);
            let currency = advance.amount.currency;
            let earner = (agreement.id.clone(), advance.payee.clone(), currency);
            let left = earned.entry(earner).or_default();
            let recouped = opening.min((*left).max(Atoms::ZERO));
            *left = left.checked_sub(recouped).ok_or(SettleError::Overflow)?;
            if known.is_none() || !opening.is_zero() {
                recoupments.push(Recoupment {
                    agreement: key.0,
                    advance: key.1,
                    payee: advance.payee.clone(),
                    currency,
                    new: known.is_none(),
                    opening,
                    recouped,
                });
            }
        }
    }
    Ok(recoupments)
}

/// Returns the entries that write the recoupments down.
pub(crate) fn entries(id: &str, recoupments: &[Recoupment]) -> Result<Vec<Entry>, SettleError> {
    let mut entries = Vec::new();
    for it in recoupments {
        let name = format!("{}/{}", it.agreement, it.advance);
        let account = || Account::Advance {
            agreement: it.agreement.clone(),
            advance: it.advance.to_string(),
            payee: it.payee.clone(),
        };
        let amount = |atoms| Amount { atoms, currency: it.currency };
        if it.new {
            let postings = vec![
                Posting::debit(account(), amount(it.opening)),
                Posting::credit(Account::Cash, amount(it.opening)),
            ];
            entries.push(Entry::new(
                &format!("{id}/advance/{name}"),
                &format!("advance {name} paid to {}", it.payee),
                postings,
            )?);
        }
        if !it.recouped.is_zero() {
            let postings = vec![
                Posting::debit(Account::Payee(it.payee.clone()), amount(it.recouped)),
                Posting::credit(account(), amount(it.recouped)),
            ];
            entries.push(Entry::new(
                &format!("{id}/recoup/{name}"),
                &format!("advance {name} recouped from {}", it.payee),
                postings,
            )?);
        }
    }
    Ok(entries)
}
