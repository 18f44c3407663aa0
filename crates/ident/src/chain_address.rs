//! Addresses of accounts on a chain.

use sha3::{Digest as _, Keccak256};

use crate::error::{IdentError, IdentErrorKind};
use crate::shape;

/// Bytes of an address.
const BYTES: usize = 20;

/// Address of an account on an Ethereum-like chain: twenty bytes, never all zero.
///
/// It is written as ERC-55 has it, `0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed`: which letters are
/// capitals is the check. Other spellings are refused, since a slip in them cannot be seen and what
/// is sent to an address is gone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainAddress([u8; BYTES]);

impl ChainAddress {
    /// Reads the spelling of ERC-55.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or capitals that do not fit.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let error = |kind| IdentError { identifier: "chain address", kind };
        let address = Self::parse_bare(text)?;
        let expected = address.to_string();
        match text == expected {
            true => Ok(address),
            false => Err(error(IdentErrorKind::CheckDigit { expected, got: text.to_owned() })),
        }
    }

    /// Reads what a machine wrote, such as a node: hexadecimal digits in any case, without a check.
    ///
    /// # Errors
    /// [`IdentError`]: another length, a character out of place, or the address of zeros.
    pub fn parse_bare(text: &str) -> Result<Self, IdentError> {
        let error = |kind| IdentError { identifier: "chain address", kind };
        if text.len() != 2 + 2 * BYTES || !text.is_ascii() {
            return Err(error(shape::length("42", text)));
        }
        let (prefix, digits) = text.split_at(2);
        if prefix != "0x" {
            return Err(error(IdentErrorKind::Character { at: 0 }));
        }
        let mut bytes = [0_u8; BYTES];
        for (at, (byte, pair)) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)).enumerate() {
            for (half, digit) in pair.iter().enumerate() {
                let value = char::from(*digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
                let Some(value) = value else {
                    return Err(error(IdentErrorKind::Character { at: 2 + 2 * at + half }));
                };
                *byte = *byte << 4 | value;
            }
        }
        Self::from_bytes(bytes).ok_or_else(|| error(IdentErrorKind::Character { at: 2 }))
    }

    /// The address of these bytes; none for zeros, which belong to nobody.
    #[must_use]
    pub fn from_bytes(bytes: [u8; BYTES]) -> Option<Self> {
        (bytes != [0; BYTES]).then_some(Self(bytes))
    }

    /// Its bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; BYTES] {
        &self.0
    }
}

impl std::fmt::Display for ChainAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits: String = self.0.iter().map(|it| format!("{it:02x}")).collect();
        let hash = Keccak256::digest(digits.as_bytes());
        // A letter is a capital where the hash of the small letters has a digit of 8 or more.
        let is_high = |at: usize| {
            let byte = hash.get(at / 2).copied().unwrap_or_default();
            let digit = if at.is_multiple_of(2) { byte >> 4 } else { byte & 15 };
            digit >= 8
        };
        let cased = digits.chars().enumerate();
        let cased = cased.map(|(at, it)| if is_high(at) { it.to_ascii_uppercase() } else { it });
        f.pad(&format!("0x{}", cased.collect::<String>()))
    }
}

impl std::fmt::Debug for ChainAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChainAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::ChainAddress;

    /// The vectors of ERC-55.
    #[test]
    fn the_examples_of_the_standard_are_read() {
        for text in [
            "0x52908400098527886E0F7030069857D2E4169EE7",
            "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
            "0xde709f2102306220921060314715629080e2fb77",
            "0x27b1fdb04752bbc536007a920d24acb045561c26",
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
            "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
            "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        ] {
            assert_eq!(ChainAddress::parse(text).map(|it| it.to_string()), Ok(text.to_owned()));
        }
    }

    fn check(text: &str, expect: Expect) {
        expect.assert_eq(&ChainAddress::parse(text).unwrap_err().to_string());
    }

    #[test]
    fn slips_are_told() {
        check(
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed",
            expect![
                "not a valid chain address: check digit 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed, expected 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
            ],
        );
        check("0x5aAeb6", expect!["not a valid chain address: 8 characters, expected 42"]);
        check(
            "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg",
            expect!["not a valid chain address: unexpected character at 41"],
        );
        check(
            "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed00",
            expect!["not a valid chain address: unexpected character at 0"],
        );
        check(
            &format!("0x{}", "0".repeat(40)),
            expect!["not a valid chain address: unexpected character at 2"],
        );
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(bytes: [u8; 20]) {
            if let Some(address) = ChainAddress::from_bytes(bytes) {
                let text = address.to_string();
                prop_assert_eq!(ChainAddress::parse(&text), Ok(address));
                prop_assert_eq!(ChainAddress::parse_bare(&text.to_lowercase()), Ok(address));
            }
        }

        #[test]
        fn any_text_is_answered(text in ".{0,50}") {
            prop_assert!(ChainAddress::parse(&text).is_err());
        }
    }
}
