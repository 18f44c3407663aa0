//! Prints and landmarks at rest: append-only segments, mapped into memory.
//!
//! # Purpose
//! A catalogue's sound is kept as prints and landmarks, some 2.2 MB an hour. A recording is added, replaced or removed
//! without touching the others, and a thousand hours are searched in little memory.
//!
//! # Words
//! A **shelf** is a folder. A **segment** is a file in it that is written once, with the prints and landmarks of some
//! recordings. The **manifest** lists the segments that count and the entries in them that no longer do. A **label** says
//! whose sound an entry is: the shelf asks no more of it than that no two live entries have the same. A **slot** is the number of
//! a live entry, for as long as the shelf is not changed.
//!
//! # Drawing
//! ```text
//!  add ──▶ 00000013.segment.new ─ sync ─ rename ─▶ manifest.new ─ sync ─ rename ─▶ small segments merged, the same way
//!                                                       │
//!  shelf/ manifest ─── lists ──▶ 00000012.segment   landmarks … │ prints … │ table
//!                               00000013.segment   landmarks … │ prints … │ table
//! ```
//!
//! # Example
//! ```
//! use fingerprint::landmark::Landmarks;
//! use fingerprint::{Ear, Print};
//! use shelf::{NewEntry, Shelf};
//!
//! let tone: Vec<f32> = (0..160_000).map(|n| (n as f32 * 0.1).sin() * (n as f32 * 1e-4).sin()).collect();
//! let mut ear = Ear::new();
//! ear.push(&tone);
//! let map = ear.finish().map;
//!
//! let folder = tempfile::tempdir()?;
//! let mut shelf = Shelf::open(folder.path())?;
//! shelf.add(&[NewEntry { label: "KRA012600001", print: &Print::new(&map), landmarks: &Landmarks::new(&map) }])?;
//! let shelf = Shelf::open(folder.path())?;
//! assert_eq!(shelf.label(0), Some("KRA012600001"));
//! assert_eq!(shelf.landmarks(0)?.frames(), map.frames());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A kill at any moment leaves the shelf as it was before or as it is after, never anything else.
//! - A segment that has its name is never written again.
//! - No byte of a file is believed: lengths and sums are checked, and damage is an error that names the file.
//! - The only unsafe calls of the workspace are in `map.rs`.
//!
//! # What it does not do
//! It does not know which recording a label is, decodes no sound, and searches nothing. It takes no lock: one process
//! at a time may change a shelf, which is for the home's lock to say; any number may read it meanwhile, and see it as it was when
//! they opened it.

#![expect(
    clippy::cast_possible_truncation,
    reason = "lengths were held against their limits, which fit, before they are written"
)]

mod error;
mod file;
mod manifest;
mod map;
mod merge;
mod segment;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use fingerprint::landmark::{Landmarks, LandmarksRef};
use fingerprint::{Print, PrintRef};
use memmap2::Mmap;

pub use error::{LABEL_BYTES_MAX, SegmentError, ShelfError};
use manifest::{Listed, Manifest};
use segment::{Body, ENTRIES_MAX, PRINT_BYTES_MAX, SEGMENT_BYTES_MAX, Table};

/// Most bytes of a manifest that are read.
const MANIFEST_BYTES_MAX: u64 = 1 << 28;

/// A folder of prints and landmarks.
pub struct Shelf {
    folder: PathBuf,
    segments: Vec<Segment>,
    /// Segment and entry of each slot.
    slots: Vec<(usize, usize)>,
    labels: BTreeMap<String, u32>,
}

/// A recording's sound, to be kept under a label.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'a> {
    /// Whose it is.
    pub label: &'a str,
    /// Its print.
    pub print: &'a Print,
    /// Its landmarks.
    pub landmarks: &'a Landmarks,
}

struct Segment {
    listed: Listed,
    path: PathBuf,
    bytes: Mmap,
    table: Table,
}

impl Shelf {
    /// Opens the shelf in a folder; an empty one if there is no such folder yet, or no manifest in it.
    ///
    /// # Errors
    /// A file that cannot be read, or is damaged.
    pub fn open(folder: &Path) -> Result<Self, ShelfError> {
        let path = file::manifest(folder);
        let manifest = match File::open(&path) {
            Ok(file) => read(&file, &path)?,
            Err(source) if source.kind() == io::ErrorKind::NotFound => Manifest::default(),
            Err(source) => return Err(ShelfError::file("read", &path)(source)),
        };
        let mut shelf = Self {
            folder: folder.to_owned(),
            segments: Vec::new(),
            slots: Vec::new(),
            labels: BTreeMap::new(),
        };
        shelf.show(manifest)?;
        Ok(shelf)
    }

    /// Adds recordings; one whose label is known takes the place of the one before.
    ///
    /// # Errors
    /// [`ShelfError`]; the shelf is then as it was.
    pub fn add(&mut self, entries: &[NewEntry<'_>]) -> Result<(), ShelfError> {
        if entries.is_empty() {
            return Ok(());
        }
        let bodies: Vec<Body<'_>> = entries
            .iter()
            .map(|it| Body {
                label: it.label,
                landmarks: it.landmarks.as_bytes(),
                print: it.print.as_bytes(),
            })
            .collect();
        check(&bodies)?;
        fs::create_dir_all(&self.folder).map_err(ShelfError::file("made", &self.folder))?;
        let mut manifest = self.without(bodies.iter().map(|it| it.label));
        let number = self.manifest().next();
        self.write_segment(number, &bodies)?;
        manifest.segments.push(Listed { number, gone: BTreeSet::new() });
        self.save(manifest)?;
        self.merge()?;
        self.tidy()
    }

    /// Removes recordings by label, and says how many of them there were.
    ///
    /// # Errors
    /// [`ShelfError`]; the shelf is then as it was.
    pub fn remove<'a>(
        &mut self,
        labels: impl IntoIterator<Item = &'a str>,
    ) -> Result<usize, ShelfError> {
        let before = self.len();
        let manifest = self.without(labels);
        if manifest != self.manifest() {
            self.save(manifest)?;
            self.merge()?;
            self.tidy()?;
        }
        Ok(before - self.len())
    }

    /// How many recordings there are; slots go from 0 to below it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The label of a slot.
    #[must_use]
    pub fn label(&self, slot: u32) -> Option<&str> {
        let (segment, entry) = *self.slots.get(slot as usize)?;
        self.segments[segment].table.label(entry)
    }

    /// The slot of a label.
    #[must_use]
    pub fn slot(&self, label: &str) -> Option<u32> {
        self.labels.get(label).copied()
    }

    /// All labels with their slots, in alphabetical order.
    pub fn labels(&self) -> impl Iterator<Item = (&str, u32)> {
        self.labels.iter().map(|(label, slot)| (label.as_str(), *slot))
    }

    /// Bytes of all segments, removed entries that are still in them included.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(|it| it.bytes.len() as u64).sum()
    }

    /// The print of a slot; its bytes were checked, and are not kept in memory until they are looked at.
    ///
    /// # Errors
    /// Bytes that were changed since they were written, or a slot that does not exist.
    pub fn print(&self, slot: u32) -> Result<PrintRef<'_>, ShelfError> {
        let (segment, entry) = self.place(slot);
        let it = self.segments.get(segment).ok_or_else(|| self.no_slot(slot))?;
        let print = it.table.print(&it.bytes, entry).map_err(|source| it.damaged(source))?;
        map::let_go(&it.bytes, it.table.print_place(entry));
        Ok(print)
    }

    /// Whether this version made a slot's print and landmarks; if not, neither can be read, and the sound must be heard again.
    #[must_use]
    pub fn is_current(&self, slot: u32) -> bool {
        let (segment, entry) = self.place(slot);
        self.segments.get(segment).is_some_and(|it| it.table.is_current(&it.bytes, entry))
    }

    /// The landmarks of a slot.
    ///
    /// # Errors
    /// Bytes that were changed since they were written, or a slot that does not exist.
    pub fn landmarks(&self, slot: u32) -> Result<LandmarksRef<'_>, ShelfError> {
        let (segment, entry) = self.place(slot);
        let it = self.segments.get(segment).ok_or_else(|| self.no_slot(slot))?;
        it.table.landmarks(&it.bytes, entry).map_err(|source| it.damaged(source))
    }

    /// Reads all there is and checks it.
    ///
    /// # Errors
    /// The first damage.
    pub fn verify(&self) -> Result<(), ShelfError> {
        for it in &self.segments {
            for entry in 0..it.table.count() {
                it.table.print(&it.bytes, entry).map_err(|source| it.damaged(source))?;
                it.table.landmarks(&it.bytes, entry).map_err(|source| it.damaged(source))?;
            }
        }
        Ok(())
    }

    fn place(&self, slot: u32) -> (usize, usize) {
        self.slots.get(slot as usize).copied().unwrap_or((usize::MAX, 0))
    }

    fn no_slot(&self, slot: u32) -> ShelfError {
        let source = SegmentError::Entry { entry: slot as usize };
        ShelfError::Segment { path: file::manifest(&self.folder), source }
    }

    fn manifest(&self) -> Manifest {
        Manifest { segments: self.segments.iter().map(|it| it.listed.clone()).collect() }
    }

    /// The manifest with these labels gone.
    fn without<'a>(&self, labels: impl IntoIterator<Item = &'a str>) -> Manifest {
        let mut manifest = self.manifest();
        for label in labels {
            if let Some(slot) = self.labels.get(label) {
                let (segment, entry) = self.slots[*slot as usize];
                manifest.segments[segment].gone.insert(entry);
            }
        }
        manifest
    }

    fn write_segment(&self, number: u64, bodies: &[Body<'_>]) -> Result<(), ShelfError> {
        let path = file::segment(&self.folder, number);
        file::write(&path, |write| segment::write(bodies, write))
    }

    /// Makes a manifest the one that counts; segments without a live entry are left out of it.
    fn save(&mut self, mut manifest: Manifest) -> Result<(), ShelfError> {
        let counts: BTreeMap<u64, usize> =
            self.segments.iter().map(|it| (it.listed.number, it.table.count())).collect();
        manifest
            .segments
            .retain(|it| counts.get(&it.number).is_none_or(|count| it.gone.len() < *count));
        let text = manifest.to_text();
        file::write(&file::manifest(&self.folder), |write| write(text.as_bytes()))?;
        self.show(manifest)
    }

    /// Opens the segments that are not open, forgets those that are not listed, and counts the slots.
    fn show(&mut self, manifest: Manifest) -> Result<(), ShelfError> {
        let mut open: BTreeMap<u64, Segment> =
            self.segments.drain(..).map(|it| (it.listed.number, it)).collect();
        for listed in manifest.segments {
            let segment = match open.remove(&listed.number) {
                Some(it) => Segment { listed, ..it },
                None => Segment::open(&self.folder, listed)?,
            };
            self.segments.push(segment);
        }
        self.slots.clear();
        self.labels.clear();
        for (number, segment) in self.segments.iter().enumerate() {
            for (entry, label) in segment.live() {
                self.labels.insert(label.to_owned(), self.slots.len() as u32);
                self.slots.push((number, entry));
            }
        }
        Ok(())
    }

    fn tidy(&self) -> Result<(), ShelfError> {
        let kept: BTreeSet<u64> = self.segments.iter().map(|it| it.listed.number).collect();
        file::sweep(&self.folder, |number| kept.contains(&number))
    }
}

impl fingerprint::Prints for Shelf {
    fn slots(&self) -> u32 {
        self.slots.len() as u32
    }

    /// The print, if its bytes are what was written.
    fn print(&self, slot: u32) -> Option<PrintRef<'_>> {
        Self::print(self, slot).ok()
    }

    fn landmarks(&self, slot: u32) -> Option<LandmarksRef<'_>> {
        Self::landmarks(self, slot).ok()
    }

    fn let_go(&self) {
        self.segments.iter().for_each(|it| map::let_go(&it.bytes, 0..it.bytes.len()));
    }
}

impl Segment {
    fn open(folder: &Path, listed: Listed) -> Result<Self, ShelfError> {
        let path = file::segment(folder, listed.number);
        let mapped = File::open(&path).and_then(|file| map::map(&file));
        let bytes = mapped.map_err(ShelfError::file("read", &path))?;
        match Table::parse(&bytes) {
            Ok(table) => Ok(Self { listed, path, bytes, table }),
            Err(source) => Err(ShelfError::Segment { path, source }),
        }
    }

    /// Entries that were neither removed nor replaced.
    fn live(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..self.table.count())
            .filter(|entry| !self.listed.gone.contains(entry))
            .filter_map(|entry| Some((entry, self.table.label(entry)?)))
    }

    fn damaged(&self, source: SegmentError) -> ShelfError {
        ShelfError::Segment { path: self.path.clone(), source }
    }
}

fn read(file: &File, path: &Path) -> Result<Manifest, ShelfError> {
    let mut text = String::new();
    file.take(MANIFEST_BYTES_MAX)
        .read_to_string(&mut text)
        .map_err(ShelfError::file("read", path))?;
    Manifest::parse(&text).map_err(|wrong| ShelfError::Manifest {
        path: path.to_owned(),
        line: wrong.line,
        what: wrong.what,
    })
}

fn check(bodies: &[Body<'_>]) -> Result<(), ShelfError> {
    let mut labels = BTreeSet::new();
    let mut bytes = 0;
    for body in bodies {
        if !segment::is_label(body.label) {
            return Err(ShelfError::Label { label: body.label.to_owned() });
        }
        if !labels.insert(body.label) {
            return Err(ShelfError::Twice { label: body.label.to_owned() });
        }
        if body.print.len().max(body.landmarks.len()) > PRINT_BYTES_MAX {
            return Err(ShelfError::TooMuch { what: "a recording is longer than weeks" });
        }
        bytes += (body.print.len() + body.landmarks.len()) as u64;
    }
    if bodies.len() > ENTRIES_MAX || bytes > SEGMENT_BYTES_MAX {
        return Err(ShelfError::TooMuch {
            what: "these are more recordings than fit in a segment",
        });
    }
    Ok(())
}
