//! Any bytes as a receipt: what is accepted is written as it was read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use statement::{Receipt, Trust, verify};

fuzz_target!(|bytes: &[u8]| {
    let verdict = verify(bytes, &Trust::Nothing);
    match Receipt::parse(bytes) {
        Ok(receipt) => {
            assert_eq!(receipt.canonical(), bytes);
            let again = verify(&receipt.canonical(), &Trust::Key(key()));
            // Who is given another key than the receipt names accepts nothing.
            assert!(verdict.is_ok() || again.is_err());
        }
        Err(_) => assert!(verdict.is_err()),
    }
});

/// The key of the vectors, which a stranger's bytes cannot be signed with but by copying them.
fn key() -> tlog::VerifierKey {
    let text = include_str!("../../docs/spec/vectors/key.txt");
    tlog::VerifierKey::parse(text.trim_end()).expect("the vectors hold a key")
}
