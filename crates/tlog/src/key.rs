//! Note keys: the log's secret half and everybody's public half (C2SP signed-note).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::encoding::{base64, parse_base64};

/// Signature type byte of plain Ed25519 (signed-note, "Signature types").
const TYPE_ED25519: u8 = 0x01;

/// The id, SHA-256(name ‖ LF ‖ type ‖ public key) cut to four bytes (signed-note, "Signatures").
pub(crate) fn key_id(name: &str, kind: u8, public: &[u8; 32]) -> KeyId {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', kind])
        .chain_update(public)
        .finalize();
    let [a, b, c, d, ..] = <[u8; 32]>::from(hash);
    KeyId([a, b, c, d])
}

/// Reads `name+id+base64(type ‖ key)` of one type (signed-note, "Verifier keys").
pub(crate) fn parse_vkey(text: &str, kind: u8) -> Result<(&str, VerifyingKey), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Malformed);
    };
    check_name(name)?;
    let key = parse_base64(key).map_err(|_| KeyError::Malformed)?;
    let (&found, key) = key.split_first().ok_or(KeyError::Malformed)?;
    if found != kind {
        return Err(KeyError::Type { found, expected: kind });
    }
    let bytes = <[u8; 32]>::try_from(key).map_err(|_| KeyError::Malformed)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeyError::Point)?;
    if key.is_weak() || key.to_edwards().compress().to_bytes() != bytes {
        return Err(KeyError::Point);
    }
    let expected = key_id(name, kind, &bytes);
    if expected.to_string() != id {
        return Err(KeyError::Id { expected, found: id.to_owned() });
    }
    Ok((name, key))
}

/// Prints a vkey.
pub(crate) fn print_vkey(name: &str, id: KeyId, kind: u8, public: &[u8; 32]) -> String {
    format!("{name}+{id}+{}", base64(&[[kind].as_slice(), public].concat()))
}

/// First four bytes of the hash of name, type and public key; printed as eight hex digits.
///
/// A label, not a fingerprint: anyone can make a key with a given id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}

/// Why a key or its name was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A name is not empty and has no space, plus sign or control character.
    #[error("bad key name {name:?}")]
    Name {
        /// The name.
        name: String,
    },
    /// Not `name+id+base64` with eight lower-case hex digits and canonical base64.
    #[error("not a verifier key")]
    Malformed,
    /// A key of another signature type than the one wanted.
    #[error(
        "signature type {found:#04x} where {expected:#04x} is wanted (0x01 signs as a log, 0x04 \
         cosigns as a witness)"
    )]
    Type {
        /// The type byte.
        found: u8,
        /// The type byte wanted.
        expected: u8,
    },
    /// The id in the text is not that of name and key.
    #[error("key id {found} should be {expected}")]
    Id {
        /// The id that belongs to the key.
        expected: KeyId,
        /// The id in the text.
        found: String,
    },
    /// The 32 bytes are no Ed25519 point, not its canonical form, or one of small order.
    #[error("not a usable Ed25519 public key")]
    Point,
}

/// A log's secret key. Wiped when dropped; its `Debug` form shows the public half only.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    public: VerifierKey,
}

impl SigningKey {
    /// The key that a 32-byte secret seed (RFC 8032) gives under `name`.
    ///
    /// The seed is wiped on return.
    ///
    /// # Errors
    ///
    /// [`KeyError::Name`].
    pub fn from_seed(name: &str, seed: Zeroizing<[u8; 32]>) -> Result<Self, KeyError> {
        check_name(name)?;
        let secret = ed25519_dalek::SigningKey::from_bytes(&seed);
        let public = VerifierKey::of(name, secret.verifying_key());
        Ok(Self { secret, public })
    }

    /// Name in the signature line.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.public.name
    }

    /// Id at the start of each signature.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.public.id
    }

    /// The public half.
    #[must_use]
    pub fn verifier_key(&self) -> VerifierKey {
        self.public.clone()
    }

    /// Signs the bytes of a note's text.
    pub(crate) fn sign(&self, text: &str) -> [u8; 64] {
        self.secret.sign(text.as_bytes()).to_bytes()
    }
}

/// The only secret field wipes itself.
impl ZeroizeOnDrop for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SigningKey").field(&self.public.to_string()).finish()
    }
}

/// An Ed25519 public key with its name; printed as a vkey, `name+id+base64(01 ‖ key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: KeyId,
    key: VerifyingKey,
}

impl VerifierKey {
    fn of(name: &str, key: VerifyingKey) -> Self {
        Self { name: name.to_owned(), id: key_id(name, TYPE_ED25519, key.as_bytes()), key }
    }

    /// Reads a vkey (signed-note, "Verifier keys").
    ///
    /// # Errors
    ///
    /// [`KeyError`] for anything but the one spelling of a supported key with its own id.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, key) = parse_vkey(text, TYPE_ED25519)?;
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

    /// Whether `signature` is this key's over `text`, by the strict rules of `verify_strict`.
    pub(crate) fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        ed25519_dalek::Signature::from_slice(signature)
            .is_ok_and(|signature| self.key.verify_strict(text.as_bytes(), &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print_vkey(&self.name, self.id, TYPE_ED25519, self.key.as_bytes()))
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Checks a key name: not empty, no Unicode space, no plus sign, no control character.
pub(crate) fn check_name(name: &str) -> Result<(), KeyError> {
    let bad = |c: char| c.is_whitespace() || c == '+' || c < ' ';
    if name.is_empty() || name.contains(bad) {
        return Err(KeyError::Name { name: name.to_owned() });
    }
    Ok(())
}
