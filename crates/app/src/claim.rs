//! A claimed share, held against what is publicly known.

use finding::Finding;
use insight::claim::{Anchor, Claim, ClaimCheck, ClaimError, check, read_anchors};

/// The figures that ship with the program: the United States in 2024.
pub const SHIPPED_ANCHORS: &str = include_str!("../../../data/market/us-2024.toml");

/// Reads anchors from a file's text, or the shipped ones if none is given.
#[must_use]
pub fn anchors(file: Option<(&str, &str)>) -> (Vec<Anchor>, Vec<Finding>) {
    let (name, text) = file.unwrap_or(("us-2024.toml", SHIPPED_ANCHORS));
    read_anchors(name, text)
}

/// Holds a claim against anchors.
///
/// # Errors
/// [`ClaimError`] if its arithmetic leaves the range of exact ratios.
pub fn check_claim(claim: &Claim, anchors: &[Anchor]) -> Result<ClaimCheck, ClaimError> {
    check(claim, anchors)
}
