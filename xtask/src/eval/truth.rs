//! What is in a made-up file, and what a system says is in it: one JSON object a line.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A recording of the catalogue.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reference {
    /// Its label: the file's name without its ending.
    pub(super) recording: String,
    /// The file, from the set's folder.
    pub(super) file: String,
    pub(super) seconds: f64,
    /// The Debian package it is from.
    pub(super) package: String,
    /// Other recordings with the same music; such a one is in no plain test.
    pub(super) versions: Vec<String>,
    /// Whether plain tests may use it.
    pub(super) plain: bool,
    /// Level of each second, in dB below full scale.
    pub(super) levels_db: Vec<i16>,
}

/// A made-up file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Made {
    /// The file, from the set's folder.
    pub(super) file: String,
    pub(super) seconds: f64,
    /// Which recipe made it.
    pub(super) class: String,
    /// What was done to an upload.
    #[serde(default)]
    pub(super) alteration: String,
    pub(super) cues: Vec<Cue>,
}

/// From when to when which recording sounds in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cue {
    pub(super) recording: String,
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
    /// Where in the recording the start lies.
    pub(super) in_ms: i64,
    /// As played by as recorded.
    pub(super) tempo: f64,
    pub(super) pitch_cents: i32,
    /// Against the speech.
    pub(super) level_db: f64,
    pub(super) kind: String,
}

/// What a system says about a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) file: String,
    pub(super) matches: Vec<Match>,
}

/// A match that a system tells; what it does not know is absent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Match {
    pub(super) recording: String,
    pub(super) start_ms: u64,
    pub(super) end_ms: u64,
    pub(super) in_ms: Option<i64>,
    pub(super) tempo: Option<f64>,
    pub(super) pitch_cents: Option<i32>,
    pub(super) confidence: Option<f64>,
    pub(super) alternatives: Vec<Alternative>,
}

/// Another recording that may be meant.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Alternative {
    pub(super) recording: String,
}

/// What a system used.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cost {
    pub(super) index_cpu_s: f64,
    pub(super) index_audio_h: f64,
    pub(super) index_bytes: u64,
    pub(super) query_cpu_s: f64,
    pub(super) query_audio_h: f64,
    pub(super) peak_rss_mib: f64,
}

/// Reads a file of one object a line.
pub(super) fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let place = || format!("{}, line {}", path.display(), at + 1);
            serde_json::from_str(line).with_context(place)
        })
        .collect()
}

/// Writes a file of one object a line, whole or not at all.
pub(super) fn write_lines<T: Serialize>(path: &Path, lines: &[T]) -> Result<()> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&serde_json::to_string(line).context("plain data is JSON")?);
        text.push('\n');
    }
    let part = path.with_extension("part");
    fs::write(&part, text).with_context(|| format!("failed to write {}", part.display()))?;
    fs::rename(&part, path).with_context(|| format!("failed to name {}", path.display()))
}
