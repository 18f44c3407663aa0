//! Checking proofs about a part of the tree (draft-ietf-plants-merkle-tree-certs-03, section 4).
//!
//! A subtree is the leaves `start..end`, where `start` is a multiple of the smallest power of two
//! that is not below their number: such a part has one root, whatever grows to its right.

use std::ops::Range;

use crate::hash::{Hash, empty_root, node_hash};
use crate::verify::{ProofError, verify_inclusion};

/// Checks that `leaf` is leaf number `index` of the whole tree and lies in the subtree `range` with
/// `root` (section 4.3).
///
/// # Errors
///
/// [`ProofError::Subtree`] for leaves that are no subtree; else as for [`verify_inclusion`], where
/// the index and the size are those within the subtree.
pub fn verify_subtree_inclusion(
    leaf: &Hash,
    index: u64,
    range: Range<u64>,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    let leaves = length(&range)?;
    let within = index.checked_sub(range.start);
    let within = within.ok_or(ProofError::Index { index, size: range.end })?;
    verify_inclusion(leaf, within, leaves, proof, root)
}

/// Checks that the subtree `range` with `subtree_root` is part of the tree with `root` and `size`
/// leaves (section 4.4).
///
/// The subtree without leaves has the root of the empty tree and an empty proof, and says nothing.
///
/// # Errors
///
/// [`ProofError`] naming the first step that fails.
pub fn verify_subtree_consistency(
    range: Range<u64>,
    size: u64,
    subtree_root: &Hash,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if range.end > size {
        return Err(ProofError::Shrunk { old: range.end, new: size });
    }
    if range.start == range.end {
        return match (proof.is_empty(), *subtree_root == empty_root()) {
            (false, _) => Err(ProofError::TooLong),
            (true, false) => Err(ProofError::OldRoot),
            (true, true) => Ok(()),
        };
    }
    length(&range)?;
    // First leaf of the subtree, its last leaf and the last leaf of the tree, as nodes that rise.
    let mut way = [range.start, range.end - 1, size - 1];
    let whole = way[1] == way[2];
    // Start at the subtree's own root if its last node stands alone, else at the largest complete
    // part on its right border.
    while way[0] != way[1] && (whole || way[1] & 1 == 1) {
        rise(&mut way);
    }
    let (start, rest) = if way[0] == way[1] {
        (subtree_root, proof)
    } else {
        proof.split_first().ok_or(ProofError::TooShort)?
    };
    let (mut old, mut new) = (*start, *start);
    for sibling in rest {
        if way[2] == 0 {
            return Err(ProofError::TooLong);
        }
        if way[1] & 1 == 1 || way[1] == way[2] {
            // On the left; it belongs to the subtree as long as the path has not reached its root.
            if way[0] < way[1] {
                old = node_hash(sibling, &old);
            }
            new = node_hash(sibling, &new);
            while way[1] & 1 == 0 {
                rise(&mut way);
            }
        } else {
            new = node_hash(&new, sibling);
        }
        rise(&mut way);
    }
    if way[2] != 0 {
        return Err(ProofError::TooShort);
    }
    if old != *subtree_root {
        return Err(ProofError::OldRoot);
    }
    if new == *root { Ok(()) } else { Err(ProofError::NewRoot) }
}

fn rise(way: &mut [u64; 3]) {
    for node in way {
        *node >>= 1;
    }
}

/// The number of leaves of a subtree (section 4.1).
fn length(range: &Range<u64>) -> Result<u64, ProofError> {
    let refused = ProofError::Subtree { start: range.start, end: range.end };
    let leaves = range.end.checked_sub(range.start).filter(|leaves| *leaves > 0);
    let leaves = leaves.ok_or(refused)?;
    // Above 2^63 leaves, only the subtree from leaf 0 has a power of two that large.
    let aligned = match leaves.checked_next_power_of_two() {
        Some(power) => range.start.is_multiple_of(power),
        None => range.start == 0,
    };
    if aligned { Ok(leaves) } else { Err(refused) }
}
