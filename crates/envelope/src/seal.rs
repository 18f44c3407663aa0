//! One text sealed to one recipient, and opened again: an age file (C2SP age).

use std::fmt;

use curve25519_dalek::MontgomeryPoint;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::header::{self, Header, HeaderFault, Stanza};
use crate::key::{Identity, Recipient};
use crate::payload::{self, NONCE_BYTES, TAG_BYTES};

const FILE_KEY_BYTES: usize = 16;
const X25519: &str = "X25519";
const WRAP_INFO: &[u8] = b"age-encryption.org/v1/X25519";

/// The length of the header of a file with one recipient, in bytes.
const HEADER_BYTES: usize =
    header::VERSION.len() + "-> X25519 ".len() + 43 + 1 + 43 + 1 + 4 + 43 + 1;

/// The random bytes that one sealing uses up; they must never be used twice, so this has no copy.
pub struct Draw(Zeroizing<[u8; Self::BYTES]>);

impl Draw {
    /// How many random bytes a sealing needs: file key, ephemeral secret, nonce.
    pub const BYTES: usize = FILE_KEY_BYTES + 32 + NONCE_BYTES;

    /// Takes bytes of a cryptographic source of randomness.
    #[must_use]
    pub const fn from_bytes(bytes: Zeroizing<[u8; Self::BYTES]>) -> Self {
        Self(bytes)
    }

    fn file_key(&self) -> &[u8] {
        &self.0[..FILE_KEY_BYTES]
    }

    fn ephemeral(&self) -> Zeroizing<[u8; 32]> {
        let mut secret = Zeroizing::new([0; 32]);
        secret.copy_from_slice(&self.0[FILE_KEY_BYTES..FILE_KEY_BYTES + 32]);
        secret
    }

    fn nonce(&self) -> &[u8] {
        &self.0[FILE_KEY_BYTES + 32..]
    }
}

impl fmt::Debug for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Draw(..)")
    }
}

/// Why a file does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It is no age file.
    #[error("no age file that is read here")]
    Header(#[source] HeaderFault),
    /// It is sealed to others.
    #[error("it is sealed to somebody else")]
    NoMatch,
    /// The header was changed after it was sealed.
    #[error("its header was changed after it was sealed")]
    Code,
    /// The text was changed, cut off or added to after it was sealed.
    #[error("its text was changed or cut off after it was sealed")]
    Payload,
}

/// The length of a text once it is sealed, in bytes.
#[must_use]
pub const fn sealed_bytes(plain: usize) -> usize {
    HEADER_BYTES + NONCE_BYTES + payload::sealed_bytes(plain)
}

/// Seals a text to a recipient.
#[must_use]
pub fn seal(recipient: &Recipient, plain: &[u8], draw: Draw) -> Vec<u8> {
    let ephemeral = draw.ephemeral();
    let share = MontgomeryPoint::mul_base_clamped(*ephemeral).to_bytes();
    let shared = Zeroizing::new(recipient.point().mul_clamped(*ephemeral).to_bytes());
    let body = payload::wrap(&wrap_key(&shared, &share, recipient), draw.file_key());
    let mut out = Vec::with_capacity(sealed_bytes(plain.len()));
    out.extend_from_slice(header::VERSION.as_bytes());
    let (share, body) = (header::print_base64(&share), header::print_base64(&body));
    out.extend_from_slice(format!("-> {X25519} {share}\n{body}\n---").as_bytes());
    let code = header_code(draw.file_key(), &out).finalize().into_bytes();
    out.extend_from_slice(format!(" {}\n", header::print_base64(&code)).as_bytes());
    out.extend_from_slice(draw.nonce());
    let key = derive(draw.file_key(), draw.nonce(), b"payload");
    payload::seal(&key, plain, &mut out);
    out
}

/// Opens a file with the first identity that one of its recipients belongs to. Nothing of a file that was
/// changed is given out.
///
/// Each identity costs one multiplication on the curve for each recipient of the file.
///
/// # Errors
/// [`OpenError`].
pub fn open(identities: &[Identity], file: &[u8]) -> Result<Vec<u8>, OpenError> {
    let header = header::parse(file).map_err(OpenError::Header)?;
    let key = unwrap(identities, &header)?;
    header_code(&key[..], header.covered)
        .verify_slice(&header.code)
        .map_err(|_| OpenError::Code)?;
    let (nonce, sealed) = header
        .payload
        .split_at_checked(NONCE_BYTES)
        .ok_or(OpenError::Header(HeaderFault::Short))?;
    payload::open(&derive(&key[..], nonce, b"payload"), sealed).ok_or(OpenError::Payload)
}

/// Finds the file key.
fn unwrap(identities: &[Identity], header: &Header<'_>) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    const FAULT: OpenError = OpenError::Header(HeaderFault::Stanza);
    let is_with_passphrase = header.stanzas.iter().any(|it| it.arguments[0] == "scrypt");
    if is_with_passphrase && header.stanzas.len() > 1 {
        return Err(FAULT);
    }
    let known = header.stanzas.iter().filter(|it| it.arguments[0] == X25519);
    let known: Vec<([u8; 32], &[u8])> = known.map(parts).collect::<Option<_>>().ok_or(FAULT)?;
    for identity in identities {
        for (share, body) in &known {
            let shared = identity.shared_with(*share);
            if *shared == [0; 32] {
                return Err(FAULT);
            }
            let wrap = wrap_key(&shared, share, &identity.recipient());
            if let Some(key) = payload::unwrap(&wrap, body) {
                return Ok(key);
            }
        }
    }
    Err(OpenError::NoMatch)
}

/// The share and the wrapped key of an X25519 stanza.
fn parts<'a>(stanza: &'a Stanza<'_>) -> Option<([u8; 32], &'a [u8])> {
    let [_, share] = stanza.arguments.as_slice() else { return None };
    let share = header::parse_base64(share.as_bytes())?.try_into().ok()?;
    (stanza.body.len() == FILE_KEY_BYTES + TAG_BYTES).then_some((share, stanza.body.as_slice()))
}

fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(Some(salt), secret)
        .expand(info, &mut key[..])
        .expect("32 bytes are one block of the hash");
    key
}

fn wrap_key(shared: &[u8; 32], share: &[u8; 32], recipient: &Recipient) -> Zeroizing<[u8; 32]> {
    let mut salt = [0; 64];
    salt[..32].copy_from_slice(share);
    salt[32..].copy_from_slice(recipient.as_bytes());
    derive(shared, &salt, WRAP_INFO)
}

fn header_code(file_key: &[u8], covered: &[u8]) -> Hmac<Sha256> {
    let key = derive(file_key, &[], b"header");
    let mut code = Hmac::<Sha256>::new_from_slice(&key[..]).expect("HMAC takes keys of any length");
    code.update(covered);
    code
}
