//! Products and quotients in 256 bits, against numbers of any size.

use num_bigint::BigUint;
use proptest::prelude::*;

use crate::wide::{Wide, div_rem, mul};

fn big(wide: Wide) -> BigUint {
    (BigUint::from(wide.high) << 128) + BigUint::from(wide.low)
}

/// Words of every size, and words close to a power of two, where carries hide.
fn word() -> impl Strategy<Value = u128> {
    prop_oneof![
        any::<u128>(),
        (any::<u128>(), 0_u32..128).prop_map(|(word, shift)| word >> shift),
        (0_u32..128, 0_u128..4).prop_map(|(shift, less)| (1_u128 << shift).wrapping_sub(less)),
        (0_u32..128, 0_u128..4).prop_map(|(shift, more)| (1_u128 << shift).wrapping_add(more)),
    ]
}

proptest! {
    #[test]
    fn product_is_the_true_product(left in word(), right in word()) {
        prop_assert_eq!(big(mul(left, right)), BigUint::from(left) * BigUint::from(right));
    }

    #[test]
    fn quotient_and_remainder_are_the_true_ones(high in word(), low in word(), divisor in word()) {
        let whole = Wide { high, low };
        match div_rem(whole, divisor) {
            Some((quotient, rest)) => {
                prop_assert_eq!(BigUint::from(quotient), big(whole) / divisor);
                prop_assert_eq!(BigUint::from(rest), big(whole) % divisor);
            }
            None => prop_assert!(
                divisor == 0 || big(whole) / divisor > BigUint::from(u128::MAX)
            ),
        }
    }

    #[test]
    fn division_undoes_multiplication(left in word(), right in 1_u128.., rest in word()) {
        let rest = rest % right;
        let product = mul(left, right);
        let (low, carry) = product.low.overflowing_add(rest);
        let whole = Wide { high: product.high + u128::from(carry), low };
        prop_assert_eq!(div_rem(whole, right), Some((left, rest)));
    }
}
