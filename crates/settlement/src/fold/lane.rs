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
    /// What there is of the period at hand, by what has it.
    pub(super) got: BTreeMap<Holder<'a>, Atoms>,
}

/// What an account has by one term of an agreement (by none: what is retained), in the order that
/// breaks ties.
pub(super) type Holder<'a> = (&'a AgreementId, Account, Option<&'a TermId>);

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
            self.caps(*origin)?;
            self.reserves(origins, at, &of_origin)?;
            self.pool_costs(end)?;
            self.recoup(end)?;
            self.guarantees(origins, before, *origin, &own)?;
            before = end;
        }
        Ok(())
    }

    /// Notes what was earned in the period at hand.
    fn begin(&mut self, sums: &Sums<'a>) -> Result<(), SettleError> {
        self.got.clear();
        for (key, earned) in sums {
            let holder = (&key.agreement, key.account.clone(), key.term.as_ref());
            plus(self.got.entry(holder).or_default(), earned.amount)?;
        }
        Ok(())
    }

    /// Whether advances and costs are kept back from what a holder has.
    pub(super) fn is_recoupable(&self, (agreement, _, term): &Holder<'a>) -> bool {
        let agreement = self.group.iter().find(|it| it.id == **agreement);
        let known = |id: &TermId| agreement.and_then(|it| it.terms.iter().find(|it| it.id == *id));
        term.and_then(known).is_none_or(|it| it.recoup)
    }

    /// Gives an amount to a holder, or takes it if it is negative.
    pub(super) fn give(&mut self, holder: Holder<'a>, amount: Atoms) -> Result<(), SettleError> {
        plus(self.got.entry(holder).or_default(), amount)
    }

    /// Takes an amount from a holder.
    pub(super) fn take(&mut self, holder: Holder<'a>, amount: Atoms) -> Result<(), SettleError> {
        self.give(holder, amount.checked_neg().ok_or(SettleError::Overflow)?)
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
