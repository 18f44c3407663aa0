//! One group of agreements in one currency, period of origin after period of origin.

use std::collections::BTreeMap;

use catalog::Agreement;
use ident::{AgreementId, TermId};
use ledger::Account;
use money::{Atoms, Currency};
use period::{Date, Period};

use super::recoup::Open;
use super::reserves::Held;
use super::{Earned, EarnedKey, MovementKey, Movements, Step};
use crate::settle::{SettleError, plus};

/// What was earned in a period of origin: one sum of the book.
pub(super) type Sums<'a> = [(&'a EarnedKey, &'a Earned)];

pub(super) struct Lane<'a> {
    pub(super) currency: Currency,
    pub(super) group: &'a [&'a Agreement],
    pub(super) movements: &'a mut Movements,
    /// What was paid and is still to be kept back.
    pub(super) open: Vec<Open<'a>>,
    /// What is held back and not released so far.
    pub(super) held: Vec<Held<'a>>,
    /// What terms with a cap earned so far, in all or in the year.
    pub(super) capped: BTreeMap<(&'a AgreementId, &'a TermId), (i16, Atoms)>,
    /// What accounts have of the period at hand that advances and costs are kept back from.
    pub(super) got: BTreeMap<(&'a AgreementId, Account), Atoms>,
}

impl<'a> Lane<'a> {
    pub(super) const fn new(
        currency: Currency,
        group: &'a [&'a Agreement],
        movements: &'a mut Movements,
    ) -> Self {
        Self {
            currency,
            group,
            movements,
            open: Vec::new(),
            held: Vec::new(),
            capped: BTreeMap::new(),
            got: BTreeMap::new(),
        }
    }

    pub(super) fn run(mut self, origins: &[Period], sums: &Sums<'a>) -> Result<(), SettleError> {
        let mut before = Date::MIN;
        let own: Vec<_> =
            sums.iter().filter(|it| it.0.currency == self.currency).copied().collect();
        for (at, origin) in origins.iter().enumerate() {
            let end = origin.end();
            let of_origin: Vec<_> = own.iter().filter(|it| it.0.origin == end).copied().collect();
            self.paid(before, end)?;
            self.begin(&of_origin)?;
            self.caps(*origin, &of_origin)?;
            self.reserves(origins, at, &of_origin)?;
            self.pool_costs(end, &of_origin)?;
            self.recoup(end)?;
            self.guarantees(origins, before, *origin, &own)?;
            before = end;
        }
        Ok(())
    }

    /// Notes what advances and costs are kept back from.
    fn begin(&mut self, sums: &Sums<'a>) -> Result<(), SettleError> {
        self.got.clear();
        for (key, earned) in sums {
            if self.is_recoupable(key) {
                let got = self.got.entry((&key.agreement, key.account.clone())).or_default();
                plus(got, earned.amount)?;
            }
        }
        Ok(())
    }

    fn is_recoupable(&self, key: &EarnedKey) -> bool {
        let agreement = self.group.iter().find(|it| it.id == key.agreement);
        let term =
            |id: &TermId| agreement.and_then(|it| it.terms.iter().find(|term| term.id == *id));
        key.term.as_ref().and_then(term).is_none_or(|it| it.recoup)
    }

    /// Moves an amount from an account to another.
    pub(super) fn shift(
        &mut self,
        origin: Date,
        step: Step,
        of: (&'a AgreementId, &TermId),
        accounts: [Account; 2],
        amount: Atoms,
    ) -> Result<(), SettleError> {
        if amount.is_zero() {
            return Ok(());
        }
        let [from, to] = accounts;
        for (account, sign) in [(&from, amount.checked_neg()), (&to, Some(amount))] {
            if let Some(got) = self.got.get_mut(&(of.0, account.clone())) {
                plus(got, sign.ok_or(SettleError::Overflow)?)?;
            }
        }
        let key = MovementKey {
            origin,
            step,
            agreement: Some(of.0.clone()),
            reference: of.1.to_string(),
            from,
            to,
            currency: self.currency,
        };
        plus(self.movements.entry(key).or_default(), amount)
    }
}

/// The amounts above zero as weights.
pub(super) fn weights(amounts: impl Iterator<Item = Atoms>) -> Vec<u128> {
    amounts.map(|it| it.max(Atoms::ZERO).raw().unsigned_abs()).collect()
}
