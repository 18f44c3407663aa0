//! What is listened for, as it stands.

use catalog::{Catalog, Recording};
use ident::{Isrc, RecordingId};
use store::{SoundFile, SoundRow};

use super::{SoundError, shelf};
use crate::Home;

/// A sound, the files that hold it, and what the catalogue says of its recording.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The sound.
    pub sound: SoundRow,
    /// Its files, by path.
    pub files: Vec<SoundFile>,
    /// The recording, if the catalogue has it.
    pub recording: Option<Recording>,
}

impl Standing {
    /// The title, as the catalogue has it or as the file's tag says; may be empty.
    #[must_use]
    pub fn title(&self) -> &str {
        let own = self.recording.as_ref().and_then(|it| title_of(it));
        own.or_else(|| self.files.first().map(|it| it.title.as_str())).unwrap_or_default()
    }

    /// The display artist, as the catalogue has it or as the file's tag says; may be empty.
    #[must_use]
    pub fn artist(&self) -> &str {
        let own = self.recording.as_ref().map(|it| it.artist.as_str());
        own.or_else(|| self.files.first().map(|it| it.artist.as_str())).unwrap_or_default()
    }

    /// The ISRC, as the catalogue has it or as the file's tag says; may be empty.
    #[must_use]
    pub fn isrc(&self) -> &str {
        let own = self.recording.as_ref().and_then(|it| it.isrcs.first()).map(Isrc::as_str);
        own.or_else(|| self.files.first().map(|it| it.isrc.as_str())).unwrap_or_default()
    }
}

fn title_of(recording: &Recording) -> Option<&str> {
    let titles = &recording.titles;
    ["en", "ko"]
        .iter()
        .find_map(|it| titles.get(*it))
        .or_else(|| titles.values().next())
        .map(String::as_str)
}

/// Returns all that is listened for, by recording and id.
///
/// # Errors
/// [`SoundError`] if the home cannot be read.
pub fn standing(home: &Home) -> Result<Vec<Standing>, SoundError> {
    let catalogue = home.store.catalogue()?;
    let mut files = home.store.sound_files()?;
    let mut out = Vec::new();
    for sound in home.store.sounds()? {
        let own = files.extract_if(.., |it| it.sound == sound.id).collect();
        let recording = recording(&catalogue, &sound.recording).cloned();
        out.push(Standing { sound, files: own, recording });
    }
    Ok(out)
}

/// The recording of the catalogue that a text names by its id or an ISRC.
pub(crate) fn recording<'a>(catalogue: &'a Catalog, text: &str) -> Option<&'a Recording> {
    let by_id = RecordingId::parse(text).ok().and_then(|it| catalogue.recordings.get(&it));
    by_id.or_else(|| {
        let isrc = Isrc::parse(text.trim()).ok()?;
        catalogue.recordings.values().find(|it| it.isrcs.contains(&isrc))
    })
}

/// Finds the sound that is called so: by the first characters of its id, or by its recording.
///
/// # Errors
/// [`SoundError::Unknown`] and [`SoundError::Ambiguous`].
pub fn the_one<'a>(standing: &'a [Standing], name: &str) -> Result<&'a Standing, SoundError> {
    let by_id = |it: &&Standing| name.len() >= 4 && it.sound.id.starts_with(name);
    let mut found: Vec<&Standing> =
        standing.iter().filter(|it| it.sound.recording == name || it.isrc() == name).collect();
    if found.is_empty() {
        found = standing.iter().filter(by_id).collect();
    }
    match found[..] {
        [one] => Ok(one),
        [] => Err(SoundError::Unknown { name: name.to_owned() }),
        _ => {
            let ids: Vec<&str> = found.iter().take(10).map(|it| it.sound.id.as_str()).collect();
            Err(SoundError::Ambiguous { name: name.to_owned(), found: ids.join(", ") })
        }
    }
}

/// Listens no more for a sound; its files stay where they are. Returns what it was.
///
/// # Errors
/// [`SoundError`]; it stays then.
pub fn remove(home: &mut Home, name: &str) -> Result<Standing, SoundError> {
    let all = standing(home)?;
    let one = the_one(&all, name)?.clone();
    // What the database does not name is not listened for, even if the shelf still has it.
    home.store.remove_sound(&one.sound.id)?;
    shelf::open(home)?.remove([one.sound.id.as_str()])?;
    Ok(one)
}
