//! Any bytes as a bundle, an age file or a file of identities: nothing panics, and a stranger's file opens
//! for nobody.

#![no_main]

use std::sync::LazyLock;

use envelope::{BundleReader, Identity, Recipient, SIZES, open, parse_identities, sealed_bytes};
use libfuzzer_sys::fuzz_target;

static KNOWN: LazyLock<[Identity; 1]> = LazyLock::new(|| [Identity::from_bytes([7; 32].into())]);

fuzz_target!(|bytes: &[u8]| {
    assert!(open(KNOWN.as_slice(), bytes).is_err());
    if let Ok(mut reader) = BundleReader::new(bytes) {
        let mut sealed = Vec::new();
        while let Ok(true) = reader.next(&mut sealed) {
            assert!(SIZES.iter().any(|it| sealed_bytes(*it) == sealed.len()));
        }
    }
    let Ok(text) = str::from_utf8(bytes) else { return };
    let _ = parse_identities(text).is_ok();
    if let Ok(it) = Recipient::parse(text) {
        assert_eq!(it.to_string(), text);
    }
});
