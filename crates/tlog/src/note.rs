//! Signed notes (C2SP signed-note, "Format" and "Signatures").

use std::fmt;

use thiserror::Error;

use crate::encoding::{base64, parse_base64};
use crate::key::{KeyId, SigningKey, VerifierKey, check_name};

/// Longest note, in bytes.
pub const NOTE_BYTES_MAX: usize = 1_000_000;

/// Most signature lines of a note.
pub const SIGNATURES_MAX: usize = 100;

/// What every signature line starts with: an em dash and a space.
const LINE_START: &str = "\u{2014} ";

/// A well-formed note, its signatures not yet checked; printed as its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    name: String,
    id: KeyId,
    /// What follows the key id: never empty.
    bytes: Vec<u8>,
}

/// A note that at least one known key signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    text: String,
    signers: Vec<VerifierKey>,
    unknown: Vec<Signature>,
}

/// Why a note was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Above [`NOTE_BYTES_MAX`].
    #[error("note of {bytes} bytes, above 1000000")]
    TooLong {
        /// Length of the note.
        bytes: usize,
    },
    /// Not UTF-8.
    #[error("note is not UTF-8 at byte {at}")]
    NotUtf8 {
        /// Offset of the first bad byte.
        at: usize,
    },
    /// An ASCII control character other than newline.
    #[error("control character at byte {at}")]
    ControlCharacter {
        /// Its offset.
        at: usize,
    },
    /// The text to sign does not end with a newline.
    #[error("note text does not end with a newline")]
    NoNewline,
    /// No blank line with signature lines below it.
    #[error("note has no signatures")]
    NoSignatures,
    /// Above [`SIGNATURES_MAX`].
    #[error("more than 100 signatures")]
    TooManySignatures,
    /// Not `— name base64` with a key id and at least one further byte.
    #[error("malformed signature line {line}")]
    SignatureLine {
        /// Number of the signature line, from 1.
        line: usize,
    },
    /// Two different keys were given under one name and id.
    #[error("two known keys with name {name} and id {id}")]
    AmbiguousKey {
        /// Their name.
        name: String,
        /// Their id.
        id: KeyId,
    },
    /// A signature under the name and id of a known key does not verify.
    #[error("bad signature of known key {name} ({id})")]
    BadSignature {
        /// Name of the key.
        name: String,
        /// Its id.
        id: KeyId,
    },
    /// No known key signed the note.
    #[error("no known key signed the note")]
    NoKnownSignature,
}

impl Note {
    /// Signs `text`, which ends with a newline, with each of the keys.
    ///
    /// # Errors
    ///
    /// [`NoteError`] for text or a number of keys that no note can have.
    pub fn sign(text: &str, keys: &[&SigningKey]) -> Result<Self, NoteError> {
        check_characters(text)?;
        if !text.ends_with('\n') {
            return Err(NoteError::NoNewline);
        }
        if keys.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        if keys.len() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let signatures = keys.iter().map(|key| Signature {
            name: key.name().to_owned(),
            id: key.id(),
            bytes: key.sign(text).to_vec(),
        });
        let note = Self { text: text.to_owned(), signatures: signatures.collect() };
        match note.to_string().len() {
            bytes if bytes > NOTE_BYTES_MAX => Err(NoteError::TooLong { bytes }),
            _ => Ok(note),
        }
    }

    /// Reads a note without checking its signatures: trust nothing in it yet.
    ///
    /// # Errors
    ///
    /// [`NoteError`] for any bytes that this type does not print.
    pub fn parse(note: impl AsRef<[u8]>) -> Result<Self, NoteError> {
        let bytes = note.as_ref();
        if bytes.len() > NOTE_BYTES_MAX {
            return Err(NoteError::TooLong { bytes: bytes.len() });
        }
        let note = std::str::from_utf8(bytes)
            .map_err(|error| NoteError::NotUtf8 { at: error.valid_up_to() })?;
        check_characters(note)?;
        let blank = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, below) = note.split_at(blank + 1);
        let signatures = Signature::parse_lines(below.get(1..).unwrap_or_default())?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Reads a note and checks its signatures: [`Note::parse`] and [`Note::verify`].
    ///
    /// # Errors
    ///
    /// As for these two.
    pub fn open(note: impl AsRef<[u8]>, keys: &[VerifierKey]) -> Result<Opened, NoteError> {
        Self::parse(note)?.verify(keys)
    }

    /// Checks the signatures of the known keys; those of others are set aside.
    ///
    /// # Errors
    ///
    /// [`NoteError::BadSignature`] if any known key's signature is bad,
    /// [`NoteError::NoKnownSignature`] if there is none, [`NoteError::AmbiguousKey`] for `keys` of
    /// which two different ones share name and id.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Opened, NoteError> {
        check_distinct(keys)?;
        let mut signers = Vec::<VerifierKey>::new();
        let mut unknown = Vec::new();
        for signature in &self.signatures {
            let Signature { name, id, bytes } = signature;
            let Some(key) = keys.iter().find(|key| key.name() == name && key.id() == *id) else {
                unknown.push(signature.clone());
                continue;
            };
            if !key.verifies(&self.text, bytes) {
                return Err(NoteError::BadSignature { name: name.clone(), id: *id });
            }
            if !signers.contains(key) {
                signers.push(key.clone());
            }
        }
        if signers.is_empty() {
            return Err(NoteError::NoKnownSignature);
        }
        Ok(Opened { text: self.text.clone(), signers, unknown })
    }

    /// The same text with these signature lines in place of its own.
    ///
    /// # Errors
    ///
    /// [`NoteError`] for none, for more than [`SIGNATURES_MAX`], or for a note that is too long.
    pub fn with_signatures(&self, signatures: Vec<Signature>) -> Result<Self, NoteError> {
        if signatures.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        if signatures.len() > SIGNATURES_MAX {
            return Err(NoteError::TooManySignatures);
        }
        let note = Self { text: self.text.clone(), signatures };
        match note.to_string().len() {
            bytes if bytes > NOTE_BYTES_MAX => Err(NoteError::TooLong { bytes }),
            _ => Ok(note),
        }
    }

    /// The text, unverified, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines, unverified.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(f))
    }
}

impl Signature {
    pub(crate) fn new(name: &str, id: KeyId, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), id, bytes }
    }

    /// Reads signature lines that stand alone, as a witness answers them; trust nothing in them yet.
    ///
    /// # Errors
    ///
    /// [`NoteError`] for none, more than [`SIGNATURES_MAX`], or a line that this type does not print.
    pub fn parse_lines(lines: &str) -> Result<Vec<Self>, NoteError> {
        if lines.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        let mut signatures = Vec::new();
        for line in lines.split_inclusive('\n') {
            if signatures.len() == SIGNATURES_MAX {
                return Err(NoteError::TooManySignatures);
            }
            let malformed = NoteError::SignatureLine { line: signatures.len() + 1 };
            signatures.push(Self::parse(line).ok_or(malformed)?);
        }
        Ok(signatures)
    }

    /// Reads one line with its newline.
    fn parse(line: &str) -> Option<Self> {
        let line = line.strip_prefix(LINE_START)?.strip_suffix('\n')?;
        let (name, signature) = line.split_once(' ')?;
        check_name(name).ok()?;
        let signature = parse_base64(signature).ok()?;
        let (id, bytes) = signature.split_first_chunk::<4>()?;
        if bytes.is_empty() {
            return None;
        }
        Some(Self { name: name.to_owned(), id: KeyId(*id), bytes: bytes.to_vec() })
    }

    /// Name of the key that is said to have signed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id of that key.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The signature itself, without the key id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = [self.id.0.as_slice(), &self.bytes].concat();
        writeln!(f, "{LINE_START}{} {}", self.name, base64(&signature))
    }
}

impl Opened {
    /// The signed text, with its final newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The known keys that signed, each once, in order of first signature: at least one.
    #[must_use]
    pub fn signers(&self) -> &[VerifierKey] {
        &self.signers
    }

    /// The signatures of unknown keys: nothing is known about them.
    #[must_use]
    pub fn unknown(&self) -> &[Signature] {
        &self.unknown
    }
}

/// Refuses ASCII control characters other than newline.
fn check_characters(text: &str) -> Result<(), NoteError> {
    match text.bytes().position(|byte| byte < b' ' && byte != b'\n') {
        Some(at) => Err(NoteError::ControlCharacter { at }),
        None => Ok(()),
    }
}

/// Refuses two different keys under one name and id.
fn check_distinct(keys: &[VerifierKey]) -> Result<(), NoteError> {
    for (at, key) in keys.iter().enumerate() {
        let twin = |other: &VerifierKey| {
            other.name() == key.name() && other.id() == key.id() && other != key
        };
        if keys.iter().skip(at + 1).any(twin) {
            return Err(NoteError::AmbiguousKey { name: key.name().to_owned(), id: key.id() });
        }
    }
    Ok(())
}
