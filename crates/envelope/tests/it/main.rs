//! Sealing, bundles, and what others wrote about age files.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod bundles;
mod scale;
mod sealing;
mod strangers;
mod vectors;

use envelope::{Draw, Identity};
use sha2::{Digest as _, Sha256};

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}

/// Bytes that differ from number to number.
fn bytes<const N: usize>(name: &str, number: u64) -> [u8; N] {
    let mut out = [0; N];
    for (at, part) in out.chunks_mut(32).enumerate() {
        let hash = Sha256::digest(format!("{name} {number} {at}"));
        part.copy_from_slice(&hash[..part.len()]);
    }
    out
}

fn identity(number: u64) -> Identity {
    Identity::from_bytes(bytes("identity", number).into())
}

fn draw(number: u64) -> Draw {
    Draw::from_bytes(bytes("draw", number).into())
}
