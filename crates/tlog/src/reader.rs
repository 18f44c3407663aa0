//! How the tree functions get at stored tiles.

use thiserror::Error;

use crate::hash::Hash;
use crate::tile::TileId;

/// A place that tiles can be read from: a folder, a table, a map.
pub trait HashReader {
    /// What can go wrong while reading.
    type Error: std::error::Error + 'static;

    /// Reads the hashes of one tile.
    ///
    /// At least [`TileId::width`] hashes are wanted; a store that keeps only the newest form of a
    /// tile may give more, and those beyond the width are not looked at.
    ///
    /// # Errors
    ///
    /// If the tile is not there or cannot be read.
    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error>;
}

impl<R: HashReader + ?Sized> HashReader for &R {
    type Error = R::Error;

    fn read_tile(&self, tile: TileId) -> Result<Vec<Hash>, Self::Error> {
        (**self).read_tile(tile)
    }
}

/// Why a root, proof or growth could not be computed from the tiles.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TreeError<E> {
    /// The leaf is not in a tree of this size.
    #[error("no leaf {index} in a tree of size {size}")]
    Index {
        /// Leaf asked for, from 0.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// A consistency proof needs `1 <= old <= new`.
    #[error("no consistency proof from size {old} to size {new}")]
    Sizes {
        /// The smaller tree.
        old: u64,
        /// The larger tree.
        new: u64,
    },
    /// The tree would have more than 2^64 - 1 leaves.
    #[error("a tree has at most 2^64 - 1 leaves")]
    TooLarge,
    /// The store has fewer hashes than the tile must have at this size.
    #[error("{tile} has {found} hashes only")]
    Short {
        /// The tile.
        tile: TileId,
        /// Hashes found.
        found: usize,
    },
    /// The store failed.
    #[error("cannot read {tile}")]
    Read {
        /// The tile.
        tile: TileId,
        /// What the store said.
        source: E,
    },
}

/// Reads exactly the hashes a tile must have.
pub(crate) fn read_exact<R: HashReader>(
    reader: &R,
    tile: TileId,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    let mut hashes = reader.read_tile(tile).map_err(|source| TreeError::Read { tile, source })?;
    let width = usize::from(tile.width());
    if hashes.len() < width {
        return Err(TreeError::Short { tile, found: hashes.len() });
    }
    hashes.truncate(width);
    Ok(hashes)
}
