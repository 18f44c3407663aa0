//! The sum tree: a Merkle tree whose nodes also state how much lies below them.
//!
//! The shape is that of RFC 6962 (section 2.1). A node commits to the sums of both its children apart,
//! so that no sibling can be shown with another sum than the one that was counted (Hu, Zhang, Guo:
//! "Breaking the Binding", IACR ePrint 2018/1139, section 3, and the remedy there).
//!
//! ```text
//! leaf  = SHA-256( 00 ‖ "leitmotif/sum-tree/v1" 00 ‖ salt ‖ payload hash ‖ sums )        count 1
//! node  = SHA-256( 01 ‖ "leitmotif/sum-tree/v1" 00 ‖ X(left) ‖ X(right) )    sums and counts added
//! empty = SHA-256( 02 ‖ "leitmotif/sum-tree/v1" 00 )                             all sums 0, count 0
//! X     = hash (32) ‖ each sum (16, big-endian) ‖ count (8, big-endian)
//! ```

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::hash::{HASH_BYTES, Hash};
use crate::prove::split;

/// Separates these hashes from all others.
const DOMAIN: &[u8] = b"leitmotif/sum-tree/v1\0";

/// No sum reaches this: half of what 128 bits hold, so that adding two never wraps.
pub const SUM_LIMIT: u128 = 1 << 127;

/// A node: its hash, what lies below it by column, and the number of leaves below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SumNode<const COLUMNS: usize> {
    hash: Hash,
    sums: [u128; COLUMNS],
    count: u64,
}

/// Why sums or a proof were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SumError {
    /// A sum reaches 2¹²⁷.
    #[error("a sum is too large")]
    TooLarge,
    /// Not the bytes of nodes of that many columns.
    #[error("not the bytes of nodes")]
    Bytes,
    /// The places are not in ascending order, or one is outside the tree.
    #[error("the places are not in order or not in the tree")]
    Places,
    /// A node of the proof does not stand for as many leaves as its place has.
    #[error("a node of the proof counts {found} leaves where its place has {expected}")]
    Count {
        /// Leaves that its place has.
        expected: u64,
        /// Leaves that it states.
        found: u64,
    },
    /// Fewer nodes than the places need.
    #[error("the proof is too short")]
    TooShort,
    /// More nodes than the places need.
    #[error("the proof is too long")]
    TooLong,
}

impl<const COLUMNS: usize> SumNode<COLUMNS> {
    /// Length of a node in a proof, in bytes.
    pub const BYTES: usize = HASH_BYTES + 16 * COLUMNS + 8;

    /// A leaf: `payload_hash` is the SHA-256 of what it stands for.
    ///
    /// # Errors
    /// [`SumError::TooLarge`] if a sum reaches [`SUM_LIMIT`].
    pub fn leaf(
        salt: &[u8; 32],
        payload_hash: &[u8; 32],
        sums: [u128; COLUMNS],
    ) -> Result<Self, SumError> {
        if sums.iter().any(|it| *it >= SUM_LIMIT) {
            return Err(SumError::TooLarge);
        }
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(DOMAIN);
        hasher.update(salt);
        hasher.update(payload_hash);
        sums.iter().for_each(|it| hasher.update(it.to_be_bytes()));
        Ok(Self { hash: Hash(hasher.finalize().into()), sums, count: 1 })
    }

    /// The tree without leaves.
    #[must_use]
    pub fn empty() -> Self {
        let hash = Sha256::new().chain_update([2]).chain_update(DOMAIN).finalize();
        Self { hash: Hash(hash.into()), sums: [0; COLUMNS], count: 0 }
    }

    /// The parent of two nodes.
    ///
    /// # Errors
    /// [`SumError::TooLarge`] if a sum reaches [`SUM_LIMIT`], or the count leaves 64 bits.
    pub fn join(left: &Self, right: &Self) -> Result<Self, SumError> {
        let mut sums = [0; COLUMNS];
        for ((to, left), right) in sums.iter_mut().zip(left.sums).zip(right.sums) {
            *to = left.checked_add(right).filter(|it| *it < SUM_LIMIT).ok_or(SumError::TooLarge)?;
        }
        let count = left.count.checked_add(right.count).ok_or(SumError::TooLarge)?;
        let mut hasher = Sha256::new();
        hasher.update([1]);
        hasher.update(DOMAIN);
        left.feed(&mut hasher);
        right.feed(&mut hasher);
        Ok(Self { hash: Hash(hasher.finalize().into()), sums, count })
    }

    fn feed(&self, hasher: &mut Sha256) {
        hasher.update(self.hash.0);
        self.sums.iter().for_each(|it| hasher.update(it.to_be_bytes()));
        hasher.update(self.count.to_be_bytes());
    }

    /// A node as somebody else states it.
    ///
    /// # Errors
    /// [`SumError::TooLarge`] if a sum reaches [`SUM_LIMIT`].
    pub fn stated(hash: Hash, sums: [u128; COLUMNS], count: u64) -> Result<Self, SumError> {
        match sums.iter().any(|it| *it >= SUM_LIMIT) {
            true => Err(SumError::TooLarge),
            false => Ok(Self { hash, sums, count }),
        }
    }

    /// Its hash.
    #[must_use]
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// What lies below it, by column.
    #[must_use]
    pub const fn sums(&self) -> &[u128; COLUMNS] {
        &self.sums
    }

    /// The number of leaves below it.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }
}

/// The bytes of nodes: `X` of each, one behind the other.
#[must_use]
pub fn encode_nodes<const COLUMNS: usize>(nodes: &[SumNode<COLUMNS>]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(nodes.len() * SumNode::<COLUMNS>::BYTES);
    for it in nodes {
        bytes.extend_from_slice(&it.hash.0);
        it.sums.iter().for_each(|sum| bytes.extend_from_slice(&sum.to_be_bytes()));
        bytes.extend_from_slice(&it.count.to_be_bytes());
    }
    bytes
}

/// Reads the bytes of nodes.
///
/// # Errors
/// [`SumError::Bytes`] if it is not a whole number of nodes, [`SumError::TooLarge`] for a sum.
pub fn decode_nodes<const COLUMNS: usize>(bytes: &[u8]) -> Result<Vec<SumNode<COLUMNS>>, SumError> {
    let chunks = bytes.chunks_exact(SumNode::<COLUMNS>::BYTES);
    if !chunks.remainder().is_empty() {
        return Err(SumError::Bytes);
    }
    chunks.map(|chunk| decode_node(chunk).ok_or(SumError::Bytes)?).collect()
}

/// None if the bytes are too few.
fn decode_node<const COLUMNS: usize>(bytes: &[u8]) -> Option<Result<SumNode<COLUMNS>, SumError>> {
    let (hash, mut rest) = bytes.split_first_chunk::<HASH_BYTES>()?;
    let mut sums = [0; COLUMNS];
    for sum in &mut sums {
        let (head, tail) = rest.split_first_chunk::<16>()?;
        *sum = u128::from_be_bytes(*head);
        rest = tail;
    }
    let count = u64::from_be_bytes(rest.try_into().ok()?);
    Some(SumNode::stated(Hash(*hash), sums, count))
}

/// A whole tree in memory: about two nodes a leaf.
#[derive(Clone, Debug)]
pub struct SumTree<const COLUMNS: usize> {
    /// The leaves, then their parents, and so on to the root. A last node without a sibling stands
    /// in the next level, too.
    levels: Vec<Vec<SumNode<COLUMNS>>>,
}

impl<const COLUMNS: usize> SumTree<COLUMNS> {
    /// The tree over leaves in their order.
    ///
    /// # Errors
    /// [`SumError::TooLarge`] if a sum reaches [`SUM_LIMIT`].
    pub fn new(leaves: Vec<SumNode<COLUMNS>>) -> Result<Self, SumError> {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|it| it.len() > 1) {
            levels.push(below.chunks(2).map(parent).collect::<Result<_, _>>()?);
        }
        Ok(Self { levels })
    }

    /// Number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |it| it.len() as u64)
    }

    /// The root, with all sums.
    #[must_use]
    pub fn root(&self) -> SumNode<COLUMNS> {
        self.levels.last().and_then(|it| it.first()).copied().unwrap_or_else(SumNode::empty)
    }

    /// The nodes that lead from the leaves at `places` to the root, from left to right; none that
    /// the leaves themselves give.
    ///
    /// # Errors
    /// [`SumError::Places`] unless they ascend and are all in the tree.
    pub fn prove(&self, places: &[u64]) -> Result<Vec<SumNode<COLUMNS>>, SumError> {
        check_places(self.size(), places.iter().copied())?;
        let mut nodes = Vec::new();
        self.collect(0, self.size(), places, &mut nodes);
        Ok(nodes)
    }

    fn collect(&self, begin: u64, end: u64, places: &[u64], nodes: &mut Vec<SumNode<COLUMNS>>) {
        if places.is_empty() {
            nodes.extend(self.node(begin, end));
        } else if end - begin > 1 {
            let middle = begin + split(end - begin);
            let (left, right) = places.split_at(places.partition_point(|it| *it < middle));
            self.collect(begin, middle, left, nodes);
            self.collect(middle, end, right, nodes);
        }
    }

    /// The node over the leaves `begin..end`; none for no leaves.
    fn node(&self, begin: u64, end: u64) -> Option<SumNode<COLUMNS>> {
        let level = u64::BITS - end.checked_sub(begin)?.checked_sub(1)?.leading_zeros();
        let at = usize::try_from(begin >> level).ok()?;
        self.levels.get(usize::try_from(level).ok()?)?.get(at).copied()
    }
}

/// The root over leaves in their order, of which none is kept.
///
/// # Errors
/// [`SumError::TooLarge`] if a sum reaches [`SUM_LIMIT`]; else what an item says.
pub fn sum_root<const COLUMNS: usize, E: From<SumError>>(
    leaves: impl Iterator<Item = Result<SumNode<COLUMNS>, E>>,
) -> Result<SumNode<COLUMNS>, E> {
    // Roots of the complete subtrees so far, largest first: one for each set bit of the number.
    let mut border: Vec<SumNode<COLUMNS>> = Vec::new();
    for (number, leaf) in (0_u64..).zip(leaves) {
        let mut node = leaf?;
        for _ in 0..number.trailing_ones() {
            if let Some(left) = border.pop() {
                node = SumNode::join(&left, &node)?;
            }
        }
        border.push(node);
    }
    let Some(last) = border.pop() else { return Ok(SumNode::empty()) };
    Ok(border.iter().rev().try_fold(last, |right, left| SumNode::join(left, &right))?)
}

fn parent<const COLUMNS: usize>(nodes: &[SumNode<COLUMNS>]) -> Result<SumNode<COLUMNS>, SumError> {
    match nodes {
        [left, right] => SumNode::join(left, right),
        [alone, ..] => Ok(*alone),
        [] => Ok(SumNode::empty()),
    }
}

/// Computes the root of a tree of `size` leaves from some of them and a proof.
///
/// The caller compares the root, sums and all, with the one that is committed to.
///
/// # Errors
/// [`SumError`]: the places do not ascend or lie outside, a node counts other than the leaves of its
/// place, a sum is too large, a node is missing or left over.
pub fn root_of<const COLUMNS: usize>(
    size: u64,
    leaves: &[(u64, SumNode<COLUMNS>)],
    proof: &[SumNode<COLUMNS>],
) -> Result<SumNode<COLUMNS>, SumError> {
    check_places(size, leaves.iter().map(|(at, _)| *at))?;
    let mut rest = proof;
    let root = match size {
        0 => SumNode::empty(),
        _ => range(0, size, leaves, &mut rest)?,
    };
    match rest.is_empty() {
        true => Ok(root),
        false => Err(SumError::TooLong),
    }
}

fn range<const COLUMNS: usize>(
    begin: u64,
    end: u64,
    leaves: &[(u64, SumNode<COLUMNS>)],
    rest: &mut &[SumNode<COLUMNS>],
) -> Result<SumNode<COLUMNS>, SumError> {
    let expected = end - begin;
    let counted = |node: SumNode<COLUMNS>| match node.count == expected {
        true => Ok(node),
        false => Err(SumError::Count { expected, found: node.count }),
    };
    match leaves {
        [] => {
            let (node, tail) = rest.split_first().ok_or(SumError::TooShort)?;
            *rest = tail;
            counted(*node)
        }
        [(_, leaf)] if expected == 1 => counted(*leaf),
        _ => {
            let middle = begin + split(expected);
            let (left, right) = leaves.split_at(leaves.partition_point(|(at, _)| *at < middle));
            let left = range(begin, middle, left, rest)?;
            let right = range(middle, end, right, rest)?;
            SumNode::join(&left, &right)
        }
    }
}

fn check_places(size: u64, places: impl Iterator<Item = u64>) -> Result<(), SumError> {
    let mut free = 0;
    for it in places {
        if it < free || it >= size {
            return Err(SumError::Places);
        }
        free = it + 1;
    }
    Ok(())
}
