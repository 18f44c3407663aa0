//! The claim tree, in the form of OpenZeppelin's `StandardMerkleTree`.

use std::collections::BTreeMap;

use ident::ChainAddress;

use crate::word::{Word, keccak256};

/// The siblings of a proof at most: a tree of 2^32 leaves.
pub(crate) const PROOF_MAX: usize = 32;

/// A tree of what each account was ever due.
///
/// The leaves are sorted by their hashes and stand, the smallest last, at the end of a list in which
/// the node at `i` has its children at `2i + 1` and `2i + 2`: the form of `StandardMerkleTree`, of the
/// types `uint256, address, address, uint256`.
#[derive(Clone, Debug)]
pub struct ClaimTree {
    nodes: Vec<Word>,
    /// Where each account's leaf stands in `nodes`.
    places: BTreeMap<ChainAddress, usize>,
}

/// Why there is no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// There is nobody to pay.
    #[error("a claim tree needs a leaf")]
    Empty,
    /// An account has two leaves, of which only the larger would ever be paid.
    #[error("{account} has two leaves; its sums are to be added up before")]
    Twice {
        /// The account.
        account: ChainAddress,
    },
}

/// The leaf of an account: Keccak-256, twice, of four words: chain, contract, account, cumulative.
#[must_use]
pub fn leaf(
    chain_id: u64,
    contract: ChainAddress,
    account: ChainAddress,
    cumulative: u128,
) -> Word {
    let mut words = [0_u8; 128];
    words[..32].copy_from_slice(&Word::of(chain_id.into()).0);
    words[44..64].copy_from_slice(contract.as_bytes());
    words[76..96].copy_from_slice(account.as_bytes());
    words[96..].copy_from_slice(&Word::of(cumulative).0);
    keccak256(&keccak256(&words).0)
}

/// Whether a proof leads from a leaf to a root.
#[must_use]
pub fn verify(leaf: Word, proof: &[Word], root: Word) -> bool {
    proof.len() <= PROOF_MAX && proof.iter().fold(leaf, |it, sibling| parent(it, *sibling)) == root
}

/// The node over two others, the smaller first.
fn parent(a: Word, b: Word) -> Word {
    let (low, high) = if a <= b { (a, b) } else { (b, a) };
    let mut both = [0_u8; 64];
    both[..32].copy_from_slice(&low.0);
    both[32..].copy_from_slice(&high.0);
    keccak256(&both)
}

impl ClaimTree {
    /// Makes the tree of what accounts were ever due, in the token's units, in any order.
    ///
    /// # Errors
    /// [`TreeError`] if there is no account, or one twice.
    pub fn new(
        chain_id: u64,
        contract: ChainAddress,
        sums: impl IntoIterator<Item = (ChainAddress, u128)>,
    ) -> Result<Self, TreeError> {
        let of = |(account, sum)| (leaf(chain_id, contract, account, sum), account);
        let mut leaves: Vec<(Word, ChainAddress)> = sums.into_iter().map(of).collect();
        leaves.sort_unstable();
        let count = leaves.len();
        let last = (2 * count).checked_sub(2).ok_or(TreeError::Empty)?;
        let mut nodes = vec![Word::default(); last + 1];
        let mut places = BTreeMap::new();
        for (at, (leaf, account)) in leaves.into_iter().enumerate() {
            nodes[last - at] = leaf;
            if places.insert(account, last - at).is_some() {
                return Err(TreeError::Twice { account });
            }
        }
        for at in (0..count - 1).rev() {
            nodes[at] = parent(nodes[2 * at + 1], nodes[2 * at + 2]);
        }
        Ok(Self { nodes, places })
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Word {
        self.nodes.first().copied().unwrap_or_default()
    }

    /// The siblings from an account's leaf to the root; none if it has no leaf.
    #[must_use]
    pub fn proof(&self, account: ChainAddress) -> Option<Vec<Word>> {
        let mut at = *self.places.get(&account)?;
        let mut siblings = Vec::new();
        while at > 0 {
            let sibling = if at.is_multiple_of(2) { at - 1 } else { at + 1 };
            siblings.push(self.nodes[sibling]);
            at = (at - 1) / 2;
        }
        Some(siblings)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(number: u64) -> ChainAddress {
        let mut bytes = [1; 20];
        bytes[12..].copy_from_slice(&number.to_be_bytes());
        ChainAddress::from_bytes(bytes).unwrap()
    }

    #[test]
    fn nobody_and_one_twice_are_refused() {
        assert_eq!(ClaimTree::new(1, address(0), []).unwrap_err(), TreeError::Empty);
        let twice = [(address(1), 1), (address(2), 5), (address(1), 2)];
        let error = ClaimTree::new(1, address(0), twice).unwrap_err();
        assert_eq!(error, TreeError::Twice { account: address(1) });
    }

    /// Made with OpenZeppelin's `StandardMerkleTree` 1.0.8.
    #[test]
    fn the_root_is_that_of_openzeppelin() {
        let root = |count: u64| {
            let sums = (1..=count).map(|it| (address(it), u128::from(it) * 1_000_000));
            ClaimTree::new(31337, address(0), sums).unwrap().root().to_string()
        };
        let expected = [
            "0xdc2fd2acc3d62d9370beff6426acf14e652b6eb8a88808a318099c59dd8c260a",
            "0xfd3147ecbd21a37090e8f4cb0d190accb485c878c2c6602b123fe6ef80a3f592",
            "0x4c1940e076bca1b9d414149c0c843e79130532b775207a7bd381677bbefa6edf",
        ];
        assert_eq!([root(1), root(2), root(7)], expected);
    }

    proptest! {
        #[test]
        fn every_leaf_is_proved_and_no_other(
            sums in proptest::collection::btree_map(any::<u64>(), any::<u128>(), 1..70),
            other: u128,
            at: usize,
            bit in 0_usize..256,
        ) {
            let (chain, contract) = (7, address(3));
            let tree = ClaimTree::new(chain, contract, sums.iter().map(|(who, sum)| (address(*who), *sum)));
            let tree = tree.unwrap();
            for (who, sum) in &sums {
                let (who, sum) = (address(*who), *sum);
                let mut proof = tree.proof(who).unwrap();
                let own = leaf(chain, contract, who, sum);
                prop_assert!(verify(own, &proof, tree.root()));
                if other != sum {
                    let made_up = leaf(chain, contract, who, other);
                    prop_assert!(!verify(made_up, &proof, tree.root()));
                }
                prop_assert!(!verify(leaf(chain + 1, contract, who, sum), &proof, tree.root()));
                if !proof.is_empty() {
                    let at = at % proof.len();
                    proof[at].0[bit / 8] ^= 1 << (bit % 8);
                    prop_assert!(!verify(own, &proof, tree.root()));
                }
            }
        }

        #[test]
        fn order_does_not_matter(sums in proptest::collection::btree_map(any::<u64>(), any::<u128>(), 1..40)) {
            let sums: Vec<_> = sums.into_iter().map(|(who, sum)| (address(who), sum)).collect();
            let turned: Vec<_> = sums.iter().rev().copied().collect();
            let root = |sums| ClaimTree::new(1, address(0), sums).unwrap().root();
            prop_assert_eq!(root(sums), root(turned));
        }
    }
}
