//! Numbers of bank accounts and banks.

use crate::error::{IdentError, IdentErrorKind};
use crate::shape;

/// International bank account number, ISO 13616-1:2020: a country, two check digits and at most
/// thirty letters or digits.
///
/// How long the numbers of each country are is not checked: the registry of that changes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Iban(String);

impl Iban {
    /// Reads `DE89370400440532013000`, also in groups with blanks; small letters become capitals.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or wrong check digits.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let error = |kind| IdentError { identifier: "IBAN", kind };
        let is_fault = |(_, byte): &(usize, u8)| !(byte.is_ascii_alphanumeric() || *byte == b' ');
        if let Some((at, _)) = text.bytes().enumerate().find(is_fault) {
            return Err(error(IdentErrorKind::Character { at }));
        }
        let code: String = text.replace(' ', "").to_ascii_uppercase();
        if !(15..=34).contains(&code.len()) || text.starts_with(' ') || text.ends_with(' ') {
            return Err(error(shape::length("15 to 34", text)));
        }
        let (country, number) = code.split_at(2);
        let (check, number) = number.split_at(2);
        let letters = country.bytes().position(|it| !it.is_ascii_alphabetic());
        let digits = check.bytes().position(|it| !it.is_ascii_digit()).map(|at| at + 2);
        if let Some(at) = letters.or(digits) {
            return Err(error(IdentErrorKind::Character { at }));
        }
        let expected = format!("{:02}", 98 - mod_97(&format!("{number}{country}00")));
        match check == expected {
            true => Ok(Self(code)),
            false => Err(error(IdentErrorKind::CheckDigit { expected, got: check.to_owned() })),
        }
    }

    /// Country, check digits and number without blanks.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for people, in groups of four.
    #[must_use]
    pub fn printed(&self) -> String {
        let mut printed = String::new();
        for (at, character) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                printed.push(' ');
            }
            printed.push(character);
        }
        printed
    }
}

/// ISO/IEC 7064, mod 97-10, of digits and of letters that stand for 10 to 35.
fn mod_97(text: &str) -> u32 {
    text.chars().filter_map(|it| it.to_digit(36)).fold(0, |rest, value| match value {
        0..=9 => (rest * 10 + value) % 97,
        _ => (rest * 100 + value) % 97,
    })
}

/// Business identifier code of a bank, ISO 9362:2022: eight characters, or eleven with the branch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bic(String);

impl Bic {
    /// Reads `KOEXKRSE` or `KOEXKRSEXXX`; small letters become capitals.
    ///
    /// # Errors
    /// [`IdentError`]: another length, or a character out of place.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let code = match text.len() {
            8 => shape::read::<8>("BIC", "8 or 11", &["aaaallaa"], text)?.to_vec(),
            _ => shape::read::<11>("BIC", "8 or 11", &["aaaallaaaaa"], text)?.to_vec(),
        };
        Ok(Self(shape::text(&code).to_owned()))
    }

    /// The eight or eleven characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Gives both their text traits.
macro_rules! display {
    ($($type:ident)*) => {$(
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
    )*};
}
display!(Iban Bic);
