//! Strict text forms of numbers and bytes: one spelling for each value.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// Why a number or a base64 text was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodingError {
    /// Not base64 of RFC 4648 section 4, or not its canonical form (padding, trailing bits).
    #[error("not canonical base64")]
    Base64,
    /// The decoded bytes have the wrong length.
    #[error("{found} bytes where {expected} were expected")]
    Length {
        /// The length the type needs, in bytes.
        expected: usize,
        /// The length found, in bytes.
        found: usize,
    },
    /// Not an ASCII decimal, or one with a sign or with leading zeros.
    #[error("not a decimal number without leading zeros")]
    Decimal,
    /// A decimal above 2^64 - 1.
    #[error("number above 2^64 - 1")]
    TooLarge,
}

/// Writes `bytes` as base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads canonical base64 of any length.
pub(crate) fn parse_base64(text: &str) -> Result<Vec<u8>, EncodingError> {
    STANDARD.decode(text).map_err(|_| EncodingError::Base64)
}

/// Reads an ASCII decimal without sign or leading zeros.
pub(crate) fn parse_decimal(text: &str) -> Result<u64, EncodingError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return Err(EncodingError::Decimal);
    }
    text.parse().map_err(|_| EncodingError::TooLarge)
}
