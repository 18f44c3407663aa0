//! The plain decimal, shared by amounts and ratios: digits, at most one point, nothing else.

/// A scanned decimal; both parts hold ASCII digits only, and one of them is not empty.
pub(crate) struct Decimal<'a> {
    pub(crate) integer: &'a str,
    pub(crate) fraction: &'a str,
}

/// Splits an unsigned decimal at its point; the error is the byte offset of the first fault.
pub(crate) fn scan(text: &str) -> Result<Decimal<'_>, usize> {
    let (integer, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fault = |part: &str| part.bytes().position(|byte| !byte.is_ascii_digit());
    if let Some(at) = fault(integer) {
        return Err(at);
    }
    if let Some(at) = fault(fraction) {
        return Err(integer.len().saturating_add(1).saturating_add(at));
    }
    if integer.is_empty() && fraction.is_empty() {
        return Err(text.len());
    }
    Ok(Decimal { integer, fraction })
}

/// The value of an ASCII digit.
pub(crate) const fn value(digit: u8) -> u8 {
    digit.saturating_sub(b'0')
}

/// Appends a digit to a number, or `None` beyond 128 bits.
pub(crate) fn push(number: u128, digit: u8) -> Option<u128> {
    number.checked_mul(10)?.checked_add(u128::from(digit))
}

/// The magnitude of a number with few digits, which most have; `None` for the others.
pub(crate) fn short(integer: &str, fraction: &str, missing: usize) -> Option<u128> {
    if integer.len() > SHORT_DIGITS || fraction.len() > SHORT_DIGITS {
        return None;
    }
    let number = |digits: &str| {
        digits.bytes().fold(0_u64, |sum, digit| {
            sum.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0')))
        })
    };
    let scale = 10_u64.checked_pow(u32::try_from(missing).ok()?)?;
    let fraction = u128::from(number(fraction)).checked_mul(u128::from(scale))?;
    u128::from(number(integer)).checked_mul(ONE)?.checked_add(fraction)
}

/// So many digits fit 64 bits.
const SHORT_DIGITS: usize = 18;
/// One unit.
const ONE: u128 = 1_000_000_000_000_000_000;
