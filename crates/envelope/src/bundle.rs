//! The bundle: many sealed receipts in one file, in an order that tells nothing
//! (`docs/spec/bundle-v1.md`).

use std::io::{self, Read, Seek, SeekFrom, Write};

use sha2::{Digest as _, Sha256};

use crate::key::Recipient;
use crate::pad::{PadError, SIZES, pad};
use crate::seal::{Draw, seal, sealed_bytes};

/// The first line of a bundle.
pub const BUNDLE_FORMAT: &str = "leitmotif-bundle/v1";
/// The longest name of a settlement, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// The longest of the three lines, in bytes.
const LINE_BYTES_MAX: usize = NAME_BYTES_MAX + 1;

/// Where a sealed receipt lies in the spool.
struct Place {
    hash: [u8; 32],
    begin: u64,
    bytes: u32,
}

/// Makes a bundle: seals what comes, keeps it in a spool, and writes it out in the order of its hashes.
///
/// In memory it holds one receipt, and 48 bytes for each that it has sealed.
pub struct BundleWriter<S> {
    spool: S,
    places: Vec<Place>,
    end: u64,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many receipts.
    pub receipts: u32,
    /// How long the bundle is, in bytes.
    pub bytes: u64,
}

/// Why a bundle cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A receipt cannot be padded.
    #[error(transparent)]
    Pad(#[from] PadError),
    /// The spool or the bundle refused.
    #[error("the bundle cannot be written")]
    Write(#[from] io::Error),
    /// The name of the settlement cannot stand on a line.
    #[error(
        "the settlement's name {name:?} is not one of 1 to {NAME_BYTES_MAX} printable ASCII letters"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// There are more receipts than a bundle counts.
    #[error("a bundle holds at most {} receipts", u32::MAX)]
    Many,
}

impl<S: Read + Write + Seek> BundleWriter<S> {
    /// Begins with an empty spool, which takes as many bytes as the bundle will have.
    pub const fn new(spool: S) -> Self {
        Self { spool, places: Vec::new(), end: 0 }
    }

    /// Whether nothing was sealed yet.
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Seals a receipt.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn add(&mut self, to: &Recipient, receipt: &[u8], draw: Draw) -> Result<(), WriteError> {
        let sealed = seal(to, &pad(receipt)?, draw);
        let bytes = u32::try_from(sealed.len()).expect("the greatest size is far below 2^32");
        self.spool.write_all(&sealed)?;
        self.places.push(Place { hash: Sha256::digest(&sealed).into(), begin: self.end, bytes });
        self.end += u64::from(bytes);
        Ok(())
    }

    /// Writes the bundle.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(mut self, settlement: &str, mut to: impl Write) -> Result<Written, WriteError> {
        if !is_name(settlement) {
            return Err(WriteError::Name { name: settlement.to_owned() });
        }
        let receipts = u32::try_from(self.places.len()).map_err(|_| WriteError::Many)?;
        let head = format!("{BUNDLE_FORMAT}\n{settlement}\n{receipts}\n");
        to.write_all(head.as_bytes())?;
        let mut written = Written { receipts, bytes: head.len() as u64 };
        self.places.sort_unstable_by_key(|it| it.hash);
        let mut sealed = Vec::new();
        for it in &self.places {
            self.spool.seek(SeekFrom::Start(it.begin))?;
            sealed.clear();
            (&mut self.spool).take(u64::from(it.bytes)).read_to_end(&mut sealed)?;
            if sealed.len() as u64 != u64::from(it.bytes) {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            to.write_all(&it.bytes.to_be_bytes())?;
            to.write_all(&sealed)?;
            written.bytes += 4 + u64::from(it.bytes);
        }
        to.flush()?;
        Ok(written)
    }
}

impl<S> std::fmt::Debug for BundleWriter<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BundleWriter({} receipts)", self.places.len())
    }
}

fn is_name(text: &str) -> bool {
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic())
}

/// Reads a bundle, one sealed receipt after the other.
#[derive(Debug)]
pub struct BundleReader<R> {
    from: R,
    settlement: String,
    receipts: u32,
    read: u32,
    last: Option<[u8; 32]>,
}

/// Why bytes are no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleFault {
    /// The system cannot read on.
    #[error("the bundle cannot be read")]
    Read(#[source] io::Error),
    /// It begins with another line.
    #[error("no bundle of receipts: it does not begin with the line `{BUNDLE_FORMAT}`")]
    Format,
    /// The settlement or the number of receipts is not written as it has to be.
    #[error("the head of the bundle is damaged")]
    Head,
    /// It ends early.
    #[error("the bundle ends after {read} of {receipts} receipts: fetch it again")]
    Short {
        /// How many were whole.
        read: u32,
        /// How many it says there are.
        receipts: u32,
    },
    /// A length that no sealed receipt has, or a hash that is not above the one before.
    #[error("the bundle is damaged at receipt {at} of {receipts}: fetch it again")]
    Receipt {
        /// Which, from 1.
        at: u32,
        /// How many it says there are.
        receipts: u32,
    },
    /// Something follows the last receipt.
    #[error("something follows the last receipt of the bundle")]
    Long,
}

impl<R: Read> BundleReader<R> {
    /// Reads the head. The reader should be buffered.
    ///
    /// # Errors
    /// [`BundleFault`].
    pub fn new(mut from: R) -> Result<Self, BundleFault> {
        if line(&mut from, BUNDLE_FORMAT.len())?.as_deref() != Some(BUNDLE_FORMAT) {
            return Err(BundleFault::Format);
        }
        let settlement = line(&mut from, LINE_BYTES_MAX)?.filter(|it| is_name(it));
        let settlement = settlement.ok_or(BundleFault::Head)?;
        let text = line(&mut from, 10)?.ok_or(BundleFault::Head)?;
        let receipts: u32 = text.parse().map_err(|_| BundleFault::Head)?;
        match receipts.to_string() == text {
            true => Ok(Self { from, settlement, receipts, read: 0, last: None }),
            false => Err(BundleFault::Head),
        }
    }

    /// The settlement that the bundle says it is of; the receipts in it prove theirs.
    #[must_use]
    pub fn settlement(&self) -> &str {
        &self.settlement
    }

    /// How many receipts the bundle says it has.
    #[must_use]
    pub const fn receipts(&self) -> u32 {
        self.receipts
    }

    /// Reads the next sealed receipt into `sealed`; false after the last.
    ///
    /// # Errors
    /// [`BundleFault`].
    pub fn next(&mut self, sealed: &mut Vec<u8>) -> Result<bool, BundleFault> {
        sealed.clear();
        let fault = BundleFault::Receipt { at: self.read + 1, receipts: self.receipts };
        if self.read == self.receipts {
            let more = (&mut self.from).take(1).read_to_end(sealed).map_err(BundleFault::Read)?;
            return if more == 0 { Ok(false) } else { Err(BundleFault::Long) };
        }
        let mut length = [0; 4];
        self.from.read_exact(&mut length).map_err(|error| self.short(error))?;
        let length = u32::from_be_bytes(length);
        if !SIZES.into_iter().any(|size| sealed_bytes(size) as u64 == u64::from(length)) {
            return Err(fault);
        }
        // Grows with what is there, whatever length is stated.
        let read = (&mut self.from).take(u64::from(length)).read_to_end(sealed);
        let read = read.map_err(BundleFault::Read)?;
        if read as u64 != u64::from(length) {
            return Err(BundleFault::Short { read: self.read, receipts: self.receipts });
        }
        let hash = Sha256::digest(&sealed[..]).into();
        if self.last.is_some_and(|last| last >= hash) {
            return Err(fault);
        }
        self.last = Some(hash);
        self.read += 1;
        Ok(true)
    }

    fn short(&self, error: io::Error) -> BundleFault {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => {
                BundleFault::Short { read: self.read, receipts: self.receipts }
            }
            _ => BundleFault::Read(error),
        }
    }
}

/// Reads a line of at most so many bytes, without its end; none if there is no such line.
fn line(from: &mut impl Read, bytes_max: usize) -> Result<Option<String>, BundleFault> {
    let mut text = Vec::new();
    let mut byte = [0];
    while text.len() <= bytes_max {
        match from.read_exact(&mut byte) {
            Ok(()) if byte[0] == b'\n' => return Ok(String::from_utf8(text).ok()),
            Ok(()) => text.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(BundleFault::Read(error)),
        }
    }
    Ok(None)
}
