//! Texts of a fixed shape: what may stand at each place, and which separators are left out.

use crate::error::{IdentError, IdentErrorKind};

/// One place of a pattern.
///
/// `l` a letter, `d` a digit, `a` a letter or a digit, `x` a digit or the letter X. A capital
/// stands for itself in either case, a separator for itself.
fn accepts(place: u8, byte: u8) -> bool {
    match place {
        b'l' => byte.is_ascii_alphabetic(),
        b'd' => byte.is_ascii_digit(),
        b'a' => byte.is_ascii_alphanumeric(),
        b'x' => byte.is_ascii_digit() || byte.eq_ignore_ascii_case(&b'X'),
        _ => byte.eq_ignore_ascii_case(&place),
    }
}

/// Reads a text by the pattern of its length, without separators and in capitals.
///
/// Among patterns of one length, the first that fits wins, and the first names the fault.
pub(crate) fn read<const N: usize>(
    identifier: &'static str,
    expected: &'static str,
    patterns: &[&str],
    text: &str,
) -> Result<[u8; N], IdentError> {
    let error = |kind| IdentError { identifier, kind };
    let mut fault = None;
    for pattern in patterns.iter().filter(|pattern| pattern.len() == text.len()) {
        let mut places = pattern.bytes().zip(text.bytes());
        match places.position(|(place, byte)| !accepts(place, byte)) {
            Some(at) => fault = fault.or(Some(IdentErrorKind::Character { at })),
            None => {
                let mut kept = text.bytes().filter(u8::is_ascii_alphanumeric);
                return Ok(std::array::from_fn(|_| {
                    kept.next().expect("every pattern keeps N characters").to_ascii_uppercase()
                }));
            }
        }
    }
    Err(error(fault.unwrap_or_else(|| length(expected, text))))
}

/// Puts the characters of an identifier into a pattern with separators.
pub(crate) fn print(pattern: &str, text: &str) -> String {
    let mut characters = text.chars();
    let fill = |place: char| match place {
        'a'..='z' | 'A'..='Z' | '0'..='9' => characters.next(),
        separator => Some(separator),
    };
    pattern.chars().filter_map(fill).collect()
}

/// The text has a length that no pattern has, or characters that no identifier has.
pub(crate) fn length(expected: &'static str, text: &str) -> IdentErrorKind {
    match text.bytes().position(|byte| !byte.is_ascii()) {
        Some(at) => IdentErrorKind::Character { at },
        None => IdentErrorKind::Length { expected, got: text.len() },
    }
}

/// Compares the check characters with what the rest calls for.
pub(crate) fn check<const N: usize>(
    identifier: &'static str,
    expected: [u8; N],
    got: [u8; N],
) -> Result<(), IdentError> {
    if expected == got {
        return Ok(());
    }
    let [expected, got] = [expected, got].map(|check| text(&check).to_owned());
    Err(IdentError { identifier, kind: IdentErrorKind::CheckDigit { expected, got } })
}

/// The value of a decimal digit.
pub(crate) fn value(digit: u8) -> u32 {
    u32::from(digit.wrapping_sub(b'0'))
}

/// The decimal digit of a value below ten.
pub(crate) fn digit(value: u32) -> u8 {
    u8::try_from(value).map_or(b'?', |value| b'0'.saturating_add(value))
}

/// The check character of capitals and digits, by ISO/IEC 7064, mod 37,36.
pub(crate) fn mod_37_36(characters: &[u8]) -> u8 {
    let product = characters.iter().fold(36, |product, character| {
        let value = match character {
            b'0'..=b'9' => value(*character),
            _ => u32::from(character.wrapping_sub(b'A')) + 10,
        };
        match (product + value) % 36 {
            0 => 72 % 37,
            sum => sum * 2 % 37,
        }
    });
    match (37 - product) % 36 {
        value @ 0..=9 => digit(value),
        value => u8::try_from(value - 10).map_or(b'?', |value| b'A'.saturating_add(value)),
    }
}

/// Text of bytes that are ASCII by construction.
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("an identifier holds ASCII letters and digits only")
}

/// Gives an identifier that has `parse` and `as_str` its text traits.
macro_rules! text_traits {
    ($type:ty) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({self})", stringify!($type))
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::IdentError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
    };
}
pub(crate) use text_traits;
