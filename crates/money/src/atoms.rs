//! The exact decimal: a whole number of atoms, 10^-18 of a unit each.

use std::fmt;
use std::str::FromStr;

use crate::{Ratio, Rounding, wide};

/// Decimals an [`Atoms`] value holds: one atom is 10^-18 of a unit.
pub const SCALE: u32 = 18;

/// Atoms in one unit.
pub(crate) const UNIT: u128 = 10_u128.pow(SCALE);

/// An exact decimal with 18 decimals, from about -1.7 * 10^20 to 1.7 * 10^20 units.
///
/// It counts money and usage alike; the currency stands beside it, in [`Amount`](crate::Amount).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Atoms(i128);

/// Why a text is not a decimal we can hold exactly.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseAtomsError {
    /// There is no text.
    #[error("no digits")]
    Empty,
    /// A byte that has no place there, or a number without digits.
    #[error("not a decimal number at byte {at}")]
    Malformed {
        /// Zero-based byte offset; the length of the text if it ends too early.
        at: usize,
    },
    /// More decimals than an atom can hold; nothing is cut off silently.
    #[error("{decimals} decimals, at most 18 can be held")]
    TooPrecise {
        /// Decimals without trailing zeros.
        decimals: usize,
    },
    /// Beyond the range of [`Atoms`].
    #[error("number too large")]
    TooLarge,
}

impl Atoms {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(1_000_000_000_000_000_000);

    /// The value of this many atoms, 10^-18 of a unit each.
    #[must_use]
    pub const fn from_raw(raw: i128) -> Self {
        Self(raw)
    }

    /// The number of atoms, 10^-18 of a unit each.
    #[must_use]
    pub const fn raw(self) -> i128 {
        self.0
    }

    /// The value of this many whole units.
    #[must_use]
    pub fn from_units(units: i64) -> Self {
        // |i64| * 10^18 is below 9.3 * 10^36, and an i128 reaches 1.7 * 10^38.
        Self(i128::from(units).wrapping_mul(Self::ONE.0))
    }

    /// Reads a plain decimal: `-` or nothing, digits, and at most one `.`.
    ///
    /// No `+`, no exponent, no separators, no blanks. Either side of the point may be without
    /// digits (`.5`, `5.`), not both. Zeros at the end beyond 18 decimals are no loss and pass.
    ///
    /// # Errors
    /// [`ParseAtomsError`]: the text is empty, malformed, too precise or too large.
    pub fn parse(text: &str) -> Result<Self, ParseAtomsError> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body),
            None => (false, text),
        };
        if text.is_empty() {
            return Err(ParseAtomsError::Empty);
        }
        let decimal = crate::decimal::scan(body).map_err(|at| ParseAtomsError::Malformed {
            at: at.saturating_add(usize::from(negative)),
        })?;
        let fraction = decimal.fraction.trim_end_matches('0');
        let decimals = fraction.len();
        let missing = usize::try_from(SCALE)
            .ok()
            .and_then(|scale| scale.checked_sub(decimals))
            .ok_or(ParseAtomsError::TooPrecise { decimals })?;
        if let Some(magnitude) = crate::decimal::short(decimal.integer, fraction, missing) {
            return Self::signed(negative, magnitude).ok_or(ParseAtomsError::TooLarge);
        }
        let magnitude = decimal
            .integer
            .bytes()
            .chain(fraction.bytes())
            .map(crate::decimal::value)
            .chain(std::iter::repeat_n(0, missing))
            .try_fold(0_u128, crate::decimal::push)
            .ok_or(ParseAtomsError::TooLarge)?;
        Self::signed(negative, magnitude).ok_or(ParseAtomsError::TooLarge)
    }

    /// The sum, or `None` beyond the range.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.0.checked_add(other.0) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The difference, or `None` beyond the range.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.0.checked_sub(other.0) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The value with the other sign, or `None` beyond the range.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.0.checked_neg() {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The sum of all, zero for none, or `None` where a partial sum leaves the range.
    pub fn checked_sum(all: impl IntoIterator<Item = Self>) -> Option<Self> {
        all.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The product of two decimals, such as a number of units and the price of one, rounded once, to
    /// the atom, or `None` beyond the range.
    #[must_use]
    pub fn checked_mul(self, other: Self, rounding: Rounding) -> Option<Self> {
        let factor = Ratio::new(other.0.unsigned_abs(), UNIT)?;
        // The sign goes along before the rounding, which may depend on it.
        let signed = if other.is_negative() { self.checked_neg()? } else { self };
        signed.mul_ratio(factor, rounding)
    }

    /// The value times a ratio, rounded once, to the atom, or `None` beyond the range.
    ///
    /// The product is held in 256 bits, so nothing is lost before the named rounding.
    #[must_use]
    pub fn mul_ratio(self, ratio: Ratio, rounding: Rounding) -> Option<Self> {
        let negative = self.is_negative();
        let product = wide::mul(self.0.unsigned_abs(), ratio.num());
        let (quotient, rest) = wide::div_rem(product, ratio.den())?;
        let away = rounding.is_away(negative, quotient, rest, ratio.den());
        Self::signed(negative, quotient.checked_add(u128::from(away))?)
    }

    /// Rounds to this many decimals and keeps what that took: `(rounded, residue)`, whose sum is
    /// the value. With 18 decimals or more there is nothing to round.
    ///
    /// # Panics
    /// Where the rounded value is beyond the range: only for a value less than one unit short of
    /// 1.7 * 10^20 units. [`Atoms::checked_quantise`] answers `None` there.
    #[must_use]
    pub fn quantise(self, decimals: u32, rounding: Rounding) -> (Self, Self) {
        self.checked_quantise(decimals, rounding)
            .expect("an amount stays more than one unit inside the range of i128 atoms")
    }

    /// [`Atoms::quantise`], or `None` where the rounded value is beyond the range.
    #[must_use]
    pub fn checked_quantise(self, decimals: u32, rounding: Rounding) -> Option<(Self, Self)> {
        let step = step(decimals);
        let magnitude = self.0.unsigned_abs();
        let quotient = magnitude.checked_div(step)?;
        let rest = magnitude.checked_rem(step)?;
        let away = rounding.is_away(self.is_negative(), quotient, rest, step);
        let rounded = quotient.checked_add(u128::from(away))?.checked_mul(step)?;
        let rounded = Self::signed(self.is_negative(), rounded)?;
        Some((rounded, self.checked_sub(rounded)?))
    }

    /// A picture with exactly this many decimals. Digits beyond are cut off, so it is for the eye
    /// only; [`Atoms::quantise`] first to show a rounded value.
    pub fn fixed(self, decimals: u32) -> impl fmt::Display {
        Picture { atoms: self, decimals, grouped: false }
    }

    /// [`Atoms::fixed`] with a comma before every third digit of the whole units.
    pub fn grouped(self, decimals: u32) -> impl fmt::Display {
        Picture { atoms: self, decimals, grouped: true }
    }

    /// The value with this sign and magnitude, or `None` beyond the range.
    pub(crate) const fn signed(negative: bool, magnitude: u128) -> Option<Self> {
        let raw = if negative {
            0_i128.checked_sub_unsigned(magnitude)
        } else {
            0_i128.checked_add_unsigned(magnitude)
        };
        match raw {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// Whole units and the atoms beyond them, both without sign.
    const fn split(self) -> (u128, u128) {
        let magnitude = self.0.unsigned_abs();
        (magnitude / UNIT, magnitude % UNIT)
    }
}

/// Atoms in one step of this many decimals.
fn step(decimals: u32) -> u128 {
    // 10^18 at most.
    10_u128.wrapping_pow(SCALE.saturating_sub(decimals))
}

/// The shortest exact form: `12.5`, `0`, `-3`. Width and fill are honoured, precision is not.
impl fmt::Display for Atoms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, fraction) = self.split();
        let mut text = units.to_string();
        if fraction != 0 {
            text.push('.');
            text.push_str(format!("{fraction:018}").trim_end_matches('0'));
        }
        f.pad_integral(!self.is_negative(), "", &text)
    }
}

impl FromStr for Atoms {
    type Err = ParseAtomsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// A value to be shown with a fixed number of decimals.
struct Picture {
    atoms: Atoms,
    decimals: u32,
    grouped: bool,
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, fraction) = self.atoms.split();
        let units = units.to_string();
        let mut text = String::with_capacity(32);
        for (at, digit) in units.char_indices() {
            let left = units.len().saturating_sub(at);
            if self.grouped && at > 0 && left % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        let fraction = format!("{fraction:018}");
        for at in 0..usize::try_from(self.decimals).unwrap_or(usize::MAX) {
            if at == 0 {
                text.push('.');
            }
            text.push(fraction.as_bytes().get(at).map_or('0', |digit| char::from(*digit)));
        }
        // A value cut down to nothing carries no sign.
        let negative = self.atoms.is_negative() && text.bytes().any(|b| matches!(b, b'1'..=b'9'));
        f.pad_integral(!negative, "", &text)
    }
}
