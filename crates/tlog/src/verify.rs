//! Checking proofs (RFC 9162 sections 2.1.3.2 and 2.1.4.2).

use thiserror::Error;

use crate::hash::{Hash, node_hash};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The leaf cannot be in a tree of this size.
    #[error("no leaf {index} in a tree of size {size}")]
    Index {
        /// Leaf claimed, from 0.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// Everything is consistent with the empty tree: such a proof would say nothing.
    #[error("a consistency proof from the empty tree says nothing")]
    EmptyTree,
    /// The new tree is smaller than the old one.
    #[error("the tree shrank from size {old} to size {new}")]
    Shrunk {
        /// Old size.
        old: u64,
        /// New size.
        new: u64,
    },
    /// Leaves that are no subtree.
    #[error("leaves {start} up to {end} are no subtree")]
    Subtree {
        /// First leaf.
        start: u64,
        /// The leaf behind the last.
        end: u64,
    },
    /// Fewer hashes than the sizes need.
    #[error("the proof is too short")]
    TooShort,
    /// More hashes than the sizes need.
    #[error("the proof is too long")]
    TooLong,
    /// The leaf and proof lead to another root.
    #[error("the proof leads to another root")]
    Root,
    /// The proof does not start from the old root.
    #[error("the proof leads to another old root")]
    OldRoot,
    /// The proof does not lead to the new root.
    #[error("the proof leads to another new root")]
    NewRoot,
}

/// Checks that `leaf` is leaf number `index` of the tree with `root` and `size` leaves.
///
/// The hashes bind leaf, index and root. They bind the size only as far as it shapes the path: take
/// size and root from one signed checkpoint.
///
/// # Errors
///
/// [`ProofError`] naming the first step that fails.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let mut path = Path { node: index, last: size - 1 };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match path.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    if path.last != 0 {
        return Err(ProofError::TooShort);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree with `old_root` and `old_size` leaves is a prefix of the new tree.
///
/// Equal sizes need equal roots and an empty proof. A size of 0 is always refused: who starts from
/// nothing has nothing to compare, and must say so instead of calling this.
///
/// # Errors
///
/// [`ProofError`] naming the first step that fails.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk { old: old_size, new: new_size });
    }
    if old_size == 0 {
        return Err(ProofError::EmptyTree);
    }
    if old_size == new_size {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(ProofError::TooLong),
            (true, false) => Err(ProofError::NewRoot),
            (true, true) => Ok(()),
        };
    }
    // Start at the last complete subtree of the old tree: all of it, or the first hash told.
    let skip = (old_size - 1).trailing_ones();
    let mut path = Path { node: (old_size - 1) >> skip, last: (new_size - 1) >> skip };
    let (start, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::TooShort)?
    };
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        match path.step()? {
            Side::Left => {
                old = node_hash(sibling, &old);
                new = node_hash(sibling, &new);
            }
            Side::Right => new = node_hash(&new, sibling),
        }
    }
    if path.last != 0 {
        return Err(ProofError::TooShort);
    }
    if old != *old_root {
        return Err(ProofError::OldRoot);
    }
    if new == *new_root { Ok(()) } else { Err(ProofError::NewRoot) }
}

/// On which side of the path the next sibling stands.
enum Side {
    Left,
    Right,
}

/// The way up: number of the current node, and of the last node, on the current tree level.
struct Path {
    node: u64,
    last: u64,
}

impl Path {
    /// Goes up to the parent of the current node and its sibling.
    fn step(&mut self) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::TooLong);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            // A last node without right sibling rises until it is a right child.
            let rise = self.node.trailing_zeros();
            self.node >>= rise;
            self.last >>= rise;
            Side::Left
        } else {
            Side::Right
        };
        self.node >>= 1;
        self.last >>= 1;
        Ok(side)
    }
}
