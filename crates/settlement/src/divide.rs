//! Cells to plans, by the terms that speak about them.
//!
//! Nearly every cell is divided as another one was: by an agreement without conditions always, by
//! one that looks at territory or use type alone wherever the same of its terms hold. So a plan is
//! made once, and found again by the number of its agreement and by the terms that hold.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use catalog::{Agreement, Licence, Payees, RightsType, Subject, Term, TermKind};
use ident::{AgreementId, PartyId, TermId};
use ledger::SuspenseReason;
use money::{Atoms, Ratio, Rounding};
use usage::{Basis, Cell, Cells, Context, Target};

use crate::index::{AgreementIndex, Candidates, of};
use crate::ladder::{MeterKey, Meters, Piece, steps};
use crate::outcome::{Outside, OutsideCell, Plan, Route, SettledCell, Settlement};
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
    index: &'a AgreementIndex<'a>,
    rulings: &'a Rulings,
    by_terms: BTreeMap<PlanKey<'a>, u32>,
    by_suspense: BTreeMap<SuspenseReason, u32>,
    /// Plans by terms on the price, before it is known whether they leave anything to share.
    drafts: BTreeMap<PlanKey<'a>, Plan>,
    without_price: BTreeMap<&'a AgreementId, u32>,
    by_price: BTreeMap<Atoms, NonZeroU32>,
    by_licence: BTreeMap<&'a AgreementId, u32>,
    /// What is known of each agreement, by its number.
    known: Vec<Known>,
}

/// What a plan is made of: agreement, terms with their rates, and the parties that each role pays.
type PlanKey<'a> = (&'a AgreementId, Vec<(&'a TermId, Ratio)>, Vec<Vec<&'a PartyId>>);

/// What a term on the price looks at: what was received for a piece of a cell, and the published price
/// of all its units.
#[derive(Clone, Copy)]
struct Priced {
    received: Atoms,
    published: Atoms,
}

/// What the plan of an agreement depends on, and the plans that were made.
#[derive(Clone)]
enum Known {
    /// On nothing.
    Always(Option<u32>),
    /// On the terms that hold where, when and how the usage took place, a bit each.
    ByTerms(Vec<(u64, u32)>),
    /// On what was used as well.
    BySubject,
}

impl Known {
    fn of(agreement: &Agreement) -> Self {
        let terms = &agreement.terms;
        let is_own =
            |it: &Term| it.ladder.is_some() || it.looks_at_subject() || it.looks_at_price();
        if terms.len() > 64 || terms.iter().any(is_own) {
            return Self::BySubject;
        }
        match terms.iter().all(|it| it.condition == catalog::Condition::default()) {
            true => Self::Always(None),
            false => Self::ByTerms(Vec::new()),
        }
    }
}

/// The cells of one context, while they are divided.
struct InContext<'a, 'c> {
    context: &'c Context,
    rights_type: Option<RightsType>,
    /// The routes by licences that do not look at what was used, by right.
    routes: BTreeMap<RightsType, Result<u32, Outside>>,
    index: &'a AgreementIndex<'a>,
}

impl<'a, 'c> InContext<'a, 'c> {
    fn new(index: &'a AgreementIndex<'a>, context: &'c Context) -> Self {
        let rights_type = rights_type(context.rights_type);
        Self { context, rights_type, routes: BTreeMap::new(), index }
    }

    fn agreement(&self, candidates: Candidates<'a, 'a>) -> Option<usize> {
        let day = self.context.month.first_day();
        self.index.find(candidates, self.rights_type, day, &self.context.use_type)
    }
}

impl<'a> Divider<'a> {
    pub(crate) fn new(index: &'a AgreementIndex<'a>, rulings: &'a Rulings) -> Self {
        Self {
            index,
            rulings,
            by_terms: BTreeMap::new(),
            by_suspense: BTreeMap::new(),
            drafts: BTreeMap::new(),
            without_price: BTreeMap::new(),
            by_price: BTreeMap::new(),
            by_licence: BTreeMap::new(),
            known: index.agreements().iter().map(|it| Known::of(it)).collect(),
        }
    }

    /// Sums what the ladders of these cells count.
    pub(crate) fn count(&self, cells: &Cells) -> Result<Meters, SettleError> {
        let mut meters = Meters::new();
        let has_ladder: Vec<bool> =
            self.index.agreements().iter().map(|it| it.has_ladder()).collect();
        if !has_ladder.contains(&true) {
            return Ok(meters);
        }
        for_each(self.index, cells, |_, cell, here, number| {
            let with_ladder = number.filter(|it| has_ladder.get(*it) == Some(&true));
            let Some(agreement) = with_ladder.and_then(|it| self.index.agreements().get(it)) else {
                return Ok(());
            };
            let subject = self.index.subject(cell.target);
            let Ok(licence) = self.licence(here.context, Some(agreement), &subject) else {
                return Ok(());
            };
            let rate = licence.map_or(Ratio::ONE, |it| it.rate);
            let received = cell.amount.mul_ratio(rate, Rounding::HalfEven);
            let received = received.ok_or(SettleError::Overflow)?;
            for term in terms(agreement, &cell, &subject) {
                let Some(ladder) = &term.ladder else { continue };
                let counted = match ladder.meter {
                    catalog::Meter::Units => cell.usages,
                    catalog::Meter::Revenue => received,
                };
                let of = (&agreement.id, &term.id);
                let meter = MeterKey::of(of.0, of.1, ladder, cell.target, cell.context.currency);
                plus(
                    meters.entry(meter).or_default().entry(cell.context.month).or_default(),
                    counted,
                )?;
            }
            Ok(())
        })?;
        Ok(meters)
    }

    /// Divides cells in the order of their keys. What was divided before is taken back.
    pub(crate) fn divide(
        &mut self,
        position: Position,
        cells: &Cells,
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        outcome.settled.reserve(cells.len());
        for_each(self.index, cells, |at, cell, here, agreement| {
            match self.route(here, &cell, agreement, outcome) {
                Err(_) if position != Position::Open => Ok(()),
                Err(reason) => {
                    outcome.outside.push(OutsideCell { cell: at, reason });
                    Ok(())
                }
                Ok(route) => {
                    let (plan, piece, price) = (0, None, None);
                    let settled = SettledCell { position, cell: at, plan, route, piece, price };
                    self.part(settled, &cell, agreement, meters, outcome)
                }
            }
        })
    }

    /// Why the money of a cell waits, whatever the terms say.
    fn waiting(&self, cell: &Cell<'_>, agreement: Option<usize>) -> Option<SuspenseReason> {
        let (context, disputed) = (cell.context, &self.rulings.disputed);
        if !disputed.is_empty() && disputed.contains(&(context.report.clone(), cell.target.clone()))
        {
            return Some(SuspenseReason::Disputed);
        }
        match (cell.target, agreement) {
            (Target::Unmatched { .. }, _) => {
                let lapsed = self.rulings.lapsed_before.is_some_and(|it| context.month < it);
                Some(if lapsed { SuspenseReason::Lapsed } else { SuspenseReason::Unmatched })
            }
            (_, None) => Some(SuspenseReason::NoAgreement),
            (_, Some(_)) => None,
        }
    }

    /// Divides one cell, or each piece that ladders cut it into.
    fn part(
        &mut self,
        settled: SettledCell,
        cell: &Cell<'_>,
        number: Option<usize>,
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let waiting = self.waiting(cell, number);
        let agreements = self.index.agreements();
        let (None, Some((number, agreement))) =
            (waiting, number.and_then(|it| Some((it, *agreements.get(it)?))))
        else {
            let plan = self.suspense(outcome, waiting.unwrap_or(SuspenseReason::NoAgreement));
            outcome.settled.push(SettledCell { plan, ..settled });
            return Ok(());
        };
        // Where the terms of products are others than those of recordings, they are not kept.
        let is_kept = !matches!(cell.target, Target::Product(_));
        let holding = match self.known.get(number).filter(|_| is_kept) {
            Some(Known::Always(plan)) => Some((0, *plan)),
            Some(Known::ByTerms(plans)) => {
                let holding = holding(agreement, cell.context);
                let plan = plans.iter().find(|it| it.0 == holding);
                Some((holding, plan.map(|it| it.1)))
            }
            Some(Known::BySubject) | None => None,
        };
        if let Some((_, Some(plan))) = holding {
            outcome.settled.push(SettledCell { plan, ..settled });
            return Ok(());
        }
        let subject = self.index.subject(cell.target);
        let terms = terms(agreement, cell, &subject);
        let is_priced = terms.iter().any(|it| it.looks_at_price());
        let price = self.index.price(cell, &subject).filter(|_| is_priced);
        if is_priced && price.is_none() {
            let plan = self.without_price(agreement, outcome);
            outcome.settled.push(SettledCell { plan, ..settled });
            return Ok(());
        }
        let settled = SettledCell { price: self.number_of_price(price, outcome)?, ..settled };
        let pieces = pieces(agreement, &terms, cell, meters)?;
        for piece in &pieces {
            let priced = price.map(|it| outcome.priced(&settled, piece, it)).transpose()?;
            let plan = self.plan(agreement, (&terms, &piece.rates), &subject, priced, outcome)?;
            let mut settled = SettledCell { plan, ..settled };
            if pieces.len() > 1 {
                outcome.pieces.push([piece.usages, piece.reported]);
                settled.piece = NonZeroU32::new(count(outcome.pieces.len())?);
            }
            outcome.settled.push(settled);
            match (self.known.get_mut(number), holding) {
                (Some(Known::Always(kept)), Some(_)) => *kept = Some(plan),
                (Some(Known::ByTerms(plans)), Some((holding, _))) => plans.push((holding, plan)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Returns the licence that turns an amount into money for us, if one has to; or why it brings
    /// nothing.
    fn licence(
        &self,
        context: &Context,
        agreement: Option<&Agreement>,
        subject: &Subject<'_>,
    ) -> Result<Option<&'a Licence>, Outside> {
        match context.basis {
            Basis::NoMoney => Err(Outside::NoMoney),
            Basis::Received => Ok(None),
            Basis::ServiceNet => {
                // A service owes us for what we control, and an agreement says what that is.
                let right = agreement.ok_or(Outside::NotOurs)?.rights_type;
                let licence = self.index.licence(&context.sender, right, &of(context, subject));
                licence.map(Some).ok_or(Outside::NoLicence)
            }
        }
    }

    /// Returns the number of the way in which an amount becomes money for us.
    fn route(
        &mut self,
        here: &mut InContext<'a, '_>,
        cell: &Cell<'_>,
        agreement: Option<usize>,
        outcome: &mut Settlement,
    ) -> Result<u32, Outside> {
        let context = here.context;
        let agreement = agreement.and_then(|it| self.index.agreements().get(it)).copied();
        let right = match (context.basis, agreement) {
            (Basis::ServiceNet, Some(it)) => it.rights_type,
            _ => return self.licence(context, agreement, &Subject::default()).map(|_| 0),
        };
        let looks_at_subject = self.index.licence_looks_at_subject(&context.sender, right);
        if let Some(route) = here.routes.get(&right).filter(|_| !looks_at_subject) {
            return *route;
        }
        let subject = match looks_at_subject {
            true => self.index.subject(cell.target),
            false => Subject::default(),
        };
        let licence = self.licence(context, agreement, &subject);
        let route = licence.map(|it| it.map_or(0, |it| self.by_licence(it, outcome)));
        here.routes.insert(right, route);
        route
    }

    fn by_licence(&mut self, licence: &'a Licence, outcome: &mut Settlement) -> u32 {
        *self.by_licence.entry(&licence.id).or_insert_with(|| {
            outcome.routes.push(Route { licence: Some((licence.id.clone(), licence.rate)) });
            last(outcome.routes.len())
        })
    }

    fn plan(
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
        if let Some(Priced { received, published }) = priced {
            let draft = self.drafts.entry(key(&counting));
            let draft = draft.or_insert_with(|| Plan::of_terms(agreement, &counting, subject));
            if draft.leaves_nothing(received, published)? {
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
    fn number_of_price(
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
    fn without_price(&mut self, agreement: &'a Agreement, outcome: &mut Settlement) -> u32 {
        *self.without_price.entry(&agreement.id).or_insert_with(|| {
            outcome.plans.push(Plan::suspense(Some(agreement), SuspenseReason::NoPrice));
            last(outcome.plans.len())
        })
    }

    fn suspense(&mut self, outcome: &mut Settlement, reason: SuspenseReason) -> u32 {
        *self.by_suspense.entry(reason).or_insert_with(|| {
            outcome.plans.push(Plan::suspense(None, reason));
            last(outcome.plans.len())
        })
    }
}

/// Goes through cells in the order of their keys, each with its place and the number of the
/// agreement that speaks about it.
fn for_each<'a, 'c>(
    index: &'a AgreementIndex<'a>,
    cells: &'c Cells,
    mut see: impl FnMut(u32, Cell<'c>, &mut InContext<'a, 'c>, Option<usize>) -> Result<(), SettleError>,
) -> Result<(), SettleError> {
    let candidates = index.candidates(cells.targets());
    let mut here: Option<InContext<'a, 'c>> = None;
    for (at, (row, cell)) in cells.rows().iter().zip(cells.iter()).enumerate() {
        if here.as_ref().is_none_or(|it| !std::ptr::eq(it.context, cell.context)) {
            here = Some(InContext::new(index, cell.context));
        }
        let Some(here) = &mut here else { continue };
        let target = usize::try_from(row.target).ok().and_then(|it| candidates.get(it));
        let agreement = target.and_then(|it| here.agreement(*it));
        see(count(at)?, cell, here, agreement)?;
    }
    Ok(())
}

/// The terms of an agreement that hold in a context, a bit each.
fn holding(agreement: &Agreement, context: &Context) -> u64 {
    let subject = Subject::default();
    let of = of(context, &subject);
    let holds = |term: &Term| u64::from(term.condition.matches(&of, &term.payees));
    agreement.terms.iter().fold(0, |bits, term| bits << 1 | holds(term))
}

/// The terms that count; those on the price only where something was sold.
fn terms<'a>(agreement: &'a Agreement, cell: &Cell<'_>, subject: &Subject<'_>) -> Vec<&'a Term> {
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
    fn priced(
        &self,
        settled: &SettledCell,
        piece: &Piece,
        price: Atoms,
    ) -> Result<Priced, SettleError> {
        let received = self.route(settled).and_then(|it| it.received(piece.reported));
        let published = piece.usages.checked_mul(price, Rounding::HalfEven);
        let (received, published) = received.zip(published).ok_or(SettleError::Overflow)?;
        Ok(Priced { received, published })
    }
}

/// What ladders cut a cell into: all of it in one piece, if there are none.
fn pieces(
    agreement: &Agreement,
    terms: &[&Term],
    cell: &Cell<'_>,
    meters: &Meters,
) -> Result<Vec<Piece>, SettleError> {
    let mut pieces = vec![Piece { usages: cell.usages, reported: cell.amount, rates: Vec::new() }];
    let Context { month, currency, .. } = *cell.context;
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

/// A number of things as it is kept.
fn count(number: usize) -> Result<u32, SettleError> {
    u32::try_from(number).map_err(|_| SettleError::TooMany)
}

/// The place of the last of so many plans or routes, of which there are fewer than cells.
fn last(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_sub(1)
}

const fn rights_type(of: usage::RightsType) -> Option<RightsType> {
    match of {
        usage::RightsType::Master => Some(RightsType::Master),
        usage::RightsType::Work => Some(RightsType::Work),
        usage::RightsType::Performer => Some(RightsType::Performer),
        usage::RightsType::Unspecified => None,
    }
}
