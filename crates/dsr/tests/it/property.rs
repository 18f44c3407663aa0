//! What must hold for any bytes.

use dsr::{Limits, Reader, check};
use proptest::prelude::*;

/// Cells and lines that look like a report, and some that do not.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let code = prop_oneof![
        Just("HEAD"),
        Just("SY02.03"),
        Just("SY04"),
        Just("RE01"),
        Just("RE02"),
        Just("AS02.03"),
        Just("SU01.02"),
        Just("SU02.02"),
        Just("SU03.01"),
        Just("LI01.01"),
        Just("SR08.01"),
        Just("FOOT"),
        Just("SRFO"),
        Just("DE01"),
        Just("CU01"),
        Just("#"),
        Just("")
    ];
    let cell = prop_oneof![
        4 => Just(Vec::new()),
        2 => Just(b"1".to_vec()),
        1 => Just(b"BasicAudioProfile".to_vec()),
        1 => "[0-9.+-]{1,45}".prop_map(String::into_bytes),
        1 => "\"?[a|\\\\é]{0,4}\"?".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>(), 0..4),
    ];
    let end = prop_oneof![Just(&b"\n"[..]), Just(&b"\r\n"[..]), Just(&b""[..])];
    (code, proptest::collection::vec(cell, 0..30), end).prop_map(|(code, cells, end)| {
        let mut line = code.as_bytes().to_vec();
        for cell in cells {
            line.push(b'\t');
            line.extend(cell);
        }
        line.extend(end);
        line
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_file_comes_back_and_is_checked(lines in proptest::collection::vec(line(), 0..12)) {
        let bytes = lines.concat();
        let mut out = Vec::new();
        let mut count = 0;
        for record in Reader::new("x", &bytes[..], Limits::default()) {
            let record = record.unwrap();
            out.extend_from_slice(record.raw());
            out.extend_from_slice(record.ending.bytes());
            count += 1;
        }
        prop_assert_eq!(&out, &bytes);
        let mut findings = Vec::new();
        let summary = check("DSR_x", &bytes[..], &mut |finding| findings.push(finding)).unwrap();
        prop_assert_eq!(summary.lines, count);
        let counted = summary.errors() + summary.warnings() + summary.notes();
        prop_assert_eq!(counted, u64::try_from(findings.len()).unwrap());
        let mut again = Vec::new();
        prop_assert_eq!(check("DSR_x", &bytes[..], &mut |finding| again.push(finding)).unwrap(), summary);
        prop_assert_eq!(again, findings);
    }
}
