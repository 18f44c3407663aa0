//! What was paid ahead or spent is kept back from what its payee earns.

use std::collections::BTreeSet;

use ident::{AgreementId, PartyId, TermId};
use ledger::Account;
use money::{Atoms, Rounding};
use period::Date;

use super::Step;
use super::lane::Lane;
use crate::settle::SettleError;

/// The kinds of what is kept back, in the order in which those of one day come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Cost,
    Advance,
    Guarantee,
}

/// What was paid and is still to be kept back.
pub(super) struct Open<'a> {
    pub(super) agreement: &'a AgreementId,
    pub(super) id: &'a TermId,
    /// Whose earnings; none for a cost that profit shares bear.
    pub(super) payee: Option<&'a PartyId>,
    pub(super) account: Account,
    pub(super) left: Atoms,
    pub(super) order: (Date, Rank),
}

impl Open<'_> {
    pub(super) fn is_pool_of(&self, agreement: &AgreementId) -> bool {
        self.payee.is_none() && self.agreement == agreement
    }
}

impl<'a> Lane<'a> {
    /// Notes what was paid on the days of a period, and on those before the first one.
    pub(super) fn paid(&mut self, from: Date, end: Date) -> Result<(), SettleError> {
        for agreement in self.group {
            let id = &agreement.id;
            for it in &agreement.advances {
                let account = Account::Advance {
                    agreement: id.clone(),
                    advance: it.id.to_string(),
                    payee: it.payee.clone(),
                };
                if it.amount.currency == self.currency && (from..end).contains(&it.paid) {
                    self.pay(end, (id, &it.id), account.clone(), it.amount.atoms)?;
                    let (payee, left) = (Some(&it.payee), it.amount.atoms);
                    let order = (it.paid, Rank::Advance);
                    self.enter(Open { agreement: id, id: &it.id, payee, account, left, order });
                }
            }
            for it in &agreement.costs {
                let account = Account::Cost { agreement: id.clone(), cost: it.id.to_string() };
                if it.amount.currency == self.currency && (from..end).contains(&it.paid) {
                    self.pay(end, (id, &it.id), account.clone(), it.amount.atoms)?;
                    let left = it.amount.atoms.mul_ratio(it.part, Rounding::Down);
                    let left = left.ok_or(SettleError::Overflow)?;
                    let (payee, order) = (it.payee.as_ref(), (it.paid, Rank::Cost));
                    self.enter(Open { agreement: id, id: &it.id, payee, account, left, order });
                }
            }
        }
        Ok(())
    }

    fn pay(
        &mut self,
        end: Date,
        of: (&'a AgreementId, &TermId),
        account: Account,
        amount: Atoms,
    ) -> Result<(), SettleError> {
        self.shift(end, Step::Paid, of, [account, Account::Cash], amount)
    }

    pub(super) fn enter(&mut self, open: Open<'a>) {
        self.open.push(open);
        self.open.sort_by(|a, b| (a.order, a.agreement, a.id).cmp(&(b.order, b.agreement, b.id)));
    }

    /// Keeps back what is open from what each payee has of the period in the whole group.
    pub(super) fn recoup(&mut self, end: Date) -> Result<(), SettleError> {
        let accounts: BTreeSet<Account> =
            self.got.keys().filter(|it| it.1.payee().is_some()).map(|it| it.1.clone()).collect();
        for account in accounts {
            let own = self.got.iter().filter(|it| it.0.1 == account && self.is_recoupable(it.0));
            let own = own.map(|it| *it.1);
            let own = Atoms::checked_sum(own).ok_or(SettleError::Overflow)?;
            let mut left = own.max(Atoms::ZERO);
            for at in 0..self.open.len() {
                let open = &mut self.open[at];
                if open.payee != account.payee() || open.payee.is_none() {
                    continue;
                }
                let kept = open.left.min(left);
                open.left = open.left.checked_sub(kept).ok_or(SettleError::Overflow)?;
                left = left.checked_sub(kept).ok_or(SettleError::Overflow)?;
                let (of, to) = ((open.agreement, open.id), open.account.clone());
                self.shift(end, Step::Recoup, of, [account.clone(), to], kept)?;
            }
        }
        Ok(())
    }
}
