//! Largest-remainder allocation: the parts of an amount, whose sum is the amount.

use std::cmp::Reverse;

use crate::{Atoms, wide};

/// Why an amount cannot be divided by these weights.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AllocateError {
    /// No weights, or all of them zero.
    #[error("no weight above zero")]
    NoWeight,
    /// The sum of the weights needs more than 128 bits.
    #[error("sum of weights needs more than 128 bits")]
    Overflow,
}

/// Divides an amount by weights, to the atom, so that the parts add up to it exactly.
///
/// Each part is `whole * weight / sum of weights`, rounded towards zero; the atoms left over go,
/// one each, to the parts that lost most, and among equals to the lower index. No part has
/// another sign than the whole, none is an atom or more from its exact value, and a zero weight
/// gets nothing. Which part an odd atom goes to depends on the order of the weights only in a
/// tie, so callers order them by something stable.
///
/// # Errors
/// [`AllocateError::NoWeight`] without a weight above zero, [`AllocateError::Overflow`] where
/// the weights add up to more than 128 bits.
pub fn allocate(whole: Atoms, weights: &[u128]) -> Result<Vec<Atoms>, AllocateError> {
    let total = weights
        .iter()
        .try_fold(0_u128, |sum, weight| sum.checked_add(*weight))
        .ok_or(AllocateError::Overflow)?;
    if total == 0 {
        return Err(AllocateError::NoWeight);
    }
    let magnitude = whole.raw().unsigned_abs();
    let mut left = magnitude;
    let mut parts = Vec::with_capacity(weights.len());
    let mut lost = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        // No part is above the whole, because no weight is above the total.
        let (part, rest) = wide::div_rem(wide::mul(magnitude, *weight), total)
            .expect("a weight is at most the sum of the weights");
        left = left.wrapping_sub(part);
        parts.push(part);
        lost.push((Reverse(rest), index));
    }
    // Fewer atoms are left than parts lost something.
    lost.sort_unstable();
    for (_, index) in lost {
        if left == 0 {
            break;
        }
        if let Some(part) = parts.get_mut(index) {
            *part = part.wrapping_add(1);
            left = left.wrapping_sub(1);
        }
    }
    let signed = |part| {
        Atoms::signed(whole.is_negative(), part).expect("a part is at most the whole in magnitude")
    };
    Ok(parts.into_iter().map(signed).collect())
}
