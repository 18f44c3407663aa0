//! Strangers' bytes: `LEITMOTIF_CASES=100000` for as many. Nothing panics, everything ends, and there
//! is no more sound than was allowed.

use std::time::{Duration, Instant};

use audio::{Limits, RULES, Sound};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::{cases, file};

/// One file of each container and codec, short ones first.
const FILES: &[&str] = &[
    "opus-voice.opus",
    "vbr-22050.mp3",
    "cbr-8000.mp3",
    "vorbis-22050.ogg",
    "opus-48000.opus",
    "u8-8000.wav",
    "opus-48000.webm",
    "opus-48000.mp4",
    "adts-44100.aac",
    "aac-44100.m4a",
    "aac-48000.mkv",
    "vorbis-44100.webm",
    "flac-32000.ogg",
    "mp2-48000.mp2",
    "ima-22050.wav",
    "ms-22050.wav",
    "late.mkv",
    "late.mp4",
    "mp3-44100.mkv",
    "cbr-44100.mp3",
    "opus-six.opus",
    "aac-48000-six.m4a",
    "s16-11025.caf",
    "flac-48000.mka",
    "flac-96000.flac",
    "s16-22050.aiff",
    "alac-44100.m4a",
];
/// What a case may take; each takes some milliseconds, and the machine may be busy.
const LONGEST: Duration = Duration::from_secs(20);
const SECONDS_MAX: u32 = 60;

/// What is done to a file.
#[derive(Clone, Debug)]
enum Bend {
    /// A byte becomes another.
    Byte(prop::sample::Index, u8),
    /// Four bytes become a number that is too large, or too small.
    Number(prop::sample::Index, [u8; 4]),
    /// The rest is gone.
    Cut(prop::sample::Index),
    /// A piece is gone.
    Drop(prop::sample::Index, u16),
    /// A piece comes twice.
    Twice(prop::sample::Index, u16),
    /// The rest is that of another file.
    Splice(prop::sample::Index, prop::sample::Index, prop::sample::Index),
}

fn bend() -> impl Strategy<Value = Bend> {
    let at = any::<prop::sample::Index>;
    let number = prop_oneof![
        Just([0xff; 4]),
        Just([0x7f, 0xff, 0xff, 0xff]),
        Just([0xff, 0xff, 0xff, 0x7f]),
        Just([0x80, 0, 0, 0]),
        Just([0, 0, 0, 1]),
        Just([0; 4]),
        any::<[u8; 4]>(),
    ];
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, it)| Bend::Byte(at, it)),
        3 => (at(), number).prop_map(|(at, it)| Bend::Number(at, it)),
        1 => at().prop_map(Bend::Cut),
        1 => (at(), any::<u16>()).prop_map(|(at, it)| Bend::Drop(at, it)),
        1 => (at(), any::<u16>()).prop_map(|(at, it)| Bend::Twice(at, it)),
        1 => (at(), at(), at()).prop_map(|(a, b, c)| Bend::Splice(a, b, c)),
    ]
}

fn bent(mut bytes: Vec<u8>, bends: &[Bend], files: &[Vec<u8>]) -> Vec<u8> {
    for bend in bends {
        if bytes.is_empty() {
            break;
        }
        match bend {
            Bend::Byte(at, byte) => *at.get_mut(&mut bytes) = *byte,
            Bend::Number(at, number) => {
                let at = at.index(bytes.len());
                for (place, byte) in bytes.iter_mut().skip(at).zip(number) {
                    *place = *byte;
                }
            }
            Bend::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Bend::Drop(at, count) => {
                let at = at.index(bytes.len());
                let end = (at + usize::from(*count)).min(bytes.len());
                bytes.drain(at..end);
            }
            Bend::Twice(at, count) => {
                let at = at.index(bytes.len());
                let end = (at + usize::from(*count)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            Bend::Splice(at, which, from) => {
                let other = which.get(files);
                bytes.truncate(at.index(bytes.len()));
                bytes.extend_from_slice(&other[from.index(other.len())..]);
            }
        }
    }
    bytes
}

/// Reads all that can be read of it; panics if that breaks a promise.
fn read(bytes: &[u8]) {
    let begun = Instant::now();
    let limits = Limits { seconds_max: SECONDS_MAX, ..Limits::default() };
    let Ok(mut sound) = Sound::of_bytes(bytes, limits) else { return };
    let (mut block, mut samples) = (Vec::new(), 0);
    while sound.read(&mut block).expect("bytes in memory can be read") {
        assert!(block.iter().all(|it| it.is_finite()), "a sample is not finite");
        samples += block.len();
        block.clear();
        assert!(begun.elapsed() < LONGEST, "it does not end: {:?}", sound.facts());
    }
    assert!(samples <= 16_000 * usize::try_from(SECONDS_MAX).expect("short"), "{samples} samples");
    assert!(sound.findings().len() <= RULES.len());
    assert!(!sound.read(&mut block).expect("the end is the end") && block.is_empty());
    assert!(begun.elapsed() < LONGEST, "it took too long: {:?}", sound.facts());
}

/// What decoders say when they give up would fill the screen.
fn quietly() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |it| {
        let own = it.location().is_some_and(|it| {
            it.file().contains("crates/audio") || it.file().starts_with("tests/")
        });
        if own {
            shown(it);
        }
    }));
}

#[test]
fn bent_files() {
    quietly();
    let files: Vec<Vec<u8>> = FILES.iter().map(|it| file(it)).collect();
    let config = Config { cases: cases(60), failure_persistence: None, ..Config::default() };
    let strategy = (0..files.len(), prop::collection::vec(bend(), 1..6));
    let done = TestRunner::new(config).run(&strategy, |(which, bends)| {
        read(&bent(files[which].clone(), &bends, &files));
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
}

/// Every byte of the heads, where the numbers stand, with the values that numbers break at.
#[test]
fn bent_heads() {
    quietly();
    let step = if cases(0) > 0 { 1 } else { 199 };
    for (index, name) in FILES.iter().enumerate() {
        let whole = file(name);
        for at in (index % step..whole.len().min(600)).step_by(step) {
            for value in [0, 0x7f, 0xff] {
                let mut bent = whole.clone();
                bent[at] = value;
                read(&bent);
            }
        }
    }
}

/// Sound out of nothing but an edit or a clock: silence is bounded.
#[test]
fn claimed_silence_is_bounded() {
    quietly();
    let whole = file("late.mp4");
    let at = whole.windows(4).rposition(|it| it == b"elst").expect("an edit list") + 12;
    let mut bent = whole;
    // The first entry of the list is empty and as long as 32 bits can say.
    bent[at..at + 4].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff]);
    let mut sound = Sound::of_bytes(bent, Limits::default()).unwrap();
    let mut samples = Vec::new();
    while sound.read(&mut samples).unwrap() {}
    assert!(samples.len() < 16_000 * 602, "{}", samples.len());
}
