//! What a settlement decides.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use catalog::Quote;
use ident::{AgreementId, PipeId, RateTableId, TermId};
use ledger::{Account, Entry};
use money::{Atoms, Currency, Ratio, Rounding, allocate, allocate_part};
use usage::{Cell, Cells, Context, Target};

use crate::divide::Position;
use crate::fold::{Brought, EarnedSums, Movements};
use crate::ladder::Meters;
use crate::settle::{Restated, SettleError, plus};

/// Why a claim gets its fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// Comes off first.
    Deduction,
    /// A fee off the top.
    Fee,
    /// A royalty on its base.
    RoyaltyRate,
    /// A share of what is left after all that.
    ProfitShare,
    /// A part of the royalties on the price is borne by who has what is left.
    PriceBorne,
    /// What no term gives away.
    Retained,
    /// Nobody can be given it yet.
    Suspense,
}

impl ClaimKind {
    /// Returns the token used in statements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deduction => "deduction",
            Self::Fee => "fee",
            Self::RoyaltyRate => "royalty-rate",
            Self::ProfitShare => "profit-share",
            Self::PriceBorne => "price-borne",
            Self::Retained => "retained",
            Self::Suspense => "suspense",
        }
    }
}

/// What a fraction is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// What was received.
    Received,
    /// The published price of all units.
    Price,
}

/// One part of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who gets it.
    pub account: Account,
    /// Why.
    pub kind: ClaimKind,
    /// The term that promises it; none for what is retained or waits.
    pub term: Option<TermId>,
    /// The part of the base that it gets: the term's rate, reduced, divided among its payees, and
    /// without what other terms take out of it.
    pub rate: Ratio,
    /// What the fraction is one of.
    pub measure: Measure,
    /// The part of the measure that the rate applies to.
    pub of: Ratio,
    /// `rate × of`: the part of the measure that this claim gets or, of the royalties on the price that
    /// are borne, loses.
    pub fraction: Ratio,
}

/// How a cell is divided. The fractions of what was received add up to one; of the price, what
/// royalties get is what others bear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The agreement that speaks about the cell, if one does.
    pub agreement: Option<AgreementId>,
    /// The claims, in the order that breaks ties.
    pub claims: Vec<Claim>,
    /// The claims' fractions of what was received over one denominator.
    pub(crate) weights: Vec<u128>,
    /// What is done with the price; none if no term looks at it.
    pub(crate) price: Option<PricePlan>,
}

/// Who gets royalties on the price, and who bears them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PricePlan {
    /// The denominator.
    pub(crate) of: u128,
    /// For each claim what it gets of the price, and at last what nobody does.
    pub(crate) gets: Vec<u128>,
    /// For each claim what it bears.
    pub(crate) bears: Vec<u128>,
    /// What is left of what was received after royalties: the base of profit shares.
    pub(crate) left: Ratio,
}

impl Plan {
    /// Divides what was received, and the price of all units.
    pub(crate) fn amounts(
        &self,
        received: Atoms,
        published: Atoms,
    ) -> Result<Vec<Atoms>, SettleError> {
        let mut amounts = allocate(received, &self.weights)?;
        let Some(price) = &self.price else { return Ok(amounts) };
        let got = price.gets(published)?;
        let sum = Atoms::checked_sum(got.iter().copied()).ok_or(SettleError::Overflow)?;
        let borne = allocate_part(published, &price.bears, price.of, sum)?;
        for ((amount, got), borne) in amounts.iter_mut().zip(got).zip(borne) {
            plus(amount, got)?;
            plus(amount, borne.checked_neg().ok_or(SettleError::Overflow)?)?;
        }
        Ok(amounts)
    }

    /// Whether the royalties on the price come to more than is left for profit shares, so that none
    /// counts: a share of a loss would be paid by the payee.
    pub(crate) fn leaves_nothing(
        &self,
        received: Atoms,
        published: Atoms,
    ) -> Result<bool, SettleError> {
        let Some(price) = &self.price else { return Ok(false) };
        let sum = Atoms::checked_sum(price.gets(published)?).ok_or(SettleError::Overflow)?;
        let left = received.mul_ratio(price.left, Rounding::Down).ok_or(SettleError::Overflow)?;
        let is_more = sum.raw().unsigned_abs() > left.raw().unsigned_abs();
        let same_side = sum.is_negative() == left.is_negative();
        Ok(!sum.is_zero() && (left.is_zero() || (same_side && is_more)))
    }
}

impl PricePlan {
    /// What each claim gets of the price of all units.
    fn gets(&self, published: Atoms) -> Result<Vec<Atoms>, SettleError> {
        let mut parts = allocate(published, &self.gets)?;
        parts.pop();
        Ok(parts)
    }
}

/// How an exact share became whole atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounded {
    /// The share was a whole number of atoms.
    Exact,
    /// Its fraction of an atom went to a larger remainder.
    Down,
    /// It had one of the largest remainders and got the atom.
    Up,
}

/// How money of a report's currency becomes that of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exchange {
    /// The currency that it becomes.
    pub to: Currency,
    /// The rate.
    pub quote: Quote,
    /// The table that states it.
    pub table: RateTableId,
}

/// The way in which an amount of a report becomes money for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// The licence by which the service's revenue is ours in part, with its rate; none where the
    /// report states what was received.
    pub licence: Option<(AgreementId, Ratio)>,
    /// The exchange into the agreement's currency; none where what was received stays what it is.
    pub exchange: Option<Exchange>,
}

impl Route {
    /// What of an amount is received; none if it is too large.
    pub(crate) fn received(&self, reported: Atoms) -> Option<Atoms> {
        match &self.licence {
            None => Some(reported),
            Some((_, rate)) => reported.mul_ratio(*rate, Rounding::HalfEven),
        }
    }

    /// What is divided of what was received; none if it is too large.
    pub(crate) fn divided(&self, received: Atoms) -> Option<Atoms> {
        match &self.exchange {
            None => Some(received),
            Some(it) => received.mul_ratio(it.quote.rate, Rounding::HalfEven),
        }
    }
}

/// How a cell that brought money is divided, or a piece of one that a ladder cut: by which plan.
/// The amounts follow from it, see [`Settlement::divided`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettledCell {
    /// Which cells it is one of.
    pub position: Position,
    /// Index into these cells.
    pub cell: u32,
    /// Index into [`Settlement::plans`].
    pub plan: u32,
    /// Index into [`Settlement::routes`].
    pub route: u32,
    /// One more than the index into [`Settlement::pieces`]; none if it is the whole cell.
    pub piece: Option<NonZeroU32>,
    /// One more than the index into [`Settlement::prices`]; none if no term looks at the price.
    pub price: Option<NonZeroU32>,
}

/// The figures of a divided cell. What is taken back has its sign turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divided {
    /// How often it was used.
    pub usages: Atoms,
    /// What the report states.
    pub reported: Atoms,
    /// What was received for the cell, in the report's currency.
    pub received: Atoms,
    /// What is divided: the same, or what it became in the agreement's currency.
    pub divided: Atoms,
    /// The published price of all units: usages times the price of one, half to even at the last atom, and
    /// exchanged as what was received; zero if no term looks at it.
    pub published: Atoms,
    /// What each claim of the plan gets; below zero what it bears.
    pub amounts: Vec<Atoms>,
}

impl Divided {
    /// Says how the share of one claim became whole atoms; none if there is no such claim.
    #[must_use]
    pub fn rounded(&self, plan: &Plan, claim: usize) -> Option<Rounded> {
        let claim_of = plan.claims.get(claim)?;
        let amount = *self.amounts.get(claim)?;
        let measured = match (claim_of.measure, claim_of.kind) {
            (Measure::Received, _) => self.divided,
            (Measure::Price, ClaimKind::PriceBorne) => self.published.checked_neg()?,
            (Measure::Price, _) => self.published,
        };
        let down = measured.mul_ratio(claim_of.fraction, Rounding::Floor)?;
        let up = measured.mul_ratio(claim_of.fraction, Rounding::Ceil)?;
        let towards_zero = if measured.is_negative() { up } else { down };
        Some(match (down == up, amount == towards_zero) {
            (true, _) => Rounded::Exact,
            (false, true) => Rounded::Down,
            (false, false) => Rounded::Up,
        })
    }
}

/// A pipe through which somebody else pays, and what a licence would make of the revenue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaidBy {
    /// The pipe.
    pub pipe: PipeId,
    /// The licence for this right, with its rate, if there is one.
    pub licence: Option<(AgreementId, Ratio)>,
}

/// Why a cell brings no money to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outside {
    /// The report carries usage only.
    NoMoney,
    /// The report states the service's revenue for a recording that no agreement of ours covers.
    NotOurs,
    /// The report states the service's revenue, and no licence says what of it is owed to us.
    NoLicence,
    /// Somebody else pays this right for such uses: index into [`Settlement::paid_by`].
    PaidBy(u32),
}

impl Outside {
    /// Returns the reason as people read it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoMoney => "usage without money",
            Self::NotOurs => {
                "revenue of the service for recordings that no agreement of ours covers"
            }
            Self::NoLicence => "revenue of the service without a licence that covers it",
            Self::PaidBy(_) => "revenue of the service for a right that somebody else pays",
        }
    }
}

/// A cell that brings no money to us; one that is revenue for several rights may do so for some of
/// them, and bring money for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideCell {
    /// Index into the input's cells.
    pub cell: u32,
    /// Why.
    pub reason: Outside,
}

/// The totals of one currency, by category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What was received.
    pub received: Atoms,
    /// What of other currencies became this one, less what of this one became others: what is divided
    /// is what was received and this.
    pub exchanged: Atoms,
    /// What payees earned, before advances are recouped.
    pub payees: Atoms,
    /// What parties keep off the top.
    pub fees: Atoms,
    /// What the operator retains.
    pub retained: Atoms,
    /// What waits in suspense.
    pub suspense: Atoms,
}

/// What a settlement decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The plans that cells were divided by, each once.
    pub plans: Vec<Plan>,
    /// The ways in which amounts became money for us; the first one is: as they are.
    pub routes: Vec<Route>,
    /// The cells that brought money, in the order of their keys.
    pub settled: Vec<SettledCell>,
    /// Usages and reported amount of each piece that a ladder cut.
    pub pieces: Vec<[Atoms; 2]>,
    /// The prices of one unit that terms looked at, each once.
    pub prices: Vec<Atoms>,
    /// The cells that brought none, in the order of their keys.
    pub outside: Vec<OutsideCell>,
    /// The pipes that others pay, as cells met them, each once.
    pub paid_by: Vec<PaidBy>,
    /// What the cells give to each account.
    pub accounts: BTreeMap<(Account, Currency), Atoms>,
    /// What agreements say about sums, as far as it has not moved already.
    pub movements: Movements,
    /// What was earned, by period of origin.
    pub earned: EarnedSums,
    /// What the reports of each sender brought, by period of origin.
    pub brought: Brought,
    /// What ladders counted, with what they counted before.
    pub meters: Meters,
    /// The entries to post.
    pub entries: Vec<Entry>,
    /// The totals by currency.
    pub totals: BTreeMap<Currency, Totals>,
}

impl Default for Settlement {
    fn default() -> Self {
        Self {
            plans: Vec::new(),
            routes: vec![Route::default()],
            settled: Vec::new(),
            pieces: Vec::new(),
            prices: Vec::new(),
            outside: Vec::new(),
            paid_by: Vec::new(),
            accounts: BTreeMap::new(),
            movements: BTreeMap::new(),
            earned: BTreeMap::new(),
            brought: BTreeMap::new(),
            meters: BTreeMap::new(),
            entries: Vec::new(),
            totals: BTreeMap::new(),
        }
    }
}

/// What stands at a place that is kept in 32 bits.
pub(crate) fn at<T>(list: &[T], place: u32) -> Option<&T> {
    list.get(usize::try_from(place).ok()?)
}

impl Settlement {
    /// The plan by which a cell is divided.
    #[must_use]
    pub fn plan(&self, settled: &SettledCell) -> Option<&Plan> {
        at(&self.plans, settled.plan)
    }

    /// The way in which its amount became money for us.
    #[must_use]
    pub fn route(&self, settled: &SettledCell) -> Option<&Route> {
        at(&self.routes, settled.route)
    }

    /// Divides a cell by its plan.
    ///
    /// # Errors
    /// [`SettleError`] if an amount leaves the range; one that was settled never does.
    pub fn divided(&self, cell: &Cell<'_>, settled: &SettledCell) -> Result<Divided, SettleError> {
        let [usages, reported, received, divided] = self.figures(cell, settled)?;
        let published = match self.price(settled) {
            Some(price) => self.published(settled.route, usages, price)?,
            None => Atoms::ZERO,
        };
        let amounts = match self.plan(settled) {
            Some(plan) => plan.amounts(divided, published)?,
            None => Vec::new(),
        };
        Ok(Divided { usages, reported, received, divided, published, amounts })
    }

    /// The published price of so many units, in the currency that their cell is divided in.
    pub(crate) fn published(
        &self,
        route: u32,
        usages: Atoms,
        price: Atoms,
    ) -> Result<Atoms, SettleError> {
        let published = usages.checked_mul(price, Rounding::HalfEven);
        let route = at(&self.routes, route);
        let exchanged = route.zip(published).and_then(|(it, published)| it.divided(published));
        exchanged.ok_or(SettleError::Overflow)
    }

    /// The price of one unit that its terms looked at.
    #[must_use]
    pub fn price(&self, settled: &SettledCell) -> Option<Atoms> {
        at(&self.prices, settled.price?.get().saturating_sub(1)).copied()
    }

    /// The currency that a cell is divided in.
    #[must_use]
    pub fn currency(&self, context: &Context, settled: &SettledCell) -> Option<Currency> {
        let exchange = self.route(settled).and_then(|it| it.exchange.as_ref());
        exchange.map(|it| it.to).or(context.currency)
    }

    /// Usages, what the report states, what was received, and what is divided of it.
    fn figures(&self, cell: &Cell<'_>, settled: &SettledCell) -> Result<[Atoms; 4], SettleError> {
        let piece = settled.piece.and_then(|it| at(&self.pieces, it.get().saturating_sub(1)));
        let [usages, reported] = piece.copied().unwrap_or([cell.usages, cell.amount]);
        let route = self.route(settled);
        let received = route.and_then(|it| it.received(reported));
        let divided = route.zip(received).and_then(|(it, received)| it.divided(received));
        let signed = |it: Option<Atoms>| match settled.position {
            Position::Before => it?.checked_neg(),
            Position::Open | Position::Now => it,
        };
        let figures = [Some(usages), Some(reported), received, divided].map(signed);
        let [Some(usages), Some(reported), Some(received), Some(divided)] = figures else {
            return Err(SettleError::Overflow);
        };
        Ok([usages, reported, received, divided])
    }

    /// Notes that a cell brings no money; what was noted when it was settled first is not told again.
    pub(crate) fn pass_over(&mut self, of: &SettledCell, reason: Outside) {
        if of.position == Position::Open {
            self.outside.push(OutsideCell { cell: of.cell, reason });
        }
    }

    /// Leaves out the settled cells that are divided as they were.
    pub(crate) fn leave_out_what_stands(&mut self, restated: &Restated) -> Result<(), SettleError> {
        let plan = |it: &SettledCell| self.plan(it).map(|it| (&it.agreement, &it.claims));
        let before = pieces(&self.settled, Position::Before, &restated.before);
        let now = pieces(&self.settled, Position::Now, &restated.now);
        let mut standing = BTreeSet::new();
        for (key, was) in &before {
            let Some(is) = now.get(key) else { continue };
            let mut same = was.len() == is.len();
            for ((before, was), (now, is)) in was.iter().zip(is) {
                let [usages, _, received, _] = self.figures(before, was)?;
                let [usages_now, _, received_now, _] = self.figures(now, is)?;
                same &= received.checked_neg() == Some(received_now)
                    && usages.checked_neg() == Some(usages_now)
                    && (self.route(was), plan(was)) == (self.route(is), plan(is))
                    && self.price(was) == self.price(is);
            }
            if let (true, Some((_, was)), Some((_, is))) = (same, was.first(), is.first()) {
                standing.extend([(Position::Before, was.cell), (Position::Now, is.cell)]);
            }
        }
        self.settled.retain(|it| !standing.contains(&(it.position, it.cell)));
        Ok(())
    }
}

/// The pieces of each cell, by its key.
fn pieces<'a>(
    settled: &'a [SettledCell],
    position: Position,
    cells: &'a Cells,
) -> BTreeMap<(&'a Context, &'a Target), Vec<(Cell<'a>, &'a SettledCell)>> {
    let mut pieces: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for it in settled.iter().filter(|it| it.position == position) {
        if let Some(cell) = usize::try_from(it.cell).ok().and_then(|it| cells.get(it)) {
            pieces.entry((cell.context, cell.target)).or_default().push((cell, it));
        }
    }
    pieces
}
