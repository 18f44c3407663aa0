//! A part of sales is held back, and released by a schedule.

use std::collections::BTreeMap;

use catalog::Reserve;
use ident::AgreementId;
use ledger::Account;
use money::{Atoms, Ratio, Rounding};
use period::{Date, Month, Period};

use super::Step;
use super::lane::{Holder, Lane, Sums};
use crate::settle::{SettleError, plus};

/// What was held back from a holder in one period of origin.
pub(super) struct Held<'a> {
    holder: Holder<'a>,
    reserve: &'a Reserve,
    end: Date,
    amount: Atoms,
}

impl<'a> Lane<'a> {
    pub(super) fn reserves(
        &mut self,
        origins: &[Period],
        at: usize,
        sums: &Sums<'a>,
    ) -> Result<(), SettleError> {
        let Some(end) = origins.get(at).map(|it| it.end()) else { return Ok(()) };
        for agreement in self.group {
            for reserve in &agreement.reserves {
                self.hold(&agreement.id, reserve, end, sums)?;
            }
        }
        let before = at.checked_sub(1).and_then(|it| origins.get(it)).map(|it| it.end());
        self.release(before, end)
    }

    fn hold(
        &mut self,
        agreement: &'a AgreementId,
        reserve: &'a Reserve,
        end: Date,
        sums: &Sums<'a>,
    ) -> Result<(), SettleError> {
        let mut sold: BTreeMap<Holder<'a>, Atoms> = BTreeMap::new();
        for (key, sum) in sums.iter().filter(|it| it.0.agreement == *agreement) {
            let is_whose = reserve.payee.is_none() || key.account.payee() == reserve.payee.as_ref();
            let is_use = reserve.use_types.is_empty() || reserve.use_types.contains(&key.use_type);
            if is_whose && is_use {
                let holder = (agreement, key.account.clone(), key.term.as_ref());
                plus(sold.entry(holder).or_default(), sum.sales)?;
            }
        }
        for (holder, sales) in sold {
            // The operator may lose by a sale, where royalties on the price exceed what it brought.
            let amount = part(sales.max(Atoms::ZERO), reserve.rate)?;
            let accounts = [holder.1.clone(), place(reserve, &holder)];
            self.shift(end, Step::ReserveIn, (agreement, &reserve.id), accounts, amount)?;
            self.take(holder.clone(), amount)?;
            self.held.push(Held { holder, reserve, end, amount });
        }
        Ok(())
    }

    /// Releases what is due up to the end of a period and was not due at the end of the one before.
    fn release(&mut self, before: Option<Date>, end: Date) -> Result<(), SettleError> {
        let mut released = Vec::new();
        for it in &self.held {
            let due = |day: Date| -> Result<Atoms, SettleError> {
                let of =
                    |(after, part): &(u32, Ratio)| (later(it.end, *after) <= day).then_some(*part);
                let due = it.reserve.release.iter().filter_map(of);
                let due = due.into_iter().try_fold(Ratio::ZERO, Ratio::checked_add);
                part(it.amount, due.ok_or(SettleError::Overflow)?)
            };
            let was = before.filter(|day| *day >= it.end).map_or(Ok(Atoms::ZERO), due)?;
            let now = due(end)?.checked_sub(was).ok_or(SettleError::Overflow)?;
            released.push((it.holder.clone(), it.reserve, now));
        }
        for (holder, reserve, amount) in released {
            let accounts = [place(reserve, &holder), holder.1.clone()];
            self.shift(end, Step::ReserveOut, (holder.0, &reserve.id), accounts, amount)?;
            self.give(holder, amount)?;
        }
        Ok(())
    }
}

fn place(reserve: &Reserve, (agreement, account, _): &Holder<'_>) -> Account {
    Account::Reserve {
        agreement: (*agreement).clone(),
        reserve: reserve.id.to_string(),
        holder: Box::new(account.clone()),
    }
}

fn part(of: Atoms, rate: Ratio) -> Result<Atoms, SettleError> {
    of.mul_ratio(rate, Rounding::Down).ok_or(SettleError::Overflow)
}

/// The same day so many months later; the day after the end of a period is the first of a month.
fn later(day: Date, months: u32) -> Date {
    (0..months).fold(Month::of(day), |month, _| month.next()).first_day()
}
