//! Receipts of generated worlds: honest ones, and those of cheats.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod cheats;
mod fuzzed;
mod honest;
mod limits;
mod rng;
mod speed;
mod vectors;
mod world;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// How many cases a suite is asked for: `LEITMOTIF_CASES`, or so few that it stays quick.
fn cases(few: usize) -> usize {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn unbase64(text: &str) -> Vec<u8> {
    STANDARD.decode(text).unwrap()
}
