//! Text that is unpacked ahead of its reader, on a thread of its own.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use flate2::bufread::MultiGzDecoder;

use crate::error::StoreError;

/// Bytes that are handed over at once.
const PIECE: usize = 1 << 18;
/// Pieces that are ready before the unpacking waits for the reader.
const AHEAD: usize = 4;

/// The text of a file, packed (gzip, RFC 1952) or not.
///
/// What is packed is unpacked on another thread while this one reads; at most [`AHEAD`] pieces wait.
#[derive(Debug)]
pub struct Text(Source);

#[derive(Debug)]
enum Source {
    Plain(BufReader<File>),
    Packed(Pieces),
}

/// The pieces that come from the other thread, the first one being read.
#[derive(Debug)]
struct Pieces {
    ready: Receiver<io::Result<Vec<u8>>>,
    spent: Sender<Vec<u8>>,
    piece: Vec<u8>,
    at: usize,
}

impl Text {
    /// Opens a file; its first two bytes say whether it is packed.
    ///
    /// # Errors
    /// [`StoreError::File`] if the file cannot be opened.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::file(path))?;
        let mut file = BufReader::with_capacity(PIECE, file);
        let packed = file.fill_buf().map_err(StoreError::file(path))?.starts_with(&[0x1f, 0x8b]);
        if !packed {
            return Ok(Self(Source::Plain(file)));
        }
        let (to, ready) = sync_channel(AHEAD);
        let (spent, back) = channel();
        // The thread ends with the file, with an error, or when nobody reads any more.
        thread::spawn(move || unpack(MultiGzDecoder::new(file), &to, &back));
        Ok(Self(Source::Packed(Pieces { ready, spent, piece: Vec::new(), at: 0 })))
    }

    /// Whether the file is packed, so that its bytes are others than those of the text.
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        matches!(self.0, Source::Packed(_))
    }
}

/// Unpacks piece after piece; an empty one says that all is told.
fn unpack(mut from: impl Read, to: &SyncSender<io::Result<Vec<u8>>>, back: &Receiver<Vec<u8>>) {
    loop {
        let mut piece = back.try_recv().unwrap_or_default();
        piece.resize(PIECE, 0);
        let read = fill(&mut from, &mut piece).map(|length| {
            piece.truncate(length);
            piece
        });
        let last = read.as_ref().map_or(true, Vec::is_empty);
        if to.send(read).is_err() || last {
            return;
        }
    }
}

/// Reads until the piece is full or all is read; what came before an error is told before it.
fn fill(from: &mut impl Read, piece: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < piece.len() {
        match from.read(&mut piece[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // The same error comes again with the next piece.
            Err(_) if length > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.0 {
            Source::Plain(file) => file.fill_buf(),
            Source::Packed(it) => {
                if it.at == it.piece.len() {
                    let spent = std::mem::take(&mut it.piece);
                    it.at = 0;
                    // Nobody takes it back any more when all is unpacked.
                    drop(it.spent.send(spent));
                    // The thread is gone when the end or an error was told: then all is read.
                    it.piece = it.ready.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
                }
                Ok(&it.piece[it.at..])
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        match &mut self.0 {
            Source::Plain(file) => file.consume(amount),
            Source::Packed(it) => it.at = it.piece.len().min(it.at + amount),
        }
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let count = from.len().min(buffer.len());
        buffer[..count].copy_from_slice(&from[..count]);
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut to = GzEncoder::new(Vec::new(), Compression::fast());
        to.write_all(text).unwrap();
        to.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tsv");
        std::fs::write(&path, bytes).unwrap();
        let (mut text, mut source) = (Vec::new(), Text::open(&path).unwrap());
        let error = source.read_to_end(&mut text).err().map(|it| it.to_string());
        (text, error)
    }

    #[test]
    fn plain_and_packed_text_are_the_same() {
        let text: Vec<u8> = (0..900_000_u32).flat_map(|it| it.to_le_bytes()).collect();
        for text in [&text[..], &text[..PIECE], b"", b"HEAD"] {
            assert_eq!(read(text), (text.to_vec(), None));
            assert_eq!(read(&packed(text)), (text.to_vec(), None));
            let twice = [packed(text), packed(text)].concat();
            assert_eq!(read(&twice), (text.repeat(2), None));
        }
    }

    #[test]
    fn a_torn_file_gives_what_there_is_and_says_so() {
        let text: Vec<u8> = (0..900_000_u32).flat_map(|it| it.to_le_bytes()).collect();
        let whole = packed(&text);
        let (got, error) = read(&whole[..whole.len() / 2]);
        assert!(error.is_some());
        assert!(text.starts_with(&got));
        assert!(got.len() > text.len() / 4, "{}", got.len());
    }

    #[test]
    fn a_reader_that_leaves_stops_the_unpacking() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.tsv");
        std::fs::write(&path, packed(&vec![7; 20 * PIECE])).unwrap();
        let mut text = Text::open(&path).unwrap();
        assert_eq!(text.fill_buf().unwrap()[0], 7);
    }
}
