//! Cosignatures: what a witness says about a checkpoint, and when (C2SP tlog-cosignature v1.0.1).
//!
//! Only the Ed25519 form, type `04`. A cosigner's key is a type of its own: a log's key cannot be
//! given where a witness is wanted, nor the other way round.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, VerifyingKey};
use thiserror::Error;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::key::{KeyError, KeyId, check_name, key_id, parse_vkey, print_vkey};
use crate::note::{Note, NoteError, Signature};

/// Signature type byte of a timestamped Ed25519 cosignature (signed-note, "Signature types").
const TYPE_COSIGNATURE: u8 = 0x04;

/// Last second that a cosignature may name (tlog-cosignature, "Format").
pub const TIME_MAX: u64 = i64::MAX.unsigned_abs();

/// Length of time and signature together, in bytes.
const COSIGNATURE_BYTES: usize = 8 + 64;

/// A witness's secret key. Wiped when dropped; its `Debug` form shows the public half only.
pub struct CosignerKey {
    secret: ed25519_dalek::SigningKey,
    public: WitnessKey,
}

/// A witness's public key with its name; printed as a vkey, `name+id+base64(04 ‖ key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessKey {
    name: String,
    id: KeyId,
    key: VerifyingKey,
}

/// A cosignature that holds: who gave it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness.
    pub key: WitnessKey,
    /// When it says it gave it, in seconds since 1970-01-01T00:00:00Z.
    pub time: u64,
}

/// Why a checkpoint was not cosigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CosignError {
    /// The second 0 says "no time", and those after [`TIME_MAX`] are not allowed.
    #[error("no cosignature can be of second {time}; set the clock")]
    Time {
        /// The time that was asked for.
        time: u64,
    },
}

impl CosignerKey {
    /// The key that a 32-byte secret seed (RFC 8032) gives under `name`.
    ///
    /// The seed is wiped on return. Never give one seed two names, nor to a log: the signed message
    /// does not hold the name (tlog-cosignature, "Ed25519 signed message").
    ///
    /// # Errors
    ///
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        check_name(name)?;
        let secret = ed25519_dalek::SigningKey::from_bytes(&seed);
        let public = WitnessKey::of(name, secret.verifying_key());
        Ok(Self { secret, public })
    }

    /// Name in the signature line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.public.name
    }

    /// The public half.
    #[must_use]
    pub fn witness_key(&self) -> WitnessKey {
        self.public.clone()
    }

    /// Cosigns a checkpoint's note text at `time`, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// Says: as of this time, this is the largest tree of the log that I saw, and all that I saw
    /// were consistent. Sign nothing else with it, and only after that was written down.
    ///
    /// # Errors
    ///
    /// [`CosignError::Time`].
    pub fn cosign(&self, text: &str, time: u64) -> Result<Signature, CosignError> {
        if time == 0 || time > TIME_MAX {
            return Err(CosignError::Time { time });
        }
        let signature = self.secret.sign(message(text, time).as_bytes()).to_bytes();
        let bytes = [time.to_be_bytes().as_slice(), &signature].concat();
        Ok(Signature::new(&self.public.name, self.public.id, bytes))
    }
}

/// The only secret field wipes itself.
impl ZeroizeOnDrop for CosignerKey {}

impl fmt::Debug for CosignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CosignerKey").field(&self.public.to_string()).finish()
    }
}

impl WitnessKey {
    fn of(name: &str, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), id: key_id(name, TYPE_COSIGNATURE, key.as_bytes()), key }
    }

    /// Reads a vkey of a witness.
    ///
    /// # Errors
    ///
    /// [`KeyError`] for anything but the one spelling of a key of type `04` with its own id.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, key) = parse_vkey(text, TYPE_COSIGNATURE)?;
        Ok(Self::of(name, key))
    }

    /// Name in the signature line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Id at the start of the signature.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The 32 bytes of the Ed25519 public key.
    #[must_use]
    pub fn public_key(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The time of a cosignature over `text`; `None` unless it is this key's, by the strict rules of
    /// `verify_strict`, of an allowed time.
    #[must_use]
    pub fn verify(&self, text: &str, signature: &Signature) -> Option<u64> {
        if !self.is_named_by(signature) || signature.bytes().len() != COSIGNATURE_BYTES {
            return None;
        }
        let (time, signature) = signature.bytes().split_first_chunk::<8>()?;
        let time = u64::from_be_bytes(*time);
        if time == 0 || time > TIME_MAX {
            return None;
        }
        let signature = ed25519_dalek::Signature::from_slice(signature).ok()?;
        self.key.verify_strict(message(text, time).as_bytes(), &signature).ok()?;
        Some(time)
    }

    /// Whether a signature line bears this key's name and id.
    #[must_use]
    pub fn is_named_by(&self, signature: &Signature) -> bool {
        signature.name() == self.name && signature.id() == self.id
    }
}

impl fmt::Display for WitnessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print_vkey(&self.name, self.id, TYPE_COSIGNATURE, self.key.as_bytes()))
    }
}

impl FromStr for WitnessKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The cosignatures of known witnesses on a note, in the order of `keys`.
///
/// Lines of unknown keys are ignored. A witness that cosigned more than once counts with its
/// earliest time: at that time it had seen the tree.
///
/// # Errors
///
/// [`NoteError::BadSignature`] if any line bears the name and id of a known witness and does not
/// hold: signed-note has clients reject such a note, whoever the known key belongs to, so that two
/// programs never disagree on what a note says. A note that a stranger spoiled so is asked for anew.
pub fn cosignatures(note: &Note, keys: &[WitnessKey]) -> Result<Vec<Cosigned>, NoteError> {
    let mut found = Vec::new();
    for key in keys {
        let mut earliest = None;
        for signature in note.signatures().iter().filter(|it| key.is_named_by(it)) {
            let Some(time) = key.verify(note.text(), signature) else {
                return Err(NoteError::BadSignature { name: key.name.clone(), id: key.id });
            };
            earliest = Some(earliest.map_or(time, |it: u64| it.min(time)));
        }
        found.extend(earliest.map(|time| Cosigned { key: key.clone(), time }));
    }
    Ok(found)
}

/// What is signed (tlog-cosignature, "Ed25519 signed message").
fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}
