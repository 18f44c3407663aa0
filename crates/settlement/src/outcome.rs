//! What a settlement decides.

use std::collections::{BTreeMap, BTreeSet};

use ident::{AgreementId, TermId};
use ledger::{Account, Entry};
use money::{Atoms, Currency, Ratio, Rounding};
use usage::{Cell, CellKey};

use crate::divide::Position;
use crate::fold::{EarnedSums, Movements};
use crate::ladder::Meters;
use crate::settle::Restated;

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
            Self::Retained => "retained",
            Self::Suspense => "suspense",
        }
    }
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
    /// The part of the received amount that the rate applies to.
    pub of: Ratio,
    /// `rate × of`: the part of the received amount that this claim gets.
    pub fraction: Ratio,
}

/// How a cell is divided; the fractions add up to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The agreement that speaks about the cell, if one does.
    pub agreement: Option<AgreementId>,
    /// The claims, in the order that breaks ties.
    pub claims: Vec<Claim>,
    /// The claims' fractions over one denominator.
    pub(crate) weights: Vec<u128>,
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

/// A cell that brought money, or a piece of one that a ladder cut, divided. What is taken back has
/// its sign turned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledCell {
    /// Which cells it is one of.
    pub position: Position,
    /// Index into these cells.
    pub cell: usize,
    /// How often it was used.
    pub usages: Atoms,
    /// What the report states.
    pub reported: Atoms,
    /// The licence by which the service's revenue became money for us, with its rate.
    pub licence: Option<(AgreementId, Ratio)>,
    /// What was received for the cell.
    pub received: Atoms,
    /// Index into [`Settlement::plans`].
    pub plan: usize,
    /// What each claim of the plan gets.
    pub amounts: Box<[Atoms]>,
}

impl SettledCell {
    /// Says how the share of one claim became whole atoms; none if there is no such claim.
    #[must_use]
    pub fn rounded(&self, plan: &Plan, claim: usize) -> Option<Rounded> {
        let fraction = plan.claims.get(claim)?.fraction;
        let amount = *self.amounts.get(claim)?;
        let down = self.received.mul_ratio(fraction, Rounding::Floor)?;
        let up = self.received.mul_ratio(fraction, Rounding::Ceil)?;
        let towards_zero = if self.received.is_negative() { up } else { down };
        Some(match (down == up, amount == towards_zero) {
            (true, _) => Rounded::Exact,
            (false, true) => Rounded::Down,
            (false, false) => Rounded::Up,
        })
    }
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
        }
    }
}

/// A cell that brings no money to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutsideCell {
    /// Index into the input's cells.
    pub cell: usize,
    /// Why.
    pub reason: Outside,
}

/// The totals of one currency, by category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What was received.
    pub received: Atoms,
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// The plans that cells were divided by, each once.
    pub plans: Vec<Plan>,
    /// The cells that brought money, in the order of their keys.
    pub settled: Vec<SettledCell>,
    /// The cells that brought none, in the order of their keys.
    pub outside: Vec<OutsideCell>,
    /// What agreements say about sums, as far as it has not moved already.
    pub movements: Movements,
    /// What was earned, by period of origin.
    pub earned: EarnedSums,
    /// What ladders counted, with what they counted before.
    pub meters: Meters,
    /// The entries to post.
    pub entries: Vec<Entry>,
    /// The totals by currency.
    pub totals: BTreeMap<Currency, Totals>,
}

impl Settlement {
    /// Leaves out the settled cells that are divided as they were.
    pub(crate) fn leave_out_what_stands(&mut self, restated: &Restated) {
        let plans = &self.plans;
        let plan = |it: &SettledCell| plans.get(it.plan).map(|it| (&it.agreement, &it.claims));
        let before = pieces(&self.settled, Position::Before, &restated.before);
        let now = pieces(&self.settled, Position::Now, &restated.now);
        let mut standing = BTreeSet::new();
        for (key, (at, was)) in &before {
            let Some((index, is)) = now.get(key) else { continue };
            let same = |(a, b): (&&SettledCell, &&SettledCell)| {
                a.received.checked_neg() == Some(b.received)
                    && a.usages.checked_neg() == Some(b.usages)
                    && (&a.licence, plan(a)) == (&b.licence, plan(b))
            };
            if was.len() == is.len() && was.iter().zip(is).all(same) {
                standing.extend([(Position::Before, *at), (Position::Now, *index)]);
            }
        }
        self.settled.retain(|it| !standing.contains(&(it.position, it.cell)));
    }
}

/// The pieces of each cell, by its key, with its place.
fn pieces<'a>(
    settled: &'a [SettledCell],
    position: Position,
    cells: &'a [Cell],
) -> BTreeMap<&'a CellKey, (usize, Vec<&'a SettledCell>)> {
    let mut pieces: BTreeMap<&CellKey, (usize, Vec<&SettledCell>)> = BTreeMap::new();
    for it in settled.iter().filter(|it| it.position == position) {
        if let Some(cell) = cells.get(it.cell) {
            pieces.entry(&cell.key).or_insert((it.cell, Vec::new())).1.push(it);
        }
    }
    pieces
}
