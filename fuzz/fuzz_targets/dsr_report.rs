//! A report of any profile gone wrong: lines in are lines read, sales are lines or quarantined.
//!
//! The first eight bytes choose a made-up report and its changes; the rest is put in somewhere, so
//! that the fuzzer can add what the changes do not have.

#![no_main]

use libfuzzer_sys::fuzz_target;
use testkit::fuzz::{check, input};

fuzz_target!(|bytes: &[u8]| {
    let Some((seed, more)) = bytes.split_first_chunk::<8>() else {
        check(bytes);
        return;
    };
    let seed = u64::from_le_bytes(*seed);
    let mut report = input(seed);
    let at = usize::try_from(seed >> 32).unwrap_or(0) % (report.len() + 1);
    report.splice(at..at, more.iter().copied());
    check(&report);
});
