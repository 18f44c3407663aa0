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
