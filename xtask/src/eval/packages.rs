//! Free music and speech: Debian packages, fetched and opened without being installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::place::Place;
use crate::interop::tools::{debian, output};

/// Programs that make the audio, and the packages that hold them.
const PROGRAMS: &[&str] = &["ffmpeg", "sox", "libsox-fmt-all", "rubberband-cli", "unzip"];

/// What the audio is made of.
const SOURCES: &[&str] = &[
    "asterisk-core-sounds-en-wav",
    "asterisk-core-sounds-es-wav",
    "asterisk-core-sounds-fr-wav",
    "asterisk-core-sounds-it-wav",
    "asterisk-core-sounds-ru-wav",
    "fillets-ng-data",
    "fillets-ng-data-cs",
    "fillets-ng-data-nl",
    "fretsonfire-songs-muldjord",
    "fretsonfire-songs-sectoid",
    "hyperrogue-music",
    "nexuiz-music",
    "planetblupi-music-ogg",
    "singularity-music",
    "ufoai-music",
    "warzone2100-music",
    "wesnoth-1.16-music",
];

/// Fetches and opens all that is not there yet.
pub(super) fn fetch(place: &Place) -> Result<()> {
    install(PROGRAMS, &["ffmpeg", "sox", "rubberband", "unzip"])?;
    for package in SOURCES {
        open(place, package)?;
    }
    Ok(())
}

/// Installs programs, or says what is missing.
pub(super) fn install(packages: &[&str], programs: &[&str]) -> Result<()> {
    let runs = |program: &&str| {
        let mut command = Command::new("which");
        command.arg(program).output().is_ok_and(|it| it.status.success())
    };
    let missing = debian(packages, || programs.iter().all(runs));
    ensure!(missing.is_none(), "the evaluation {}", missing.unwrap_or_default());
    Ok(())
}

/// The folder of an opened package; fetches and opens it if it is not there.
pub(super) fn open(place: &Place, package: &str) -> Result<PathBuf> {
    let tree = place.packages().join("tree").join(package);
    if tree.is_dir() {
        return Ok(tree);
    }
    let deb = place.packages().join("deb");
    fs::create_dir_all(&deb).context("failed to make the folder of packages")?;
    let kept = |deb: &Path| -> Result<Option<PathBuf>> {
        let start = format!("{package}_");
        for entry in fs::read_dir(deb)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&start) {
                return Ok(Some(entry.path()));
            }
        }
        Ok(None)
    };
    if kept(&deb)?.is_none() {
        println!("fetching {package} with apt-get");
        let mut apt = Command::new("apt-get");
        output(apt.args(["download", "-q", package]).current_dir(&deb))?;
    }
    let file = kept(&deb)?.with_context(|| format!("apt-get fetched no {package}"))?;
    let part = tree.with_file_name(format!("part-{package}"));
    if part.exists() {
        fs::remove_dir_all(&part).context("failed to remove a half opened package")?;
    }
    fs::create_dir_all(&part).context("failed to make the folder of a package")?;
    output(Command::new("dpkg").arg("-x").arg(&file).arg(&part))?;
    for archive in files(&part, &["pk3"])? {
        let to = archive.with_extension("");
        output(Command::new("unzip").args(["-q", "-o"]).arg(&archive).arg("-d").arg(to))?;
    }
    fs::rename(&part, &tree).context("failed to name the folder of a package")?;
    Ok(tree)
}

/// Every file below a folder with one of these endings, in the order of their paths.
pub(super) fn files(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder)
            .with_context(|| format!("failed to list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| endings.iter().any(|end| it == *end)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
