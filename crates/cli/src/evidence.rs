//! An evidence pack: what was found, in a form that can be sent and checked.

mod letter;
mod picture;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use app::sound::{Answer, Listener, spectra};
use serde_json::json;

use crate::command::identify::answer_as_json;

/// Columns of a picture.
const COLUMNS: usize = 1000;
/// Matches of a file that are drawn at most.
const PICTURES_MAX: usize = 50;

/// Who made it, and when.
pub(crate) struct Made {
    pub(crate) at: String,
}

/// Writes the pack of an answer into a folder of its own; returns that folder.
///
/// A file without a match has a pack too: it says what was looked for.
pub(crate) fn write(
    folder: &Path,
    listener: &Listener,
    answer: &Answer,
    made: &Made,
) -> anyhow::Result<PathBuf> {
    let folder = room(folder, answer)?;
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).with_context(|| format!("{} cannot be written", path.display()))
    };
    let mut exhibits = Vec::new();
    for (number, it) in (1..).zip(answer.matches.iter().take(PICTURES_MAX)) {
        let both = spectra(listener, answer, it, COLUMNS)?;
        let drawn = picture::draw(answer, it, &both);
        put(&format!("match-{number}.svg"), drawn.svg.as_bytes())?;
        put(&format!("match-{number}.png"), &drawn.png)?;
        exhibits.push((it, both));
    }
    let mut value = answer_as_json(answer);
    if let Some(fields) = value.as_object_mut() {
        let recording = |(it, both): &(&app::sound::Match, app::sound::Spectra)| {
            json!({
                "recording": it.recording, "sound": it.sound,
                "file": both.recording_path.file_name().map(|it| it.to_string_lossy()),
                "sha256": both.recording_sha256, "file_is_unchanged": both.recording.is_some(),
            })
        };
        fields.insert("recordings".to_owned(), exhibits.iter().map(recording).collect());
        fields.insert("made_at".to_owned(), json!(made.at));
        fields.insert("program".to_owned(), json!(program()));
        fields.insert("hours_listened_for".to_owned(), json!((listener.hours() * 10.0).round() / 10.0));
    }
    let mut text = serde_json::to_string_pretty(&value)?;
    text.push('\n');
    put("evidence.json", text.as_bytes())?;
    put("letter.txt", letter::letter(answer, &exhibits, made, listener).as_bytes())?;
    Ok(folder)
}

/// The program, and the version of what it listens by.
fn program() -> String {
    format!("leitmotif {}, prints {}", env!("CARGO_PKG_VERSION"), app::sound::PRINTS)
}

/// A folder for a file: after its name, and never one that is there already.
fn room(folder: &Path, answer: &Answer) -> anyhow::Result<PathBuf> {
    let stem = answer.path.file_stem().map(|it| it.to_string_lossy().into_owned());
    let stem = stem.filter(|it| !it.is_empty()).unwrap_or_else(|| "file".to_owned());
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for number in 1..10_000 {
        let name = if number == 1 { stem.clone() } else { format!("{stem}-{number}") };
        let room = folder.join(name);
        match fs::create_dir(&room) {
            Ok(()) => return Ok(room),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be made", room.display()));
            }
        }
    }
    anyhow::bail!("{} has too many folders called {stem}; name another one", folder.display())
}
