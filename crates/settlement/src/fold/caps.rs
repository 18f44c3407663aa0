//! What a term earns beyond its cap stays with the operator.

use std::collections::BTreeMap;

use catalog::{Cap, Term};
use ident::AgreementId;
use ledger::Account;
use money::{Atoms, allocate};
use period::Period;

use super::Step;
use super::lane::{Lane, Sums, weights};
use crate::settle::{SettleError, plus};

impl<'a> Lane<'a> {
    pub(super) fn caps(&mut self, origin: Period, sums: &Sums<'a>) -> Result<(), SettleError> {
        for agreement in self.group {
            for term in &agreement.terms {
                if let Some(cap) = term.cap.filter(|it| it.amount.currency == self.currency) {
                    self.cap(&agreement.id, term, cap, origin, sums)?;
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
        sums: &Sums<'a>,
    ) -> Result<(), SettleError> {
        let mut earned: BTreeMap<&Account, Atoms> = BTreeMap::new();
        for (key, sum) in sums {
            if key.agreement == *agreement && key.term.as_ref() == Some(&term.id) {
                plus(earned.entry(&key.account).or_default(), sum.amount)?;
            }
        }
        let all = Atoms::checked_sum(earned.values().copied()).ok_or(SettleError::Overflow)?;
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
        let mut parts = weights(earned.values().copied());
        if parts.iter().all(|it| *it == 0) {
            parts.fill(1);
        }
        for (account, part) in earned.keys().zip(allocate(more, &parts)?) {
            let accounts = [(*account).clone(), Account::Retained];
            self.shift(origin.end(), Step::Cap, (agreement, &term.id), accounts, part)?;
        }
        Ok(())
    }
}
