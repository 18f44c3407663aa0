//! Tiles in memory, for small logs, examples and tests.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::grow::grow;
use crate::hash::Hash;
use crate::reader::{HashReader, TreeError};
use crate::tile::TileId;

/// A log's tiles, the newest form of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryTiles {
    size: u64,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

/// The tile was never written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no such tile")]
pub struct MissingTile;

impl MemoryTiles {
    /// The log without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends leaves and returns the new size.
    ///
    /// # Errors
    ///
    /// [`TreeError::TooLarge`] beyond 2^64 - 1 leaves.
    pub fn append(&mut self, leaves: &[Hash]) -> Result<u64, TreeError<MissingTile>> {
        for (tile, hashes) in grow(self.size, &*self, leaves)? {
            self.tiles.insert((tile.level(), tile.index()), hashes);
        }
        self.size += leaves.len() as u64;
        Ok(self.size)
    }
}

impl HashReader for MemoryTiles {
    type Error = MissingTile;

    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error> {
        self.tiles.get(&(tile.level(), tile.index())).cloned().ok_or(MissingTile)
    }
}
