//! Ratios: reading, printing, arithmetic, order.

use expect_test::{Expect, expect};
use num_bigint::BigInt;
use num_rational::BigRational;
use proptest::prelude::*;

use crate::tests::{any_ratio, exact, ratio, rounded};
use crate::{Ratio, Rounding};

fn check_parse(texts: &[&str], expected: Expect) {
    let mut table = String::new();
    for text in texts {
        let outcome = match Ratio::parse(text) {
            Ok(ratio) => format!("{ratio} = {} %", ratio.to_percent(2)),
            Err(error) => format!("refused: {error}"),
        };
        table.push_str(&format!("{text:?}: {outcome}\n"));
    }
    expected.assert_eq(&table);
}

#[test]
fn parse_reads_per_cent_decimals_and_fractions() {
    check_parse(
        &[
            "41%", "12.3%", "12.3 %", "0.123", "1/3", "2/6", "0", "0/5", "1", "100%", "7/4",
            "1310.25", "0.005%", "0.015%", "99.995%", "2/3",
        ],
        expect![[r#"
            "41%": 41/100 = 41.00 %
            "12.3%": 123/1000 = 12.30 %
            "12.3 %": 123/1000 = 12.30 %
            "0.123": 123/1000 = 12.30 %
            "1/3": 1/3 = 33.33 %
            "2/6": 1/3 = 33.33 %
            "0": 0 = 0.00 %
            "0/5": 0 = 0.00 %
            "1": 1 = 100.00 %
            "100%": 1 = 100.00 %
            "7/4": 7/4 = 175.00 %
            "1310.25": 5241/4 = 131025.00 %
            "0.005%": 1/20000 = 0.00 %
            "0.015%": 3/20000 = 0.02 %
            "99.995%": 19999/20000 = 100.00 %
            "2/3": 2/3 = 66.67 %
        "#]],
    );
}

#[test]
fn parse_refuses_the_rest() {
    check_parse(
        &[
            "",
            "%",
            " %",
            "/",
            "1/",
            "/3",
            "1/0",
            "-1",
            "+1",
            "1/-3",
            "1.5/2",
            "1/3%",
            "1  %",
            "% 1",
            "1e2",
            "1,5",
            "340282366920938463463374607431768211456",
            "0.000000000000000000000000000000000000001",
        ],
        expect![[r#"
            "": refused: no digits
            "%": refused: not a ratio at byte 0
            " %": refused: not a ratio at byte 0
            "/": refused: not a ratio at byte 0
            "1/": refused: not a ratio at byte 2
            "/3": refused: not a ratio at byte 0
            "1/0": refused: denominator is zero
            "-1": refused: not a ratio at byte 0
            "+1": refused: not a ratio at byte 0
            "1/-3": refused: not a ratio at byte 2
            "1.5/2": refused: not a ratio at byte 1
            "1/3%": refused: not a ratio at byte 3
            "1  %": refused: not a ratio at byte 1
            "% 1": refused: not a ratio at byte 0
            "1e2": refused: not a ratio at byte 1
            "1,5": refused: not a ratio at byte 1
            "340282366920938463463374607431768211456": refused: ratio needs more than 128 bits
            "0.000000000000000000000000000000000000001": refused: ratio needs more than 128 bits
        "#]],
    );
}

#[test]
fn ends() {
    let most = Ratio::new(u128::MAX, 1).unwrap();
    let least = Ratio::new(1, u128::MAX).unwrap();
    assert_eq!(Ratio::new(1, 0), None);
    assert_eq!(Ratio::new(0, u128::MAX), Some(Ratio::ZERO));
    assert_eq!(most.checked_add(Ratio::ONE), None);
    assert_eq!(most.checked_mul(least), Some(Ratio::ONE));
    assert_eq!(least.checked_mul(least), None);
    assert_eq!(Ratio::ONE.checked_sub(most), None);
    assert_eq!(most.complement(), None);
    assert_eq!(Ratio::ONE.complement(), Some(Ratio::ZERO));
    assert_eq!(ratio("1/3").complement(), Some(ratio("2/3")));
    assert!(least < ratio("1/3") && ratio("1/3") < ratio("0.3333333334") && Ratio::ONE < most);
    assert_eq!(most.to_percent(1), "34028236692093846346337460743176821145500.0");
    assert_eq!(Ratio::default(), Ratio::ZERO);
}

proptest! {
    #[test]
    fn print_and_parse_round_trip(ratio in any_ratio()) {
        prop_assert_eq!(Ratio::parse(&ratio.to_string()), Ok(ratio));
    }

    #[test]
    fn parse_never_panics(text in "[-.0-9/% ]{0,45}") {
        if let Ok(ratio) = Ratio::parse(&text) {
            prop_assert_eq!(Ratio::parse(&ratio.to_string()), Ok(ratio));
        }
    }

    #[test]
    fn decimals_are_read_exactly(units in 0_u64.., fraction in "[0-9]{1,18}") {
        let places = u32::try_from(fraction.len()).unwrap();
        let scale = BigInt::from(10).pow(places);
        let whole: BigInt = format!("{units}{fraction}").parse().unwrap();
        let read = ratio(&format!("{units}.{fraction}"));
        prop_assert_eq!(exact(read), BigRational::new(whole, scale));
        let read = ratio(&format!("{units}.{fraction}%"));
        prop_assert_eq!(exact(read) * BigInt::from(100), exact(ratio(&format!("{units}.{fraction}"))));
    }

    #[test]
    fn arithmetic_is_exact_or_refused(left in any_ratio(), right in any_ratio()) {
        if let Some(sum) = left.checked_add(right) {
            prop_assert_eq!(exact(sum), exact(left) + exact(right));
        }
        match left.checked_sub(right) {
            Some(difference) => {
                prop_assert!(left >= right);
                prop_assert_eq!(exact(difference), exact(left) - exact(right));
            }
            None if left == right => prop_assert!(false, "a number less itself is zero"),
            None => {}
        }
        let product = exact(left) * exact(right);
        let expected = u128::try_from(product.numer().clone())
            .ok()
            .zip(u128::try_from(product.denom().clone()).ok())
            .and_then(|(num, den)| Ratio::new(num, den));
        prop_assert_eq!(left.checked_mul(right), expected);
        prop_assert_eq!(left.cmp(&right), exact(left).cmp(&exact(right)));
    }

    #[test]
    fn small_ratios_always_add_up(a in 0_u128..1 << 40, b in 1_u128..1 << 40, c in 0_u128..1 << 40, d in 1_u128..1 << 40) {
        let (left, right) = (Ratio::new(a, b).unwrap(), Ratio::new(c, d).unwrap());
        let sum = left.checked_add(right).unwrap();
        prop_assert_eq!(sum.checked_sub(right), Some(left));
        prop_assert_eq!(Ratio::new(sum.num(), sum.den()), Some(sum));
    }

    #[test]
    fn per_cent_is_rounded_half_even(ratio in any_ratio(), decimals in 0_u32..6) {
        let scale = BigInt::from(10).pow(decimals);
        let steps = rounded(&(exact(ratio) * &scale * BigInt::from(100)), Rounding::HalfEven);
        let shown: BigInt = ratio.to_percent(decimals).replace('.', "").parse().unwrap();
        prop_assert_eq!(shown, steps);
    }
}
