//! 256-bit products and their quotients: what a share of an amount needs on the way.

/// Low half of a 128-bit word.
const LOW: u128 = u64::MAX as u128;
/// First value that no longer fits in a half word.
const HALF: u128 = 1 << 64;

/// An unsigned 256-bit number, `high * 2^128 + low`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Wide {
    pub(crate) high: u128,
    pub(crate) low: u128,
}

/// The full product of two 128-bit numbers. It cannot overflow.
pub(crate) const fn mul(left: u128, right: u128) -> Wide {
    let (left_high, left_low) = (left >> 64, left & LOW);
    let (right_high, right_low) = (right >> 64, right & LOW);
    // A product of two half words is at most 2^128 - 2^65 + 1, so each line below may add
    // two more half words before it could wrap.
    let lowest = left_low.wrapping_mul(right_low);
    let inner = left_high.wrapping_mul(right_low).wrapping_add(lowest >> 64);
    let outer = left_low.wrapping_mul(right_high).wrapping_add(inner & LOW);
    let high =
        left_high.wrapping_mul(right_high).wrapping_add(inner >> 64).wrapping_add(outer >> 64);
    Wide { high, low: (outer << 64) | (lowest & LOW) }
}

/// Quotient and remainder; `None` for a zero divisor or a quotient beyond 128 bits.
pub(crate) const fn div_rem(whole: Wide, divisor: u128) -> Option<(u128, u128)> {
    if whole.high >= divisor {
        return None;
    }
    if whole.high == 0 {
        // The divisor is above zero, because it is above `whole.high`.
        return match (whole.low.checked_div(divisor), whole.low.checked_rem(divisor)) {
            (Some(quotient), Some(rest)) => Some((quotient, rest)),
            _ => None,
        };
    }
    Some(div_rem_long(whole, divisor))
}

/// Long division in base 2^64 (Knuth, volume 2, 4.3.1, algorithm D), for `whole.high < divisor`.
const fn div_rem_long(whole: Wide, divisor: u128) -> (u128, u128) {
    let shift = divisor.leading_zeros();
    let divisor = divisor.wrapping_shl(shift);
    let top = if shift == 0 {
        whole.high
    } else {
        whole.high.wrapping_shl(shift) | whole.low.wrapping_shr(128_u32.wrapping_sub(shift))
    };
    let rest = whole.low.wrapping_shl(shift);
    let (first, partial) = digit(top, rest >> 64, divisor);
    let (second, remainder) = digit(partial, rest & LOW, divisor);
    ((first << 64) | second, remainder.wrapping_shr(shift))
}

/// One base-2^64 digit of the quotient of `top * 2^64 + next` by a divisor whose top bit is set,
/// and what is left. Needs `top < divisor`.
const fn digit(top: u128, next: u128, divisor: u128) -> (u128, u128) {
    let (divisor_high, divisor_low) = (divisor >> 64, divisor & LOW);
    // `divisor_high` has its top bit set, so it is not zero and the estimate is at most 2 too big.
    let mut estimate = match top.checked_div(divisor_high) {
        Some(estimate) => estimate,
        None => 0,
    };
    let mut left = top.wrapping_sub(estimate.wrapping_mul(divisor_high));
    while left < HALF
        && (estimate >= HALF || estimate.wrapping_mul(divisor_low) > ((left << 64) | next))
    {
        estimate = estimate.wrapping_sub(1);
        left = left.wrapping_add(divisor_high);
    }
    // Computed modulo 2^128; the true value is below the divisor.
    let remainder = (top << 64).wrapping_add(next).wrapping_sub(estimate.wrapping_mul(divisor));
    (estimate, remainder)
}
