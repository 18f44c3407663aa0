//! Any bytes as a cue sheet of every form; what is read is written and read again.

#![no_main]

use cue::{FrameRate, import, own_table};
use libfuzzer_sys::fuzz_target;

const STARTS: [&[u8]; 7] = [
    b"",
    b"WEBVTT\n\n",
    b"TITLE: x\nFCM: DROP FRAME\n",
    b"title,duration,start,end,usage\n",
    "순번\t음악명\t사용시간\n".as_bytes(),
    b"AS03\t1\tA1\tD1\t\t\t\tEpisode\tx\nCU01\t1\tA1\t",
    b"PK\x03\x04",
];

fuzz_target!(|input: (u8, &[u8])| {
    let (start, bytes) = input;
    let start = STARTS[usize::from(start) % STARTS.len()];
    let read = import("sheet", &[start, bytes].concat(), FrameRate::F25);
    let again = import("sheet", own_table(&read.sheet).to_csv().as_bytes(), FrameRate::F25);
    assert_eq!(again.sheet.cues.len(), read.sheet.cues.len());
});
