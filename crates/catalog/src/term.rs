//! One promise of an agreement, and the words it is made of.

use ident::{PartyId, TermId};
use money::{Amount, Atoms, Ratio};

use crate::{Condition, Role, Subject};

/// One promise to one payee, or to several that share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Our own id, unique in the agreement.
    pub id: TermId,
    /// What kind of promise.
    pub kind: TermKind,
    /// Who is paid.
    pub payees: Payees,
    /// Terms of one kind, payee and slot are alternatives; empty unless two of them shall count.
    pub slot: String,
    /// The part of the base, at most 1. With a ladder, the part on its first step.
    pub rate: Ratio,
    /// Other rates from some number of units or some revenue on.
    pub ladder: Option<Ladder>,
    /// What the rate is a part of.
    pub base: Base,
    /// The term it is taken out of; none if it is taken out of the whole.
    pub out_of: Option<TermId>,
    /// What the rate is multiplied with: 1 unless it is reduced.
    pub reduce: Ratio,
    /// The number of works of a release that are paid for; the rate is divided among more.
    pub works_max: Option<u32>,
    /// Whether what it earns is kept back against advances and costs.
    pub recoup: bool,
    /// The most it earns.
    pub cap: Option<Cap>,
    /// Which uses it is about. Its period may be open at both ends.
    pub condition: Condition,
    /// A remark; empty if none.
    pub note: String,
}

impl Term {
    /// Whether it has to know the published price.
    pub const fn looks_at_price(&self) -> bool {
        matches!(self.base, Base::Price | Base::PriceNet)
    }

    /// Whether its rate is one on the published price, itself or through the term that it builds on;
    /// `all` are the terms of its agreement, or those of them that count.
    pub fn is_on_price<'t>(&self, all: impl Fn(&TermId) -> Option<&'t Self>) -> bool {
        let mut term: &Self = self;
        // A catalogue that was read has no circle: a term builds on an earlier one.
        loop {
            match &term.base {
                Base::Price | Base::PriceNet => return true,
                Base::Term(id) => match all(id).filter(|it| it.id != term.id) {
                    Some(earlier) => term = earlier,
                    None => return false,
                },
                _ => return false,
            }
        }
    }

    /// Whether only one of the two counts.
    pub fn is_instead_of(&self, other: &Self) -> bool {
        self.kind == other.kind && self.slot == other.slot && self.payees == other.payees
    }

    /// The part that is left of the rate: as it is reduced, and where there are more works on the
    /// release than are paid for, divided among them. None if that is too fine.
    pub fn reduction(&self, subject: &Subject<'_>) -> Option<Ratio> {
        let among = match (self.works_max.map(u64::from), subject.works) {
            (Some(max), Some(works)) if works > max => Ratio::new(max.into(), works.into())?,
            _ => Ratio::ONE,
        };
        self.reduce.checked_mul(among)
    }

    /// Whether it depends on what was used, beyond the agreement that speaks about it.
    pub fn looks_at_subject(&self) -> bool {
        matches!(self.payees, Payees::Role(_))
            || self.works_max.is_some()
            || self.condition.looks_at_subject()
            || self.ladder.as_ref().is_some_and(|it| it.per_recording)
    }

    /// The highest rate there is, on whatever step.
    pub fn rate_max(&self) -> Ratio {
        let steps = self.ladder.iter().flat_map(|it| &it.steps).map(|(_, rate)| *rate);
        steps.fold(self.rate, Ratio::max)
    }
}

/// Of terms that match one use, in file order, those that count: the first of each kind, payee and
/// slot.
pub(crate) fn counting<'t>(matching: impl Iterator<Item = &'t Term>) -> Vec<&'t Term> {
    let mut counting: Vec<&Term> = Vec::new();
    for term in matching {
        if !counting.iter().any(|it| it.is_instead_of(term)) {
            counting.push(term);
        }
    }
    counting
}

/// The kinds of promise, in the order they are computed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// Comes off first and stays with the operator: packaging, administration.
    Deduction,
    /// Comes off the top: a part of gross.
    Fee,
    /// A part of its base.
    RoyaltyRate,
    /// A part of what is left after deductions, fees and royalties.
    ProfitShare,
}

impl TermKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Deduction, Self::Fee, Self::RoyaltyRate, Self::ProfitShare];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deduction => "deduction",
            Self::Fee => "fee",
            Self::RoyaltyRate => "royalty-rate",
            Self::ProfitShare => "profit-share",
        }
    }

    /// What its rate is a part of, where the file does not say.
    pub const fn base(self) -> Base {
        match self {
            Self::Deduction | Self::Fee | Self::RoyaltyRate => Base::Gross,
            Self::ProfitShare => Base::Left,
        }
    }
}

/// Who a term pays.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payees {
    /// Nobody else: the operator keeps it.
    Operator,
    /// One party.
    One(PartyId),
    /// Several, in proportion to their weights (shares, or milliseconds of a cue sheet).
    Among(Vec<(PartyId, u64)>),
    /// The contributors with this role in what is used, in equal parts.
    Role(Role),
}

impl Payees {
    /// The parties that are named.
    pub fn named(&self) -> impl Iterator<Item = &PartyId> {
        let (one, several) = match self {
            Self::One(party) => (Some(party), &[][..]),
            Self::Among(several) => (None, several.as_slice()),
            Self::Operator | Self::Role(_) => (None, &[][..]),
        };
        one.into_iter().chain(several.iter().map(|(party, _)| party))
    }
}

/// What a rate is a part of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Base {
    /// All that came in.
    Gross,
    /// What is left after all deductions.
    Net,
    /// What is left after all deductions and fees.
    NetOfFees,
    /// What is left at this place of the file, after the deductions and fees before it.
    Rest,
    /// What is left after deductions, fees and royalties: the base of every profit share.
    Left,
    /// What an earlier term has at this place.
    Term(TermId),
    /// The published price of all units.
    Price,
    /// What is left of that price after the deductions that are taken from it.
    PriceNet,
}

impl Base {
    /// The word used in files; none for that of every profit share.
    pub fn word(&self) -> Option<String> {
        Some(match self {
            Self::Gross => "gross".to_owned(),
            Self::Net => "net".to_owned(),
            Self::NetOfFees => "net-of-fees".to_owned(),
            Self::Rest => "rest".to_owned(),
            Self::Left => return None,
            Self::Term(id) => format!("term:{id}"),
            Self::Price => "price".to_owned(),
            Self::PriceNet => "price-net".to_owned(),
        })
    }
}

/// Rates that change with what was sold, counted by month of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder {
    /// What is counted.
    pub meter: Meter,
    /// Whether each recording is counted for itself.
    pub per_recording: bool,
    /// What counts for the step and pays nothing: sales before the first report.
    pub prior: Atoms,
    /// From above so much on the rate is this; in rising order.
    pub steps: Vec<(Atoms, Ratio)>,
}

/// What a ladder counts.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meter {
    /// Usages.
    Units,
    /// What was received, in the currency of the cell.
    Revenue,
}

impl Meter {
    /// Every meter.
    pub const ALL: [Self; 2] = [Self::Units, Self::Revenue];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Revenue => "revenue",
        }
    }
}

/// The most a term earns; what is over stays with the operator.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// How much; it counts in its own currency only.
    pub amount: Amount,
    /// Whether it begins anew with every calendar year.
    pub yearly: bool,
}
