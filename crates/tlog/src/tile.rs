//! Names of tiles and which of them a growing log writes (C2SP tlog-tiles, "Merkle Tree").

use std::fmt;

use crate::encoding::EncodingError;
use crate::hash::{HASH_BYTES, Hash};

/// Tree levels in one tile.
pub const TILE_HEIGHT: u32 = 8;

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;

/// Highest tile level a path may name.
pub const TILE_LEVEL_MAX: u8 = 63;

/// Name of a tile: level, index within the level, and number of hashes.
///
/// Ordered by level, then index, then width. Printed as its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    level: u8,
    index: u64,
    width: u16,
}

impl TileId {
    /// A tile of `level` 0 to 63 and `width` 1 to 256; `None` outside these.
    #[must_use]
    pub const fn new(level: u8, index: u64, width: u16) -> Option<Self> {
        if level > TILE_LEVEL_MAX || width == 0 || width > TILE_WIDTH {
            return None;
        }
        Some(Self { level, index, width })
    }

    /// The tile of `level` that holds the hash number `hash_index`, in a tree of `size` leaves.
    ///
    /// `hash_index` must be below the number of hashes the level has at that size.
    pub(crate) fn holding(level: u8, hash_index: u64, size: u64) -> Self {
        let index = hash_index / u64::from(TILE_WIDTH);
        let first = index * u64::from(TILE_WIDTH);
        let left = hashes_at(level, size) - first;
        let width = u16::try_from(left).map_or(TILE_WIDTH, |left| left.min(TILE_WIDTH));
        Self { level, index, width }
    }

    /// Level: 0 holds leaves, each further level the roots of full tiles below.
    #[must_use]
    pub const fn level(&self) -> u8 {
        self.level
    }

    /// Position within the level, from 0.
    #[must_use]
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// Number of hashes, 1 to 256.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether the tile has all its 256 hashes and will never change.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// Path below the log's prefix: `tile/0/x001/x234/067`, or `tile/0/003.p/17` if partial.
    #[must_use]
    pub fn path(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, Place { index: self.index, width: self.width })
    }
}

/// Path of an entry bundle: `tile/entries/x001/234`, with `.p/W` for a `width` other than 256.
///
/// `None` for a width outside 1 to 256.
#[must_use]
pub fn entries_path(index: u64, width: u16) -> Option<String> {
    TileId::new(0, index, width)?;
    Some(format!("tile/entries/{}", Place { index, width }))
}

/// The tiles a log has to write when it grows from `old_size` to `new_size` leaves.
///
/// In order of level and index; partial tiles are named with their new width. Level 0 also names
/// the entry bundles to write. Empty unless `new_size` is above `old_size`.
#[must_use]
pub fn tiles_for(old_size: u64, new_size: u64) -> Vec<TileId> {
    let mut tiles = Vec::new();
    for level in 0..=TILE_LEVEL_MAX {
        let old = hashes_at(level, old_size);
        let new = hashes_at(level, new_size);
        if new <= old {
            break;
        }
        let first = old / u64::from(TILE_WIDTH);
        let last = (new - 1) / u64::from(TILE_WIDTH);
        tiles.extend(
            (first..=last)
                .map(|index| TileId::holding(level, index * u64::from(TILE_WIDTH), new_size)),
        );
    }
    tiles
}

/// The bytes of a tile: its hashes one after the other.
#[must_use]
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Reads the bytes of a tile: one to 256 hashes.
///
/// # Errors
///
/// [`EncodingError::Length`] for any other number of bytes.
pub fn decode_hashes(bytes: &[u8]) -> Result<Vec<Hash>, EncodingError> {
    let (hashes, rest) = bytes.as_chunks::<HASH_BYTES>();
    let count = hashes.len();
    let width = count.clamp(1, usize::from(TILE_WIDTH));
    if !rest.is_empty() || count != width {
        return Err(EncodingError::Length { expected: width * HASH_BYTES, found: bytes.len() });
    }
    Ok(hashes.iter().copied().map(Hash).collect())
}

/// Hashes that `level` has in a tree of `size` leaves: one for each full tile below.
pub(crate) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0)
}

/// The `<N>[.p/<W>]` end of a path.
struct Place {
    index: u64,
    width: u16,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while groups.len() > 1 {
            if let Some(group) = groups.pop() {
                write!(f, "x{group:03}/")?;
            }
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.width == TILE_WIDTH { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}
