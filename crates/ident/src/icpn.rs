//! International Code Product Number: a GS1 article number, GS1 General Specifications, 7.9.

use crate::error::{IdentError, IdentErrorKind};
use crate::shape::{self, text_traits};

/// The code of a release: a UPC, an EAN or another GTIN.
///
/// A number is the same with and without zeros in front, so codes compare as their GTIN-14.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Icpn([u8; 14]);

impl Icpn {
    /// Reads 8, 12, 13 or 14 digits, the last of them the check digit.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character that is no digit, or the wrong check digit.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let expected = "8, 12, 13 or 14";
        if let Some(at) = text.bytes().position(|byte| !byte.is_ascii_digit()) {
            return Err(IdentError { identifier: "ICPN", kind: IdentErrorKind::Character { at } });
        }
        if !matches!(text.len(), 8 | 12 | 13 | 14) {
            return Err(IdentError { identifier: "ICPN", kind: shape::length(expected, text) });
        }
        let code: [u8; 14] =
            shape::read("ICPN", expected, &["dddddddddddddd"], &format!("{text:0>14}"))?;
        let [number @ .., got] = code;
        shape::check("ICPN", [check_digit(number)], [got])?;
        Ok(Self(code))
    }

    /// The shortest of 8, 12, 13 and 14 digits that loses nothing but zeros in front.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.gtin14();
        let zeros = text.bytes().take_while(|byte| *byte == b'0').count();
        let from = match zeros {
            0 => 0,
            1 => 1,
            2..=5 => 2,
            _ => 6,
        };
        text.get(from..).unwrap_or(text)
    }

    /// All fourteen digits, with zeros in front.
    #[must_use]
    pub fn gtin14(&self) -> &str {
        shape::text(&self.0)
    }
}

/// Ten's complement of the digits times 3 and 1 in turn, from the right with 3, modulo 10.
fn check_digit(number: [u8; 13]) -> u8 {
    let weights = [3, 1].into_iter().cycle();
    let sum: u32 =
        number.iter().zip(weights).map(|(digit, weight)| weight * shape::value(*digit)).sum();
    shape::digit((10 - sum % 10) % 10)
}

text_traits!(Icpn);
