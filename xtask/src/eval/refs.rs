//! The recordings of a set: whole pieces of music of at least half a minute, each under its label.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use super::packages::{files, open};
use super::place::{Place, Set};
use super::sound::{Format, RATE_HZ, decode, encode, rms};
use super::truth::{Reference, read_lines, write_lines};

/// The shortest piece that becomes a recording, in seconds.
const SECONDS_MIN: f64 = 30.0;

/// Packages of music, the short name of each, and the folder in it.
fn sources(set: Set) -> &'static [(&'static str, &'static str, &'static str)] {
    match set {
        Set::Tune => &[
            ("wesnoth-1.16-music", "wesnoth", "usr/share/games/wesnoth"),
            ("singularity-music", "singularity", "usr/share/games/singularity"),
            ("hyperrogue-music", "hyperrogue", "usr/share/hyperrogue/music"),
        ],
        Set::Test => &[
            ("warzone2100-music", "warzone", "usr/share/games/warzone2100"),
            ("ufoai-music", "ufoai", "usr/share/games/ufoai"),
            ("nexuiz-music", "nexuiz", "usr/share/games/nexuiz"),
            ("planetblupi-music-ogg", "planetblupi", "usr/share/planetblupi"),
        ],
    }
}

/// A package of pieces in two stems: the backing alone, and the guitar that belongs to it.
fn stems(set: Set) -> (&'static str, &'static str) {
    match set {
        Set::Tune => ("fretsonfire-songs-sectoid", "sectoid"),
        Set::Test => ("fretsonfire-songs-muldjord", "muldjord"),
    }
}

/// Recordings with the same music; what they are told apart by is a test of its own.
const VERSIONS: &[&[&str]] =
    &[&["warzone-track3", "warzone-track3_enhanced"], &["warzone-menu", "warzone-menu_enhanced"]];

/// Recordings that may share music with another: in the catalogue, in no test.
const DOUBTFUL: &[&str] = &[
    "nexuiz-sixtyfour_",
    "nexuiz-sixtyfour_revisited",
    "ufoai-dynamictest-battle-41-74sec",
    "wesnoth-frantic",
    "wesnoth-frantic-old",
];

/// The recordings of a set, laid out if they are not.
pub(super) fn lay_out(place: &Place, set: Set) -> Result<Vec<Reference>> {
    let list = place.set(set).join("refs.jsonl");
    if list.is_file() {
        return read_lines(&list);
    }
    let folder = place.set(set).join("refs");
    fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    let mut references = Vec::new();
    for (package, short, inner) in sources(set) {
        let tree = open(place, package)?.join(inner);
        for source in files(&tree, &["ogg", "opus"])? {
            references.extend(one(&source, package, short, &folder)?);
        }
        println!("{}: {package}", set.name());
    }
    references.extend(pairs(place, set, &folder)?);
    references.sort_by(|left, right| left.recording.cmp(&right.recording));
    ensure!(!references.is_empty(), "no recording of {} was found", set.name());
    write_lines(&list, &references)?;
    Ok(references)
}

/// How many recordings and hours there are, by package.
pub(super) fn told(references: &[Reference]) -> String {
    let mut packages: Vec<&str> = references.iter().map(|it| it.package.as_str()).collect();
    packages.sort_unstable();
    packages.dedup();
    let mut text = String::new();
    let line = |name: &str, of: &mut dyn Iterator<Item = &Reference>| {
        let (count, seconds) = of.fold((0, 0.0), |(n, s), it| (n + 1, s + it.seconds));
        format!("  {name:<28} {count:>4} recordings {:>6.2} h\n", seconds / 3600.0)
    };
    for package in packages {
        text += &line(package, &mut references.iter().filter(|it| it.package == package));
    }
    text + &line("all", &mut references.iter())
}

/// A piece of music as a recording, if it is long enough.
fn one(source: &Path, package: &str, short: &str, folder: &Path) -> Result<Option<Reference>> {
    let stem = source.file_stem().and_then(|it| it.to_str()).context("a file has a name")?;
    let label = label(short, stem);
    let (mono, kept) = match decode(source, RATE_HZ, 1, None) {
        Ok(mono) => (mono, keep(source, folder, &label)?),
        Err(_) => rescue(source, folder, &label)?,
    };
    let seconds = mono.len() as f64 / f64::from(RATE_HZ);
    if seconds < SECONDS_MIN {
        fs::remove_file(&kept).context("failed to remove a short piece")?;
        return Ok(None);
    }
    Ok(Some(reference(label, &kept, package, &mono)))
}

/// Puts a file into the folder of recordings, without a copy where the system can.
fn keep(source: &Path, folder: &Path, label: &str) -> Result<PathBuf> {
    let ending = source.extension().and_then(|it| it.to_str()).unwrap_or("ogg");
    let kept = folder.join(format!("{label}.{ending}"));
    if !kept.exists() && fs::hard_link(source, &kept).is_err() {
        fs::copy(source, &kept).with_context(|| format!("failed to write {}", kept.display()))?;
    }
    Ok(kept)
}

/// A file that ffmpeg cannot open and sox can, without loss: every system shall read the catalogue.
fn rescue(source: &Path, folder: &Path, label: &str) -> Result<(Vec<f32>, PathBuf)> {
    let kept = folder.join(format!("{label}.flac"));
    let mut sox = std::process::Command::new("sox");
    crate::interop::tools::output(sox.arg("-V1").arg(source).arg(&kept))?;
    Ok((decode(&kept, RATE_HZ, 1, None)?, kept))
}

/// The pieces in two stems, each as two recordings: the backing alone, and all of it.
fn pairs(place: &Place, set: Set, folder: &Path) -> Result<Vec<Reference>> {
    let (package, short) = stems(set);
    let mut references = Vec::new();
    for backing in files(&open(place, package)?, &["ogg"])? {
        if backing.file_stem().is_none_or(|it| it != "song") {
            continue;
        }
        let lead = backing.with_file_name("guitar.ogg");
        let piece = backing.parent().and_then(Path::file_name).and_then(|it| it.to_str());
        let piece = piece.context("a stem lies in a folder")?;
        let (part, whole) = (label(short, piece) + "-backing", label(short, piece) + "-whole");
        let format = Format { rate_hz: 44_100, channels: 2, ..Format::default() };
        let mut samples = decode(&backing, 44_100, 2, None)?;
        let lead = decode(&lead, 44_100, 2, None)?;
        samples.resize(samples.len().max(lead.len()), 0.0);
        super::sound::add(&mut samples, 0, &lead);
        super::sound::limit(&mut samples);
        let kept = [folder.join(format!("{whole}.flac")), keep(&backing, folder, &part)?];
        encode(&samples, &format, &kept[0])?;
        for (label, kept) in [&whole, &part].into_iter().zip(&kept) {
            let mono = decode(kept, RATE_HZ, 1, None)?;
            let mut reference = reference(label.clone(), kept, package, &mono);
            reference.versions = vec![if *label == whole { part.clone() } else { whole.clone() }];
            reference.plain = false;
            references.push(reference);
        }
    }
    Ok(references)
}

fn reference(recording: String, kept: &Path, package: &str, mono: &[f32]) -> Reference {
    let name = kept.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let group = VERSIONS.iter().find(|group| group.contains(&recording.as_str()));
    let others = group.into_iter().flat_map(|group| group.iter()).filter(|it| **it != recording);
    let level = |second: &[f32]| (20.0 * rms(second).max(1e-6).log10()).round() as i16;
    Reference {
        file: format!("refs/{name}"),
        seconds: mono.len() as f64 / f64::from(RATE_HZ),
        package: package.to_owned(),
        versions: others.map(|it| (*it).to_owned()).collect(),
        plain: group.is_none() && !DOUBTFUL.contains(&recording.as_str()),
        levels_db: mono.chunks(RATE_HZ as usize).map(level).collect(),
        recording,
    }
}

/// The label of a piece: letters, digits and `._-` only.
fn label(short: &str, stem: &str) -> String {
    let plain = |it: char| if it.is_ascii_alphanumeric() || "._-".contains(it) { it } else { '_' };
    format!("{short}-{}", stem.chars().map(plain).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_label_is_a_file_name_without_blanks() {
        assert_eq!(label("singularity", "Advanced Simulacra"), "singularity-Advanced_Simulacra");
    }
}
