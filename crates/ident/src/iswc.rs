//! International Standard Musical Work Code, ISO 15707:2022.

use crate::error::IdentError;
use crate::shape::{self, text_traits};

/// The code of a work: `T`, nine digits and a check digit.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iswc([u8; 11]);

impl Iswc {
    /// Reads `T1234567894`, `T-123456789-4` or `T-123.456.789-4`.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or the wrong check digit.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let patterns = ["Tdddddddddd", "T-ddddddddd-d", "T-ddd.ddd.ddd-d"];
        let code: [u8; 11] =
            shape::read("ISWC", "11, or 13 or 15 with separators", &patterns, text)?;
        let [_, number @ .., got] = code;
        shape::check("ISWC", [check_digit(number)], [got])?;
        Ok(Self(code))
    }

    /// The eleven characters, `T1234567894`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.0)
    }

    /// The form for people, `T-123.456.789-4`.
    #[must_use]
    pub fn printed(&self) -> String {
        shape::print("T-ddd.ddd.ddd-d", self.as_str())
    }
}

/// Ten's complement of 1 (for the `T`) and each digit times its place, modulo 10.
fn check_digit(number: [u8; 9]) -> u8 {
    let sum: u32 = (1..).zip(number).map(|(place, digit)| place * shape::value(digit)).sum();
    shape::digit((10 - (1 + sum) % 10) % 10)
}

text_traits!(Iswc);
