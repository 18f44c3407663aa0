//! Roots and proofs out of tiles (RFC 6962 section 2.1, RFC 9162 sections 2.1.3.1 and 2.1.4.1).

use std::collections::BTreeMap;

use crate::hash::{Hash, empty_root};
use crate::reader::{HashReader, TreeError, read_exact};
use crate::tile::{TILE_HEIGHT, TileId};
use crate::tree::{Tree, join_border};

/// The root of the first `size` leaves.
///
/// # Errors
///
/// [`TreeError`] if a tile is missing, short or unreadable.
pub fn root<R: HashReader>(size: u64, reader: &R) -> Result<Hash, TreeError<R::Error>> {
    if size == 0 {
        return Ok(empty_root());
    }
    Nodes::new(size, reader).range(0, size)
}

/// The inclusion proof of leaf `index` in the tree of the first `size` leaves, leaf end first.
///
/// # Errors
///
/// [`TreeError::Index`] unless `index < size`; else as for [`root`].
pub fn prove_inclusion<R: HashReader>(
    index: u64,
    size: u64,
    reader: &R,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    if index >= size {
        return Err(TreeError::Index { index, size });
    }
    let mut nodes = Nodes::new(size, reader);
    let mut proof = Vec::new();
    let (mut begin, mut end) = (0, size);
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            proof.push(nodes.range(middle, end)?);
            end = middle;
        } else {
            proof.push(nodes.range(begin, middle)?);
            begin = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The proof that the first `old_size` leaves are a prefix of the first `new_size`.
///
/// Empty for equal sizes.
///
/// # Errors
///
/// [`TreeError::Sizes`] unless `1 <= old_size <= new_size`; else as for [`root`].
pub fn prove_consistency<R: HashReader>(
    old_size: u64,
    new_size: u64,
    reader: &R,
) -> Result<Vec<Hash>, TreeError<R::Error>> {
    if old_size == 0 || old_size > new_size {
        return Err(TreeError::Sizes { old: old_size, new: new_size });
    }
    let mut nodes = Nodes::new(new_size, reader);
    let mut proof = Vec::new();
    let (mut begin, mut end) = (0, new_size);
    while end > old_size {
        let middle = begin + split(end - begin);
        if old_size <= middle {
            proof.push(nodes.range(middle, end)?);
            end = middle;
        } else {
            proof.push(nodes.range(begin, middle)?);
            begin = middle;
        }
    }
    // The verifier knows the old root; any other last common subtree has to be told.
    if begin > 0 {
        proof.push(nodes.range(begin, end)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `leaves`, which is 2 or more.
pub(crate) const fn split(leaves: u64) -> u64 {
    1 << (leaves - 1).ilog2()
}

/// The nodes of one tree, each tile read once.
struct Nodes<'a, R: HashReader> {
    size: u64,
    reader: &'a R,
    tiles: BTreeMap<TileId, Vec<Hash>>,
}

impl<'a, R: HashReader> Nodes<'a, R> {
    fn new(size: u64, reader: &'a R) -> Self {
        Self { size, reader, tiles: BTreeMap::new() }
    }

    /// The hash of leaves `begin..end`; `begin` is a multiple of every power of two in the length.
    fn range(&mut self, begin: u64, end: u64) -> Result<Hash, TreeError<R::Error>> {
        let mut border = Vec::new();
        let mut at = begin;
        while at < end {
            let height = (end - at).ilog2();
            border.push(self.complete(height, at >> height)?);
            at += 1 << height;
        }
        Ok(join_border(&border))
    }

    /// The hash of the complete subtree number `index` of those with `2^height` leaves.
    fn complete(&mut self, height: u32, index: u64) -> Result<Hash, TreeError<R::Error>> {
        let level = u8::try_from(height / TILE_HEIGHT).expect("a height is below 64");
        let inner = height % TILE_HEIGHT;
        let first = index << inner;
        let tile = TileId::holding(level, first, self.size);
        let hashes = match self.tiles.entry(tile) {
            std::collections::btree_map::Entry::Occupied(seen) => seen.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(read_exact(self.reader, tile)?)
            }
        };
        let start = usize::from(first.to_le_bytes()[0]);
        let part = hashes.get(start..start + (1_usize << inner));
        let part = part.expect("a complete subtree lies within the width of its tile");
        Ok(part.iter().copied().collect::<Tree>().root())
    }
}
