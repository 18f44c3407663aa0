//! The hash of a leaf, of a node, of nothing (RFC 6962 section 2.1).

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::encoding::{EncodingError, base64, parse_base64};

/// Length of a hash, in bytes.
pub const HASH_BYTES: usize = 32;

/// A SHA-256 hash; printed as base64 (44 characters).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; HASH_BYTES] {
        &self.0
    }

    /// Takes a hash from a slice of exactly 32 bytes.
    ///
    /// # Errors
    ///
    /// [`EncodingError::Length`] for any other length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, EncodingError> {
        let bytes = bytes
            .try_into()
            .map_err(|_| EncodingError::Length { expected: HASH_BYTES, found: bytes.len() })?;
        Ok(Self(bytes))
    }

    /// Reads canonical base64 of 32 bytes.
    ///
    /// # Errors
    ///
    /// [`EncodingError`] if the text is not what [`Display`](fmt::Display) prints for some hash.
    pub fn parse(text: &str) -> Result<Self, EncodingError> {
        Self::from_slice(&parse_base64(text)?)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base64(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl FromStr for Hash {
    type Err = EncodingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The hash of one entry: `SHA-256(00 ‖ entry)`.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
}

/// The hash of an inner node: `SHA-256(01 ‖ left ‖ right)`.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Hash(
        Sha256::new()
            .chain_update([1])
            .chain_update(left.0)
            .chain_update(right.0)
            .finalize()
            .into(),
    )
}

/// The root of the tree without leaves: `SHA-256` of no bytes.
#[must_use]
pub fn empty_root() -> Hash {
    Hash(Sha256::digest([]).into())
}
