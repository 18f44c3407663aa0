//! Numbers of any size.

use money::Ratio;
use num_bigint::BigInt;
use num_rational::BigRational;

/// The same fraction, in numbers of any size.
pub(crate) fn rational(ratio: Ratio) -> BigRational {
    BigRational::new(ratio.num().into(), ratio.den().into())
}

pub(super) fn whole(number: impl Into<BigInt>) -> BigRational {
    BigRational::from_integer(number.into())
}

/// A part of whole atoms, what is less than an atom dropped.
pub(super) fn part(of: &BigInt, rate: &BigRational) -> BigInt {
    (whole(of.clone()) * rate).trunc().to_integer()
}

/// Rounds to a whole number, a half to the even one.
pub(super) fn half_even(exact: &BigRational) -> BigInt {
    let floor = exact.floor().to_integer();
    let up = &floor + BigInt::from(1);
    let twice = (exact - whole(floor.clone())) * whole(2);
    match twice.cmp(&whole(1)) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => up,
        std::cmp::Ordering::Equal if floor.bit(0) => up,
        std::cmp::Ordering::Equal => floor,
    }
}

/// Whole atoms in proportion to weights: towards zero first, then one more for the largest
/// remainders, the earlier of equal ones first.
pub(super) fn largest_remainder<'a>(
    of: &BigInt,
    weights: impl Iterator<Item = &'a BigRational> + Clone,
) -> Vec<BigInt> {
    let all = weights.clone().fold(whole(0), |sum, it| sum + it);
    rounded_to(of, weights.map(|weight| whole(of.clone()) * weight / &all).collect())
}

/// Whole atoms that come to a sum, each less than one from its exact part.
pub(super) fn rounded_to(of: &BigInt, exact: Vec<BigRational>) -> Vec<BigInt> {
    let mut parts: Vec<BigInt> = exact.iter().map(|it| it.trunc().to_integer()).collect();
    let mut left = of - parts.iter().sum::<BigInt>();
    let nothing = BigInt::default();
    let step = BigInt::from(if left < nothing { -1 } else { 1 });
    while left != nothing {
        // The earliest of those that are furthest from their exact share, on the whole's side.
        let lack = |at: usize| (&exact[at] - whole(parts[at].clone())) * whole(step.clone());
        let lacks: Vec<BigRational> = (0..parts.len()).map(lack).collect();
        let most =
            (1..lacks.len()).fold(0, |most, at| if lacks[at] > lacks[most] { at } else { most });
        parts[most] += &step;
        left -= &step;
    }
    parts
}
