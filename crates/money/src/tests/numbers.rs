//! Atoms: reading, printing, scaling, rounding.

use expect_test::{Expect, expect};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::tests::{ROUNDINGS, any_atoms, any_ratio, any_rounding, atoms, exact, rounded};
use crate::{Atoms, Ratio, Rounding};

fn check_parse(texts: &[&str], expected: Expect) {
    let mut table = String::new();
    for text in texts {
        let outcome = match Atoms::parse(text) {
            Ok(atoms) => format!("{} = {atoms}", atoms.raw()),
            Err(error) => format!("refused: {error}"),
        };
        table.push_str(&format!("{text:?}: {outcome}\n"));
    }
    expected.assert_eq(&table);
}

#[test]
fn parse_reads_plain_decimals() {
    check_parse(
        &[
            "0",
            "-0",
            "3",
            "-12.50",
            "007",
            ".5",
            "5.",
            "0.000000000000000001",
            "1.0000000000000000000000",
        ],
        expect![[r#"
            "0": 0 = 0
            "-0": 0 = 0
            "3": 3000000000000000000 = 3
            "-12.50": -12500000000000000000 = -12.5
            "007": 7000000000000000000 = 7
            ".5": 500000000000000000 = 0.5
            "5.": 5000000000000000000 = 5
            "0.000000000000000001": 1 = 0.000000000000000001
            "1.0000000000000000000000": 1000000000000000000 = 1
        "#]],
    );
}

#[test]
fn parse_refuses_the_rest() {
    check_parse(
        &[
            "",
            "-",
            ".",
            "-.",
            "+1",
            "--1",
            " 1",
            "1 ",
            "1,000",
            "1e3",
            "1.2.3",
            "٣",
            "1.5x",
            "NaN",
            "0.0000000000000000001",
            "1.1234567890123456789000",
        ],
        expect![[r#"
            "": refused: no digits
            "-": refused: not a decimal number at byte 1
            ".": refused: not a decimal number at byte 1
            "-.": refused: not a decimal number at byte 2
            "+1": refused: not a decimal number at byte 0
            "--1": refused: not a decimal number at byte 1
            " 1": refused: not a decimal number at byte 0
            "1 ": refused: not a decimal number at byte 1
            "1,000": refused: not a decimal number at byte 1
            "1e3": refused: not a decimal number at byte 1
            "1.2.3": refused: not a decimal number at byte 3
            "٣": refused: not a decimal number at byte 0
            "1.5x": refused: not a decimal number at byte 3
            "NaN": refused: not a decimal number at byte 0
            "0.0000000000000000001": refused: 19 decimals, at most 18 can be held
            "1.1234567890123456789000": refused: 19 decimals, at most 18 can be held
        "#]],
    );
}

#[test]
fn parse_stops_at_the_range() {
    check_parse(
        &[
            "170141183460469231731.687303715884105727",
            "170141183460469231731.687303715884105728",
            "-170141183460469231731.687303715884105728",
            "-170141183460469231731.687303715884105729",
            "1000000000000000000000000000000000000000000000000000000000000",
        ],
        expect![[r#"
            "170141183460469231731.687303715884105727": 170141183460469231731687303715884105727 = 170141183460469231731.687303715884105727
            "170141183460469231731.687303715884105728": refused: number too large
            "-170141183460469231731.687303715884105728": -170141183460469231731687303715884105728 = -170141183460469231731.687303715884105728
            "-170141183460469231731.687303715884105729": refused: number too large
            "1000000000000000000000000000000000000000000000000000000000000": refused: number too large
        "#]],
    );
}

#[test]
fn pictures_cut_and_group() {
    let mut table = String::new();
    for text in [
        "0",
        "-0.004",
        "12.345",
        "-1234567.895",
        "999",
        "1000",
        "170141183460469231731.687303715884105727",
    ] {
        let value = atoms(text);
        table.push_str(&format!(
            "{text}: {} | {} | {} | {:>14}|\n",
            value.fixed(0),
            value.fixed(2),
            value.fixed(20),
            value.grouped(2)
        ));
    }
    expect![[r#"
        0: 0 | 0.00 | 0.00000000000000000000 |           0.00|
        -0.004: 0 | 0.00 | -0.00400000000000000000 |           0.00|
        12.345: 12 | 12.34 | 12.34500000000000000000 |          12.34|
        -1234567.895: -1234567 | -1234567.89 | -1234567.89500000000000000000 |  -1,234,567.89|
        999: 999 | 999.00 | 999.00000000000000000000 |         999.00|
        1000: 1000 | 1000.00 | 1000.00000000000000000000 |       1,000.00|
        170141183460469231731.687303715884105727: 170141183460469231731 | 170141183460469231731.68 | 170141183460469231731.68730371588410572700 | 170,141,183,460,469,231,731.68|
    "#]]
    .assert_eq(&table);
}

#[test]
fn width_pads_and_precision_never_cuts() {
    expect!["[    -12.5] [12.5    ] [12.5] [+3]"].assert_eq(&format!(
        "[{:>9}] [{:<8}] [{:.1}] [{:+}]",
        atoms("-12.5"),
        atoms("12.5"),
        atoms("12.5"),
        atoms("3")
    ));
}

#[test]
fn roundings_by_name() {
    let mut table = String::from("value   ");
    for rounding in ROUNDINGS {
        table.push_str(&format!("{:>9}", format!("{rounding:?}")));
    }
    for text in ["1.1", "1.5", "2.5", "1.9", "-1.1", "-1.5", "-2.5", "-1.9"] {
        table.push_str(&format!("\n{text:<8}"));
        for rounding in ROUNDINGS {
            table.push_str(&format!("{:>9}", atoms(text).quantise(0, rounding).0));
        }
    }
    expect![[r#"
        value        Down    Floor     Ceil HalfEven   HalfUp
        1.1             1        1        2        1        1
        1.5             1        1        2        2        2
        2.5             2        2        3        2        3
        1.9             1        1        2        2        2
        -1.1           -1       -2       -1       -1       -1
        -1.5           -1       -2       -1       -2       -2
        -2.5           -2       -3       -2       -2       -3
        -1.9           -1       -2       -1       -2       -2"#]]
    .assert_eq(&table);
}

#[test]
fn the_ends_of_the_range_are_refused_not_wrapped() {
    let (least, most) = (Atoms::from_raw(i128::MIN), Atoms::from_raw(i128::MAX));
    let step = Atoms::from_raw(1);
    assert_eq!(most.checked_add(step), None);
    assert_eq!(least.checked_sub(step), None);
    assert_eq!(least.checked_neg(), None);
    assert_eq!(Atoms::checked_sum([most, step, least]), None);
    assert_eq!(most.checked_quantise(0, Rounding::Ceil), None);
    assert_eq!(least.checked_quantise(0, Rounding::Floor), None);
    assert_eq!(most.mul_ratio(Ratio::new(2, 1).unwrap(), Rounding::Down), None);
    assert_eq!(least.mul_ratio(Ratio::ONE, Rounding::Down), Some(least));
    assert_eq!(most.quantise(18, Rounding::Ceil), (most, Atoms::ZERO));
    assert_eq!(Atoms::from_units(i64::MIN).to_string(), "-9223372036854775808");
}

proptest! {
    #[test]
    fn print_and_parse_round_trip(raw in any::<i128>(), shift in 0_u32..128) {
        let value = Atoms::from_raw(raw >> shift);
        prop_assert_eq!(Atoms::parse(&value.to_string()), Ok(value));
        prop_assert_eq!(Atoms::parse(&value.fixed(18).to_string()), Ok(value));
        let ungrouped = value.grouped(18).to_string().replace(',', "");
        prop_assert_eq!(ungrouped, value.fixed(18).to_string());
    }

    #[test]
    fn parse_never_panics(text in "[-+.0-9e, \u{663}]{0,60}") {
        if let Ok(value) = Atoms::parse(&text) {
            prop_assert_eq!(Atoms::parse(&value.to_string()), Ok(value));
        }
    }

    #[test]
    fn mul_ratio_is_the_exact_product_rounded(
        value in any_atoms(), ratio in any_ratio(), rounding in any_rounding(),
    ) {
        let product = BigRational::from_integer(value.raw().into()) * exact(ratio);
        let expected = i128::try_from(rounded(&product, rounding)).ok().map(Atoms::from_raw);
        prop_assert_eq!(value.mul_ratio(ratio, rounding), expected);
    }

    #[test]
    fn quantise_rounds_and_keeps_the_residue(
        value in any_atoms(), decimals in 0_u32..21, rounding in any_rounding(),
    ) {
        let step = BigInt::from(10).pow(18_u32.saturating_sub(decimals));
        let steps = rounded(&BigRational::new(value.raw().into(), step.clone()), rounding);
        match value.checked_quantise(decimals, rounding) {
            Some((near, residue)) => {
                prop_assert_eq!(BigInt::from(near.raw()), steps * step);
                prop_assert_eq!(near.checked_add(residue), Some(value));
            }
            None => prop_assert!(i128::try_from(steps * step).is_err()),
        }
    }
}
