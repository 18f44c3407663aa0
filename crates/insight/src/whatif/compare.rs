//! Who wins and who loses.

use money::{Atoms, Currency, Ratio};

use super::Model;

/// Recipients by rank under pro rata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Ranks 1 to 10.
    Top,
    /// From there to the first hundredth of all.
    Hundredth,
    /// From there to the first tenth of all.
    Tenth,
    /// The long tail.
    Tail,
}

impl Group {
    /// Every group, by rank.
    pub const ALL: [Self; 4] = [Self::Top, Self::Hundredth, Self::Tenth, Self::Tail];

    /// What it is called.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Top => "top 10",
            Self::Hundredth => "to top 1 %",
            Self::Tenth => "to top 10 %",
            Self::Tail => "long tail",
        }
    }

    /// The last rank of the group among so many, from 1.
    fn last(self, all: usize) -> usize {
        let last = match self {
            Self::Top => 10,
            Self::Hundredth => all.div_ceil(100).max(10),
            Self::Tenth => all.div_ceil(10).max(10),
            Self::Tail => all,
        };
        last.min(all)
    }
}

/// What a model gives a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChange {
    /// The group.
    pub group: Group,
    /// How many recipients it has.
    pub recipients: usize,
    /// What pro rata gives them.
    pub pro_rata: Atoms,
    /// What the model gives them.
    pub amount: Atoms,
}

/// What a model divides, beside pro rata.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The model.
    pub model: Model,
    /// By recipient; `None` if nobody counts, so that nothing is divided.
    pub amounts: Option<Vec<Atoms>>,
    /// Recipients who get at least one minor unit of the currency more than by pro rata.
    pub winners: u64,
    /// Those who get at least one minor unit less.
    pub losers: u64,
    /// All others.
    pub unchanged: u64,
    /// What changes hands: the sum of all gains.
    pub moved: Atoms,
    /// The groups that have recipients.
    pub groups: Vec<GroupChange>,
    /// The Gini coefficient of the amounts, 0 when all are equal; `None` where it needs more than
    /// 128 bits.
    pub gini: Option<Ratio>,
}

/// Compares amounts with pro rata; `None` if a sum leaves the range.
pub(super) fn outcome(
    model: Model,
    amounts: Option<Vec<Atoms>>,
    pro_rata: &[Atoms],
    ranks: &[usize],
    currency: Currency,
) -> Option<Outcome> {
    let all = pro_rata.len() as u64;
    let (moved, gini, groups) = (Atoms::ZERO, None, Vec::new());
    let mut it = Outcome {
        model,
        amounts: None,
        winners: 0,
        losers: 0,
        unchanged: all,
        moved,
        groups,
        gini,
    };
    let Some(amounts) = amounts else { return Some(it) };
    let minor = 10_i128.pow(money::SCALE.saturating_sub(currency.minor_digits()));
    for (amount, before) in amounts.iter().zip(pro_rata) {
        let change = amount.checked_sub(*before)?;
        if !change.is_negative() {
            it.moved = it.moved.checked_add(change)?;
        }
        it.winners += u64::from(change.raw() >= minor);
        it.losers += u64::from(change.raw() <= -minor);
    }
    it.unchanged = all - it.winners - it.losers;
    let mut first = 0;
    for group in Group::ALL {
        let last = group.last(ranks.len());
        if last > first {
            let members = &ranks[first..last];
            let sum = |all: &[Atoms]| Atoms::checked_sum(members.iter().map(|at| all[*at]));
            let (pro_rata, amount) = (sum(pro_rata)?, sum(&amounts)?);
            it.groups.push(GroupChange { group, recipients: members.len(), pro_rata, amount });
            first = last;
        }
    }
    it.gini = gini_of(&amounts);
    it.amounts = Some(amounts);
    Some(it)
}

/// `Σ (2 i - n - 1) x_i / (n Σ x_i)`, with the amounts in ascending order and `i` from 1.
fn gini_of(amounts: &[Atoms]) -> Option<Ratio> {
    let mut sorted = amounts.to_vec();
    sorted.sort_unstable();
    let all = i128::try_from(sorted.len()).ok()?;
    let (mut weighted, mut sum, mut factor) = (0_i128, 0_i128, 1 - all);
    for amount in sorted {
        weighted = weighted.checked_add(factor.checked_mul(amount.raw())?)?;
        sum = sum.checked_add(amount.raw())?;
        factor += 2;
    }
    let whole = u128::try_from(sum.checked_mul(all)?).ok()?;
    Ratio::new(u128::try_from(weighted).ok()?, whole)
}
