//! The plans that cells are divided by, each made once.

use std::num::NonZeroU32;

use catalog::{Agreement, Payees, Subject, Term, TermKind};
use ident::TermId;
use ledger::SuspenseReason;
use money::{Atoms, Currency, Ratio};
use usage::{Cell, Context, Target};

use super::{Divider, PlanKey, count, last};
use crate::index::of;
use crate::ladder::{MeterKey, Meters, Piece, steps};
use crate::outcome::{Plan, SettledCell, Settlement};
use crate::plan::Counting;
use crate::settle::SettleError;

/// What a term on the price looks at: what is divided of a piece of a cell, and the published price of
/// all its units.
#[derive(Clone, Copy)]
pub(super) struct Priced {
    divided: Atoms,
    published: Atoms,
}

impl<'a> Divider<'a> {
    pub(super) fn plan(
        &mut self,
        agreement: &'a Agreement,
        (terms, rates): (&[&'a Term], &[Ratio]),
        subject: &Subject<'a>,
        priced: Option<Priced>,
        outcome: &mut Settlement,
    ) -> Result<u32, SettleError> {
        let mut parties = Vec::new();
        let mut counting = Vec::new();
        for (term, rate) in terms.iter().zip(rates) {
            if let Payees::Role(role) = &term.payees {
                parties.push(subject.with_role(role));
            }
            let rate = term.reduction(subject).and_then(|it| it.checked_mul(*rate));
            counting.push(rate.map(|rate| Counting { term, rate }));
        }
        let Some(mut counting) = counting.into_iter().collect::<Option<Vec<_>>>() else {
            outcome.plans.push(Plan::suspense(Some(agreement), SuspenseReason::TooFine));
            return Ok(last(outcome.plans.len()));
        };
        let key = |counting: &[Counting<'a>]| -> PlanKey<'a> {
            let terms = counting.iter().map(|it| (&it.term.id, it.rate)).collect();
            (&agreement.id, terms, parties.clone())
        };
        if let Some(Priced { divided, published }) = priced {
            let draft = self.drafts.entry(key(&counting));
            let draft = draft.or_insert_with(|| Plan::of_terms(agreement, &counting, subject));
            if draft.leaves_nothing(divided, published)? {
                counting.retain(|it| it.term.kind != TermKind::ProfitShare);
            }
        }
        let key = key(&counting);
        if let Some(plan) = self.by_terms.get(&key) {
            return Ok(*plan);
        }
        outcome.plans.push(Plan::of_terms(agreement, &counting, subject));
        let plan = last(outcome.plans.len());
        self.by_terms.insert(key, plan);
        Ok(plan)
    }

    /// The number of a price that terms look at.
    pub(super) fn number_of_price(
        &mut self,
        price: Option<Atoms>,
        outcome: &mut Settlement,
    ) -> Result<Option<NonZeroU32>, SettleError> {
        let Some(price) = price else { return Ok(None) };
        if let Some(known) = self.by_price.get(&price) {
            return Ok(Some(*known));
        }
        outcome.prices.push(price);
        let number = NonZeroU32::new(count(outcome.prices.len())?).ok_or(SettleError::TooMany)?;
        self.by_price.insert(price, number);
        Ok(Some(number))
    }

    /// The plan of an agreement by which everything waits for a price.
    pub(super) fn without_price(
        &mut self,
        agreement: &'a Agreement,
        outcome: &mut Settlement,
    ) -> u32 {
        *self.without_price.entry(&agreement.id).or_insert_with(|| {
            outcome.plans.push(Plan::suspense(Some(agreement), SuspenseReason::NoPrice));
            last(outcome.plans.len())
        })
    }

    pub(super) fn suspense(&mut self, outcome: &mut Settlement, reason: SuspenseReason) -> u32 {
        *self.by_suspense.entry(reason).or_insert_with(|| {
            outcome.plans.push(Plan::suspense(None, reason));
            last(outcome.plans.len())
        })
    }
}

/// The terms of an agreement that hold in a context, a bit each.
pub(super) fn holding(agreement: &Agreement, context: &Context) -> u64 {
    let subject = Subject::default();
    let of = of(context, &subject);
    let holds = |term: &Term| u64::from(term.condition.matches(&of, &term.payees));
    agreement.terms.iter().fold(0, |bits, term| bits << 1 | holds(term))
}

/// The terms that count; those on the price only where something was sold.
pub(super) fn terms<'a>(
    agreement: &'a Agreement,
    cell: &Cell<'_>,
    subject: &Subject<'_>,
) -> Vec<&'a Term> {
    let of = of(cell.context, subject);
    let mut terms = match cell.target {
        Target::Product(_) => agreement.terms_for_product(&of),
        Target::Recording(_) | Target::Unmatched { .. } => agreement.terms_for(&of),
    };
    if cell.usages.is_zero() && terms.iter().any(|it| it.looks_at_price()) {
        let all = terms.clone();
        let known = |id: &TermId| all.iter().copied().find(|it| it.id == *id);
        terms.retain(|it| !it.is_on_price(known));
    }
    terms
}

impl Settlement {
    /// What terms on the price look at in a piece of a cell, without the sign of its position: a
    /// loss is one on either side.
    pub(super) fn priced(
        &self,
        settled: &SettledCell,
        piece: &Piece,
        price: Atoms,
    ) -> Result<Priced, SettleError> {
        let route = self.route(settled);
        let divided = route.and_then(|it| it.divided(it.received(piece.reported)?));
        let divided = divided.ok_or(SettleError::Overflow)?;
        Ok(Priced { divided, published: self.published(settled.route, piece.usages, price)? })
    }
}

/// What ladders cut a cell into: all of it in one piece, if there are none.
pub(super) fn pieces(
    agreement: &Agreement,
    terms: &[&Term],
    cell: &Cell<'_>,
    meters: &Meters,
) -> Result<Vec<Piece>, SettleError> {
    let mut pieces = vec![Piece { usages: cell.usages, reported: cell.amount, rates: Vec::new() }];
    let (month, currency) = (cell.context.month, currency(agreement, cell.context));
    for term in terms {
        let steps = match &term.ladder {
            None => vec![(term.rate, 1)],
            Some(ladder) => {
                let meter = MeterKey::of(&agreement.id, &term.id, ladder, cell.target, currency);
                steps(term.rate, ladder, meters.get(&meter), month)?
            }
        };
        let cut = pieces.iter().map(|it| it.cut(&steps)).collect::<Result<Vec<_>, _>>()?;
        pieces = cut.concat();
    }
    Ok(pieces)
}

/// The currency that an agreement divides in.
pub(super) fn currency(agreement: &Agreement, context: &Context) -> Option<Currency> {
    agreement.settled_in.as_ref().map(|it| it.currency).or(context.currency)
}
