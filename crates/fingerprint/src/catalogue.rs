use crate::dense::CHUNK;
use crate::ear::BANDS;
use crate::landmark::{Landmarks, LandmarksRef};
use crate::{Print, PrintRef};

/// Prints by number, wherever they lie.
pub trait Prints: Sync {
    /// One more than the highest number.
    fn slots(&self) -> u32;

    /// The print of a number, if there is one.
    fn print(&self, slot: u32) -> Option<PrintRef<'_>>;

    /// Its landmarks, by which large catalogues are searched first.
    fn landmarks(&self, slot: u32) -> Option<LandmarksRef<'_>>;

    /// Says that nothing that was read is needed soon, so that memory which can be filled again from a file may be given back.
    fn let_go(&self) {}
}

impl Prints for Vec<(Print, Landmarks)> {
    fn slots(&self) -> u32 {
        self.len() as u32
    }

    fn print(&self, slot: u32) -> Option<PrintRef<'_>> {
        self.get(slot as usize).map(|(print, _)| print.view())
    }

    fn landmarks(&self, slot: u32) -> Option<LandmarksRef<'_>> {
        self.get(slot as usize).map(|(_, landmarks)| landmarks.view())
    }
}

/// All prints on one line of time, one after the other, with gaps that no window can reach over.
pub(crate) struct Timeline<'a> {
    pub(crate) entries: Vec<Entry<'a>>,
    pub(crate) frames: usize,
    pub(crate) prints: &'a dyn Prints,
}

pub(crate) struct Entry<'a> {
    pub(crate) slot: u32,
    pub(crate) start: usize,
    pub(crate) print: PrintRef<'a>,
    pub(crate) landmarks: Option<LandmarksRef<'a>>,
}

impl<'a> Timeline<'a> {
    pub(crate) fn new(prints: &'a dyn Prints) -> Self {
        let mut entries = Vec::new();
        let mut frames = CHUNK;
        for slot in 0..prints.slots() {
            if let Some(print) = prints.print(slot) {
                let landmarks = prints.landmarks(slot);
                entries.push(Entry { slot, start: frames, print, landmarks });
                frames += print.frames() + CHUNK;
            }
        }
        Self { entries, frames, prints }
    }

    /// The entry that covers a frame, or the first after it.
    pub(crate) fn at(&self, frame: usize) -> usize {
        self.entries.partition_point(|entry| entry.start + entry.print.frames() <= frame)
    }

    /// Number of the entry that a window of [`CHUNK`] frames from `frame` on lies in, for the most part.
    pub(crate) fn of_window(&self, frame: usize) -> Option<usize> {
        [frame + CHUNK / 2, frame]
            .into_iter()
            .map(|frame| self.at(frame))
            .find(|&at| self.entries.get(at).is_some_and(|entry| entry.start < frame + CHUNK))
    }

    /// Writes the rows from `frame` on into `rows`, with zeros between prints.
    pub(crate) fn read(&self, frame: usize, rows: &mut [f32]) {
        rows.fill(0.0);
        let end = frame + rows.len() / BANDS;
        for entry in self.entries[self.at(frame)..].iter().take_while(|entry| entry.start < end) {
            let from = entry.start.max(frame);
            let to = (entry.start + entry.print.frames()).min(end);
            let rows = &mut rows[(from - frame) * BANDS..(to - frame) * BANDS];
            entry.print.read(from - entry.start, rows);
        }
    }
}
