//! Costs that nobody bears alone come off before profit is shared.

use std::collections::BTreeMap;

use catalog::{Agreement, TermKind};
use ident::TermId;
use ledger::Account;
use money::{Atoms, allocate};
use period::Date;

use super::Step;
use super::lane::{Lane, Sums, weights};
use crate::settle::{SettleError, plus};

impl<'a> Lane<'a> {
    /// What profit shares and the operator got in a period bears the open costs of its agreement, in
    /// proportion.
    pub(super) fn pool_costs(&mut self, end: Date, sums: &Sums<'a>) -> Result<(), SettleError> {
        for agreement in self.group {
            let mut shares = shares(agreement, sums)?;
            let costs: Vec<usize> = (0..self.open.len())
                .filter(|at| self.open[*at].is_pool_of(&agreement.id))
                .collect();
            for at in costs {
                let pool = Atoms::checked_sum(shares.values().copied());
                let pool = pool.ok_or(SettleError::Overflow)?.max(Atoms::ZERO);
                let (id, left) = (self.open[at].id, self.open[at].left);
                let borne = left.min(pool);
                let parts = allocate(borne, &weights(shares.values().copied()));
                if borne.is_zero() {
                    continue;
                }
                self.open[at].left = left.checked_sub(borne).ok_or(SettleError::Overflow)?;
                let to = self.open[at].account.clone();
                for ((account, share), part) in shares.iter_mut().zip(parts?) {
                    let accounts = [account.clone(), to.clone()];
                    self.shift(end, Step::PoolCost, (&agreement.id, id), accounts, part)?;
                    *share = share.checked_sub(part).ok_or(SettleError::Overflow)?;
                }
            }
        }
        Ok(())
    }
}

/// What accounts got by profit shares, and what was retained.
fn shares(agreement: &Agreement, sums: &Sums<'_>) -> Result<BTreeMap<Account, Atoms>, SettleError> {
    let is_share = |id: &TermId| {
        agreement.terms.iter().any(|it| it.id == *id && it.kind == TermKind::ProfitShare)
    };
    let mut shares = BTreeMap::new();
    for (key, sum) in sums.iter().filter(|it| it.0.agreement == agreement.id) {
        if key.term.as_ref().map_or(key.account == Account::Retained, is_share) {
            plus(shares.entry(key.account.clone()).or_default(), sum.amount)?;
        }
    }
    Ok(shares)
}
