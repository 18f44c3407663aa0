//! What an anchor says about a share.

use std::fmt;

use money::Ratio;

use crate::Quantity;

/// A bound on the share, and how it comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Id of the anchor.
    pub anchor: String,
    /// What the anchor says, in words.
    pub metric: String,
    /// From above or from below.
    pub side: Side,
    /// The bound.
    pub ratio: Ratio,
    /// What has to hold for it to be one.
    pub assumption: Option<String>,
    /// The arithmetic.
    pub steps: Vec<Step>,
    /// In what the anchor is not quite what the claim is about, in words.
    pub reservations: Vec<String>,
    /// Who published the figures.
    pub sources: Vec<String>,
}

/// On which side a bound stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The share is at most the bound.
    Upper,
    /// The share is at least the bound.
    Lower,
}

/// `at most` or `at least`.
impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Upper => "at most",
            Self::Lower => "at least",
        })
    }
}

/// One line of arithmetic: what is computed, and what comes out, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is computed, with its figures as pictures.
    pub text: String,
    /// The exact result.
    pub result: Quantity,
}
