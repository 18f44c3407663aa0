//! Named rounding. There is no default: every rounding says which one it is.

use std::cmp::Ordering;

/// How a value between two steps is brought to one of them.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rounding {
    /// Towards zero: `1.9` to `1`, `-1.9` to `-1`.
    Down,
    /// Towards minus infinity: `1.9` to `1`, `-1.1` to `-2`.
    Floor,
    /// Towards plus infinity: `1.1` to `2`, `-1.9` to `-1`.
    Ceil,
    /// To the nearest step; a tie to the even one: `2.5` to `2`, `3.5` to `4`.
    HalfEven,
    /// To the nearest step; a tie away from zero: `2.5` to `3`, `-2.5` to `-3`.
    HalfUp,
}

impl Rounding {
    /// Whether a magnitude of `quotient` whole steps and `rest / divisor` of one is rounded to
    /// `quotient + 1` steps. Needs `rest < divisor`.
    pub(crate) const fn is_away(
        self,
        negative: bool,
        quotient: u128,
        rest: u128,
        divisor: u128,
    ) -> bool {
        if rest == 0 {
            return false;
        }
        match self {
            Self::Down => false,
            Self::Floor => negative,
            Self::Ceil => !negative,
            Self::HalfEven => match against_half(rest, divisor) {
                Ordering::Less => false,
                Ordering::Equal => quotient & 1 == 1,
                Ordering::Greater => true,
            },
            Self::HalfUp => !matches!(against_half(rest, divisor), Ordering::Less),
        }
    }
}

/// Compares `rest / divisor` with one half without doubling either.
const fn against_half(rest: u128, divisor: u128) -> Ordering {
    let missing = divisor.saturating_sub(rest);
    if rest < missing {
        Ordering::Less
    } else if rest == missing {
        Ordering::Equal
    } else {
        Ordering::Greater
    }
}
