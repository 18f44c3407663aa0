//! One segment: a file that is written once.
//!
//! ```text
//! head     magic, bytes in all, entries, where the table starts, its sum     48 bytes
//! body     landmarks of all entries, then prints of all entries
//! table    a row an entry: length of label, landmarks and print, sums of both; then the labels
//! ```
//! Landmarks lie together, so that a sweep over all of them touches few pages. Numbers are little-endian.

use fingerprint::PrintRef;
use fingerprint::landmark::LandmarksRef;
use twox_hash::XxHash3_128;

use crate::SegmentError;
use crate::error::LABEL_BYTES_MAX;

const MAGIC: [u8; 8] = *b"LMSHELF\x01";
const HEAD: usize = 48;
const ROW: usize = 2 + 4 + 8 + 16 + 16;

/// Most entries of a segment, and most bytes of one print and of a segment's bodies.
pub(crate) const ENTRIES_MAX: usize = 1 << 20;
pub(crate) const PRINT_BYTES_MAX: usize = 1 << 30;
pub(crate) const SEGMENT_BYTES_MAX: u64 = 1 << 36;

/// What is to be kept of one recording.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'a> {
    pub(crate) label: &'a str,
    pub(crate) landmarks: &'a [u8],
    pub(crate) print: &'a [u8],
}

/// What a segment says of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    label: String,
    landmarks: Part,
    print: Part,
}

/// Bytes of a file and their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Part {
    start: usize,
    end: usize,
    sum: [u8; 16],
}

/// Writes a segment piece by piece.
///
/// # Errors
/// What `write` says.
pub(crate) fn write<E>(
    bodies: &[Body<'_>],
    mut write: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut table = Vec::with_capacity(bodies.len() * (ROW + 16));
    for body in bodies {
        table.extend_from_slice(&(body.label.len() as u16).to_le_bytes());
        table.extend_from_slice(&(body.landmarks.len() as u32).to_le_bytes());
        table.extend_from_slice(&(body.print.len() as u64).to_le_bytes());
        table.extend_from_slice(&sum(body.landmarks));
        table.extend_from_slice(&sum(body.print));
    }
    bodies.iter().for_each(|body| table.extend_from_slice(body.label.as_bytes()));
    let inner: usize = bodies.iter().map(|body| body.landmarks.len() + body.print.len()).sum();
    let start = HEAD + inner;
    let mut head = Vec::with_capacity(HEAD);
    head.extend_from_slice(&MAGIC);
    head.extend_from_slice(&((start + table.len()) as u64).to_le_bytes());
    head.extend_from_slice(&(bodies.len() as u64).to_le_bytes());
    head.extend_from_slice(&(start as u64).to_le_bytes());
    head.extend_from_slice(&sum(&[head.as_slice(), &table].concat()));
    write(&head)?;
    bodies.iter().try_for_each(|body| write(body.landmarks))?;
    bodies.iter().try_for_each(|body| write(body.print))?;
    write(&table)
}

impl Table {
    /// Reads head and table of a segment; the entries' bytes are not looked at.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, SegmentError> {
        let (head, said_sum) = head(bytes)?;
        let number = |at: usize| {
            let bytes = head[at..at + 8].try_into().expect("eight bytes");
            u64::from_le_bytes(bytes)
        };
        let (length, count, start) = (number(8), number(16), number(24));
        if length != bytes.len() as u64 {
            return Err(SegmentError::Length { expected: length, found: bytes.len() as u64 });
        }
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let table = bytes.get(start..).filter(|_| start >= HEAD).ok_or(SegmentError::Table)?;
        if sum(&[head, table].concat()) != *said_sum {
            return Err(SegmentError::Table);
        }
        let count = usize::try_from(count).ok().filter(|it| *it <= ENTRIES_MAX);
        let count = count.ok_or(SegmentError::Table)?;
        let rows = table.get(..count * ROW).ok_or(SegmentError::Table)?;
        Self::of_rows(rows, &table[count * ROW..], start)
    }

    fn of_rows(rows: &[u8], labels: &[u8], end: usize) -> Result<Self, SegmentError> {
        let rows: Vec<Row> = rows.chunks_exact(ROW).map(Row::of).collect();
        let (mut at, mut print_at, mut label_at) = (HEAD, HEAD, 0);
        for row in &rows {
            print_at = usize::checked_add(print_at, row.landmarks).ok_or(SegmentError::Table)?;
        }
        let mut entries = Vec::with_capacity(rows.len());
        for (entry, row) in rows.iter().enumerate() {
            let outside = || SegmentError::Entry { entry };
            let label = labels.get(label_at..label_at + row.label).ok_or_else(outside)?;
            let label = str::from_utf8(label).ok().filter(|it| is_label(it)).ok_or_else(outside)?;
            let landmarks = row.part(&mut at, row.landmarks, row.landmarks_sum);
            let print = row.part(&mut print_at, row.print, row.print_sum);
            let (landmarks, print) = landmarks.zip(print).ok_or_else(outside)?;
            if print.end > end {
                return Err(outside());
            }
            label_at += row.label;
            entries.push(Entry { label: label.to_owned(), landmarks, print });
        }
        let full = print_at == end && label_at == labels.len();
        full.then_some(Self { entries }).ok_or(SegmentError::Table)
    }

    pub(crate) fn count(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn label(&self, entry: usize) -> Option<&str> {
        self.entries.get(entry).map(|it| it.label.as_str())
    }

    /// Bytes of an entry, label and all.
    pub(crate) fn bytes(&self, entry: usize) -> u64 {
        self.entries.get(entry).map_or(0, |it| {
            let inner = it.landmarks.end - it.landmarks.start + it.print.end - it.print.start;
            (inner + it.label.len() + ROW) as u64
        })
    }

    /// The bytes of an entry as they were given; of the segment that this is the table of.
    pub(crate) fn body<'a>(
        &'a self,
        bytes: &'a [u8],
        entry: usize,
    ) -> Result<Body<'a>, SegmentError> {
        let it = self.entries.get(entry).ok_or(SegmentError::Entry { entry })?;
        let landmarks = it.landmarks.read(bytes, entry)?;
        Ok(Body { label: &it.label, landmarks, print: it.print.read(bytes, entry)? })
    }

    pub(crate) fn print<'a>(
        &self,
        bytes: &'a [u8],
        entry: usize,
    ) -> Result<PrintRef<'a>, SegmentError> {
        let it = self.entries.get(entry).ok_or(SegmentError::Entry { entry })?;
        let bytes = it.print.read(bytes, entry)?;
        PrintRef::parse(bytes).map_err(|source| SegmentError::Print { entry, source })
    }

    /// Whether print and landmarks of an entry begin as this version's do.
    pub(crate) fn is_current(&self, bytes: &[u8], entry: usize) -> bool {
        self.entries.get(entry).is_some_and(|it| {
            let of = |part: &Part| bytes.get(part.start..part.end).unwrap_or_default();
            PrintRef::is_current(of(&it.print)) && LandmarksRef::is_current(of(&it.landmarks))
        })
    }

    /// Where the print of an entry lies.
    pub(crate) fn print_place(&self, entry: usize) -> std::ops::Range<usize> {
        self.entries.get(entry).map_or(0..0, |it| it.print.start..it.print.end)
    }

    pub(crate) fn landmarks<'a>(
        &self,
        bytes: &'a [u8],
        entry: usize,
    ) -> Result<LandmarksRef<'a>, SegmentError> {
        let it = self.entries.get(entry).ok_or(SegmentError::Entry { entry })?;
        let bytes = it.landmarks.read(bytes, entry)?;
        LandmarksRef::parse(bytes).map_err(|source| SegmentError::Landmarks { entry, source })
    }
}

/// The head but for its sum, and the sum.
fn head(bytes: &[u8]) -> Result<(&[u8], &[u8; 16]), SegmentError> {
    let head = bytes.get(..HEAD).filter(|it| it.starts_with(&MAGIC));
    let (head, sum) = head.and_then(<[u8]>::split_last_chunk).ok_or(SegmentError::Foreign)?;
    Ok((head, sum))
}

/// A row of the table as it is written.
struct Row {
    label: usize,
    landmarks: usize,
    print: usize,
    landmarks_sum: [u8; 16],
    print_sum: [u8; 16],
}

impl Row {
    fn of(bytes: &[u8]) -> Self {
        let mut number = [0; 8];
        let mut read = |from: usize, to: usize| {
            number = [0; 8];
            number[..to - from].copy_from_slice(&bytes[from..to]);
            usize::try_from(u64::from_le_bytes(number)).unwrap_or(usize::MAX)
        };
        let (label, landmarks, print) = (read(0, 2), read(2, 6), read(6, 14));
        let sum = |from: usize| bytes[from..from + 16].try_into().expect("sixteen bytes");
        Self { label, landmarks, print, landmarks_sum: sum(14), print_sum: sum(30) }
    }

    fn part(&self, at: &mut usize, length: usize, sum: [u8; 16]) -> Option<Part> {
        let start = *at;
        let end = start.checked_add(length)?;
        *at = end;
        Some(Part { start, end, sum })
    }
}

impl Part {
    fn read<'a>(&self, bytes: &'a [u8], entry: usize) -> Result<&'a [u8], SegmentError> {
        let part = bytes.get(self.start..self.end).ok_or(SegmentError::Entry { entry })?;
        if sum(part) == self.sum { Ok(part) } else { Err(SegmentError::Sum { entry }) }
    }
}

/// Whether a text can be a label.
pub(crate) fn is_label(text: &str) -> bool {
    (1..=LABEL_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control)
}

fn sum(bytes: &[u8]) -> [u8; 16] {
    XxHash3_128::oneshot(bytes).to_le_bytes()
}

/// Writes length and sum of the table anew, as somebody would who forges a segment.
#[cfg(test)]
pub(crate) fn set_right(bytes: &mut [u8]) {
    if bytes.len() < HEAD {
        return;
    }
    let length = bytes.len() as u64;
    bytes[8..16].copy_from_slice(&length.to_le_bytes());
    let start = u64::from_le_bytes(bytes[24..32].try_into().unwrap()).min(length) as usize;
    let sum = sum(&[&bytes[..32], &bytes[start..]].concat());
    bytes[32..48].copy_from_slice(&sum);
}
