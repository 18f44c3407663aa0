//! Entry bundles: up to 256 neighbouring entries in one file (C2SP tlog-tiles, "Log entries").

use thiserror::Error;

use crate::hash::{Hash, leaf_hash};
use crate::tile::TILE_WIDTH;

/// Longest entry, in bytes: what a 16-bit length can say.
pub const ENTRY_BYTES_MAX: usize = 65_535;

/// One to 256 entries; the bytes are a 16-bit big-endian length before each entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryBundle {
    entries: Vec<Vec<u8>>,
}

/// Why a bundle was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BundleError {
    /// A bundle without entries is never written.
    #[error("no entries in the bundle")]
    Empty,
    /// More entries than a tile has leaves.
    #[error("more than 256 entries in the bundle")]
    TooMany,
    /// An entry above 65,535 bytes.
    #[error("entry {entry} has {bytes} bytes, above 65535")]
    TooLong {
        /// Number of the entry within the bundle, from 0.
        entry: usize,
        /// Its length.
        bytes: usize,
    },
    /// The bytes end inside an entry or its length.
    #[error("the bundle ends inside entry {entry}")]
    Truncated {
        /// Number of the entry within the bundle, from 0.
        entry: usize,
    },
}

impl EntryBundle {
    /// A bundle of these entries.
    ///
    /// # Errors
    ///
    /// [`BundleError`] for none, for more than 256, or for one above 65,535 bytes.
    pub fn new(entries: Vec<Vec<u8>>) -> Result<Self, BundleError> {
        if entries.is_empty() {
            return Err(BundleError::Empty);
        }
        if entries.len() > usize::from(TILE_WIDTH) {
            return Err(BundleError::TooMany);
        }
        let lengths = entries.iter().map(Vec::len).enumerate();
        if let Some((entry, bytes)) =
            lengths.into_iter().find(|(_, bytes)| *bytes > ENTRY_BYTES_MAX)
        {
            return Err(BundleError::TooLong { entry, bytes });
        }
        Ok(Self { entries })
    }

    /// Reads a bundle to its last byte.
    ///
    /// # Errors
    ///
    /// [`BundleError`] for no entries, more than 256, or an entry cut short.
    pub fn decode(bytes: &[u8]) -> Result<Self, BundleError> {
        let mut entries = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            if entries.len() == usize::from(TILE_WIDTH) {
                return Err(BundleError::TooMany);
            }
            let truncated = BundleError::Truncated { entry: entries.len() };
            let (length, tail) = rest.split_first_chunk::<2>().ok_or(truncated)?;
            let length = usize::from(u16::from_be_bytes(*length));
            let (entry, tail) = tail.split_at_checked(length).ok_or(truncated)?;
            entries.push(entry.to_vec());
            rest = tail;
        }
        Self::new(entries)
    }

    /// The bytes of the file.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.entries.iter().map(|entry| entry.len() + 2).sum());
        for entry in &self.entries {
            let length = u16::try_from(entry.len()).expect("entries were measured on the way in");
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(entry);
        }
        bytes
    }

    /// The entries, in log order.
    #[must_use]
    pub fn entries(&self) -> &[Vec<u8>] {
        &self.entries
    }

    /// The leaf hashes of the entries: the level 0 tile of the same index and width.
    #[must_use]
    pub fn leaf_hashes(&self) -> Vec<Hash> {
        self.entries.iter().map(|entry| leaf_hash(entry)).collect()
    }
}
