//! Reports gone wrong: nothing panics, hangs or is lost.
//!
//! `LEITMOTIF_FUZZ=100000` runs so many inputs, `LEITMOTIF_FUZZ_SEED` begins with another one.

use std::time::Instant;

use testkit::fuzz::{Seen, check, input};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn no_line_is_lost_whatever_a_file_says() {
    let (count, first) = (number("LEITMOTIF_FUZZ", 300), number("LEITMOTIF_FUZZ_SEED", 0));
    let begin = Instant::now();
    let (mut all, mut slowest) = (Seen::default(), 0);
    for seed in first..first + count {
        let bytes = input(seed);
        let start = Instant::now();
        let seen = std::panic::catch_unwind(|| check(&bytes));
        let seen =
            seen.unwrap_or_else(|_| panic!("seed {seed}: {}", String::from_utf8_lossy(&bytes)));
        slowest = slowest.max(start.elapsed().as_millis());
        all.lines += seen.lines;
        all.findings += seen.findings;
        all.sales += seen.sales;
        all.usage_lines += seen.usage_lines;
        all.bytes += seen.bytes;
    }
    // Otherwise the inputs are so broken that they test nothing.
    assert!(all.usage_lines * 4 > all.sales, "{all:?}");
    assert!(all.findings > all.sales / 20, "{all:?}");
    println!("{count} inputs in {:?}, slowest {slowest} ms: {all:?}", begin.elapsed());
}
