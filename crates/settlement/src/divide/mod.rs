//! Cells to plans, by the terms that speak about them.
//!
//! Nearly every cell is divided as another one was: by an agreement without conditions always, by
//! one that looks at territory or use type alone wherever the same of its terms hold. So a plan is
//! made once, and found again by the number of its agreement and by the terms that hold.

mod plans;
mod routes;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use catalog::{Agreement, RightsType, Term};
use ident::{AgreementId, PartyId, PipeId, TermId};
use ledger::SuspenseReason;
use money::{Atoms, Ratio};
use period::Period;
use usage::{Cell, Cells, Context, Target};

use self::plans::{currency, holding, pieces, terms};
use crate::exchange::{Becomes, Exchanges};
use crate::index::AgreementIndex;
use crate::ladder::{MeterKey, Meters};
use crate::outcome::{Outside, Plan, Route, SettledCell, Settlement, at};
use crate::settle::{Rulings, SettleError, plus};
use crate::voice::{Speakers, Voice, Voices};

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
    exchanges: Exchanges<'a>,
    by_pipe: BTreeMap<(&'a PipeId, Option<&'a AgreementId>), u32>,
    /// What is known of each agreement, by its number.
    known: Vec<Known>,
}

/// What a plan is made of: agreement, terms with their rates, and the parties that each role pays.
type PlanKey<'a> = (&'a AgreementId, Vec<(&'a TermId, Ratio)>, Vec<Vec<&'a PartyId>>);

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
    speakers: Speakers<'a, 'c>,
    /// The routes by licences that do not look at what was used, by right.
    routes: BTreeMap<RightsType, Result<u32, Outside>>,
    /// The routes that a route goes on by into the currency of an agreement, by its number; none where
    /// no rate is known.
    exchanged: BTreeMap<(usize, u32), Option<u32>>,
}

impl<'a, 'c> InContext<'a, 'c> {
    fn new(index: &'a AgreementIndex<'a>, context: &'c Context) -> Self {
        let (routes, exchanged) = (BTreeMap::new(), BTreeMap::new());
        Self { context, speakers: Speakers::new(index, context), routes, exchanged }
    }
}

impl<'a> Divider<'a> {
    pub(crate) fn new(
        index: &'a AgreementIndex<'a>,
        rulings: &'a Rulings,
        origins: &'a [Period],
    ) -> Self {
        Self {
            index,
            rulings,
            by_terms: BTreeMap::new(),
            by_suspense: BTreeMap::new(),
            drafts: BTreeMap::new(),
            without_price: BTreeMap::new(),
            by_price: BTreeMap::new(),
            by_licence: BTreeMap::new(),
            exchanges: Exchanges::new(index, origins),
            by_pipe: BTreeMap::new(),
            known: index.agreements().iter().map(|it| Known::of(it)).collect(),
        }
    }

    /// Sums what the ladders of these cells count.
    pub(crate) fn count(&mut self, cells: &Cells) -> Result<Meters, SettleError> {
        let mut meters = Meters::new();
        let has_ladder: Vec<bool> =
            self.index.agreements().iter().map(|it| it.has_ladder()).collect();
        if !has_ladder.contains(&true) {
            return Ok(meters);
        }
        for_each(self.index, cells, |_, cell, _, voices| {
            let numbers = voices.as_slice().iter().filter_map(|it| it.agreement);
            for number in numbers.filter(|it| has_ladder.get(*it) == Some(&true)) {
                let Some(agreement) = self.index.agreements().get(number) else { continue };
                self.count_cell(agreement, &cell, &mut meters)?;
            }
            Ok(())
        })?;
        Ok(meters)
    }

    fn count_cell(
        &mut self,
        agreement: &'a Agreement,
        cell: &Cell<'_>,
        meters: &mut Meters,
    ) -> Result<(), SettleError> {
        let subject = self.index.subject(cell.target);
        let Ok(licence) = self.licence(cell.context, Some(agreement), &subject) else {
            return Ok(());
        };
        let licence = licence.map(|it| (it.id.clone(), it.rate));
        let route = Route { licence, exchange: None };
        let route = match self.exchanges.of(agreement, cell.context) {
            Becomes::Itself => Some(route),
            Becomes::Other(it) => Some(Route { exchange: Some(it), ..route }),
            Becomes::Unknown => None,
        };
        let divided = route.map(|it| it.divided(it.received(cell.amount)?));
        let divided = divided.map(|it| it.ok_or(SettleError::Overflow)).transpose()?;
        for term in terms(agreement, cell, &subject) {
            let Some(ladder) = &term.ladder else { continue };
            let counted = match ladder.meter {
                catalog::Meter::Units => Some(cell.usages),
                catalog::Meter::Revenue => divided,
            };
            // What has no rate is not yet sold for anything.
            let Some(counted) = counted else { continue };
            let currency = currency(agreement, cell.context);
            let of = (&agreement.id, &term.id);
            let meter = MeterKey::of(of.0, of.1, ladder, cell.target, currency);
            plus(meters.entry(meter).or_default().entry(cell.context.month).or_default(), counted)?;
        }
        Ok(())
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
        for_each(self.index, cells, |at, cell, here, voices| {
            let (plan, route, piece, price) = (0, 0, None, None);
            let settled = SettledCell { position, cell: at, plan, route, piece, price };
            match voices {
                Voices::Each(each) => self.fan_out(settled, &cell, here, each, meters, outcome),
                Voices::One(voice) => match self.route(here, &cell, voice, outcome) {
                    Err(reason) => {
                        outcome.pass_over(&settled, reason);
                        Ok(())
                    }
                    Ok(route) => {
                        let settled = SettledCell { route, ..settled };
                        self.part(here, settled, &cell, *voice, meters, outcome)
                    }
                },
            }
        })
    }

    /// Divides revenue of all rights at once: each right by its own licence and agreement. What others
    /// pay, and what no licence covers, is outside for its right; if the cell is no right's, once.
    fn fan_out(
        &mut self,
        settled: SettledCell,
        cell: &Cell<'_>,
        here: &mut InContext<'a, '_>,
        voices: &[Voice<'a>],
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let mut routes = Vec::new();
        let mut outside = BTreeSet::new();
        let mut claimed = Some(Ratio::ZERO);
        for voice in voices {
            let route = self.route(here, cell, voice, outcome);
            let licence = match route {
                Ok(route) => at(&outcome.routes, route).and_then(|it| it.licence.as_ref()),
                Err(Outside::PaidBy(pipe)) => {
                    at(&outcome.paid_by, pipe).and_then(|it| it.licence.as_ref())
                }
                Err(_) => None,
            };
            let rate = licence.map_or(Ratio::ZERO, |it| it.1);
            claimed = claimed.and_then(|sum| sum.checked_add(rate));
            match route {
                Ok(route) => routes.push((route, *voice)),
                Err(reason) => drop(outside.insert(reason)),
            }
        }
        if !routes.is_empty() || outside.len() > 1 {
            outside.remove(&Outside::NotOurs);
        }
        outside.into_iter().for_each(|reason| outcome.pass_over(&settled, reason));
        // More than all of it cannot be owed, and which licence is wrong nobody knows.
        let is_over = claimed.is_none_or(|it| it > Ratio::ONE);
        for (route, voice) in routes {
            let settled = SettledCell { route, ..settled };
            if is_over {
                let plan = self.suspense(outcome, SuspenseReason::OverClaimed);
                outcome.settled.push(SettledCell { plan, ..settled });
            } else {
                self.part(here, settled, cell, voice, meters, outcome)?;
            }
        }
        Ok(())
    }

    /// Why the money of a cell waits, whatever the terms say.
    fn waiting(&self, cell: &Cell<'_>, voice: Voice<'_>) -> Option<SuspenseReason> {
        let (context, disputed) = (cell.context, &self.rulings.disputed);
        if !disputed.is_empty() && disputed.contains(&(context.report.clone(), cell.target.clone()))
        {
            return Some(SuspenseReason::Disputed);
        }
        if voice.pipe.is_some() {
            return Some(SuspenseReason::PaidElsewhere);
        }
        match (cell.target, voice.agreement) {
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
        here: &mut InContext<'a, '_>,
        settled: SettledCell,
        cell: &Cell<'_>,
        voice: Voice<'a>,
        meters: &Meters,
        outcome: &mut Settlement,
    ) -> Result<(), SettleError> {
        let waiting = self.waiting(cell, voice);
        let agreements = self.index.agreements();
        let (None, Some((number, agreement))) =
            (waiting, voice.agreement.and_then(|it| Some((it, *agreements.get(it)?))))
        else {
            let plan = self.suspense(outcome, waiting.unwrap_or(SuspenseReason::NoAgreement));
            outcome.settled.push(SettledCell { plan, ..settled });
            return Ok(());
        };
        let Some(route) = self.exchanged(here, (number, agreement), settled.route, outcome) else {
            let plan = self.suspense(outcome, SuspenseReason::NoRate);
            outcome.settled.push(SettledCell { plan, ..settled });
            return Ok(());
        };
        let settled = SettledCell { route, ..settled };
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
        let price = if is_priced { self.index.price(cell, &subject) } else { None };
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
}

/// Goes through cells in the order of their keys, each with its place and those who speak about it.
fn for_each<'a, 'c>(
    index: &'a AgreementIndex<'a>,
    cells: &'c Cells,
    mut see: impl FnMut(u32, Cell<'c>, &mut InContext<'a, 'c>, &Voices<'a>) -> Result<(), SettleError>,
) -> Result<(), SettleError> {
    let candidates = index.candidates(cells.targets());
    let mut here: Option<InContext<'a, 'c>> = None;
    for (at, (row, cell)) in cells.rows().iter().zip(cells.iter()).enumerate() {
        if here.as_ref().is_none_or(|it| !std::ptr::eq(it.context, cell.context)) {
            here = Some(InContext::new(index, cell.context));
        }
        let Some(here) = &mut here else { continue };
        let target = usize::try_from(row.target).ok().and_then(|it| candidates.get(it));
        let Some(candidates) = target else { continue };
        let voices = here.speakers.voices(cell.target, *candidates);
        see(count(at)?, cell, here, &voices)?;
    }
    Ok(())
}

/// A number of things as it is kept.
fn count(number: usize) -> Result<u32, SettleError> {
    u32::try_from(number).map_err(|_| SettleError::TooMany)
}

/// The place of the last of so many plans or routes, of which there are fewer than cells.
pub(crate) fn last(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX).saturating_sub(1)
}
