//! What was guaranteed and not earned is topped up.

use ledger::Account;
use money::Atoms;
use period::{Date, Period};

use super::Step;
use super::lane::{Lane, Sums};
use super::recoup::{Open, Rank};
use crate::plan::payee_account;
use crate::settle::SettleError;

impl<'a> Lane<'a> {
    /// Tops up the guarantees whose last day lies in a period; `before` is the end of the one before.
    pub(super) fn guarantees(
        &mut self,
        origins: &[Period],
        before: Date,
        origin: Period,
        sums: &Sums<'a>,
    ) -> Result<(), SettleError> {
        let (end, currency) = (origin.end(), self.currency);
        for agreement in self.group {
            for it in agreement.guarantees.iter().filter(|it| it.amount.currency == currency) {
                if !it.period.last_day().is_some_and(|last| (before..end).contains(&last)) {
                    continue;
                }
                let within = |end: Date| {
                    let start = origins.iter().find(|it| it.end() == end).map(|it| it.start());
                    start.is_some_and(|day| it.period.contains(day))
                };
                let earned = sums.iter().filter(|(key, _)| {
                    key.agreement == agreement.id
                        && key.account.payee() == Some(&it.payee)
                        && within(key.origin)
                });
                let earned = Atoms::checked_sum(earned.map(|it| it.1.amount));
                let missing = earned.and_then(|sum| it.amount.atoms.checked_sub(sum));
                let missing = missing.ok_or(SettleError::Overflow)?.max(Atoms::ZERO);
                let of = (&agreement.id, &it.id);
                let account = Account::Guarantee {
                    agreement: agreement.id.clone(),
                    guarantee: it.id.to_string(),
                    payee: it.payee.clone(),
                };
                let from = if it.recoupable { account.clone() } else { Account::Retained };
                let to = payee_account(agreement, &it.payee);
                self.shift(end, Step::Guarantee, of, [from, to], missing)?;
                if it.recoupable && !missing.is_zero() {
                    self.enter(Open {
                        agreement: of.0,
                        id: of.1,
                        payee: Some(&it.payee),
                        account,
                        left: missing,
                        order: (end, Rank::Guarantee),
                    });
                }
            }
        }
        Ok(())
    }
}
