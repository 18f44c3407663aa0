//! Every container and codec, against the sound that is in the files: its place, its loudness, its
//! length, and what the files say of themselves.

use std::f64::consts::PI;
use std::path::Path;

use audio::{RATE_HZ, Sound, open};
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
fn fit(sound: &[f32], chirp: &[f64]) -> (i32, f64, f64) {
    let energy: f64 = chirp.iter().map(|it| it * it).sum();
    let at = |lag: i32| {
        let other = |index: usize| {
            let place = i32::try_from(index).unwrap() + lag;
            usize::try_from(place).ok().and_then(|it| sound.get(it)).map_or(0.0, |it| f64::from(*it))
        };
        let both: f64 = chirp.iter().enumerate().map(|(index, it)| it * other(index)).sum();
        let own: f64 = (0..chirp.len()).map(|index| other(index).powi(2)).sum();
        (both, own)
    };
    let (lag, (both, own)) = (-2_400..6_400)
        .map(|lag| (lag, at(lag)))
        .max_by(|(_, a), (_, b)| a.0.total_cmp(&b.0))
        .unwrap();
    (lag, both / (energy * own).sqrt(), both / energy)
}

fn read(sound: &mut Sound) -> Vec<f32> {
    let mut samples = Vec::new();
    while sound.read(&mut samples).unwrap() {}
    samples
}

/// One line: file, container, codec, rate, channels, stated length; lag, fit, loudness and length.
fn line(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let mut sound = open(&path).unwrap();
    let samples = read(&mut sound);
    let (lag, fit, loud) = fit(&samples, &chirp());
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
    let lines: Vec<String> = names.iter().map(|it| line(it) + "\n").collect();
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
          "adts-44100.aac", "aac-44100.m4a", "aac-48000-six.m4a", "aac-48000.mkv", "vorbis-44100.ogg", "vorbis-22050.ogg", "vorbis-44100.webm",
          "opus-48000.opus", "opus-voice.opus", "opus-six.opus", "opus-48000.webm", "opus-48000.mp4"],
        expect![[""]],
    );
}

#[test]
fn films() {
    check(&["film.mp4", "film.mkv", "late.mkv", "late.mp4"], expect![[""]]);
}
