//! What the crate promises, against definitions and implementations that are not its own.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cosign;
mod forest;
mod keys;
mod notes;
mod policy;
mod proof_files;
mod proofs;
mod subtrees;
mod sums;
mod tiles;
mod vectors;
mod witness;

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}
