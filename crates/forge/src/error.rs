//! Why a report was not made.

use std::io;

/// Why a report was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForgeError {
    /// A target failed.
    #[error("write failed")]
    Io(#[from] io::Error),
    /// The profile has no such version, or not in this block variant.
    #[error("{profile} has no version {version:?}; known are: {known}")]
    Version {
        /// Profile.
        profile: &'static str,
        /// What was asked for.
        version: String,
        /// The versions that can be made.
        known: String,
    },
    /// A territory that has no price.
    #[error("no made-up prices for territory {code:?}")]
    Territory {
        /// What was asked for.
        code: String,
    },
    /// A number that is out of bounds.
    #[error("{what}: {value} is not from {min} to {max}")]
    Bounds {
        /// Which number.
        what: &'static str,
        /// What was asked for.
        value: u64,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// The records of this profile cannot carry that defect.
    #[error("{rule} cannot be put into a report of {profile} {version}")]
    Defect {
        /// The rule.
        rule: &'static str,
        /// Profile.
        profile: &'static str,
        /// Its version.
        version: String,
    },
    /// More defects than places that are far enough from each other.
    #[error("{count} defects {what} need at least {lines} of them, far from each other")]
    Crowded {
        /// How many.
        count: u64,
        /// Of which kind.
        what: &'static str,
        /// How many are needed.
        lines: u64,
    },
}
