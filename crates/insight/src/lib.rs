//! Market shares with numerator, denominator, coverage and bounds; and checks of claimed ones.
//!
//! # Purpose
//!
//! "How much of the market is drama music?" has no answer without saying which market. [`share`]
//! answers it from usage cells and carries everything the answer depends on; [`claim`] holds a
//! claimed share against what is publicly known; [`whatif`] simulates other models of distribution.
//!
//! # Words
//!
//! * **numerator**: what was measured for recordings that are known to belong to the repertoire.
//! * **unmatched**: what was measured for lines tied to no recording; it may belong or not.
//! * **denominator**: all that was measured, the unmatched included.
//! * **lower**, **upper**: numerator, or numerator and unmatched, over the denominator.
//! * **coverage**: the denominator over a total of the market that others published.
//! * **anchor**: a published figure over another one, that bounds or scales a claim.
//!
//! # Drawing
//!
//! ```text
//! cells --+--> in the repertoire ----> numerator ---+--> lower = numerator / denominator
//!         +--> not in it                            +--> upper = (numerator + unmatched) / denominator
//!         +--> tied to nothing ------> unmatched ---+
//!         +--> all of them ----------> denominator -----> coverage = denominator / market total
//!
//! claim --> claimed amount --> implied streams --> anchors --> bounds --> verdict
//! ```
//!
//! # Example
//!
//! ```
//! use insight::claim::{Claim, Verdict, check, read_anchors};
//! use insight::Quantity;
//! use money::Ratio;
//! use period::Period;
//!
//! let text = r#"
//! repertoire = "flute"
//! [[anchor]]
//! id = "all-wind"
//! metric = "all wind music"
//! scope = "whole"
//! numerator = { value = 3, unit = "streams", territory = "US", period = "2024", source = "a" }
//! denominator = { value = 100, unit = "streams", territory = "US", period = "2024", source = "a" }
//! "#;
//! let (anchors, findings) = read_anchors("us.toml", text);
//! assert!(findings.is_empty());
//! let claim = Claim {
//!     repertoire: "flute".to_owned(),
//!     share: Ratio::parse("12%").unwrap(),
//!     of: Quantity { value: Ratio::new(500, 1).unwrap(), unit: "streams".to_owned() },
//!     what: "all streams".to_owned(),
//!     territory: "US".to_owned(),
//!     period: Period::parse("2024").unwrap(),
//! };
//! let checked = check(&claim, &anchors).unwrap();
//! assert!(matches!(checked.verdict, Verdict::Exceeds { factor: Some(by), .. } if by.num() == 4));
//! ```
//!
//! # Invariants
//!
//! * No share without its denominator, its rules in words and its sources.
//! * Lower is at most upper; the parts of a break-down add up to the numerator.
//! * Ratios are exact; decimals are pictures.
//! * A bound that rests on an assumption says so, up to the verdict.
//!
//! # What it does not do
//!
//! It fetches no figure, estimates nothing from samples, and does not say who is right about a
//! source.

mod breakdown;
pub mod claim;
mod coverage;
pub mod income;
pub mod market;
pub mod preview;
mod quantity;
mod rule;
mod share;
#[cfg(test)]
mod tests;
pub mod whatif;

pub use breakdown::{Part, by_artist, by_month, by_production};
pub use coverage::{Coverage, CoverageError};
pub use market::MarketTotal;
pub use quantity::Quantity;
pub use rule::RULES;
pub use share::{Measure, Question, Rules, Share, ShareError, SourceUsed, share};
