//! Prints at rest, in the home's folder `audio`: each under the id of its sound.

use fingerprint::landmark::{Landmarks, LandmarksRef};
use fingerprint::{Map, Print, PrintRef, Prints};
use shelf::{NewEntry, Shelf};

use super::SoundError;
use crate::Home;

/// What is kept of a sound.
pub(crate) struct Kept {
    pub(crate) print: Print,
    pub(crate) landmarks: Landmarks,
}

impl Kept {
    pub(crate) fn new(map: &Map) -> Self {
        Self { print: Print::new(map), landmarks: Landmarks::new(map) }
    }
}

/// Opens the home's shelf.
pub(crate) fn open(home: &Home) -> Result<Shelf, SoundError> {
    Ok(Shelf::open(&home.store.audio_folder())?)
}

/// Puts sounds on a shelf; they are on disk when this returns.
pub(crate) fn add(shelf: &mut Shelf, sounds: &[(String, Kept)]) -> Result<(), SoundError> {
    let entries: Vec<NewEntry<'_>> = sounds
        .iter()
        .map(|(label, it)| NewEntry { label, print: &it.print, landmarks: &it.landmarks })
        .collect();
    Ok(shelf.add(&entries)?)
}

/// The prints of some sounds, to be searched; their numbers are their places among these.
pub(crate) struct Library {
    shelf: Shelf,
    slots: Vec<u32>,
}

impl Library {
    /// Looks for sounds on the home's shelf.
    pub(crate) fn open<'a>(
        home: &Home,
        sounds: impl Iterator<Item = &'a str>,
    ) -> Result<Self, SoundError> {
        let shelf = open(home)?;
        let mut slots = Vec::new();
        for sound in sounds {
            let slot = shelf.slot(sound);
            slots.push(slot.ok_or_else(|| SoundError::NoPrint { sound: sound.to_owned() })?);
        }
        match slots.iter().filter(|slot| !shelf.is_current(**slot)).count() {
            0 => Ok(Self { shelf, slots }),
            count => Err(SoundError::Outdated { count, of: slots.len() }),
        }
    }
}

impl Prints for Library {
    fn slots(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    fn print(&self, slot: u32) -> Option<PrintRef<'_>> {
        let slot = self.slots.get(usize::try_from(slot).ok()?)?;
        // Damage was looked for when the shelf was opened; what was damaged since is not searched.
        self.shelf.print(*slot).ok()
    }

    fn landmarks(&self, slot: u32) -> Option<LandmarksRef<'_>> {
        let slot = self.slots.get(usize::try_from(slot).ok()?)?;
        self.shelf.landmarks(*slot).ok()
    }

    fn let_go(&self) {
        self.shelf.let_go();
    }
}
