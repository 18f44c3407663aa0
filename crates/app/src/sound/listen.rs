//! A file to a map of its sound, with its hash and what it says of itself.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use audio::Facts;
use finding::Finding;
use fingerprint::{Ear, Impression};
use sha2::{Digest as _, Sha256};

use super::SoundError;
use super::edges::Edges;
use crate::home::hex;

/// How far a decoder is, for whoever waits.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    ms: AtomicU64,
}

impl Meter {
    /// Seconds of sound that were read so far.
    pub(crate) fn seconds(&self) -> u64 {
        self.ms.load(Ordering::Relaxed) / 1000
    }
}

/// What a file sounds like.
pub(crate) struct Listened {
    pub(crate) facts: Facts,
    pub(crate) heard: Impression,
    pub(crate) duration_ms: u64,
    pub(crate) findings: Vec<Finding>,
    /// Below and above which frequency nothing sounds, in Hz.
    pub(crate) edges_hz: (Option<u32>, Option<u32>),
}

/// Reads a file's sound to its end, block after block.
pub(crate) fn listen(path: &Path, meter: &Meter) -> Result<Listened, SoundError> {
    let mut ear = Ear::new();
    let mut edges = Edges::new();
    let read = read(path, meter, |block| {
        ear.push(block);
        edges.push(block);
    })?;
    Ok(Listened {
        facts: read.facts,
        heard: ear.finish(),
        duration_ms: read.duration_ms,
        findings: read.findings,
        edges_hz: edges.finish(),
    })
}

/// What was read beside the samples.
pub(crate) struct Read {
    pub(crate) facts: Facts,
    pub(crate) duration_ms: u64,
    pub(crate) findings: Vec<Finding>,
}

/// Gives the samples of a file to `take`, block after block.
pub(crate) fn read(
    path: &Path,
    meter: &Meter,
    mut take: impl FnMut(&[f32]),
) -> Result<Read, SoundError> {
    let mut sound =
        audio::open(path).map_err(|source| SoundError::Open { path: path.to_owned(), source })?;
    let (mut block, mut samples) = (Vec::new(), 0_u64);
    loop {
        block.clear();
        let more = sound
            .read(&mut block)
            .map_err(|source| SoundError::Read { path: path.to_owned(), source })?;
        if !block.is_empty() {
            let before = ms(samples);
            samples += block.len() as u64;
            meter.ms.fetch_add(ms(samples) - before, Ordering::Relaxed);
            take(&block);
        }
        if !more {
            break;
        }
    }
    let findings = sound.findings().to_vec();
    Ok(Read { facts: sound.facts().clone(), duration_ms: ms(samples), findings })
}

/// The time that samples take.
fn ms(samples: u64) -> u64 {
    samples.saturating_mul(1000) / u64::from(signal::RATE_HZ)
}

/// SHA-256 of a file's bytes, in hex, and how many there are.
pub(crate) fn sha256(path: &Path) -> Result<(String, u64), SoundError> {
    let mut file = File::open(path).map_err(SoundError::file(path))?;
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = file.read(&mut buffer).map_err(SoundError::file(path))?;
        if count == 0 {
            return Ok((hex(&hash.finalize()), length));
        }
        hash.update(&buffer[..count]);
        length += count as u64;
    }
}
