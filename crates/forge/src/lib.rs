//! Made-up sales reports of any size, with the truth beside them.
//!
//! # Purpose
//! Real sales reports are confidential, so nobody can try a reader on them before the first one
//! comes. This crate makes reports in true DSR form, of every profile, of any size in constant
//! memory, clean or with defects of known kind and place, and says exactly what is in them.
//!
//! # Words
//! - **order**: what the report shall be; the same order gives the same bytes on every machine.
//! - **shape**: the record types a version of a profile is written with.
//! - **truth**: counts, exact sums, and each defect with the line where it must be found.
//! - **defect**: something wrong, named by the rule of [`dsr::rule::RULES`] that finds it.
//!
//! # Drawing
//! ```text
//! Order ── pass 1: draw, add up ──▶ summary records
//!       └─ pass 2: draw again ────▶ block ── defect? ──▶ lines, files ──▶ Truth
//! ```
//!
//! # Example
//! ```
//! use dsr::Profile;
//! use forge::{Defect, Order, write_one};
//!
//! let profile = Profile::parse("UGCProfile").expect("a profile of the standard");
//! let mut order = Order::new(profile, 7, 1_000);
//! order.defects = vec![(Defect::find("dsr-isrc-syntax").expect("a defect"), 3)];
//! let mut bytes = Vec::new();
//! let truth = write_one(&order, &mut bytes)?;
//! assert_eq!(truth.defects.len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A report without defects has no finding that is a warning or an error.
//! - A defect is found by its rule, in its line, and makes no other finding.
//! - What is kept in memory does not grow with the number of lines.
//! - Every identifier is made up: ISRCs of the user-assigned country code `ZZ`, party ids of zeros.
//!
//! # What it does not do
//! It looks like no real market: few recordings have most usages (Zipf's law), Korea and its
//! neighbours come first, two lines in a hundred are about recordings that no catalogue knows, one
//! in a hundred comes without its ISRC. It opens no file.

mod defect;
mod draw;
mod error;
pub mod name;
mod order;
mod pool;
mod random;
mod row;
mod shape;
mod truth;
mod value;
mod write;

pub use defect::{DEFECTS, Defect};
pub use error::ForgeError;
pub use order::{Order, RECIPIENT, SENDER};
pub use random::SplitMix64;
pub use shape::{profiles, versions};
pub use truth::{FileTruth, Injected, SummaryTruth, Truth};
pub use write::{write, write_one};

/// Codes of the territories that a report can be about, the most popular one first.
pub fn territories() -> impl Iterator<Item = &'static str> {
    pool::TERRITORIES.iter().map(|(code, ..)| *code)
}
