//! Every container and codec, against the sound that is in the files: its place, its loudness, its
//! length, and what the files say of themselves.

use std::f64::consts::PI;
use std::path::{Path, PathBuf};

use audio::{Limits, RATE_HZ, Sound, Tags, open};
use expect_test::{Expect, expect};

/// The chirp of `tests/data/make.sh`, at 16 kHz.
fn chirp() -> Vec<f64> {
    let rate = f64::from(RATE_HZ);
    let sample = |index: u32| {
        let t = f64::from(index) / rate - 0.1;
        let inside = (0.0..=0.4).contains(&t);
        let tone = 0.5 * (2.0 * PI * (200.0 * t + 3_500.0 * t * t)).sin();
        if inside { tone * (PI * t / 0.4).sin().powi(2) } else { 0.0 }
    };
    (0..RATE_HZ * 6 / 10).map(sample).collect()
}

/// Where in `sound` the chirp fits best, in samples from where it should be; how well (1 is
/// exactly); and how loud it is there.
fn fit(sound: &[f32], chirp: &[f64], late: usize) -> (i64, f64, f64) {
    // Room before and after, so that each lag is a plain piece of it.
    const ROOM: usize = 480;
    let mut wide = vec![0.0; ROOM];
    wide.extend(sound.iter().skip(late).map(|it| f64::from(*it)));
    wide.resize(wide.len().max(chirp.len()) + 4 * ROOM, 0.0);
    let both = |lag: usize| -> f64 {
        chirp.iter().zip(&wide[lag..]).filter(|(it, _)| **it != 0.0).map(|(a, b)| a * b).sum()
    };
    let (lag, both) = (0..3 * ROOM)
        .map(|lag| (lag, both(lag)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .unwrap();
    let energy: f64 = chirp.iter().map(|it| it * it).sum();
    let own: f64 = wide[lag..].iter().take(chirp.len()).map(|it| it * it).sum();
    let lag = i64::try_from(lag).unwrap() - i64::try_from(ROOM).unwrap();
    (lag, both / (energy * own).sqrt(), both / energy)
}

fn read(sound: &mut Sound) -> Vec<f32> {
    let mut samples = Vec::new();
    while sound.read(&mut samples).unwrap() {}
    samples
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// One line: file, container, codec, rate, channels, stated length; lag, fit, loudness and length.
fn line(name: &str, late: usize) -> String {
    let mut sound = open(&path(name)).unwrap();
    let samples = read(&mut sound);
    let (lag, fit, loud) = fit(&samples, &chirp(), late);
    let facts = sound.facts();
    let stated = facts.duration_ms.map_or("-".to_owned(), |it| it.to_string());
    let mut line = format!(
        "{name:18} {} {} {} Hz x{} {stated} ms: lag {lag}, fit {fit:.3}, loud {loud:.2}, {} ms",
        facts.container,
        facts.codec,
        facts.rate_hz,
        facts.channels,
        samples.len() * 1_000 / 16_000
    );
    for finding in sound.findings() {
        line += &format!("\n    {finding}");
    }
    line
}

fn check(names: &[&str], expected: Expect) {
    let lines: Vec<String> = names.iter().map(|it| line(it, 0) + "\n").collect();
    expected.assert_eq(&lines.concat());
}

#[test]
fn plain() {
    check(
        &["u8-8000.wav", "s16-44100.wav", "s24-8000-six.wav", "f32-16000.wav", "s16-37001.wav", "s16-22050.aiff", "s16-11025.caf"],
        expect![[""]],
    );
}

#[test]
fn packed_without_loss() {
    check(
        &["flac-44100.flac", "flac-96000.flac", "flac-48000-six.flac", "flac-32000.ogg", "flac-48000.mka", "alac-44100.m4a"],
        expect![[""]],
    );
}

#[test]
fn packed_with_loss() {
    check(
        &["ima-22050.wav", "ms-22050.wav", "cbr-44100.mp3", "vbr-22050.mp3", "cbr-8000.mp3", "mp2-48000.mp2", "mp3-44100.mkv",
          "adts-44100.aac", "aac-44100.m4a", "aac-48000.mkv", "vorbis-44100.ogg", "vorbis-22050.ogg", "vorbis-44100.webm",
          "opus-48000.opus", "opus-voice.opus", "opus-six.opus", "opus-48000.webm", "opus-48000.mp4"],
        expect![[""]],
    );
}

/// The sound of the late ones begins 0.3 s after the picture, and so do the samples.
#[test]
fn films() {
    check(&["film.mp4", "film.mkv"], expect![[""]]);
    let lines = [line("late.mp4", 4_800), line("late.mkv", 4_800)];
    expect![[""]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_stream_is_chosen_by_number() {
    let sound = open(&path("film.mkv")).unwrap();
    expect![[""]].assert_debug_eq(&sound.streams());
    let other = sound.streams().iter().find(|it| !it.chosen).unwrap().number;
    let mut sound = Sound::open_stream(&path("film.mkv"), Some(other), Limits::default()).unwrap();
    assert!(read(&mut sound).iter().all(|it| it.abs() < 1e-4), "the other one is silent");
    let error = Sound::open_stream(&path("film.mkv"), Some(99), Limits::default()).unwrap_err();
    expect![[""]].assert_eq(&error.to_string());
}

#[test]
fn tags_of_every_container() {
    let tags = Tags {
        title: Some("Chirp".to_owned()),
        artist: Some("Nobody".to_owned()),
        album: Some("Tests".to_owned()),
        album_artist: Some("All".to_owned()),
        isrc: Some("QZES71900001".to_owned()),
    };
    for name in ["flac-44100.flac", "vorbis-44100.ogg", "opus-48000.opus", "vorbis-44100.webm"] {
        assert_eq!(open(&path(name)).unwrap().facts().tags, tags, "{name}");
    }
    // These have no place for an ISRC that the maker of the files knows.
    let tags = Tags { isrc: None, ..tags };
    for name in ["cbr-44100.mp3", "aac-44100.m4a"] {
        let found = &open(&path(name)).unwrap().facts().tags;
        assert_eq!(Tags { isrc: None, ..found.clone() }, tags, "{name}");
    }
}

#[test]
fn what_is_not_read_is_told() {
    let told = |name: &str| open(&path(name)).unwrap_err().to_string();
    expect![[""]].assert_eq(&told("aac-48000-six.m4a"));
    expect![[""]].assert_eq(&told("README.md"));
    let folder = open(&path("")).unwrap_err().to_string();
    assert!(folder.ends_with("is no file; name the sound files themselves"), "{folder}");
    let none = open(&path("none.wav")).unwrap_err().to_string();
    assert!(none.starts_with("cannot open") && none.ends_with("none.wav"), "{none}");
}

/// Cut in the middle: half of the sound, and a finding.
#[test]
fn a_cut_file_gives_what_it_has() {
    let cut = |name: &str| {
        let mut bytes = crate::file(name);
        bytes.truncate(bytes.len() * 2 / 5);
        let mut sound = Sound::of_bytes(bytes, Limits::default()).unwrap();
        let samples = read(&mut sound).len() / 16;
        let findings: Vec<String> = sound.findings().iter().map(ToString::to_string).collect();
        format!("{name}: {samples} ms; {}\n", findings.join("; "))
    };
    let lines = ["s16-44100.wav", "flac-44100.flac", "cbr-44100.mp3", "vorbis-44100.ogg", "opus-48000.opus"].map(cut);
    expect![[""]].assert_eq(&lines.concat());
}

/// A packet in the middle is spoiled: what comes after it keeps its place.
#[test]
fn a_broken_packet_keeps_the_place_of_the_rest() {
    let mut bytes = crate::file("flac-44100.flac");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0x55);
    let mut sound = Sound::of_bytes(bytes, Limits::default()).unwrap();
    let samples = read(&mut sound);
    assert_eq!(samples.len(), 9_600);
    let (lag, fit, _) = fit(&samples, &chirp(), 0);
    assert!(lag == 0 && fit > 0.5, "{lag} {fit}");
    let findings: Vec<String> = sound.findings().iter().map(ToString::to_string).collect();
    expect![[""]].assert_eq(&findings.join("\n"));
}

#[test]
fn limits_hold() {
    let bytes = crate::file("s24-8000-six.wav");
    let told = |limits| Sound::of_bytes(bytes.clone(), limits).unwrap_err().to_string();
    expect![[""]].assert_eq(&told(Limits { channels_max: 5, ..Limits::default() }));
    expect![[""]].assert_eq(&told(Limits { rate_hz_min: 16_000, ..Limits::default() }));
    let limits = Limits { seconds_max: 0, ..Limits::default() };
    let mut sound = Sound::of_bytes(bytes.clone(), limits).unwrap();
    assert!(read(&mut sound).is_empty());
    expect![[""]].assert_eq(&sound.findings()[0].to_string());
}
