//! Interested Parties Information: the name number of CISAC.

use crate::error::IdentError;
use crate::shape::{self, text_traits};

/// The number of a name of a party in works: nine digits and two check digits.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipi([u8; 11]);

impl Ipi {
    /// Reads eleven digits, zeros in front included.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character that is no digit, or wrong check digits.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let code: [u8; 11] = shape::read("IPI name number", "11", &["ddddddddddd"], text)?;
        let [number @ .., tens, ones] = code;
        shape::check("IPI name number", check_digits(number), [tens, ones])?;
        Ok(Self(code))
    }

    /// The eleven digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.0)
    }
}

/// Complement to 101 of the digits times 10, 9, and so on to 2, modulo 101; 100 is written 00.
fn check_digits(number: [u8; 9]) -> [u8; 2] {
    let weights = (2..=10).rev();
    let sum: u32 = weights.zip(number).map(|(weight, digit)| weight * shape::value(digit)).sum();
    let check = (101 - sum % 101) % 101 % 100;
    [shape::digit(check / 10), shape::digit(check % 10)]
}

text_traits!(Ipi);
