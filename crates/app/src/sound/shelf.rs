//! Prints at rest, in the home's folder `audio`: one file a sound, under the sound's id.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fingerprint::{Print, PrintRef, Prints};

use super::SoundError;
use crate::Home;

/// The folder that prints lie in.
pub(crate) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    pub(crate) fn open(home: &Home) -> Result<Self, SoundError> {
        let folder = home.store.audio_folder();
        fs::create_dir_all(&folder).map_err(SoundError::file(&folder))?;
        Ok(Self { folder })
    }

    /// Puts prints on the shelf; they are on disk when this returns.
    pub(crate) fn add(&self, prints: &[(String, Print)]) -> Result<(), SoundError> {
        for (sound, print) in prints {
            let path = self.path(sound);
            let unfinished = path.with_extension("new");
            write(&unfinished, print.as_bytes()).map_err(SoundError::file(&unfinished))?;
            fs::rename(&unfinished, &path).map_err(SoundError::file(&path))?;
        }
        match fs::File::open(&self.folder).and_then(|it| it.sync_all()) {
            Ok(()) => Ok(()),
            Err(source) => Err(SoundError::File { path: self.folder.clone(), source }),
        }
    }

    /// Takes a print off the shelf, if it is there.
    pub(crate) fn remove(&self, sound: &str) -> Result<(), SoundError> {
        let path = self.path(sound);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(SoundError::File { path, source })
            }
            _ => Ok(()),
        }
    }

    /// Reads the prints of these sounds; their numbers are their places in the list.
    pub(crate) fn read<'a>(
        &self,
        sounds: impl Iterator<Item = &'a str>,
    ) -> Result<Library, SoundError> {
        let mut prints = Vec::new();
        for sound in sounds {
            let path = self.path(sound);
            let bytes = fs::read(&path).map_err(SoundError::file(&path))?;
            if let Err(source) = PrintRef::parse(&bytes) {
                return Err(SoundError::Print { sound: sound.to_owned(), source });
            }
            prints.push(bytes);
        }
        Ok(Library { prints })
    }

    /// Ids are made of hexadecimal digits, so that no name can lead out of the folder.
    fn path(&self, sound: &str) -> PathBuf {
        let plain: String = sound.chars().filter(char::is_ascii_hexdigit).collect();
        self.folder.join(plain).with_extension("print")
    }
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Prints in memory, to be searched.
pub(crate) struct Library {
    prints: Vec<Vec<u8>>,
}

impl Prints for Library {
    fn slots(&self) -> u32 {
        u32::try_from(self.prints.len()).unwrap_or(u32::MAX)
    }

    fn print(&self, slot: u32) -> Option<PrintRef<'_>> {
        // They were parsed when they were read.
        self.prints.get(usize::try_from(slot).ok()?).and_then(|it| PrintRef::parse(it).ok())
    }
}
