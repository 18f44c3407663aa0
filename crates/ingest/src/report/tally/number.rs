//! Plain decimals in a hurry: what most cells hold; the rest goes the general way.

use dsr::{Cell, Field};
use money::Atoms;

use super::super::fault::Fault;

/// Digits that certainly fit 64 bits.
const DIGITS_MAX: usize = 18;

const POWERS: [i128; 19] = {
    let mut powers = [1; 19];
    let mut at = 1;
    while at < 19 {
        powers[at] = powers[at - 1] * 10;
        at += 1;
    }
    powers
};

/// A number in atoms, and in 10^-9 where that is exact and fits.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) atoms: Atoms,
    pub(super) nano: Option<i64>,
}

impl Number {
    pub(super) const ZERO: Self = Self { atoms: Atoms::ZERO, nano: Some(0) };
}

/// Digits with at most one point between them, at most 18 in all; `None` for everything else.
fn plain(text: &[u8]) -> Option<Number> {
    if text.len() > DIGITS_MAX + 1 {
        return None;
    }
    let (mut number, mut digits, mut point) = (0_u64, 0_usize, None);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += 1;
        } else if *byte == b'.' && point.is_none() && digits > 0 {
            point = Some(digits);
        } else {
            return None;
        }
    }
    let decimals = digits - point.unwrap_or(digits);
    if digits == 0 || digits > DIGITS_MAX || (point.is_some() && decimals == 0) {
        return None;
    }
    // Below 10^18, times at most 10^18: far inside 128 bits, and below the general way's bound.
    let atoms = Atoms::from_raw(i128::from(number).wrapping_mul(POWERS[DIGITS_MAX - decimals]));
    let power = u64::try_from(POWERS[9_usize.saturating_sub(decimals)]).unwrap_or(0);
    let nano = number.checked_mul(power).filter(|_| decimals <= 9);
    Some(Number { atoms, nano: nano.and_then(|it| i64::try_from(it).ok()) })
}

/// A number: the quick way, or else the general way.
#[inline]
pub(super) fn number(
    cell: Cell<'_>,
    field: Field,
    general: fn(Cell<'_>, Field) -> Result<Atoms, Box<Fault>>,
) -> Result<Number, Box<Fault>> {
    match plain(cell.raw()) {
        Some(number) => Ok(number),
        None => general(cell, field).map(|atoms| Number { atoms, nano: None }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_decimals_go_the_quick_way() {
        for text in ["0", "12", "0.00000001", "999999999999999999", "0.12345678901234567"] {
            let quick = plain(text.as_bytes());
            assert_eq!(quick.map(|it| it.atoms), Atoms::parse(text).ok(), "{text}");
        }
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e5", "1.2.3", " 1", "1234567890123456789"] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_general_way_says(text in "[0-9.]{0,20}") {
            if let Some(it) = plain(text.as_bytes()) {
                prop_assert_eq!(dsr::value::decimal(&text), Ok(it.atoms));
                if let Some(nano) = it.nano {
                    prop_assert_eq!(i128::from(nano) * 10_i128.pow(9), it.atoms.raw());
                }
            }
        }
    }
}
