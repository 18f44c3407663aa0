//! What agreements say about sums: caps, reserves, costs, advances, guarantees, members.
//!
//! All of it follows from what was earned, by period of origin: the period in which the usage would
//! have been settled had it been known then. The fold goes through the periods from the first one
//! on and says what has to have moved in each. A settlement posts the difference to what it posted
//! before; so money that comes late, or is corrected, ends where it would have ended in time.

mod ahead;
mod caps;
mod costs;
mod guarantees;
mod lane;
mod members;
mod recoup;
mod reserves;

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Catalog, RightsType};
use ident::{AgreementId, TermId};
use ledger::Account;
use money::{Atoms, Currency};
use period::{Date, Month, Period};

use crate::settle::{SettleError, plus};
use lane::Lane;

/// What an account earned by a term, for usage of one period of origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EarnedKey {
    /// The agreement.
    pub agreement: AgreementId,
    /// The currency.
    pub currency: Currency,
    /// The period of origin, by the day after its last one.
    pub origin: Date,
    /// The term; none for what is retained.
    pub term: Option<TermId>,
    /// The account.
    pub account: Account,
    /// The use type; a reserve may ask for it, and one agreed on later asks what was earned before.
    pub use_type: String,
}

/// A sum that was earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Earned {
    /// All of it.
    pub amount: Atoms,
    /// The part from sales; what came back is not counted.
    pub sales: Atoms,
}

/// All that was earned.
pub type EarnedSums = BTreeMap<EarnedKey, Earned>;

/// What the reports of a sender brought, for usage of one period of origin.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BroughtKey {
    /// The sender.
    pub sender: String,
    /// The currency.
    pub currency: Currency,
    /// The period of origin, by the day after its last one.
    pub origin: Date,
}

/// All that reports brought.
pub type Brought = BTreeMap<BroughtKey, Atoms>;

/// Why money moves between accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// An advance or a cost was paid.
    Paid,
    /// A term earned more than its cap.
    Cap,
    /// A part is held back for a time.
    ReserveIn,
    /// What was held back is released.
    ReserveOut,
    /// A cost comes off before profit is shared.
    PoolCost,
    /// An advance, a cost or a guarantee is kept back from what was earned.
    Recoup,
    /// A guaranteed sum was not earned.
    Guarantee,
    /// What is due to a party goes to its members.
    Members,
    /// A distributor paid us ahead.
    ReceivedAhead,
    /// What a distributor paid us ahead is kept back from what its reports bring.
    KeptBack,
}

impl Step {
    /// Every step, in the order in which they follow each other.
    pub const ALL: [Self; 10] = [
        Self::Paid,
        Self::Cap,
        Self::ReserveIn,
        Self::ReserveOut,
        Self::PoolCost,
        Self::Recoup,
        Self::Guarantee,
        Self::Members,
        Self::ReceivedAhead,
        Self::KeptBack,
    ];

    /// The token used in books and statements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Cap => "cap",
            Self::ReserveIn => "reserve-in",
            Self::ReserveOut => "reserve-out",
            Self::PoolCost => "pool-cost",
            Self::Recoup => "recoup",
            Self::Guarantee => "guarantee",
            Self::Members => "members",
            Self::ReceivedAhead => "received-ahead",
            Self::KeptBack => "kept-back",
        }
    }
}

/// A movement between two accounts, without its amount.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MovementKey {
    /// The period of origin, by the day after its last one.
    pub origin: Date,
    /// Why it moves.
    pub step: Step,
    /// The agreement that says so; none for members of a party and for what was paid to us ahead.
    pub agreement: Option<AgreementId>,
    /// The entry of the agreement, the party whose members are paid, or the received advance.
    pub reference: String,
    /// The account that is debited.
    pub from: Account,
    /// The account that is credited.
    pub to: Account,
    /// The currency.
    pub currency: Currency,
}

/// Movements with their amounts.
pub type Movements = BTreeMap<MovementKey, Atoms>;

/// Says what has to have moved, from the first period of origin to the last one.
///
/// `origins` are the periods of all settlements in the order of their ends, the open one last.
///
/// # Errors
/// [`SettleError`] if a sum leaves the range of amounts.
pub(crate) fn fold(
    catalog: &Catalog,
    origins: &[Period],
    earned: &EarnedSums,
    brought: &Brought,
) -> Result<Movements, SettleError> {
    let mut movements = Movements::new();
    let mut sums: BTreeMap<&AgreementId, Vec<(&EarnedKey, &Earned)>> = BTreeMap::new();
    for it in earned {
        sums.entry(&it.0.agreement).or_default().push(it);
    }
    for group in groups(catalog) {
        let of_group: Vec<_> =
            group.iter().filter_map(|it| sums.get(&it.id)).flatten().copied().collect();
        for currency in currencies(&group, &of_group) {
            Lane::new(currency, &group, &mut movements).run(origins, &of_group)?;
        }
    }
    members::divide(catalog, origins, earned, &mut movements)?;
    ahead::keep_back(catalog, origins, brought, &mut movements)?;
    movements.retain(|_, amount| !amount.is_zero());
    Ok(movements)
}

/// Returns what there is in `target` and not in `posted`, and takes back what is there only.
///
/// # Errors
/// [`SettleError`] if a difference leaves the range of amounts.
pub(crate) fn difference(target: &Movements, posted: &Movements) -> Result<Movements, SettleError> {
    let mut difference = target.clone();
    for (key, amount) in posted {
        let back = amount.checked_neg().ok_or(SettleError::Overflow)?;
        plus(difference.entry(key.clone()).or_default(), back)?;
    }
    difference.retain(|_, amount| !amount.is_zero());
    Ok(difference)
}

/// The period of origin of usage on a day: the first one that ends after it.
#[must_use]
pub fn origin_of(origins: &[Period], day: Date) -> Option<Date> {
    origins.iter().map(|it| it.end()).find(|end| day < *end)
}

/// The period of origin of a month, by the day after its last one; the open one, if no earlier one ends
/// after it.
pub(crate) fn origin(origins: &[Period], month: Month) -> Date {
    let open = origins.last().map_or(Date::MAX, |it| it.end());
    origin_of(origins, month.first_day()).unwrap_or(open)
}

/// Agreements of one right that keep back each other's advances and costs, those of no group alone; without
/// those that say nothing about sums.
fn groups(catalog: &Catalog) -> Vec<Vec<&Agreement>> {
    let speaks = |it: &&Agreement| {
        !(it.advances.is_empty()
            && it.costs.is_empty()
            && it.reserves.is_empty()
            && it.guarantees.is_empty())
            || it.terms.iter().any(|term| term.cap.is_some())
    };
    let mut grouped: BTreeMap<(&str, RightsType), Vec<&Agreement>> = BTreeMap::new();
    let mut alone = Vec::new();
    for it in catalog.agreements.values() {
        if !it.group.is_empty() {
            grouped.entry((&it.group, it.rights_type)).or_default().push(it);
        } else if speaks(&it) {
            alone.push(vec![it]);
        }
    }
    grouped.into_values().filter(|group| group.iter().any(speaks)).chain(alone).collect()
}

fn currencies(group: &[&Agreement], sums: &[(&EarnedKey, &Earned)]) -> BTreeSet<Currency> {
    let paid = group.iter().flat_map(|it| {
        let costs = it.costs.iter().map(|it| it.amount);
        let guarantees = it.guarantees.iter().map(|it| it.amount);
        it.advances.iter().map(|it| it.amount).chain(costs).chain(guarantees)
    });
    paid.map(|it| it.currency).chain(sums.iter().map(|it| it.0.currency)).collect()
}
