//! Sums from published statements and tariffs.

use crate::tests::{atoms, ratio};
use crate::{Atoms, ParseAtomsError, Ratio, Rounding, allocate};

#[test]
fn lines_keep_four_decimals_and_the_total_is_rounded_once() {
    let total = Atoms::checked_sum(["100.0000", "7.2916", "7.2916"].map(atoms)).unwrap();
    assert_eq!(total, atoms("114.5832"));
    assert_eq!(total.quantise(2, Rounding::HalfEven), (atoms("114.58"), atoms("0.0032")));
}

#[test]
fn a_fee_of_ten_then_twenty_per_cent_leaves_seventy_two() {
    let kept = ["10%", "20 %"]
        .map(|fee| ratio(fee).complement().unwrap())
        .into_iter()
        .try_fold(Ratio::ONE, Ratio::checked_mul);
    assert_eq!(kept, Some(ratio("72%")));
}

#[test]
fn seven_won_split_by_the_korean_streaming_tariff() {
    let shares = ["35%", "48.25%", "10.5%", "6.25%"].map(ratio);
    let parts = shares.map(|share| atoms("7").mul_ratio(share, Rounding::Down).unwrap());
    assert_eq!(parts, ["2.45", "3.3775", "0.735", "0.4375"].map(atoms));
    assert_eq!(allocate(atoms("7"), &[3500, 4825, 1050, 625]), Ok(parts.to_vec()));
    assert_eq!(Atoms::checked_sum(parts), Some(atoms("7")));
}

#[test]
fn five_five_two_of_ten_and_a_half() {
    assert_eq!(
        allocate(atoms("10.5"), &[5, 5, 2]),
        Ok(["4.375", "4.375", "1.75"].map(atoms).to_vec())
    );
}

/// 0.00164130103450794 * 0.985123456789012 = 0.00161688414874584332407981875528 needs 32
/// decimals: it is refused as text, and as a product it is rounded as told.
#[test]
fn a_product_of_thirty_two_decimals_is_never_cut_silently() {
    assert_eq!(
        Atoms::parse("0.00161688414874584332407981875528"),
        Err(ParseAtomsError::TooPrecise { decimals: 32 })
    );
    let line = atoms("0.00164130103450794");
    let rate = ratio("0.985123456789012");
    let by = |rounding| line.mul_ratio(rate, rounding);
    assert_eq!(by(Rounding::Down), Some(atoms("0.001616884148745843")));
    assert_eq!(by(Rounding::HalfEven), Some(atoms("0.001616884148745843")));
    assert_eq!(by(Rounding::Ceil), Some(atoms("0.001616884148745844")));
    // The product of the two as fractions loses nothing at all.
    let product = ratio("0.00164130103450794").checked_mul(rate);
    assert_eq!(product, Some(ratio("0.00161688414874584332407981875528")));
}
