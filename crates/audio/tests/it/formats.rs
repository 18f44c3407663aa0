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
    const ROOM: usize = 420;
    let mut wide = vec![0.0; ROOM];
    wide.extend(sound.iter().skip(late).map(|it| f64::from(*it)));
    wide.resize(wide.len().max(chirp.len()) + 4 * ROOM, 0.0);
    let both = |lag: usize| -> f64 {
        chirp.iter().zip(&wide[lag..]).step_by(2).map(|(a, b)| a * b).sum::<f64>() * 2.0
    };
    let (lag, both) = (0..2 * ROOM)
        .map(|lag| (lag, both(lag)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("there are lags");
    let energy: f64 = chirp.iter().map(|it| it * it).sum();
    let own: f64 = wide[lag..].iter().take(chirp.len()).map(|it| it * it).sum();
    let lag = i64::try_from(lag).expect("short") - i64::try_from(ROOM).expect("short");
    (lag, both / (energy * own).sqrt(), both / energy)
}

fn read(sound: &mut Sound) -> Vec<f32> {
    let mut samples = Vec::new();
    while sound.read(&mut samples).expect("it can be read") {}
    samples
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// One line: file, container, codec, rate, channels, stated length; lag, fit, loudness and length.
fn line(name: &str, late: usize) -> String {
    let mut sound = open(&path(name)).unwrap_or_else(|it| panic!("{name}: {it}"));
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
        &[
            "u8-8000.wav",
            "s16-44100.wav",
            "s24-8000-six.wav",
            "f32-16000.wav",
            "s16-37001.wav",
            "s16-22050.aiff",
            "s16-11025.caf",
        ],
        expect![[r#"
            u8-8000.wav        wave pcm_u8 8000 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
            s16-44100.wav      wave pcm_s16le 44100 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
            s24-8000-six.wav   wave pcm_s24le 8000 Hz x6 600 ms: lag 0, fit 1.000, loud 0.48, 600 ms
            f32-16000.wav      wave pcm_f32le 16000 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
            s16-37001.wav      wave pcm_s16le 37001 Hz x1 600 ms: lag -1, fit 1.000, loud 1.00, 600 ms
            s16-22050.aiff     aiff pcm_s16be 22050 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
            s16-11025.caf      caf pcm_s16be 11025 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
        "#]],
    );
}

#[test]
fn packed_without_loss() {
    check(
        &[
            "flac-44100.flac",
            "flac-96000.flac",
            "flac-48000-six.flac",
            "flac-32000.ogg",
            "flac-48000.mka",
            "alac-44100.m4a",
        ],
        expect![[r#"
            flac-44100.flac    flac flac 44100 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
            flac-96000.flac    flac flac 96000 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
            flac-48000-six.flac flac flac 48000 Hz x6 600 ms: lag 0, fit 1.000, loud 0.48, 600 ms
            flac-32000.ogg     ogg flac 32000 Hz x1 600 ms: lag 0, fit 1.000, loud 1.00, 600 ms
            flac-48000.mka     matroska flac 48000 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
            alac-44100.m4a     isomp4 alac 44100 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
        "#]],
    );
}

#[test]
fn packed_with_loss() {
    check(
        &[
            "ima-22050.wav",
            "ms-22050.wav",
            "cbr-44100.mp3",
            "vbr-22050.mp3",
            "cbr-8000.mp3",
            "mp2-48000.mp2",
            "mp3-44100.mkv",
            "adts-44100.aac",
            "aac-44100.m4a",
            "aac-48000.mkv",
            "vorbis-44100.ogg",
            "vorbis-22050.ogg",
            "vorbis-44100.webm",
            "opus-48000.opus",
            "opus-voice.opus",
            "opus-six.opus",
            "opus-48000.webm",
            "opus-48000.mp4",
        ],
        expect![[r#"
            ima-22050.wav      wave adpcm_ima_wav 22050 Hz x1 648 ms: lag 0, fit 1.000, loud 1.00, 647 ms
            ms-22050.wav       wave adpcm_ms 22050 Hz x1 646 ms: lag 0, fit 1.000, loud 1.00, 646 ms
            cbr-44100.mp3      mp3 mp3 44100 Hz x2 600 ms: lag 0, fit 1.000, loud 0.71, 600 ms
            vbr-22050.mp3      mp3 mp3 22050 Hz x1 600 ms: lag 0, fit 0.999, loud 1.00, 600 ms
            cbr-8000.mp3       mp3 mp3 8000 Hz x1 600 ms: lag 0, fit 1.000, loud 0.95, 600 ms
            mp2-48000.mp2      mp2 mp2 48000 Hz x2 590 ms: lag 0, fit 0.998, loud 0.75, 590 ms
            mp3-44100.mkv      matroska mp3 44100 Hz x2 625 ms: lag 401, fit 0.998, loud 0.71, 627 ms
            adts-44100.aac     aac aac 44100 Hz x2 604 ms: lag 0, fit 1.000, loud 0.75, 603 ms
            aac-44100.m4a      isomp4 aac 44100 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
            aac-48000.mkv      matroska aac 48000 Hz x2 621 ms: lag 341, fit 0.977, loud 0.73, 640 ms
            vorbis-44100.ogg   ogg vorbis 44100 Hz x2 600 ms: lag 0, fit 0.998, loud 0.73, 600 ms
            vorbis-22050.ogg   ogg vorbis 22050 Hz x1 600 ms: lag 0, fit 0.998, loud 1.01, 600 ms
            vorbis-44100.webm  matroska vorbis 44100 Hz x2 603 ms: lag 0, fit 0.998, loud 0.73, 616 ms
            opus-48000.opus    ogg opus 48000 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
            opus-voice.opus    ogg opus 48000 Hz x1 600 ms: lag 0, fit 0.998, loud 1.00, 600 ms
            opus-six.opus      ogg opus 48000 Hz x6 600 ms: lag 0, fit 1.000, loud 0.48, 600 ms
            opus-48000.webm    matroska opus 48000 Hz x2 602 ms: lag 0, fit 1.000, loud 0.75, 613 ms
            opus-48000.mp4     isomp4 opus 48000 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
        "#]],
    );
}

/// The sound of the late ones begins 0.3 s after the picture, and so do the samples.
#[test]
fn films() {
    check(
        &["film.mp4", "film.mkv"],
        expect![[r#"
        film.mp4           isomp4 aac 48000 Hz x2 600 ms: lag 0, fit 1.000, loud 0.75, 600 ms
        film.mkv           matroska aac 48000 Hz x2 1021 ms: lag 341, fit 0.977, loud 0.73, 640 ms
    "#]],
    );
    let lines = [line("late.mp4", 4_800), line("late.mkv", 4_800)];
    expect![[r#"
        late.mp4           isomp4 aac 48000 Hz x2 900 ms: lag -11, fit 0.977, loud 0.73, 900 ms
        late.mkv           matroska aac 48000 Hz x2 1021 ms: lag 341, fit 0.977, loud 0.73, 940 ms"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn a_stream_is_chosen_by_number() {
    let sound = open(&path("film.mkv")).unwrap();
    expect![[r#"
        [
            Stream {
                number: 2,
                language: Some(
                    "kor",
                ),
                rate_hz: Some(
                    48000,
                ),
                channels: Some(
                    2,
                ),
                chosen: true,
            },
            Stream {
                number: 3,
                language: Some(
                    "deu",
                ),
                rate_hz: Some(
                    48000,
                ),
                channels: Some(
                    1,
                ),
                chosen: false,
            },
        ]
    "#]]
    .assert_debug_eq(&sound.streams());
    let other = sound.streams().iter().find(|it| !it.chosen).unwrap().number;
    let mut sound = Sound::open_stream(&path("film.mkv"), Some(other), Limits::default()).unwrap();
    assert!(read(&mut sound).iter().all(|it| it.abs() < 1e-4), "the other one is silent");
    let error = Sound::open_stream(&path("film.mkv"), Some(99), Limits::default()).unwrap_err();
    expect!["there is no sound in this matroska file; name a file with a stream of sound"]
        .assert_eq(&error.to_string());
}

#[test]
fn tags_of_every_container() {
    let tags = Tags {
        title: Some("Chirp".to_owned()),
        artist: Some("Nobody".to_owned()),
        release: Some("Tests".to_owned()),
        release_artist: Some("All".to_owned()),
        isrc: Some("QZES71900001".to_owned()),
    };
    for name in ["flac-44100.flac", "vorbis-44100.ogg", "opus-48000.opus"] {
        assert_eq!(open(&path(name)).unwrap().facts().tags, tags, "{name}");
    }
    // The title of a whole Matroska file is not told by its reader.
    let film = Tags { title: None, ..tags.clone() };
    assert_eq!(open(&path("vorbis-44100.webm")).unwrap().facts().tags, film);
    // These have no place for an ISRC that the maker of the files knows.
    let tags = Tags { isrc: None, ..tags };
    for name in ["cbr-44100.mp3", "aac-44100.m4a"] {
        let found = open(&path(name)).unwrap().facts().tags.clone();
        assert_eq!(Tags { isrc: None, ..found }, tags, "{name}");
    }
}

#[test]
fn what_is_not_read_is_told() {
    let told = |name: &str| open(&path(name)).unwrap_err().to_string();
    expect!["the codec of this isomp4 file is not read (AAC of more than two channels); convert it, to FLAC say; what is read: WAVE, AIFF, CAF, FLAC, MP1 to MP3, AAC (ADTS), Ogg, Matroska and WebM, MP4 and M4A; with PCM, ADPCM, FLAC, ALAC, MP1 to MP3, AAC-LC, Vorbis or Opus inside"].assert_eq(&told("aac-48000-six.m4a"));
    expect!["this is no sound file that can be read (unsupported feature: core (probe): no suitable format reader found); what is read: WAVE, AIFF, CAF, FLAC, MP1 to MP3, AAC (ADTS), Ogg, Matroska and WebM, MP4 and M4A; with PCM, ADPCM, FLAC, ALAC, MP1 to MP3, AAC-LC, Vorbis or Opus inside"].assert_eq(&told("README.md"));
    let folder = open(&path("")).unwrap_err().to_string();
    assert!(folder.ends_with("is no file; name the sound files themselves"), "{folder}");
    let none = open(&path("none.wav")).unwrap_err().to_string();
    assert!(none.starts_with("cannot open") && none.ends_with("none.wav"), "{none}");
}

/// Cut before the end: what is there, and a finding.
#[test]
fn a_cut_file_gives_what_it_has() {
    let cut = |(name, percent): (&str, usize)| {
        let mut bytes = crate::file(name);
        bytes.truncate(bytes.len() * percent / 100);
        let mut sound = match Sound::of_bytes(bytes, Limits::default()) {
            Ok(it) => it,
            Err(error) => return format!("{name}: {error}\n"),
        };
        let samples = read(&mut sound).len() / 16;
        let findings: Vec<String> = sound.findings().iter().map(ToString::to_string).collect();
        format!("{name}: {samples} ms; {}\n", findings.join("; "))
    };
    let lines = [
        ("s16-44100.wav", 50),
        ("flac-44100.flac", 50),
        ("cbr-44100.mp3", 50),
        ("vorbis-44100.ogg", 95),
        ("opus-48000.opus", 50),
        ("aac-48000.mkv", 50),
        ("adts-44100.aac", 50),
        ("s16-22050.aiff", 50),
    ];
    expect![[r#"
        s16-44100.wav: 299 ms; warning audio-cut-off -: at 0.3 s: there is no more of it, and it says 0.6 s
        flac-44100.flac: 209 ms; warning audio-cut-off -: at 0.2 s: there is no more of it, and it says 0.6 s
        cbr-44100.mp3: 262 ms; warning audio-cut-off -: at 0.3 s: there is no more of it, and it says 0.6 s
        vorbis-44100.ogg: this is no sound file that can be read (the file ends too early); what is read: WAVE, AIFF, CAF, FLAC, MP1 to MP3, AAC (ADTS), Ogg, Matroska and WebM, MP4 and M4A; with PCM, ADPCM, FLAC, ALAC, MP1 to MP3, AAC-LC, Vorbis or Opus inside
        opus-48000.opus: this is no sound file that can be read (the file ends too early); what is read: WAVE, AIFF, CAF, FLAC, MP1 to MP3, AAC (ADTS), Ogg, Matroska and WebM, MP4 and M4A; with PCM, ADPCM, FLAC, ALAC, MP1 to MP3, AAC-LC, Vorbis or Opus inside
        aac-48000.mkv: 256 ms; warning audio-cut-off -: at 0.3 s: there is no more of it, and this is not its end
        adts-44100.aac: 255 ms; warning audio-cut-off -: at 0.3 s: there is no more of it, and this is not its end
        s16-22050.aiff: 299 ms; warning audio-cut-off -: at 0.3 s: there is no more of it, and it says 0.6 s
    "#]].assert_eq(&lines.map(cut).concat());
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
    expect!["warning audio-gap -: at 0.1 s: 0.1 seconds are missing; it is silent now"]
        .assert_eq(&findings.join("\n"));
}

#[test]
fn limits_hold() {
    let bytes = crate::file("s24-8000-six.wav");
    let told = |limits| Sound::of_bytes(bytes.clone(), limits).unwrap_err().to_string();
    expect![
        "this file claims 6 channels, and at most 5 channels can be read; it is broken, or no music"
    ]
    .assert_eq(&told(Limits { channels_max: 5, ..Limits::default() }));
    expect!["this file claims 8000 Hz, and only 16000 to 768000 Hz can be read; it is broken, or no music"].assert_eq(&told(Limits { rate_hz_min: 16_000, ..Limits::default() }));
    let limits = Limits { seconds_max: 0, ..Limits::default() };
    let mut sound = Sound::of_bytes(bytes.clone(), limits).unwrap();
    assert!(read(&mut sound).is_empty());
    expect!["warning audio-too-long -: at 0.0 s: only the first 0 seconds were read"]
        .assert_eq(&sound.findings()[0].to_string());
}
