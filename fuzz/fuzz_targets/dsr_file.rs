//! Any bytes: the records are the file, and the validator says the same twice.

#![no_main]

use dsr::{Limits, Reader, check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut out = Vec::with_capacity(bytes.len());
    let mut lines = 0;
    for record in Reader::new("x", bytes, Limits::default()) {
        let Ok(record) = record else { return };
        assert_eq!(record.byte, out.len() as u64);
        out.extend_from_slice(record.raw());
        out.extend_from_slice(record.ending.bytes());
        lines += 1;
    }
    assert_eq!(out, bytes, "the records are not the file");

    let mut findings = Vec::new();
    let summary = check("DSR_x.tsv", bytes, &mut |finding| findings.push(finding));
    let summary = summary.expect("bytes in memory within the limits can be read");
    assert_eq!(summary.lines, lines);
    let mut again = Vec::new();
    let second = check("DSR_x.tsv", bytes, &mut |finding| again.push(finding));
    assert_eq!(second.ok().as_ref(), Some(&summary));
    assert_eq!(again, findings);
});
