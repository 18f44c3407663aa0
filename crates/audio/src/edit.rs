//! The edit list of an MP4 stream: where its sound begins and ends (ISO/IEC 14496-12, sections
//! 8.6.5 and 8.6.6).
//!
//! The encoder's delay stands there, and the demultiplexer does not tell it.

use std::io::{Read, Seek, SeekFrom};

/// Boxes that are looked at, at most.
const BOXES_MAX: u32 = 10_000;
/// Entries of an edit list that are looked at, at most.
const ENTRIES_MAX: u32 = 64;

/// What of a stream is played.
#[derive(Copy, Clone, PartialEq, Debug, Default)]
pub(crate) struct Edit {
    /// Silence before it, in seconds.
    pub(crate) wait_s: f64,
    /// Sound to drop from its start, in seconds.
    pub(crate) skip_s: f64,
    /// Sound that is played, in seconds, if the list says.
    pub(crate) keep_s: Option<f64>,
}

/// A box: its kind, and where its contents begin and end.
#[derive(Copy, Clone)]
struct Part {
    kind: [u8; 4],
    start: u64,
    end: u64,
}

/// The edit of the stream with this number; `None` if there is none, or no file of this kind.
///
/// Whatever happens, the source is where it was.
pub(crate) fn find(source: &mut (impl Read + Seek), number: u32) -> Option<Edit> {
    let before = source.stream_position().ok()?;
    let end = source.seek(SeekFrom::End(0)).ok()?;
    let edit = Walk { source, left: BOXES_MAX }.edit(end, number);
    source.seek(SeekFrom::Start(before)).ok()?;
    edit
}

struct Walk<'a, R> {
    source: &'a mut R,
    left: u32,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn edit(&mut self, end: u64, number: u32) -> Option<Edit> {
        let file = Part { kind: *b"file", start: 0, end };
        let movie = self.child(file, b"moov")?;
        let header = self.child(movie, b"mvhd")?;
        let movie_scale = self.scale(header)?;
        let mut at = movie.start;
        while let Some(part) = self.part(at, movie.end) {
            at = part.end;
            if &part.kind != b"trak" || self.number(part) != Some(number) {
                continue;
            }
            let media = self.child(part, b"mdia")?;
            let header = self.child(media, b"mdhd")?;
            let scale = self.scale(header)?;
            let edits = self.child(part, b"edts")?;
            let list = self.child(edits, b"elst")?;
            return self.list(list, movie_scale, scale);
        }
        None
    }

    /// The first child of this kind.
    fn child(&mut self, parent: Part, kind: &[u8; 4]) -> Option<Part> {
        let mut at = parent.start;
        while let Some(part) = self.part(at, parent.end) {
            if &part.kind == kind {
                return Some(part);
            }
            at = part.end;
        }
        None
    }

    /// The box that begins here.
    fn part(&mut self, at: u64, end: u64) -> Option<Part> {
        self.left = self.left.checked_sub(1)?;
        let [a, b, c, d, kind @ ..] = self.bytes::<8>(at)?;
        let (start, size) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (at.checked_add(8)?, end.checked_sub(at)?),
            1 => (at.checked_add(16)?, u64::from_be_bytes(self.bytes(at.checked_add(8)?)?)),
            size => (at.checked_add(8)?, u64::from(size)),
        };
        let part = Part { kind, start, end: at.checked_add(size)? };
        (part.start <= part.end && part.end <= end).then_some(part)
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.source.seek(SeekFrom::Start(at)).ok()?;
        self.source.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Units a second of `mvhd` and `mdhd`; versions 0 and 1 differ in the widths before it.
    fn scale(&mut self, part: Part) -> Option<f64> {
        let [version] = self.bytes::<1>(part.start)?;
        let at = part.start.checked_add(if version == 0 { 12 } else { 20 })?;
        let scale = u32::from_be_bytes(self.bytes(at)?);
        (scale != 0).then_some(f64::from(scale))
    }

    /// The number of a stream.
    fn number(&mut self, stream: Part) -> Option<u32> {
        let header = self.child(stream, b"tkhd")?;
        let [version] = self.bytes::<1>(header.start)?;
        let at = header.start.checked_add(if version == 0 { 12 } else { 20 })?;
        Some(u32::from_be_bytes(self.bytes(at)?))
    }

    /// The entries: empty ones, then the first of the media.
    fn list(&mut self, list: Part, movie_scale: f64, scale: f64) -> Option<Edit> {
        let [version] = self.bytes::<1>(list.start)?;
        let count = u32::from_be_bytes(self.bytes(list.start.checked_add(4)?)?);
        let mut at = list.start.checked_add(8)?;
        let mut edit = Edit::default();
        for index in 0..count.min(ENTRIES_MAX) {
            let (length, begin, size) = if version == 1 {
                let length = u64::from_be_bytes(self.bytes(at)?);
                (length, i64::from_be_bytes(self.bytes(at.checked_add(8)?)?), 20)
            } else {
                let length = u64::from(u32::from_be_bytes(self.bytes(at)?));
                (length, i64::from(i32::from_be_bytes(self.bytes(at.checked_add(4)?)?)), 12)
            };
            at = at.checked_add(size)?;
            if begin < 0 {
                edit.wait_s += seconds(length, movie_scale);
                continue;
            }
            edit.skip_s = seconds(begin.unsigned_abs(), scale);
            // A list that goes on plays further parts, which the last one bounds, not this one.
            edit.keep_s =
                (length > 0 && index + 1 == count).then_some(seconds(length, movie_scale));
            return Some(edit);
        }
        None
    }
}

/// A length in seconds; what is too long to be exact is no music.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 units, thousands of years")]
fn seconds(units: u64, scale: f64) -> f64 {
    units as f64 / scale
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Edit, find};

    fn part(kind: &[u8; 4], contents: &[&[u8]]) -> Vec<u8> {
        let contents = contents.concat();
        let size = u32::try_from(8 + contents.len()).expect("short");
        [&size.to_be_bytes()[..], kind, &contents].concat()
    }

    fn movie(entries: &[(u32, i32)]) -> Vec<u8> {
        let scale = |it: u32| [&[0; 12][..], &it.to_be_bytes(), &[0; 4]].concat();
        let count = u32::try_from(entries.len()).expect("short");
        let mut list = [&[0; 4][..], &count.to_be_bytes()].concat();
        for (length, begin) in entries {
            list.extend(length.to_be_bytes());
            list.extend(begin.to_be_bytes());
            list.extend([0, 1, 0, 0]);
        }
        let stream = part(
            b"trak",
            &[
                &part(b"tkhd", &[&scale(7)]),
                &part(b"edts", &[&part(b"elst", &[&list])]),
                &part(b"mdia", &[&part(b"mdhd", &[&scale(44_100)])]),
            ],
        );
        let header = part(b"mvhd", &[&scale(1_000)]);
        [part(b"ftyp", &[b"M4A "]), part(b"moov", &[&header, &stream])].concat()
    }

    #[test]
    fn delay_and_length_are_found() {
        let edit = |entries: &[(u32, i32)]| find(&mut Cursor::new(movie(entries)), 7);
        let skip_s = 1_024.0 / 44_100.0;
        assert_eq!(edit(&[(2_000, 1_024)]), Some(Edit { wait_s: 0.0, skip_s, keep_s: Some(2.0) }));
        assert_eq!(
            edit(&[(250, -1), (0, 1_024)]),
            Some(Edit { wait_s: 0.25, skip_s, keep_s: None })
        );
        assert_eq!(edit(&[(250, -1)]), None);
        assert_eq!(find(&mut Cursor::new(movie(&[(2_000, 0)])), 8), None);
    }

    #[test]
    fn no_cut_or_bent_list_stops_it() {
        let whole = movie(&[(250, -1), (2_000, 1_024)]);
        for end in 0..whole.len() {
            assert_eq!(find(&mut Cursor::new(&whole[..end]), 7), None);
        }
        for at in 0..whole.len() {
            for byte in [0, 1, 0x7f, 0xff] {
                let mut bent = whole.clone();
                bent[at] = byte;
                let _ = find(&mut Cursor::new(bent), 7).is_some();
            }
        }
    }
}
