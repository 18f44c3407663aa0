//! Allocation: the parts are the whole.

use std::collections::BTreeSet;

use expect_test::{Expect, expect};
use num_bigint::BigInt;
use proptest::prelude::*;

use crate::tests::{any_atoms, atoms};
use crate::{AllocateError, Atoms, Rounding, allocate, allocate_part};

fn check(whole: Atoms, weights: &[u128], expected: Expect) {
    let outcome = match allocate(whole, weights) {
        Ok(parts) => format!("{:?}", parts.iter().map(Atoms::to_string).collect::<Vec<_>>()),
        Err(error) => format!("refused: {error}"),
    };
    expected.assert_eq(&outcome);
}

#[test]
fn parts_by_weight() {
    check(atoms("100"), &[1, 1], expect![[r#"["50", "50"]"#]]);
    check(atoms("-100"), &[3, 1], expect![[r#"["-75", "-25"]"#]]);
    check(atoms("0"), &[3, 1], expect![[r#"["0", "0"]"#]]);
    check(atoms("5"), &[0, 7, 0], expect![[r#"["0", "5", "0"]"#]]);
    check(atoms("5"), &[9], expect![[r#"["5"]"#]]);
}

#[test]
fn atoms_left_over_go_to_the_largest_remainder_then_the_lower_index() {
    check(
        Atoms::from_raw(10),
        &[1, 1, 1],
        expect![[r#"["0.000000000000000004", "0.000000000000000003", "0.000000000000000003"]"#]],
    );
    check(
        Atoms::from_raw(-11),
        &[1, 1, 1],
        expect![[r#"["-0.000000000000000004", "-0.000000000000000004", "-0.000000000000000003"]"#]],
    );
    check(
        Atoms::from_raw(10),
        &[1, 1, 2, 3],
        expect![[
            r#"["0.000000000000000002", "0.000000000000000001", "0.000000000000000003", "0.000000000000000004"]"#
        ]],
    );
    check(Atoms::from_raw(1), &[0, 1, 1], expect![[r#"["0", "0.000000000000000001", "0"]"#]]);
}

#[test]
fn weights_that_cannot_divide() {
    check(atoms("1"), &[], expect!["refused: no weight above zero"]);
    check(atoms("0"), &[0, 0], expect!["refused: no weight above zero"]);
    check(atoms("1"), &[u128::MAX, 1], expect!["refused: sum of weights needs more than 128 bits"]);
    assert_eq!(allocate(Atoms::ONE, &[]), Err(AllocateError::NoWeight));
    assert_eq!(allocate(Atoms::ONE, &[u128::MAX, 1]), Err(AllocateError::Overflow));
}

#[test]
fn the_ends_of_the_range() {
    let least = Atoms::from_raw(i128::MIN);
    assert_eq!(allocate(least, &[u128::MAX]), Ok(vec![least]));
    assert_eq!(
        allocate(least, &[1, 1]),
        Ok(vec![Atoms::from_raw(i128::MIN / 2), Atoms::from_raw(i128::MIN / 2)])
    );
}

fn any_weights() -> impl Strategy<Value = Vec<u128>> {
    let weight = || (any::<u128>(), 3_u32..128).prop_map(|(weight, shift)| weight >> shift);
    proptest::collection::vec(prop_oneof![weight(), 0_u128..4], 1..8)
        .prop_filter("some weight is above zero", |weights| {
            weights.iter().any(|weight| *weight > 0)
        })
}

proptest! {
    #[test]
    fn the_sum_is_exact_and_every_part_is_near(whole in any_atoms(), weights in any_weights()) {
        let parts = allocate(whole, &weights).unwrap();
        prop_assert_eq!(parts.len(), weights.len());
        prop_assert_eq!(Atoms::checked_sum(parts.iter().copied()), Some(whole));
        let total: u128 = weights.iter().sum();
        for (part, weight) in parts.iter().zip(&weights) {
            prop_assert!(part.is_zero() || part.is_negative() == whole.is_negative());
            prop_assert!(*weight > 0 || part.is_zero());
            // |part - whole * weight / total| < 1 atom
            let off = BigInt::from(part.raw()) * total - BigInt::from(whole.raw()) * *weight;
            prop_assert!(off.magnitude() < BigInt::from(total).magnitude());
        }
    }

    #[test]
    fn a_larger_weight_gets_no_smaller_part(whole in any_atoms(), weights in any_weights()) {
        let parts = allocate(whole, &weights).unwrap();
        let mut pairs: Vec<_> =
            weights.iter().zip(parts.iter().map(|part| part.raw().unsigned_abs())).collect();
        pairs.sort_unstable();
        prop_assert!(pairs.is_sorted_by_key(|(_, part)| *part));
    }

    #[test]
    fn order_of_weights_matters_only_in_a_tie(
        whole in any_atoms(), weights in any_weights(), turn in 0_usize..8,
    ) {
        let turn = turn % weights.len();
        let mut turned = weights.clone();
        turned.rotate_left(turn);
        let here = allocate(whole, &weights).unwrap();
        let mut there = allocate(whole, &turned).unwrap();
        there.rotate_right(turn);
        for (here, there) in here.iter().zip(&there) {
            prop_assert!(here.raw().abs_diff(there.raw()) <= 1);
        }
        let total: u128 = weights.iter().sum();
        let rest = |weight: &u128| BigInt::from(whole.raw()).magnitude() * *weight % total;
        let rests: BTreeSet<_> = weights.iter().map(rest).collect();
        prop_assert!(rests.len() < weights.len() || here == there);
    }

    #[test]
    fn sign_is_a_mirror(whole in any_atoms(), weights in any_weights()) {
        prop_assume!(whole.checked_neg().is_some());
        let mirrored = allocate(whole.checked_neg().unwrap(), &weights).unwrap();
        let parts: Vec<_> =
            allocate(whole, &weights).unwrap().into_iter().map(|p| p.checked_neg().unwrap()).collect();
        prop_assert_eq!(mirrored, parts);
    }
}

#[test]
fn a_part_that_cannot_come_to_its_sum_is_refused() {
    let part = |sum: i128| allocate_part(Atoms::from_raw(10), &[1, 1], 4, Atoms::from_raw(sum));
    assert_eq!(part(5).unwrap(), [Atoms::from_raw(3), Atoms::from_raw(2)]);
    for sum in [-5, 3, 7, 50] {
        assert_eq!(part(sum), Err(AllocateError::Apart), "{sum}");
    }
    assert_eq!(allocate_part(Atoms::ONE, &[1], 0, Atoms::ONE), Err(AllocateError::NoWeight));
}

proptest! {
    /// Who gets a part of something and who bears it are rounded apart, and come to one sum.
    #[test]
    fn both_sides_of_a_part_come_to_one_sum(
        whole in any_atoms(),
        gets in prop::collection::vec(0_u128..1_000, 1..5),
        bears in prop::collection::vec(1_u128..1_000, 1..4),
        rest in 0_u128..1_000,
    ) {
        let (all, burden) = (gets.iter().sum::<u128>(), bears.iter().sum::<u128>());
        // The same part of the whole on both sides, over one denominator.
        let of = (all + rest) * burden;
        prop_assume!(of > 0);
        let scaled: Vec<u128> =
            gets.iter().map(|it| it * burden).chain([rest * burden]).collect();
        let parts = allocate(whole, &scaled).unwrap();
        let sum = Atoms::checked_sum(parts[..gets.len()].iter().copied()).unwrap();
        let weights: Vec<u128> = bears.iter().map(|it| it * all).collect();
        let borne = allocate_part(whole, &weights, of, sum).unwrap();
        prop_assert_eq!(Atoms::checked_sum(borne.iter().copied()), Some(sum));
        for (part, weight) in borne.iter().zip(&weights) {
            let ratio = crate::Ratio::new(*weight, of).unwrap();
            let [low, high] = [Rounding::Floor, Rounding::Ceil].map(|it| whole.mul_ratio(ratio, it));
            prop_assert!(Some(*part) == low || Some(*part) == high);
        }
    }

    #[test]
    fn a_product_is_rounded_once(a in any_atoms(), b in any_atoms()) {
        let one = BigInt::from(Atoms::ONE.raw());
        let exact = BigInt::from(a.raw()) * BigInt::from(b.raw());
        let floor = a.checked_mul(b, Rounding::Floor);
        if let Some(floor) = floor {
            let rest = exact - BigInt::from(floor.raw()) * &one;
            prop_assert!(rest >= BigInt::default() && rest < one);
        }
        prop_assert_eq!(a.checked_mul(b, Rounding::HalfEven), b.checked_mul(a, Rounding::HalfEven));
    }
}
