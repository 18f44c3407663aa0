//! A tree kept as its right border only: 64 hashes at most, whatever the number of leaves.

use crate::hash::{Hash, empty_root, node_hash};

/// An append-only tree that knows its size and root, and forgets the rest.
///
/// For proofs keep tiles: see [`grow`](crate::grow()).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Roots of the complete subtrees of `size`, largest first: one for each set bit.
    border: Vec<Hash>,
}

impl Tree {
    /// The tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one leaf.
    ///
    /// # Panics
    ///
    /// At 2^64 - 1 leaves.
    pub fn push(&mut self, leaf: Hash) {
        let grown = self.size.checked_add(1).expect("a tree has at most 2^64 - 1 leaves");
        let merges = self.size.trailing_ones();
        let mut hash = leaf;
        for _ in 0..merges {
            let left =
                self.border.pop().expect("the border has a hash for each set bit of the size");
            hash = node_hash(&left, &hash);
        }
        self.border.push(hash);
        self.size = grown;
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The Merkle tree hash of all leaves (RFC 6962 section 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        join_border(&self.border)
    }
}

impl Extend<Hash> for Tree {
    fn extend<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }
}

impl FromIterator<Hash> for Tree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        tree.extend(leaves);
        tree
    }
}

/// Joins complete subtrees, largest first, from the right; the empty root for none.
pub(crate) fn join_border(border: &[Hash]) -> Hash {
    border
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or_else(empty_root)
}
