//! Costs that nobody bears alone come off before profit is shared.

use catalog::{Agreement, TermKind};
use ident::TermId;
use money::{Atoms, allocate};
use period::Date;

use super::Step;
use super::lane::{Holder, Lane, weights};
use crate::settle::SettleError;

impl<'a> Lane<'a> {
    /// What profit shares and the operator have of a period, beyond caps and reserves, bears the open
    /// costs of its agreement, in proportion.
    pub(super) fn pool_costs(&mut self, end: Date) -> Result<(), SettleError> {
        for agreement in self.group {
            let costs: Vec<usize> = (0..self.open.len())
                .filter(|at| self.open[*at].is_pool_of(&agreement.id))
                .collect();
            for at in costs {
                let shares = self.shares(agreement);
                let pool = Atoms::checked_sum(shares.iter().map(|it| it.1));
                let pool = pool.ok_or(SettleError::Overflow)?.max(Atoms::ZERO);
                let (id, left) = (self.open[at].id, self.open[at].left);
                let borne = left.min(pool);
                if borne.is_zero() {
                    continue;
                }
                self.open[at].left = left.checked_sub(borne).ok_or(SettleError::Overflow)?;
                let to = self.open[at].account.clone();
                let parts = allocate(borne, &weights(shares.iter().map(|it| it.1)))?;
                for ((holder, _), part) in shares.into_iter().zip(parts) {
                    let accounts = [holder.1.clone(), to.clone()];
                    self.shift(end, Step::PoolCost, (&agreement.id, id), accounts, part)?;
                    self.take(holder, part)?;
                }
            }
        }
        Ok(())
    }

    /// What there is by profit shares, and what is retained.
    fn shares(&self, agreement: &Agreement) -> Vec<(Holder<'a>, Atoms)> {
        let is_share = |id: &TermId| {
            agreement.terms.iter().any(|it| it.id == *id && it.kind == TermKind::ProfitShare)
        };
        let got = self.got.iter().filter(|(it, _)| *it.0 == agreement.id);
        let got = got.filter(|(it, _)| it.2.is_none_or(is_share));
        got.map(|(holder, sum)| (holder.clone(), *sum)).collect()
    }
}
