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
    /// The parts do not come to the sum that they have to, however they are rounded.
    #[error("the parts do not come to their sum")]
    Apart,
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
    apportion(whole, weights, total, whole.raw().unsigned_abs())
}

/// Divides a part of an amount by weights over a denominator, so that the parts add up to `sum`.
///
/// Each part is `whole * weight / of`, rounded towards zero; what is missing to `sum` goes, an atom
/// each, to the parts that lost most, and among equals to the lower index. `sum` is such a total of
/// rounded parts itself: it is how the other side of the same money was rounded.
///
/// # Errors
/// [`AllocateError::NoWeight`] for a denominator of zero, [`AllocateError::Apart`] where the parts
/// cannot come to `sum` by less than an atom each.
pub fn allocate_part(
    whole: Atoms,
    weights: &[u128],
    of: u128,
    sum: Atoms,
) -> Result<Vec<Atoms>, AllocateError> {
    if !sum.is_zero() && sum.is_negative() != whole.is_negative() {
        return Err(AllocateError::Apart);
    }
    let parts = apportion(whole, weights, of, sum.raw().unsigned_abs())?;
    match Atoms::checked_sum(parts.iter().copied()) {
        Some(found) if found == sum => Ok(parts),
        _ => Err(AllocateError::Apart),
    }
}

/// Parts of `whole * weight / total`, rounded so that they come to `sum` without their sign.
fn apportion(
    whole: Atoms,
    weights: &[u128],
    total: u128,
    sum: u128,
) -> Result<Vec<Atoms>, AllocateError> {
    if total == 0 {
        return Err(AllocateError::NoWeight);
    }
    let magnitude = whole.raw().unsigned_abs();
    let mut left = sum;
    let mut parts = Vec::with_capacity(weights.len());
    let mut lost = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        // No part is above the whole, because no weight is above the total.
        let (part, rest) = wide::div_rem(wide::mul(magnitude, *weight), total)
            .filter(|_| *weight <= total)
            .ok_or(AllocateError::Overflow)?;
        left = left.checked_sub(part).ok_or(AllocateError::Apart)?;
        parts.push(part);
        lost.push((Reverse(rest), index));
    }
    // Fewer atoms are left than parts lost something.
    lost.sort_unstable();
    for (Reverse(rest), index) in lost {
        if left == 0 || rest == 0 {
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
