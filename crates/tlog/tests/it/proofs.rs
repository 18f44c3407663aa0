//! Roots, inclusion and consistency.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use expect_test::expect;
use proptest::prelude::*;
use sha2::Sha256;
use tlog::{
    Hash, ProofError, Tree, TreeError, empty_root, leaf_hash, node_hash, prove_consistency,
    prove_inclusion, root, verify_consistency, verify_inclusion,
};

use crate::forest::{leaves, mth, path, proof, tiles, turns};

#[test]
fn hashes_of_rfc_6962() {
    expect!["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="].assert_eq(&empty_root().to_string());
    expect!["bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0="].assert_eq(&leaf_hash(b"").to_string());
    let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
    assert_ne!(node_hash(&left, &right), node_hash(&right, &left));
    let joined = [[1].as_slice(), left.as_bytes(), right.as_bytes()].concat();
    assert_ne!(leaf_hash(&joined[1..]), node_hash(&left, &right));
}

#[test]
fn roots_are_those_of_the_definition_and_of_ct_merkle() {
    let all = leaves(600);
    let store = tiles(&all);
    let mut tree = Tree::new();
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 0..=600 {
        let expected = root(size, &store).unwrap();
        assert_eq!(tree.root(), expected, "size {size}");
        assert_eq!(tree.size(), size);
        assert_eq!(other.root().as_bytes().as_slice(), expected.as_bytes(), "size {size}");
        assert_eq!(mth(&all[..usize::try_from(size).unwrap()]), expected, "size {size}");
        if size < 600 {
            tree.push(all[usize::try_from(size).unwrap()]);
            other.push(size.to_be_bytes().to_vec());
        }
    }
}

/// Every proof with one bit changed, in turn.
fn flipped(proof: &[Hash]) -> impl Iterator<Item = Vec<Hash>> {
    (0..proof.len() * 256).map(|bit| {
        let mut changed = proof.to_vec();
        changed[bit / 256].0[bit % 256 / 8] ^= 1 << (bit % 8);
        changed
    })
}

#[test]
fn inclusion_of_every_leaf() {
    let all = leaves(70);
    let store = tiles(&all);
    for size in 1..=70 {
        let root = root(size, &store).unwrap();
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let leaf = all[at];
            let proof = prove_inclusion(index, size, &store).unwrap();
            assert_eq!(proof, path(at, &all[..usize::try_from(size).unwrap()]));
            let verify = |index, size, proof: &[Hash]| {
                verify_inclusion(&leaf, index, size, proof, &root).is_ok()
            };
            assert!(verify(index, size, &proof));
            for other in (0..72).filter(|other| *other != index) {
                assert!(!verify(other, size, &proof), "{other} for {index} of {size}");
            }
            // The size is bound as far as it shapes the path, no further.
            for other in (0..72).filter(|other| *other != size) {
                let same = other > index && turns(index, other) == turns(index, size);
                assert_eq!(verify(index, other, &proof), same, "{index} of {other} for {size}");
            }
            for cut in 0..proof.len() {
                assert!(!verify(index, size, &proof[..cut]));
                assert!(!verify(index, size, &proof[cut + 1..]));
            }
            assert!(!verify(index, size, &[proof.as_slice(), &[leaf]].concat()));
        }
    }
}

#[test]
fn inclusion_with_a_flipped_bit() {
    let all = leaves(70);
    let store = tiles(&all);
    for size in 1..=70 {
        let root = root(size, &store).unwrap();
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let leaf = all[at];
            let proof = prove_inclusion(index, size, &store).unwrap();
            // Each bit in small trees; in larger ones each 29th, from another one for each leaf.
            let (first, step) = if size < 16 { (0, 1) } else { (at % 29, 29) };
            for changed in flipped(&proof).skip(first).step_by(step) {
                let result = verify_inclusion(&leaf, index, size, &changed, &root);
                assert_eq!(result, Err(ProofError::Root));
            }
            for changed in flipped(&[leaf]).skip(first).step_by(step) {
                let result = verify_inclusion(&changed[0], index, size, &proof, &root);
                assert_eq!(result, Err(ProofError::Root));
            }
        }
    }
}

#[test]
fn consistency_of_every_pair() {
    let all = leaves(40);
    let store = tiles(&all);
    let roots: Vec<_> = (0..=40).map(|size| root(size, &store).unwrap()).collect();
    for new in 1..=40_usize {
        for old in 1..=new {
            let (old_size, new_size) = (old as u64, new as u64);
            let (old_root, new_root) = (roots[old], roots[new]);
            let told = prove_consistency(old_size, new_size, &store).unwrap();
            assert_eq!(told, proof(old, &all[..new]));
            let verify = |proof: &[Hash]| {
                verify_consistency(old_size, new_size, &old_root, &new_root, proof)
            };
            assert_eq!(verify(&told), Ok(()));
            for changed in flipped(&told).step_by(41) {
                assert!(verify(&changed).is_err());
            }
            for cut in 0..told.len() {
                assert!(verify(&told[..cut]).is_err());
            }
            assert!(verify(&[told.as_slice(), &[new_root]].concat()).is_err());
            for (other, other_root) in roots.iter().enumerate() {
                let forged = verify_consistency(old_size, new_size, other_root, &new_root, &told);
                assert_eq!(forged.is_ok(), other == old);
                let forged = verify_consistency(old_size, new_size, &old_root, other_root, &told);
                assert_eq!(forged.is_ok(), other == new);
            }
        }
    }
}

#[test]
fn proofs_that_say_nothing_are_refused() {
    let store = tiles(&leaves(3));
    let (none, three) = (empty_root(), root(3, &store).unwrap());
    let consistency = |old, new, old_root, new_root, proof: &[Hash]| {
        verify_consistency(old, new, &old_root, &new_root, proof).unwrap_err().to_string()
    };
    let found = [
        consistency(0, 0, none, none, &[]),
        consistency(0, 3, none, three, &[]),
        consistency(3, 2, three, three, &[]),
        consistency(3, 3, three, none, &[]),
        consistency(3, 3, three, three, &[three]),
        consistency(2, 3, three, three, &[]),
        consistency(1, 3, three, three, &[]),
        verify_inclusion(&none, 0, 0, &[], &none).unwrap_err().to_string(),
        prove_inclusion(3, 3, &store).unwrap_err().to_string(),
        prove_consistency(0, 3, &store).unwrap_err().to_string(),
        prove_consistency(3, 2, &store).unwrap_err().to_string(),
        root(300, &store).unwrap_err().to_string(),
    ];
    expect![[r#"
        a consistency proof from the empty tree says nothing
        a consistency proof from the empty tree says nothing
        the tree shrank from size 3 to size 2
        the proof leads to another new root
        the proof is too long
        the proof is too short
        the proof is too short
        no leaf 0 in a tree of size 0
        no leaf 3 in a tree of size 3
        no consistency proof from size 0 to size 3
        no consistency proof from size 3 to size 2
        cannot read tile/1/000.p/1"#]]
    .assert_eq(&found.join("\n"));
    assert!(matches!(prove_inclusion(0, 4, &store), Err(TreeError::Short { found: 3, .. })));
}

#[test]
fn the_largest_tree_has_proofs_of_64_hashes() {
    let hash = leaf_hash(b"x");
    let size = u64::MAX;
    let verify = |index, hashes: usize| {
        verify_inclusion(&hash, index, size, &vec![hash; hashes], &hash).unwrap_err()
    };
    assert_eq!(verify(0, 63), ProofError::TooShort);
    assert_eq!(verify(0, 64), ProofError::Root);
    assert_eq!(verify(0, 65), ProofError::TooLong);
    assert_eq!(verify(size - 1, 63), ProofError::Root);
    assert_eq!(verify(size - 1, 64), ProofError::TooLong);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn proofs_across_tiles(size in 1_u64..70_000, old in 1_u64..70_000, index in 0_u64..70_000) {
        let (old, index) = (1 + old % size, index % size);
        let (store, all) = large();
        let new_root = root(size, store).unwrap();
        let leaf = all[usize::try_from(index).unwrap()];
        let proof = prove_inclusion(index, size, store).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &new_root), Ok(()));
        let old_root = root(old, store).unwrap();
        let proof = prove_consistency(old, size, store).unwrap();
        prop_assert_eq!(verify_consistency(old, size, &old_root, &new_root, &proof), Ok(()));
        let tree: Tree = all.iter().take(usize::try_from(old).unwrap()).copied().collect();
        prop_assert_eq!(tree.root(), old_root);
    }
}

/// A log of 70,000 leaves: three levels of tiles.
fn large() -> &'static (tlog::MemoryTiles, Vec<Hash>) {
    static LARGE: std::sync::OnceLock<(tlog::MemoryTiles, Vec<Hash>)> = std::sync::OnceLock::new();
    LARGE.get_or_init(|| {
        let all = leaves(70_000);
        (tiles(&all), all)
    })
}
