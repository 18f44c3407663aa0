//! Adding sounds: from files to prints, each once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ::shelf::Shelf;
use audio::Facts;
use catalog::Catalog;
use finding::{Finding, Position};
use fingerprint::Map;
use ident::Isrc;
use sha2::{Digest as _, Sha256};
use store::{SoundFile, SoundRow, Tie};

use super::folder::{self, Named};
use super::listen::{Listened, Meter, listen, sha256};
use super::shelf::{self, Kept};
use super::standing::{recording, standing, the_one};
use super::{SILENT, SoundError, TWICE, TWO_RECORDINGS, threads};
use crate::home::hex;
use crate::{Home, Progress};

/// Sounds that are written at once.
const BATCH: usize = 32;

/// What is to be added.
#[derive(Clone, Debug, Default)]
pub struct AddRequest {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// The recording of the catalogue that all of it is of; by its id or an ISRC.
    pub recording: Option<String>,
    /// How many threads listen; all cores if not said.
    pub threads: Option<usize>,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Added {
    /// The file.
    pub path: PathBuf,
    /// What became of it.
    pub what: Addition,
    /// What is wrong or doubtful about it.
    pub findings: Vec<Finding>,
}

/// What became of a file that was to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addition {
    /// It is listened for from now on.
    New(SoundRow),
    /// These very bytes were added before, as this sound.
    Known(SoundRow),
    /// They were, by an earlier version; what is looked for is printed anew.
    Renewed(SoundRow),
    /// It sounds exactly as another file, and counts as this sound of that one.
    Same(SoundRow),
    /// It was found in a folder, and holds no sound.
    NoSound,
    /// It is not added; the reason, or a finding says why.
    Refused(String),
}

/// Adds files, and says of each what became of it, in order.
///
/// What was added before is left as it is, so that a call which was cut off can be made again.
///
/// # Errors
/// [`SoundError`]; what was told as added until then is added.
pub fn add(
    home: &mut Home,
    request: &AddRequest,
    now: &str,
    progress: &mut dyn Progress,
) -> Result<Vec<Added>, SoundError> {
    let catalogue = home.store.catalogue()?;
    let said = request.recording.as_deref().map(|it| said(&catalogue, it)).transpose()?;
    let files = folder::files(&request.paths)?;
    let mut desk = Desk::open(home, catalogue, said, now)?;
    let known: BTreeMap<String, String> = desk.known.clone();
    let meter = Meter::default();
    let (mut done_bytes, total) = (0, files.iter().map(|it| it.size_bytes).sum::<u64>());
    let mut outcomes = Vec::new();
    let work = |file: &Named| hear(&file.path, &known, &meter);
    // The bar counts bytes, which are known before; the words count seconds, which are not.
    let tell = std::cell::Cell::new(0);
    threads::in_order(
        &files,
        threads::count(request.threads),
        work,
        |number, heard| {
            let file = &files[number];
            done_bytes += file.size_bytes;
            tell.set(done_bytes);
            outcomes.push(desk.take(home, file, heard)?);
            Ok::<(), SoundError>(())
        },
        || {
            let hours = meter.seconds() * 10 / 3600;
            let what = format!("listening, {}.{} h so far, MB", hours / 10, hours % 10);
            progress.at(&what, tell.get() >> 20, total >> 20);
        },
    )?;
    desk.write(home)?;
    Ok(outcomes)
}

/// Puts the sound of a file in the place of one that was added before, for the same recording.
///
/// # Errors
/// [`SoundError`]; the old sound stays then.
pub fn replace(home: &mut Home, name: &str, path: &Path, now: &str) -> Result<Added, SoundError> {
    let all = standing(home)?;
    let old = the_one(&all, name)?.sound.clone();
    let catalogue = home.store.catalogue()?;
    let said = (old.recording.clone(), old.tie);
    let mut desk = Desk::open(home, catalogue, Some(said), now)?;
    let heard = hear(path, &desk.known, &Meter::default());
    let size_bytes = std::fs::metadata(path).map_err(SoundError::file(path))?.len();
    let file = Named { path: path.to_owned(), found: false, size_bytes };
    let added = desk.take(home, &file, heard)?;
    desk.write(home)?;
    let refused = |reason: String| SoundError::NotReplaced {
        path: path.to_owned(),
        sound: old.id.clone(),
        reason,
    };
    match &added.what {
        Addition::New(_) => {
            home.store.remove_sound(&old.id)?;
            desk.shelf.remove([old.id.as_str()])?;
            Ok(added)
        }
        Addition::Known(it) | Addition::Renewed(it) | Addition::Same(it) if it.id == old.id => {
            Ok(added)
        }
        Addition::Known(it) | Addition::Renewed(it) | Addition::Same(it) => {
            Err(refused(format!("it sounds as {}, of {}, does", it.id, it.recording)))
        }
        Addition::NoSound => Err(refused("it holds no sound".to_owned())),
        Addition::Refused(reason) => {
            let told = added.findings.iter().map(ToString::to_string).next();
            Err(refused(told.unwrap_or_else(|| reason.clone())))
        }
    }
}

/// The recording that somebody named.
fn said(catalogue: &Catalog, text: &str) -> Result<(String, Tie), SoundError> {
    match recording(catalogue, text) {
        Some(it) => Ok((it.id.to_string(), Tie::Said)),
        None => Err(SoundError::NoRecording { recording: text.to_owned() }),
    }
}

/// A file as a thread has heard it.
enum Heard {
    /// Its bytes were added before, as this sound.
    Known(String),
    New(Box<New>),
    Failed(SoundError),
}

struct New {
    sha256: String,
    size_bytes: u64,
    facts: Facts,
    duration_ms: u64,
    findings: Vec<Finding>,
    /// Nothing if nothing in it can be recognised.
    kept: Option<Kept>,
}

fn hear(path: &Path, known: &BTreeMap<String, String>, meter: &Meter) -> Heard {
    let (sha256, size_bytes) = match sha256(path) {
        Ok(it) => it,
        Err(error) => return Heard::Failed(error),
    };
    if let Some(sound) = known.get(&sha256) {
        return Heard::Known(sound.clone());
    }
    match listen(path, meter) {
        Ok(Listened { facts, heard, duration_ms, findings, .. }) => {
            // The map is large, and many files may wait for one before them.
            let kept = has_lines(&heard.map).then(|| Kept::new(&heard.map));
            Heard::New(Box::new(New { sha256, size_bytes, facts, duration_ms, findings, kept }))
        }
        Err(error) => Heard::Failed(error),
    }
}

/// Cells of contrast above one, below which there is nothing to recognise: a second of a thin sound.
const CELLS_MIN: usize = 50;

fn has_lines(map: &Map) -> bool {
    map.values().iter().filter(|it| **it > 1.1).nth(CELLS_MIN).is_some()
}

/// Where sounds are taken in, one after the other.
struct Desk {
    catalogue: Catalog,
    said: Option<(String, Tie)>,
    now: String,
    shelf: Shelf,
    sounds: BTreeMap<String, SoundRow>,
    /// Sounds by print, and files' hashes with their sounds: those whose prints are searched, and those of an earlier version.
    prints: BTreeMap<String, String>,
    known: BTreeMap<String, String>,
    outdated: BTreeMap<String, String>,
    waiting: Vec<(SoundRow, SoundFile, Option<Kept>)>,
}

impl Desk {
    fn open(
        home: &Home,
        catalogue: Catalog,
        said: Option<(String, Tie)>,
        now: &str,
    ) -> Result<Self, SoundError> {
        let rows = home.store.sounds()?;
        let prints = rows.iter().map(|it| (it.print.clone(), it.id.clone())).collect();
        let shelf = shelf::open(home)?;
        let is_current = |sound: &String| shelf.slot(sound).is_none_or(|it| shelf.is_current(it));
        let files = home.store.sound_files()?.into_iter().map(|it| (it.sha256, it.sound));
        let (known, outdated) = files.partition(|(_, sound)| is_current(sound));
        Ok(Self {
            catalogue,
            said,
            now: now.to_owned(),
            shelf,
            sounds: rows.into_iter().map(|it| (it.id.clone(), it)).collect(),
            prints,
            known,
            outdated,
            waiting: Vec::new(),
        })
    }

    /// Decides what becomes of a file.
    fn take(&mut self, home: &mut Home, file: &Named, heard: Heard) -> Result<Added, SoundError> {
        let path = file.path.clone();
        let outcome = |what| Added { path: path.clone(), what, findings: Vec::new() };
        let new = match heard {
            Heard::Known(id) => return Ok(outcome(Addition::Known(self.sounds[&id].clone()))),
            Heard::Failed(SoundError::Open { .. }) if file.found => {
                return Ok(outcome(Addition::NoSound));
            }
            Heard::Failed(error) => {
                return Ok(outcome(Addition::Refused(crate::home::with_causes(&error))));
            }
            Heard::New(new) => *new,
        };
        if let Some(id) = self.known.get(&new.sha256) {
            return Ok(outcome(Addition::Known(self.sounds[id].clone())));
        }
        let (what, more) = self.decide(file, &new);
        let findings = [new.findings.clone(), more].concat();
        let facts = |row: &SoundRow| file_row(&file.path, &new, &row.id, &self.now);
        let (row, facts, kept) = match &what {
            Addition::New(row) | Addition::Renewed(row) => (row.clone(), facts(row), new.kept),
            Addition::Same(row) => (row.clone(), facts(row), None),
            _ => return Ok(Added { path: file.path.clone(), what, findings }),
        };
        self.known.insert(facts.sha256.clone(), row.id.clone());
        self.prints.insert(row.print.clone(), row.id.clone());
        self.sounds.insert(row.id.clone(), row.clone());
        self.waiting.push((row, facts, kept));
        if self.waiting.len() >= BATCH {
            self.write(home)?;
        }
        Ok(Added { path: file.path.clone(), what, findings })
    }

    fn decide(&self, file: &Named, new: &New) -> (Addition, Vec<Finding>) {
        let position = || Position::of_file(name_of(&file.path));
        let Some(kept) = &new.kept else {
            let finding = SILENT.finding("nothing in it can be recognised").at(position());
            return (Addition::Refused(String::new()), vec![finding]);
        };
        let hash = hex(&Sha256::digest(kept.print.as_bytes()));
        if let Some(old) = self.outdated.get(&new.sha256).and_then(|it| self.sounds.get(it)) {
            // Two that an earlier version told apart stay two.
            let print = if self.prints.contains_key(&hash) { old.print.clone() } else { hash };
            return (Addition::Renewed(SoundRow { print, ..old.clone() }), Vec::new());
        }
        let (wanted, tie) = self.tie(file, new);
        if let Some(same) = self.prints.get(&hash).and_then(|it| self.sounds.get(it)) {
            let other = tie != Tie::Name && same.tie != Tie::Name && same.recording != wanted;
            if other {
                let text =
                    format!("it is said to be {wanted}, and sounds exactly as {}", same.recording);
                let finding = TWO_RECORDINGS.finding(text).at(position());
                return (Addition::Refused(String::new()), vec![finding]);
            }
            let text = format!("it sounds exactly as the sound {} of {}", same.id, same.recording);
            let finding = TWICE.finding(text).at(position());
            return (Addition::Same(same.clone()), vec![finding]);
        }
        let row = SoundRow {
            id: new.sha256[..16].to_owned(),
            recording: wanted,
            tie,
            print: hash,
            duration_ms: new.duration_ms,
            added_at: self.now.clone(),
        };
        (Addition::New(row), Vec::new())
    }

    /// What recording a new sound is of, and by what.
    fn tie(&self, file: &Named, new: &New) -> (String, Tie) {
        if let Some(said) = &self.said {
            return said.clone();
        }
        let tag = new.facts.tags.isrc.as_deref().unwrap_or_default();
        if let Some(it) =
            Isrc::parse(tag.trim()).ok().and_then(|it| recording(&self.catalogue, it.as_str()))
        {
            return (it.id.to_string(), Tie::Isrc);
        }
        let stem = file.path.file_stem().map(|it| it.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_default();
        if let Some(it) = recording(&self.catalogue, &stem) {
            return (it.id.to_string(), Tie::Name);
        }
        let taken = |label: &str| self.sounds.values().any(|it| it.recording == label);
        let others = (2..u32::MAX).map(|number| format!("{stem}-{number}"));
        let label = std::iter::once(stem.clone()).chain(others).find(|it| !taken(it));
        (label.unwrap_or(stem), Tie::Name)
    }

    /// Writes what waits: the prints first, since what the database names must be there.
    fn write(&mut self, home: &mut Home) -> Result<(), SoundError> {
        let mut rows = Vec::with_capacity(self.waiting.len());
        let mut prints = Vec::new();
        for (row, file, kept) in self.waiting.drain(..) {
            if let Some(kept) = kept {
                prints.push((row.id.clone(), kept));
            }
            rows.push((row, file));
        }
        shelf::add(&mut self.shelf, &prints)?;
        Ok(home.store.add_sounds(&rows)?)
    }
}

fn file_row(path: &Path, new: &New, sound: &str, now: &str) -> SoundFile {
    let facts = &new.facts;
    let text = |it: &Option<String>| it.clone().unwrap_or_default();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    SoundFile {
        sha256: new.sha256.clone(),
        sound: sound.to_owned(),
        path: whole.to_string_lossy().into_owned(),
        size_bytes: new.size_bytes,
        codec: format!("{} in {}", facts.codec, facts.container),
        rate_hz: facts.rate_hz,
        channels: facts.channels.into(),
        title: text(&facts.tags.title),
        artist: text(&facts.tags.artist),
        isrc: text(&facts.tags.isrc),
        added_at: now.to_owned(),
    }
}

/// A file's name without its folders.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| path.display().to_string(), |it| it.to_string_lossy().into_owned())
}
