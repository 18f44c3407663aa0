//! Proofs about a part of the tree, against the recursive definition
//! (draft-ietf-plants-merkle-tree-certs-03, section 4.4.1).

use tlog::{Hash, verify_subtree_consistency, verify_subtree_inclusion};

use crate::forest::{leaves, mth, path};

/// `SUBTREE_PROOF(start, end, D[n])`, recursive and slow.
fn proof(start: usize, end: usize, d: &[Hash], known: bool) -> Vec<Hash> {
    if (start, end) == (0, d.len()) {
        return if known { Vec::new() } else { vec![mth(d)] };
    }
    let k = 1 << (d.len() - 1).ilog2();
    let (left, right) = d.split_at(k);
    let (mut proof, sibling) = if end <= k {
        (proof(start, end, left, known), mth(right))
    } else if start >= k {
        (proof(start - k, end - k, right, known), mth(left))
    } else {
        // Only from leaf 0 can a subtree reach over the middle.
        assert_eq!(start, 0);
        (proof(0, end - k, right, false), mth(left))
    };
    proof.push(sibling);
    proof
}

#[test]
fn every_subtree_of_small_trees() {
    let all = leaves(20);
    let mut checked = 0;
    for size in 1..=20 {
        let tree = &all[..size];
        for end in 1..=size {
            for start in 0..end {
                let range = start as u64..end as u64;
                let subtree = start.is_multiple_of((end - start).next_power_of_two());
                let root = mth(&tree[start..end]);
                let verify = |root: &Hash, whole: &Hash, proof: &[Hash]| {
                    verify_subtree_consistency(range.clone(), size as u64, root, whole, proof)
                };
                if !subtree {
                    assert!(verify(&root, &mth(tree), &[]).is_err());
                    continue;
                }
                let told = proof(start, end, tree, true);
                assert_eq!(verify(&root, &mth(tree), &told), Ok(()), "{range:?} of {size}");
                assert!(verify(&mth(&tree[..1]), &mth(tree), &told).is_err() || end - start == 1);
                assert!(verify(&root, &all[0], &told).is_err() || size == 1);
                assert!(verify(&root, &mth(tree), &[told.as_slice(), &[root]].concat()).is_err());
                for cut in 0..told.len() {
                    assert!(verify(&root, &mth(tree), &told[..cut]).is_err());
                    let mut changed = told.clone();
                    changed[cut].0[7] ^= 4;
                    assert!(verify(&root, &mth(tree), &changed).is_err());
                }
                for index in start..end {
                    let told = path(index - start, &tree[start..end]);
                    let verify = |index: usize| {
                        let (leaf, index) = (&tree[index], index as u64);
                        verify_subtree_inclusion(leaf, index, range.clone(), &told, &root)
                    };
                    assert_eq!(verify(index), Ok(()));
                    for other in (0..size).filter(|other| *other != index) {
                        assert!(verify(other).is_err());
                    }
                }
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 567);
}
