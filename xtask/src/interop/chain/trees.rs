//! Our claim trees beside OpenZeppelin's: the same roots and proofs.

use std::fmt::Write as _;

use anyhow::{Result, ensure};

use super::workshop::{Workshop, output};
use crate::shop::Shop;

/// How many leaves the sets have: around the powers of two, where shapes change.
const SIZES: [u64; 12] = [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100, 1000];

/// Compares every root and every proof of made-up sets.
pub(crate) fn compare(shop: &Shop, workshop: &Workshop) -> Result<String> {
    let mut proofs = 0;
    let mut draw = Draw(0x1234_5678_9abc_def0);
    for size in SIZES {
        let mut lines = format!("{} {}\n", draw.next() >> 32, draw.address());
        for _ in 0..size {
            let sum = u128::from(draw.next()) << (draw.next() % 33);
            let _ = writeln!(lines, "{} {sum}", draw.address());
        }
        let theirs = workshop.node(&["test/tree.js", "dump"], &lines)?;
        let words = ["run", "--quiet", "--locked", "-p", "chain", "--example", "claim_tree", "--"];
        let ours = output(&mut shop.cargo(&[&words[..], &["dump"]].concat()), &lines)?;
        // Theirs has accounts as they came, ours with the capitals of their check.
        let ours = ours.to_lowercase();
        ensure!(
            ours == theirs,
            "a tree of {size} leaves differs:\n{ours}\nOpenZeppelin:\n{theirs}"
        );
        proofs += size;
    }
    Ok(format!("OpenZeppelin: {} roots and {proofs} proofs are the same", SIZES.len()))
}

/// Numbers that look random and are the same every time (Marsaglia's xorshift64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn address(&mut self) -> String {
        format!("0x{:016x}{:016x}{:08x}", self.next(), self.next(), self.next() >> 32)
    }
}
