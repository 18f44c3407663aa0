//! International Standard Name Identifier, ISO 27729:2024.

use crate::error::IdentError;
use crate::shape::{self, text_traits};

/// The number of a public identity: fifteen digits and a check character, a digit or `X`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isni([u8; 16]);

impl Isni {
    /// Reads `000000012281955X`, or the same in groups of four with spaces or hyphens.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or the wrong check character.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let patterns = ["dddddddddddddddx", "dddd dddd dddd dddx", "dddd-dddd-dddd-dddx"];
        let code: [u8; 16] = shape::read("ISNI", "16, or 19 in groups", &patterns, text)?;
        let [number @ .., got] = code;
        shape::check("ISNI", [check_character(number)], [got])?;
        Ok(Self(code))
    }

    /// The sixteen characters, `000000012281955X`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        shape::text(&self.0)
    }

    /// The form for people, `0000 0001 2281 955X`.
    #[must_use]
    pub fn printed(&self) -> String {
        shape::print("dddd dddd dddd dddx", self.as_str())
    }
}

/// ISO/IEC 7064, mod 11-2.
fn check_character(number: [u8; 15]) -> u8 {
    let rest = number.iter().fold(0, |rest, digit| (rest + shape::value(*digit)) * 2 % 11);
    match (12 - rest) % 11 {
        10 => b'X',
        value => shape::digit(value),
    }
}

text_traits!(Isni);
