//! What a term earns beyond its cap stays with the operator.

use catalog::{Cap, Term};
use ident::AgreementId;
use ledger::Account;
use money::{Atoms, allocate};
use period::Period;

use super::Step;
use super::lane::{Holder, Lane, weights};
use crate::settle::SettleError;

impl<'a> Lane<'a> {
    pub(super) fn caps(&mut self, origin: Period) -> Result<(), SettleError> {
        for agreement in self.group {
            for term in &agreement.terms {
                if let Some(cap) = term.cap.filter(|it| it.amount.currency == self.currency) {
                    self.cap(&agreement.id, term, cap, origin)?;
                }
            }
        }
        Ok(())
    }

    fn cap(
        &mut self,
        agreement: &'a AgreementId,
        term: &'a Term,
        cap: Cap,
        origin: Period,
    ) -> Result<(), SettleError> {
        let its = |it: &(&Holder<'a>, &Atoms)| it.0.0 == agreement && it.0.2 == Some(&term.id);
        let got = self.got.iter().filter(its).map(|(holder, sum)| (holder.clone(), *sum));
        let earned: Vec<(Holder<'a>, Atoms)> = got.collect();
        let all = Atoms::checked_sum(earned.iter().map(|it| it.1)).ok_or(SettleError::Overflow)?;
        let year = if cap.yearly { origin.start().year() } else { 0 };
        let known = self.capped.get(&(agreement, &term.id)).filter(|it| it.0 == year);
        let before = known.map_or(Atoms::ZERO, |it| it.1);
        let after = before.checked_add(all).ok_or(SettleError::Overflow)?;
        self.capped.insert((agreement, &term.id), (year, after));
        let over = |sum: Atoms| sum.checked_sub(cap.amount.atoms).map(|it| it.max(Atoms::ZERO));
        let more = over(after).zip(over(before)).and_then(|(after, now)| after.checked_sub(now));
        let more = more.ok_or(SettleError::Overflow)?;
        if more.is_zero() {
            return Ok(());
        }
        let mut parts = weights(earned.iter().map(|it| it.1));
        if parts.iter().all(|it| *it == 0) {
            parts.fill(1);
        }
        for ((holder, _), part) in earned.into_iter().zip(allocate(more, &parts)?) {
            let accounts = [holder.1.clone(), Account::Retained];
            self.shift(origin.end(), Step::Cap, (agreement, &term.id), accounts, part)?;
            self.take(holder, part)?;
            self.give((agreement, Account::Retained, None), part)?;
        }
        Ok(())
    }
}
