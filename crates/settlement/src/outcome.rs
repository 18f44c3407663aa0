//! What a settlement decides.

use std::collections::BTreeMap;

use ident::{AgreementId, PartyId, TermId};
use ledger::{Account, Entry};
use money::{Atoms, Currency, Ratio, Rounding};

/// Why a claim gets its fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// A fee off the top.
    Fee,
    /// A royalty on gross or on what is left after fees.
    RoyaltyRate,
    /// A share of what is left after fees and royalties.
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
    /// The term's rate.
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

/// A cell that brought money, divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettledCell {
    /// Index into the input's cells.
    pub cell: usize,
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

/// An advance as this settlement leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recoupment {
    /// The agreement that grants the advance.
    pub agreement: AgreementId,
    /// The advance.
    pub advance: TermId,
    /// Who got it and earns against it.
    pub payee: PartyId,
    /// The currency of the advance; it is recouped from no other.
    pub currency: Currency,
    /// Whether the advance was paid out in this settlement's time and enters the book now.
    pub new: bool,
    /// What was to be recouped before.
    pub opening: Atoms,
    /// What this settlement recoups.
    pub recouped: Atoms,
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
    /// The advances, ordered by agreement and date.
    pub recoupments: Vec<Recoupment>,
    /// The entries to post.
    pub entries: Vec<Entry>,
    /// The totals by currency.
    pub totals: BTreeMap<Currency, Totals>,
}
