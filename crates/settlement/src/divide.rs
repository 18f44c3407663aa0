//! Cells to parts of money, by the terms that speak about them.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, RightsType, Subject, Term, Use};
use ident::{AgreementId, PartyId, TermId};
use ledger::SuspenseReason;
use money::{Atoms, Ratio, Rounding, allocate};
use usage::{Basis, Cell, CellKey, Target};

use crate::index::AgreementIndex;
use crate::ladder::{MeterKey, Meters, Piece, steps};
use crate::outcome::{Outside, OutsideCell, Plan, SettledCell, Settlement};
use crate::plan::Counting;
use crate::settle::{Rulings, SettleError, plus};

/// Where a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// It is settled for the first time.
    Open,
    /// It was settled; this is how it was divided, to be taken back.
    Before,
    /// It was settled, and this is how it is divided now.
    Now,
}

/// Divides cells, keeping each distinct plan once.
pub(crate) struct Divider<'a> {
    catalog: &'a Catalog,
    rulings: &'a Rulings,
    agreements: AgreementIndex<'a>,
    by_terms: BTreeMap<PlanKey<'a>, usize>,
    by_suspense: BTreeMap<SuspenseReason, usize>,
    /// The plans of the context at hand, by agreement; of those agreements only whose plan the context
    /// decides.
    of_context: BTreeMap<&'a AgreementId, usize>,
    context: Option<Context>,
}

/// What a plan is made of: agreement, terms with their rates, and the parties that each role pays.
type PlanKey<'a> = (&'a AgreementId, Vec<(&'a TermId, Ratio)>, Vec<Vec<&'a PartyId>>);

/// What cells next to each other have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Context(CellKey);

impl<'a> Divider<'a> {
    pub(crate) fn new(catalog: &'a Catalog, rulings: &'a Rulings) -> Self {
        Self {
            catalog,
            rulings,
            agreements: AgreementIndex::new(catalog),
            by_terms: BTreeMap::new(),
            by_suspense: BTreeMap::new(),
            of_context: BTreeMap::new(),
            context: None,
        }
    }

    /// Sums what the ladders of these cells count.
    pub(crate) fn count(&self, cells: &[Cell]) -> Result<Meters, SettleError> {
        let mut meters = Meters::new();
        if !self.catalog.agreements.values().any(Agreement::has_ladder) {
            return Ok(meters);
        }
        for cell in cells {
            let key = &cell.key;
            let Some(agreement) = self.agreement(key).filter(|it| it.has_ladder()) else {
                continue;
            };
            let subject = self.agreements.subject(&key.target);
            let Ok((Some(received), _)) = self.received(key, cell.amount, Some(agreement)) else {
                continue;
            };
            for term in self.terms(agreement, key, &subject) {
                let Some(ladder) = &term.ladder else { continue };
                let counted = match ladder.meter {
                    catalog::Meter::Units => cell.usages,
                    catalog::Meter::Revenue => received,
                };
                let of = (&agreement.id, &term.id);
                let meter = MeterKey::of(of.0, of.1, ladder, &key.target, key.currency);
                plus(meters.entry(meter).or_default().entry(key.month).or_default(), counted)?;
            }
        }
        Ok(meters)
    }

    /// Divides cells in the order of their keys. What was divided before is taken back.
    pub(crate) fn divide(
        &mut self,
        position: Position,
        cells: &[Cell],
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let mut order: Vec<(usize, &Cell)> = cells.iter().enumerate().collect();
        order.sort_by(|a, b| a.1.key.cmp(&b.1.key));
        for (at, cell) in order {
            let agreement = self.agreement(&cell.key);
            match self.received(&cell.key, cell.amount, agreement) {
                Err(_) if position != Position::Open => {}
                Err(reason) => outcome.outside.push(OutsideCell { cell: at, reason }),
                Ok(_) => self.part((position, at), cell, agreement, meters, outcome)?,
            }
        }
        Ok(())
    }

    /// Why the money of a cell waits, whatever the terms say.
    fn waiting(&self, key: &CellKey, agreement: Option<&Agreement>) -> Option<SuspenseReason> {
        let disputed = &self.rulings.disputed;
        if !disputed.is_empty() && disputed.contains(&(key.report.clone(), key.target.clone())) {
            return Some(SuspenseReason::Disputed);
        }
        match (&key.target, agreement) {
            (Target::Unmatched { .. }, _) => {
                let lapsed = self.rulings.lapsed_before.is_some_and(|it| key.month < it);
                Some(if lapsed { SuspenseReason::Lapsed } else { SuspenseReason::Unmatched })
            }
            (_, None) => Some(SuspenseReason::NoAgreement),
            (_, Some(_)) => None,
        }
    }

    /// Divides one cell, or each piece that ladders cut it into.
    fn part(
        &mut self,
        place: (Position, usize),
        cell: &Cell,
        agreement: Option<&'a Agreement>,
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let key = &cell.key;
        let whole = Piece { usages: cell.usages, reported: cell.amount, rates: Vec::new() };
        let waiting = self.waiting(key, agreement);
        let Some(agreement) = agreement.filter(|_| waiting.is_none()) else {
            let plan = self.suspense(outcome, waiting.unwrap_or(SuspenseReason::NoAgreement));
            return self.settle(place, key, agreement, &whole, plan, outcome);
        };
        self.enter_context(key);
        if let Some(plan) = self.of_context.get(&agreement.id) {
            return self.settle(place, key, Some(agreement), &whole, *plan, outcome);
        }
        let subject = self.agreements.subject(&key.target);
        let terms = self.terms(agreement, key, &subject);
        let mut pieces = vec![whole];
        for term in &terms {
            let steps = match &term.ladder {
                None => vec![(term.rate, 1)],
                Some(ladder) => {
                    let of = (&agreement.id, &term.id);
                    let meter = MeterKey::of(of.0, of.1, ladder, &key.target, key.currency);
                    steps(term.rate, ladder, meters.get(&meter), key.month)?
                }
            };
            let cut = pieces.iter().map(|it| it.cut(&steps)).collect::<Result<Vec<_>, _>>()?;
            pieces = cut.concat();
        }
        for piece in &pieces {
            let plan = self.plan(agreement, &terms, &piece.rates, &subject, outcome);
            self.settle(place, key, Some(agreement), piece, plan, outcome)?;
        }
        let by_context = |it: &Term| it.ladder.is_none() && !it.looks_at_subject();
        if let (true, [_], Some(last)) =
            (agreement.terms.iter().all(by_context), pieces.as_slice(), outcome.settled.last())
        {
            self.of_context.insert(&agreement.id, last.plan);
        }
        Ok(())
    }

    fn settle(
        &self,
        (position, at): (Position, usize),
        key: &CellKey,
        agreement: Option<&Agreement>,
        piece: &Piece,
        plan: usize,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let Ok((received, licence)) = self.received(key, piece.reported, agreement) else {
            return Ok(());
        };
        let Some(weights) = outcome.plans.get(plan).map(|it| &it.weights) else { return Ok(()) };
        let back = position == Position::Before;
        let sign = |it: Atoms| if back { it.checked_neg() } else { Some(it) };
        let signed = |it| sign(it).ok_or(SettleError::Overflow);
        let received = signed(received.ok_or(SettleError::Overflow)?)?;
        let amounts = allocate(received, weights)?.into_boxed_slice();
        outcome.settled.push(SettledCell {
            position,
            cell: at,
            usages: signed(piece.usages)?,
            reported: signed(piece.reported)?,
            licence,
            received,
            plan,
            amounts,
        });
        Ok(())
    }

    /// Forgets the plans of another context.
    fn enter_context(&mut self, key: &CellKey) {
        let same = |it: &Context| {
            let known = &it.0;
            (
                &known.territory,
                &known.service,
                &known.use_type,
                &known.commercial_model,
                known.month,
            ) == (&key.territory, &key.service, &key.use_type, &key.commercial_model, key.month)
                && matches!(known.target, Target::Product(_))
                    == matches!(key.target, Target::Product(_))
        };
        if !self.context.as_ref().is_some_and(same) {
            self.of_context.clear();
            self.context = Some(Context(key.clone()));
        }
    }

    /// Returns the agreement that speaks about a cell.
    fn agreement(&self, key: &CellKey) -> Option<&'a Agreement> {
        let (rights, day) = (rights_type(key.rights_type), key.month.first_day());
        match &key.target {
            Target::Recording(recording) => self.agreements.find(rights?, recording, day),
            Target::Product(id) => {
                let product = self.catalog.products.get(id)?;
                let rights = rights.unwrap_or(product.rights_type);
                self.catalog.agreement_for_product(rights, product, &key.use_type, day)
            }
            Target::Unmatched { .. } => None,
        }
    }

    fn terms(
        &self,
        agreement: &'a Agreement,
        key: &CellKey,
        subject: &Subject<'_>,
    ) -> Vec<&'a Term> {
        let of = of(key, subject);
        match key.target {
            Target::Product(_) => agreement.terms_for_product(&of),
            Target::Recording(_) | Target::Unmatched { .. } => agreement.terms_for(&of),
        }
    }

    /// Returns what an amount brings to us (none if it is too large), or why it brings nothing.
    #[expect(clippy::type_complexity, reason = "the pair has one kind of reader, above")]
    fn received(
        &self,
        key: &CellKey,
        amount: Atoms,
        agreement: Option<&Agreement>,
    ) -> Result<(Option<Atoms>, Option<(AgreementId, Ratio)>), Outside> {
        match key.basis {
            Basis::NoMoney => Err(Outside::NoMoney),
            Basis::Received => Ok((Some(amount), None)),
            Basis::ServiceNet => {
                // A service owes us for what we control, and an agreement says what that is.
                let agreement = agreement.ok_or(Outside::NotOurs)?;
                let subject = self.agreements.subject(&key.target);
                let licence = self
                    .catalog
                    .licence_for(&key.sender, agreement.rights_type, &of(key, &subject))
                    .ok_or(Outside::NoLicence)?;
                let received = amount.mul_ratio(licence.rate, Rounding::HalfEven);
                Ok((received, Some((licence.id.clone(), licence.rate))))
            }
        }
    }

    fn plan(
        &mut self,
        agreement: &'a Agreement,
        terms: &[&'a Term],
        rates: &[Ratio],
        subject: &Subject<'a>,
        outcome: &mut Settlement,
    ) -> usize {
        let mut parties = Vec::new();
        let mut counting = Vec::new();
        for (term, rate) in terms.iter().zip(rates) {
            if let catalog::Payees::Role(role) = &term.payees {
                parties.push(subject.with_role(role));
            }
            let rate = term.reduction(subject).and_then(|it| it.checked_mul(*rate));
            counting.push(rate.map(|rate| Counting { term, rate }));
        }
        let Some(counting) = counting.into_iter().collect::<Option<Vec<_>>>() else {
            outcome.plans.push(Plan::suspense(Some(agreement), SuspenseReason::TooFine));
            return outcome.plans.len().saturating_sub(1);
        };
        let terms = counting.iter().map(|it| (&it.term.id, it.rate)).collect();
        let key = (&agreement.id, terms, parties);
        if let Some(plan) = self.by_terms.get(&key) {
            return *plan;
        }
        outcome.plans.push(Plan::of_terms(agreement, &counting, subject));
        let plan = outcome.plans.len().saturating_sub(1);
        self.by_terms.insert(key, plan);
        plan
    }

    fn suspense(&mut self, outcome: &mut Settlement, reason: SuspenseReason) -> usize {
        *self.by_suspense.entry(reason).or_insert_with(|| {
            outcome.plans.push(Plan::suspense(None, reason));
            outcome.plans.len().saturating_sub(1)
        })
    }
}

fn of<'b>(key: &'b CellKey, subject: &'b Subject<'b>) -> Use<'b> {
    Use {
        territory: &key.territory,
        service: &key.service,
        use_type: &key.use_type,
        commercial_model: &key.commercial_model,
        date: key.month.first_day(),
        subject,
    }
}

const fn rights_type(of: usage::RightsType) -> Option<RightsType> {
    match of {
        usage::RightsType::Master => Some(RightsType::Master),
        usage::RightsType::Work => Some(RightsType::Work),
        usage::RightsType::Performer => Some(RightsType::Performer),
        usage::RightsType::Unspecified => None,
    }
}
