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

/// Digits with at most one point between them, at most 18 in all; `None` for everything else.
fn plain(text: &[u8]) -> Option<Atoms> {
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
    Some(Atoms::from_raw(i128::from(number).wrapping_mul(POWERS[DIGITS_MAX - decimals])))
}

/// A number: the quick way, or else the general way.
pub(super) fn number(
    cell: Cell<'_>,
    field: Field,
    general: fn(Cell<'_>, Field) -> Result<Atoms, Box<Fault>>,
) -> Result<Atoms, Box<Fault>> {
    match plain(cell.raw()) {
        Some(atoms) => Ok(atoms),
        None => general(cell, field),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_plain_decimals_go_the_quick_way() {
        for text in ["0", "12", "0.00000001", "999999999999999999", "0.12345678901234567"] {
            assert_eq!(plain(text.as_bytes()), Atoms::parse(text).ok(), "{text}");
        }
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e5", "1.2.3", " 1", "1234567890123456789"] {
            assert_eq!(plain(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_general_way_says(text in "[0-9.]{0,20}") {
            if let Some(atoms) = plain(text.as_bytes()) {
                prop_assert_eq!(dsr::value::decimal(&text), Ok(atoms));
            }
        }
    }
}
