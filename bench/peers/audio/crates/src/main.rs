//! One crate as a peer: `audio-peers wang|panako|chromaprint RECORDINGS WINDOWS`.
//!
//! Both arguments are lists, one path of raw mono f32 samples a line: at 8,000 Hz for `wang` and `panako` (audiofp's own
//! rate), at 11,025 Hz for `chromaprint`. Prints one line a hit: window, recording (both counted from 0), start, end and
//! the in-point in seconds, tempo, score. stderr tells what the index cost. audiofp names the best recording of a window
//! and no times inside it: the hit is the whole window.

use std::error::Error;
use std::fs;

use audiofp::classical::{Panako, PanakoConfig, Wang, WangConfig};
use audiofp::matching::{MatchResult, PanakoIndex, PanakoMatchConfig, WangIndex, WangMatchConfig};
use audiofp::{Fingerprinter, SampleRate};
use rusty_chromaprint::{Configuration, Fingerprinter as Chromaprint, match_fingerprints};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn samples(path: &str) -> Outcome<Vec<f32>> {
    let bytes = fs::read(path)?;
    Ok(bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

/// CPU seconds of this (only) thread so far.
fn cpu_s() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanos: f64 = text.split_whitespace().next().unwrap_or("0").parse()?;
    Ok(nanos / 1e9)
}

fn tell_index(bytes: usize) -> Outcome<()> {
    eprintln!("index_cpu_s {:.3} index_bytes {bytes}", cpu_s()?);
    Ok(())
}

fn tell(window: usize, seconds: f64, found: Option<(usize, MatchResult)>) {
    if let Some((recording, m)) = found.filter(|(_, m)| m.is_match) {
        let in_s = m.offset.ms as f64 / 1000.0;
        println!("{window}\t{recording}\t0\t{seconds:.3}\t{in_s:.3}\t{:.4}\t{}", 1.0 / f64::from(m.time_scale), m.votes);
    }
}

fn wang(recordings: &[&str], windows: &[&str]) -> Outcome<()> {
    let config = WangConfig { max_input_samples: None, max_hashes: None, ..WangConfig::default() };
    let mut printer = Wang::new(config);
    let mut index = WangIndex::build(&[], 100);
    for path in recordings {
        index.insert(&printer.extract(&samples(path)?, SampleRate::HZ_8000)?, 100);
    }
    tell_index(index.estimated_bytes())?;
    for (at, path) in windows.iter().enumerate() {
        let heard = samples(path)?;
        if let Ok(print) = printer.extract(&heard, SampleRate::HZ_8000) {
            tell(at, heard.len() as f64 / 8000.0, index.query(&print, &WangMatchConfig::default()));
        }
    }
    Ok(())
}

fn panako(recordings: &[&str], windows: &[&str]) -> Outcome<()> {
    let config = PanakoConfig { max_input_samples: None, max_hashes: None, ..PanakoConfig::default() };
    let mut printer = Panako::new(config);
    let mut index = PanakoIndex::build(&[], 100);
    for path in recordings {
        index.insert(&printer.extract(&samples(path)?, SampleRate::HZ_8000)?, 100);
    }
    tell_index(index.estimated_bytes())?;
    for (at, path) in windows.iter().enumerate() {
        let heard = samples(path)?;
        if let Ok(print) = printer.extract(&heard, SampleRate::HZ_8000) {
            tell(at, heard.len() as f64 / 8000.0, index.query(&print, &PanakoMatchConfig::default()));
        }
    }
    Ok(())
}

fn chromaprint(recordings: &[&str], windows: &[&str]) -> Outcome<()> {
    let config = Configuration::preset_test2();
    let print = |path: &str| -> Outcome<Vec<u32>> {
        let whole: Vec<i16> = samples(path)?.iter().map(|s| (s.clamp(-1.0, 1.0) * 32767.0) as i16).collect();
        let mut printer = Chromaprint::new(&config);
        printer.start(11_025, 1)?;
        printer.consume(&whole);
        printer.finish();
        Ok(printer.fingerprint().to_vec())
    };
    let known = recordings.iter().map(|path| print(path)).collect::<Outcome<Vec<_>>>()?;
    tell_index(known.iter().map(|p| p.len() * 4).sum())?;
    for (at, path) in windows.iter().enumerate() {
        let heard = print(path)?;
        for (recording, reference) in known.iter().enumerate() {
            for found in match_fingerprints(&heard, reference, &config).unwrap_or_default() {
                let (start, end, in_s) = (found.start1(&config), found.end1(&config), found.start2(&config));
                println!("{at}\t{recording}\t{start:.3}\t{end:.3}\t{in_s:.3}\t1.0\t{:.2}", 32.0 - found.score);
            }
        }
    }
    Ok(())
}

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [program, recordings, windows] = words.as_slice() else {
        return Err("audio-peers wang|panako|chromaprint RECORDINGS WINDOWS".into());
    };
    let (recordings, windows) = (fs::read_to_string(recordings)?, fs::read_to_string(windows)?);
    let (recordings, windows): (Vec<_>, Vec<_>) = (recordings.lines().collect(), windows.lines().collect());
    match program.as_str() {
        "wang" => wang(&recordings, &windows),
        "panako" => panako(&recordings, &windows),
        "chromaprint" => chromaprint(&recordings, &windows),
        other => Err(format!("no such program: {other}").into()),
    }
}
