//! Running our own program over the audio: a catalogue made anew, every file asked, costs counted.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use super::place::{Place, Set};
use super::truth::{Cost, Made, Reference, read_lines};
use crate::bench::measure::cost_into;
use crate::shop::{Profile, Shop};

/// Our own name among the systems.
pub(super) const OURS: &str = "leitmotif";

/// How our program is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Asking {
    /// Take the catalogue of the last run.
    pub(super) keep: bool,
    /// This binary, instead of one that is built.
    pub(super) program: Option<PathBuf>,
    /// Words after the command, as `--reach plain`.
    pub(super) words: Vec<String>,
}

impl Asking {
    /// The program that is asked; built if none is named.
    pub(super) fn program(&self, shop: &Shop) -> Result<PathBuf> {
        match &self.program {
            Some(program) => Ok(program.clone()),
            None => shop.leitmotif(Profile::Release),
        }
    }
}

/// Builds the program, makes its catalogue of a set and asks it about these kinds of files.
pub(super) fn run(
    shop: &Shop,
    place: &Place,
    set: Set,
    what: &[&str],
    asking: &Asking,
) -> Result<()> {
    let binary = asking.program(shop)?;
    let folder = place.set(set).join("results").join(OURS);
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let home = place.set(set).join("home");
    let known = folder.join("cost.json");
    let mut cost = super::cost_of(&known).unwrap_or_default();
    if !asking.keep || !home.exists() {
        cost = index(&binary, place, set, &home)?;
    }
    (cost.query_cpu_s, cost.query_audio_h) = (0.0, 0.0);
    for what in what {
        let Ok(made) = read_lines::<Made>(&place.set(set).join(format!("{what}.jsonl"))) else {
            println!("{}: no {what} are there: cargo xtask eval audio --prepare", set.name());
            continue;
        };
        println!("{}: {OURS} hears {} {what} ...", set.name(), made.len());
        let results = folder.join(format!("{what}.jsonl"));
        let files: Vec<PathBuf> = made.iter().map(|it| place.set(set).join(&it.file)).collect();
        let used = ask(&binary, &home, what, &files, &results, asking)?;
        cost.query_cpu_s += used.query_cpu_s;
        cost.peak_rss_mib = cost.peak_rss_mib.max(used.peak_rss_mib);
        cost.query_audio_h += made.iter().map(|it| it.seconds).sum::<f64>() / 3600.0;
        let text = serde_json::to_string(&cost).context("plain data is JSON")?;
        fs::write(&known, text).context("failed to write the costs")?;
    }
    Ok(())
}

fn index(binary: &Path, place: &Place, set: Set, home: &Path) -> Result<Cost> {
    if home.exists() {
        fs::remove_dir_all(home).context("failed to remove the home of the last run")?;
    }
    println!("{}: {OURS} makes its catalogue ...", set.name());
    let mut command = Command::new(binary);
    command.arg("--home").arg(home).args(["audio", "add"]).arg(place.set(set).join("refs"));
    let used = cost_into(&mut command, std::process::Stdio::null())?;
    let refs: Vec<Reference> = read_lines(&place.set(set).join("refs.jsonl"))?;
    Ok(Cost {
        index_cpu_s: used.cpu_s,
        index_audio_h: refs.iter().map(|it| it.seconds).sum::<f64>() / 3600.0,
        index_bytes: size(home)?,
        peak_rss_mib: used.peak_mib as f64,
        ..Cost::default()
    })
}

/// Asks about all files at once; of episodes one by one, as a cue sheet is asked for.
fn ask(
    binary: &Path,
    home: &Path,
    what: &str,
    files: &[PathBuf],
    results: &Path,
    asking: &Asking,
) -> Result<Cost> {
    let (words, at_once) = match what {
        "episodes" => (["cue", "detect"].as_slice(), 1),
        _ => (["identify"].as_slice(), 200),
    };
    let out =
        File::create(results).with_context(|| format!("cannot write {}", results.display()))?;
    let mut cost = Cost::default();
    for (at, files) in files.chunks(at_once).enumerate() {
        println!("  {} of them from {}", files.len(), at * at_once + 1);
        let mut command = Command::new(binary);
        command.arg("--home").arg(home).args(words).arg("--json").args(&asking.words).args(files);
        let used = cost_into(&mut command, out.try_clone()?.into())?;
        cost.query_cpu_s += used.cpu_s;
        cost.peak_rss_mib = cost.peak_rss_mib.max(used.peak_mib as f64);
    }
    Ok(cost)
}

/// Bytes of all files below a folder.
fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let facts = entry.metadata()?;
        bytes += if facts.is_dir() { size(&entry.path())? } else { facts.len() };
    }
    Ok(bytes)
}
