//! Any texts as cells: what the writer takes is what the reader gives.

#![no_main]

use dsr::{Ending, Escape, Header, Limits, Reader, Value, Writer};
use libfuzzer_sys::fuzz_target;

fn header() -> Header {
    let text = str::to_owned;
    Header {
        message_version: text("dsrf/1.1/1.4.1/1.3"),
        profile_name: text("BasicAudioProfile"),
        profile_version: text("1.3"),
        message_id: text("M1"),
        created: text("2026-02-03T04:05:06Z"),
        file_number: text("1"),
        number_of_files: text("1"),
        usage_start: text("2026-01-01"),
        usage_end: text("2026-01-31"),
        sender_party_id: text("PADPIDA0000000001A"),
        sender_name: text("Sender"),
        ..Header::default()
    }
}

fuzz_target!(|texts: Vec<String>| {
    let (one, many) = texts.split_first().map_or(("", &[][..]), |(one, many)| (one.as_str(), many));
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let mut writer = Writer::with(Vec::new(), &header(), Ending::Lf, Escape::Force)
        .expect("the header is complete");
    let written = writer.deal(&["DE01".into(), Value::One(one), Value::Many(&many), "end".into()]);
    if written.is_err() {
        assert!(texts.iter().any(|text| text.contains(['\n', '\r'])), "refused without a reason");
        return;
    }
    let (bytes, _) = writer.finish().expect("a vector takes every byte");
    let record = Reader::new("w", &bytes[..], Limits { cells_max: 8, ..Limits::default() })
        .nth(1)
        .expect("the record is there")
        .expect("bytes in memory can be read");
    assert_eq!(record.len(), 4);
    assert_eq!(record.cell(1).text(), one);
    assert_eq!(record.cell(3).text(), "end");
    let values: Vec<_> = record.cell(2).values().collect();
    if many != [""] {
        assert_eq!(values, many);
    }
});
