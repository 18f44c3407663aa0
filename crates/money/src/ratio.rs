//! Shares and rates as reduced fractions of integers.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::{decimal, wide};

/// A reduced fraction of two integers, zero or above: a share, a rate, an exchange rate.
#[derive(Copy, Clone, PartialEq, Eq, Hash, Debug)]
pub struct Ratio {
    num: u128,
    den: u128,
}

/// Why a text is not a ratio we can hold exactly.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseRatioError {
    /// There is no text.
    #[error("no digits")]
    Empty,
    /// A byte that has no place there, or a number without digits.
    #[error("not a ratio at byte {at}")]
    Malformed {
        /// Zero-based byte offset; the length of the text if it ends too early.
        at: usize,
    },
    /// A fraction of zero parts.
    #[error("denominator is zero")]
    ZeroDenominator,
    /// Numerator or denominator beyond 128 bits.
    #[error("ratio needs more than 128 bits")]
    TooLarge,
}

impl Ratio {
    /// Nothing, `0/1`.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// The whole, `1/1`.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// The reduced fraction, or `None` for a zero denominator.
    #[must_use]
    pub const fn new(num: u128, den: u128) -> Option<Self> {
        let divisor = gcd(num, den);
        match (den, num.checked_div(divisor), den.checked_div(divisor)) {
            (1.., Some(num), Some(den)) => Some(Self { num, den }),
            _ => None,
        }
    }

    /// Reads `12.3%`, `12.3 %`, `0.123` or `1/3`. No sign, no exponent; one space before `%`.
    ///
    /// # Errors
    /// [`ParseRatioError`]: the text is empty, malformed, a fraction of zero, or too large.
    pub fn parse(text: &str) -> Result<Self, ParseRatioError> {
        if text.is_empty() {
            return Err(ParseRatioError::Empty);
        }
        if let Some((num, den)) = text.split_once('/') {
            let after = num.len().saturating_add(1);
            let num = integer(num, 0)?;
            let den = integer(den, after)?;
            return Self::new(num, den).ok_or(ParseRatioError::ZeroDenominator);
        }
        let (body, percent) = match text.strip_suffix('%') {
            Some(body) => (body.strip_suffix(' ').unwrap_or(body), true),
            None => (text, false),
        };
        let parts = decimal::scan(body).map_err(|at| ParseRatioError::Malformed { at })?;
        let fraction = parts.fraction.trim_end_matches('0');
        let num = digits(parts.integer.bytes().chain(fraction.bytes()))?;
        let places = fraction.len().saturating_add(if percent { 2 } else { 0 });
        let den = u32::try_from(places)
            .ok()
            .and_then(|places| 10_u128.checked_pow(places))
            .ok_or(ParseRatioError::TooLarge)?;
        Self::new(num, den).ok_or(ParseRatioError::ZeroDenominator)
    }

    /// The numerator of the reduced fraction.
    #[must_use]
    pub const fn num(self) -> u128 {
        self.num
    }

    /// The denominator of the reduced fraction, never zero.
    #[must_use]
    pub const fn den(self) -> u128 {
        self.den
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// The exact sum, or `None` where it, or a step to it, needs more than 128 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.combine(other, u128::checked_add)
    }

    /// The exact difference, or `None` where it is below zero or, as for
    /// [`Ratio::checked_add`], does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.combine(other, u128::checked_sub)
    }

    /// The exact product, or `None` where it needs more than 128 bits.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let left = Self::new(self.num, other.den)?;
        let right = Self::new(other.num, self.den)?;
        let num = left.num.checked_mul(right.num)?;
        let den = left.den.checked_mul(right.den)?;
        Self::new(num, den)
    }

    /// What is missing to the whole, `1 - self`, or `None` above one.
    #[must_use]
    pub fn complement(self) -> Option<Self> {
        Some(Self { num: self.den.checked_sub(self.num)?, den: self.den })
    }

    /// The form for people: a percentage if that is exact to four decimals, else the fraction.
    #[must_use]
    pub fn printed(self) -> String {
        let digits = self.to_percent(4);
        let short = digits.trim_end_matches('0').trim_end_matches('.');
        match Self::parse(&format!("{short}%")) {
            Ok(back) if back == self => format!("{short} %"),
            _ => self.to_string(),
        }
    }

    /// A picture in per cent with exactly this many decimals, rounded half to even, without the
    /// sign: `12.30`.
    #[must_use]
    pub fn to_percent(self, decimals: u32) -> String {
        let places = usize::try_from(decimals).unwrap_or(usize::MAX);
        let mut digits: Vec<u8> = self.whole().to_string().into_bytes();
        let mut rest = self.num.checked_rem(self.den).unwrap_or(0);
        for _ in 0..places.saturating_add(2) {
            // Below ten, because `rest` is below the denominator.
            let (digit, left) = wide::div_rem(wide::mul(rest, 10), self.den).unwrap_or_default();
            digits.push(u8::try_from(digit).map_or(b'0', |digit| digit.wrapping_add(b'0')));
            rest = left;
        }
        let last = u128::from(digits.last().map_or(0, |digit| decimal::value(*digit)));
        if crate::Rounding::HalfEven.is_away(false, last, rest, self.den) {
            increment(&mut digits);
        }
        let text: String = digits.into_iter().map(char::from).collect();
        let (units, fraction) = text.split_at(text.len().saturating_sub(places));
        let units = match units.trim_start_matches('0') {
            "" => "0",
            units => units,
        };
        if fraction.is_empty() { units.to_owned() } else { format!("{units}.{fraction}") }
    }

    /// The whole part.
    fn whole(self) -> u128 {
        self.num.checked_div(self.den).unwrap_or(0)
    }

    /// Sum or difference over the least common denominator (Knuth, volume 2, 4.5.1).
    fn combine(self, other: Self, join: fn(u128, u128) -> Option<u128>) -> Option<Self> {
        let shared = gcd(self.den, other.den);
        let left_factor = other.den.checked_div(shared)?;
        let right_factor = self.den.checked_div(shared)?;
        let num = join(self.num.checked_mul(left_factor)?, other.num.checked_mul(right_factor)?)?;
        let again = gcd(num, shared);
        let den = right_factor.checked_mul(other.den.checked_div(again)?)?;
        Self::new(num.checked_div(again)?, den)
    }
}

/// Greatest common divisor; the other number where one is zero.
const fn gcd(mut left: u128, mut right: u128) -> u128 {
    while let Some(rest) = left.checked_rem(right) {
        left = right;
        right = rest;
    }
    left
}

/// Adds one to a number written in ASCII digits.
fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit = digit.wrapping_add(1);
            return;
        }
        *digit = b'0';
    }
    digits.insert(0, b'1');
}

/// An unsigned integer that starts at byte `offset` of the text.
fn integer(text: &str, offset: usize) -> Result<u128, ParseRatioError> {
    let fault = text.bytes().position(|byte| !byte.is_ascii_digit());
    match fault.or(text.is_empty().then_some(0)) {
        Some(at) => Err(ParseRatioError::Malformed { at: offset.saturating_add(at) }),
        None => digits(text.bytes()),
    }
}

/// The number these ASCII digits write.
fn digits(all: impl Iterator<Item = u8>) -> Result<u128, ParseRatioError> {
    all.map(decimal::value).try_fold(0, decimal::push).ok_or(ParseRatioError::TooLarge)
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By value, exactly: cross products in 256 bits.
impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        wide::mul(self.num, other.den).cmp(&wide::mul(other.num, self.den))
    }
}

impl Default for Ratio {
    fn default() -> Self {
        Self::ZERO
    }
}

/// The reduced fraction: `41/100`, `1`, `0`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { num, den } = self;
        let text = if *den == 1 { num.to_string() } else { format!("{num}/{den}") };
        f.pad_integral(true, "", &text)
    }
}

impl FromStr for Ratio {
    type Err = ParseRatioError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
