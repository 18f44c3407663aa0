//! What must hold, as data and as properties, against a slow model of exact fractions.

mod allocation;
mod amounts;
mod currencies;
mod golden;
mod numbers;
mod ratios;
mod wide;

use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::{Atoms, Ratio, Rounding};

/// Every rounding there is.
const ROUNDINGS: [Rounding; 5] =
    [Rounding::Down, Rounding::Floor, Rounding::Ceil, Rounding::HalfEven, Rounding::HalfUp];

fn atoms(text: &str) -> Atoms {
    Atoms::parse(text).unwrap()
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

/// Whole atoms of every size, with both signs.
fn any_atoms() -> impl Strategy<Value = Atoms> {
    (any::<i128>(), 0_u32..128).prop_map(|(raw, shift)| Atoms::from_raw(raw >> shift))
}

/// Fractions of every size.
fn any_ratio() -> impl Strategy<Value = Ratio> {
    let part = || (any::<u128>(), 0_u32..128).prop_map(|(part, shift)| part >> shift);
    (part(), part()).prop_map(|(num, den)| Ratio::new(num, den.max(1)).unwrap())
}

fn any_rounding() -> impl Strategy<Value = Rounding> {
    proptest::sample::select(&ROUNDINGS[..])
}

fn exact(ratio: Ratio) -> BigRational {
    BigRational::new(ratio.num().into(), ratio.den().into())
}

/// The model of a rounding to whole numbers, by its definition.
fn rounded(value: &BigRational, rounding: Rounding) -> BigInt {
    let half = BigRational::new(1.into(), 2.into());
    let nearest_up = (value + &half).floor().to_integer();
    let nearest_down = (value - &half).ceil().to_integer();
    match rounding {
        Rounding::Down => value.trunc().to_integer(),
        Rounding::Floor => value.floor().to_integer(),
        Rounding::Ceil => value.ceil().to_integer(),
        Rounding::HalfUp if *value < BigRational::from_integer(0.into()) => nearest_down,
        Rounding::HalfUp => nearest_up,
        Rounding::HalfEven if &nearest_up % 2 == BigInt::from(0) => nearest_up,
        Rounding::HalfEven => nearest_down,
    }
}
