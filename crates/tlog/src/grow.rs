//! Growing a log: from new leaves to new tiles.

use crate::hash::Hash;
use crate::reader::{HashReader, TreeError, read_exact};
use crate::tile::{TILE_LEVEL_MAX, TILE_WIDTH, TileId, hashes_at};
use crate::tree::Tree;

/// A tile's name and its hashes, as many as its width.
pub type NamedTile = (TileId, Vec<Hash>);

/// Appends `leaves` to a log of `old_size` leaves and gives the tiles to write.
///
/// The tiles are those of [`tiles_for`](crate::tile::tiles_for), in its order. Of the old log only
/// its partial tiles are read, at most one a level. A caller should have checked that the stored
/// tiles still give the root it last signed ([`root`](crate::root)); full tiles are not re-read.
///
/// # Errors
///
/// [`TreeError`] if an old partial tile cannot be read, or above 2^64 - 1 leaves.
pub fn grow<R: HashReader>(
    old_size: u64,
    reader: &R,
    leaves: &[Hash],
) -> Result<Vec<NamedTile>, TreeError<R::Error>> {
    let added = u64::try_from(leaves.len()).map_err(|_| TreeError::TooLarge)?;
    let new_size = old_size.checked_add(added).ok_or(TreeError::TooLarge)?;
    let mut written = Vec::new();
    let mut hashes = leaves.to_vec();
    for level in 0..=TILE_LEVEL_MAX {
        if hashes.is_empty() {
            break;
        }
        let old = hashes_at(level, old_size);
        let first = old / u64::from(TILE_WIDTH);
        let mut row = old_partial(level, old_size, reader)?;
        row.append(&mut hashes);
        for (index, chunk) in (first..).zip(row.chunks(usize::from(TILE_WIDTH))) {
            let tile = TileId::holding(level, index * u64::from(TILE_WIDTH), new_size);
            if tile.is_full() {
                hashes.push(chunk.iter().copied().collect::<Tree>().root());
            }
            written.push((tile, chunk.to_vec()));
        }
    }
    Ok(written)
}

/// The hashes of the partial tile at the right end of `level`, none if it ends with a full one.
fn old_partial<R: HashReader>(
    level: u8,
    old_size: u64,
    reader: &R,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    let old = hashes_at(level, old_size);
    if old.is_multiple_of(u64::from(TILE_WIDTH)) {
        return Ok(Vec::new());
    }
    read_exact(reader, TileId::holding(level, old - 1, old_size))
}
