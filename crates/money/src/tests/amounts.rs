//! Amounts and balances.

use proptest::prelude::*;

use crate::tests::{any_atoms, atoms};
use crate::{Amount, AmountError, Atoms, Balances, Currency};

fn amount(code: &str, text: &str) -> Amount {
    Amount::new(atoms(text), Currency::parse(code).unwrap())
}

#[test]
fn amounts_add_in_one_currency_only() {
    let sum = amount("KRW", "12").checked_add(amount("KRW", "0.5"));
    assert_eq!(sum.unwrap().to_string(), "KRW 12.5");
    let mixed = amount("KRW", "12").checked_add(amount("USD", "1"));
    assert_eq!(mixed.unwrap_err().to_string(), "currencies differ: KRW and USD");
    let beyond = Amount { atoms: Atoms::from_raw(i128::MAX), ..amount("KRW", "1") };
    assert_eq!(beyond.checked_add(amount("KRW", "1")), Err(AmountError::Overflow));
    assert_eq!(amount("KRW", "1").checked_sub(amount("KRW", "3")), Ok(amount("KRW", "-2")));
}

#[test]
fn balances_keep_one_sum_a_currency_and_no_zeros() {
    let mut bag = Balances::new();
    for (code, text) in [("USD", "1"), ("KRW", "7"), ("USD", "0.25"), ("JPY", "0")] {
        bag.add(amount(code, text)).unwrap();
    }
    let sums: Vec<_> = bag.iter().map(|(code, sum)| format!("{code} {sum}")).collect();
    assert_eq!(sums, ["KRW 7", "USD 1.25"]);
    assert_eq!(bag.get(Currency::parse("JPY").unwrap()), Atoms::ZERO);
    let before = bag.clone();
    let beyond = Amount { atoms: Atoms::from_raw(i128::MAX), ..amount("KRW", "1") };
    assert_eq!(bag.add(beyond), Err(AmountError::Overflow));
    assert_eq!(bag, before);
    bag.add(amount("KRW", "-7")).unwrap();
    bag.add(amount("USD", "-1.25")).unwrap();
    assert!(bag.is_zero());
    assert_eq!(bag, Balances::default());
}

proptest! {
    #[test]
    fn taking_out_what_was_put_in_leaves_nothing(
        all in proptest::collection::vec((0_usize..3, any_atoms()), 0..12),
    ) {
        let codes = ["KRW", "USD", "JPY"].map(|code| Currency::parse(code).unwrap());
        let mut bag = Balances::new();
        // A sixteenth each, so that no sum leaves the range.
        let all: Vec<_> = all
            .into_iter()
            .map(|(code, sum)| Amount::new(Atoms::from_raw(sum.raw() / 16), codes[code]))
            .collect();
        for amount in &all {
            bag.add(*amount).unwrap();
        }
        for amount in all.iter().rev() {
            bag.add(Amount { atoms: amount.atoms.checked_neg().unwrap(), ..*amount }).unwrap();
        }
        prop_assert!(bag.is_zero());
    }
}
