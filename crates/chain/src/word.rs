//! Words of 32 bytes, and the hash of the chain.

use std::fmt;

use sha3::{Digest as _, Keccak256};

/// Thirty-two bytes: a hash, a root, or a slot of a call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Word(pub [u8; 32]);

/// A text that is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not 0x and 64 hexadecimal digits in small letters")]
pub struct ParseWordError;

impl Word {
    /// Reads `0x` and 64 digits in small letters.
    ///
    /// # Errors
    /// [`ParseWordError`] for anything else.
    pub fn parse(text: &str) -> Result<Self, ParseWordError> {
        let bytes = bytes_of(text).filter(|_| !text.bytes().any(|it| it.is_ascii_uppercase()));
        bytes.and_then(|it| it.try_into().ok()).map(Self).ok_or(ParseWordError)
    }

    /// A number, big-endian.
    pub(crate) fn of(number: u128) -> Self {
        let mut word = [0; 32];
        word[16..].copy_from_slice(&number.to_be_bytes());
        Self(word)
    }

    /// Its number; none if it takes more than 128 bits.
    pub(crate) fn number(&self) -> Option<u128> {
        let (high, low) = self.0.split_at(16);
        let low = low.try_into().ok().map(u128::from_be_bytes);
        low.filter(|_| high.iter().all(|it| *it == 0))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Keccak-256, as Ethereum has it: before the padding of FIPS 202.
#[must_use]
pub fn keccak256(bytes: &[u8]) -> Word {
    Word(Keccak256::digest(bytes).into())
}

/// Bytes as `0x` and digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 + 2 * bytes.len());
    text.push_str("0x");
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// The bytes behind `0x` and digits of any case; none for what is not that.
pub(crate) fn bytes_of(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix("0x")?.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let bytes = pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?));
    bytes.collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_hash_is_that_of_the_chain() {
        let empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
        assert_eq!(keccak256(b"").to_string(), empty);
        // The selector that every token answers to (EIP-20, `transfer(address,uint256)`).
        assert_eq!(keccak256(b"transfer(address,uint256)").0[..4], [0xa9, 0x05, 0x9c, 0xbb]);
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(bytes: [u8; 32], number: u128) {
            let word = Word(bytes);
            prop_assert_eq!(Word::parse(&word.to_string()), Ok(word));
            prop_assert_eq!(Word::of(number).number(), Some(number));
        }

        #[test]
        fn any_text_is_answered(text in ".{0,80}") {
            if let Some(bytes) = bytes_of(&text) {
                prop_assert_eq!(hex(&bytes), text.to_lowercase());
            }
        }
    }
}
