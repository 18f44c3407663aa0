//! Any bytes as what strangers send a witness, or write as a policy: what parses prints back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tlog::request::parse_size_body;
use tlog::witness::{Latest, consider};
use tlog::{AddCheckpoint, Note, Policy, Signature};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        assert!(consider(&request, &[], Latest::nothing()).is_err(), "nobody knows the log");
    }
    if let Ok(policy) = Policy::parse(bytes) {
        assert_eq!(Policy::parse(policy.to_string()).as_ref(), Ok(&policy));
        if let Ok(note) = Note::parse(bytes) {
            let _ = policy.judge(&note).is_ok();
        }
    }
    if let Ok(size) = parse_size_body(bytes) {
        assert_eq!(format!("{size}\n").as_bytes(), bytes);
    }
    if let Ok(lines) =
        str::from_utf8(bytes).map_err(drop).and_then(|it| Signature::parse_lines(it).map_err(drop))
    {
        let printed: String = lines.iter().map(ToString::to_string).collect();
        assert_eq!(printed.as_bytes(), bytes);
    }
});
