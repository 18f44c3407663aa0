//! The sum tree against its recursive definition, and proofs that somebody changed.

use proptest::prelude::*;
use proptest::sample::Index;
use tlog::sum::{SUM_LIMIT, decode_nodes, encode_nodes, root_of, sum_root};
use tlog::{SumError, SumNode, SumTree};

type Node = SumNode<2>;

fn leaf(number: u64, sums: [u128; 2]) -> Node {
    let mut salt = [7; 32];
    salt[..8].copy_from_slice(&number.to_be_bytes());
    Node::leaf(&salt, &[9; 32], sums).unwrap()
}

/// The root as RFC 6962 defines it: split at the largest power of two below the size.
fn defined(leaves: &[Node]) -> Node {
    match leaves {
        [] => Node::empty(),
        [leaf] => *leaf,
        _ => {
            let middle = leaves.len().next_power_of_two() / 2;
            Node::join(&defined(&leaves[..middle]), &defined(&leaves[middle..])).unwrap()
        }
    }
}

fn leaves() -> impl Strategy<Value = Vec<Node>> {
    let sums = prop_oneof![3 => 0..1000_u128, 1 => 0..(SUM_LIMIT >> 8)];
    prop::collection::vec((sums.clone(), sums).prop_map(|(a, b)| [a, b]), 0..70)
        .prop_map(|all| (0..).zip(all).map(|(number, sums)| leaf(number, sums)).collect())
}

/// A tree and some of its places, in order.
fn asked() -> impl Strategy<Value = (Vec<Node>, Vec<u64>)> {
    (leaves(), prop::collection::vec(any::<Index>(), 0..8)).prop_map(|(leaves, asked)| {
        let mut places: Vec<u64> = match leaves.is_empty() {
            true => Vec::new(),
            false => asked.iter().map(|it| it.index(leaves.len()) as u64).collect(),
        };
        places.sort_unstable();
        places.dedup();
        (leaves, places)
    })
}

fn told(leaves: &[Node], places: &[u64]) -> Vec<(u64, Node)> {
    places.iter().map(|it| (*it, leaves[usize::try_from(*it).unwrap()])).collect()
}

proptest! {
    #[test]
    fn the_root_is_the_defined_one(leaves in leaves()) {
        let tree = SumTree::new(leaves.clone()).unwrap();
        prop_assert_eq!(tree.root(), defined(&leaves));
        prop_assert_eq!(sum_root(leaves.iter().map(|it| Ok::<_, SumError>(*it))), Ok(tree.root()));
        prop_assert_eq!(tree.root().count(), leaves.len() as u64);
        for column in 0..2 {
            let sum: u128 = leaves.iter().map(|it| it.sums()[column]).sum();
            prop_assert_eq!(tree.root().sums()[column], sum);
        }
    }

    #[test]
    fn a_proof_leads_to_the_root((leaves, places) in asked()) {
        let tree = SumTree::new(leaves.clone()).unwrap();
        let proof = tree.prove(&places).unwrap();
        let bytes = encode_nodes(&proof);
        let proof = decode_nodes(&bytes).unwrap();
        let root = root_of(tree.size(), &told(&leaves, &places), &proof).unwrap();
        prop_assert_eq!(root, tree.root());
    }

    /// One bit of the proof, one leaf, the size, one node more or less: never the same root.
    #[test]
    fn a_changed_proof_leads_elsewhere(
        (leaves, places) in asked(),
        at in any::<Index>(),
        way in 0..5_u8,
        bit in 0..8_u32,
    ) {
        prop_assume!(leaves.len() > 1 && !places.is_empty());
        let tree = SumTree::new(leaves.clone()).unwrap();
        let mut bytes = encode_nodes(&tree.prove(&places).unwrap());
        let mut told = told(&leaves, &places);
        let mut size = tree.size();
        match way {
            0 if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            1 => {
                let at = at.index(told.len());
                told[at].1 = leaf(1 << 40, *told[at].1.sums());
            }
            2 if !bytes.is_empty() => bytes.truncate(bytes.len() - Node::BYTES),
            3 => bytes.extend(encode_nodes(&[leaf(0, [0, 0])])),
            _ => size += 1,
        }
        let root = decode_nodes(&bytes).and_then(|it| root_of(size, &told, &it));
        prop_assert_ne!(root, Ok(tree.root()));
    }
}

/// Maxwell's tree commits to the total alone, so a sibling can be shown with any sum; ours does not.
#[test]
fn a_sibling_cannot_be_shown_with_another_sum() {
    let [small, large] = [leaf(0, [50, 0]), leaf(1, [70, 0])];
    let honest = Node::join(&small, &large).unwrap();
    for shown in [0, 20, 69, 71] {
        let lie = Node::stated(large.hash(), [shown, 0], 1).unwrap();
        assert_ne!(root_of(2, &[(0, small)], &[lie]).unwrap().hash(), honest.hash());
    }
}

#[test]
fn a_negative_sum_cannot_be_written() {
    assert_eq!(Node::leaf(&[0; 32], &[0; 32], [SUM_LIMIT, 0]), Err(SumError::TooLarge));
    let mut minus_one = encode_nodes(&[leaf(0, [1, 0])]);
    minus_one[32..48].fill(0xff);
    assert_eq!(decode_nodes::<2>(&minus_one), Err(SumError::TooLarge));
}

#[test]
fn sums_do_not_wrap() {
    let half = leaf(0, [SUM_LIMIT - 1, 0]);
    assert_eq!(Node::join(&half, &leaf(1, [1, 0])), Err(SumError::TooLarge));
    assert_eq!(SumTree::new(vec![half, half]).unwrap_err(), SumError::TooLarge);
}

#[test]
fn a_node_counts_the_leaves_of_its_place() {
    let leaves: Vec<Node> = (0..5).map(|number| leaf(number, [1, 0])).collect();
    let tree = SumTree::new(leaves.clone()).unwrap();
    let mut proof = tree.prove(&[4]).unwrap();
    proof[0] = Node::stated(proof[0].hash(), *proof[0].sums(), 3).unwrap();
    let error = root_of(5, &[(4, leaves[4])], &proof).unwrap_err();
    assert_eq!(error, SumError::Count { expected: 4, found: 3 });
}

#[test]
fn places_ascend_and_lie_in_the_tree() {
    let tree = SumTree::new((0..5).map(|number| leaf(number, [1, 0])).collect()).unwrap();
    for places in [&[1, 1][..], &[2, 1], &[5]] {
        assert_eq!(tree.prove(places), Err(SumError::Places));
    }
}
