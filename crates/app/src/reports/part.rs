//! One file of a report: kept, then read once for its hashes, its findings and what it announces.

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};

use dsr::{Checker, Header, Limits, ReadError, Reader, Record, Summary};
use ingest::Survey;
use sha2::{Digest as _, Sha256};
use store::{Kept, ReportFile, Text};
use twox_hash::XxHash3_128;

use super::take::FindingDesk;
use super::{ReportError, file_name};
use crate::Home;
use crate::home::hex;

/// A file that is kept, and read from where it is kept: what comes in may change meanwhile.
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) file: ReportFile,
    /// SHA-256 of the text, unpacked: the same report, packed or not, is the same.
    pub(super) text: String,
    /// A hash of the text without header and footer. It only tells what looks alike, so it need not
    /// withstand an adversary.
    pub(super) body: String,
    pub(super) summary: Summary,
    /// What is wrong with it.
    pub(super) desk: FindingDesk,
    /// What it announces; none when it cannot be read to its end.
    pub(super) survey: Option<Survey>,
}

impl Part {
    pub(super) fn keep(home: &Home, path: &Path) -> Result<Self, ReportError> {
        let Kept { sha256, size_bytes } = home.store.keep(path)?;
        Ok(Self::kept(home, ReportFile { name: file_name(path), sha256, size_bytes, part: 0 }))
    }

    /// A file that is kept already.
    pub(super) fn kept(home: &Home, file: ReportFile) -> Self {
        Self {
            path: home.store.received_path(&file.sha256),
            file,
            text: String::new(),
            body: String::new(),
            summary: Summary::default(),
            desk: FindingDesk::default(),
            survey: None,
        }
    }

    pub(super) fn place(&self) -> Option<(u32, u32)> {
        self.summary.header.as_ref().and_then(Header::part)
    }

    /// Goes through the file: hashes it, notes what is wrong with it, and surveys it.
    pub(super) fn check(&mut self) -> Result<(), ReportError> {
        let (mut checker, mut survey) = (Checker::new(&self.file.name), Survey::default());
        let (mut desk, mut body) = (FindingDesk::default(), Body::default());
        survey.begin_file();
        let read = self.read(&mut |record| {
            checker.take(record, &mut |it| desk.take(it));
            survey.see(record);
            body.take(record);
        })?;
        // A file that cannot be read to its end is refused later, and the others go on.
        self.body.clone_from(&self.text);
        if read.is_ok() {
            self.summary = checker.finish(&mut |it| desk.take(it));
            self.survey = Some(survey);
            self.body = hex(&body.0.finish_128().to_be_bytes());
        }
        self.desk = desk;
        self.file.part = self.place().map_or(0, |it| it.0);
        Ok(())
    }

    /// Goes through a file that is no report, for its hashes.
    pub(super) fn hash(&mut self) -> Result<(), ReportError> {
        let mut body = Body::default();
        let read = self.read(&mut |record| body.take(record))?;
        self.body = match read {
            Ok(()) => hex(&body.0.finish_128().to_be_bytes()),
            // What has no lines is like nothing but itself.
            Err(_) => self.text.clone(),
        };
        Ok(())
    }

    /// Visits every line, and notes the hash of the text; inside, whether the end was reached.
    fn read(
        &mut self,
        visit: &mut dyn FnMut(&Record),
    ) -> Result<Result<(), ReadError>, ReportError> {
        let text = Text::open(&self.path)?;
        if !text.is_packed() {
            // The text is the file, whose hash is its name.
            self.text.clone_from(&self.file.sha256);
            return Ok(records(&self.file.name, text, visit));
        }
        let mut text = Hashed { inner: text, hash: Sha256::new() };
        let read = records(&self.file.name, &mut text, visit);
        let whole = io::copy(&mut text, &mut io::sink());
        let hash = text.hash.finalize();
        self.text = match whole {
            Ok(_) => hex(&hash),
            // What cannot be unpacked is known by its packed bytes.
            Err(_) => self.file.sha256.clone(),
        };
        Ok(read)
    }
}

fn records(
    name: &str,
    text: impl BufRead,
    visit: &mut dyn FnMut(&Record),
) -> Result<(), ReadError> {
    let mut reader = Reader::new(name, text, Limits::default());
    let mut record = Record::default();
    while reader.read(&mut record)? {
        visit(&record);
    }
    Ok(())
}

/// What stands between header and footer.
#[derive(Default)]
struct Body(XxHash3_128);

impl Body {
    fn take(&mut self, record: &Record) {
        let frame = [&b"HEAD"[..], b"SRHE", b"FOOT", b"SRFO"];
        if !frame.iter().any(|it| record.raw().starts_with(it)) {
            self.0.write(record.raw());
            self.0.write(record.ending.bytes());
        }
    }
}

/// Text that is hashed as it is read.
struct Hashed<R> {
    inner: R,
    hash: Sha256,
}

impl<R: BufRead> BufRead for Hashed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(bytes) = self.inner.fill_buf() {
            self.hash.update(&bytes[..amount]);
        }
        self.inner.consume(amount);
    }
}

impl<R: BufRead> Read for Hashed<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let mut seen = self.fill_buf()?;
        let taken = seen.read(to)?;
        self.consume(taken);
        Ok(taken)
    }
}
