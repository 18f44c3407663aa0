//! The payload of an age file: chunks, each sealed with its number (C2SP age, "Payload").

use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{ChaCha20Poly1305, Nonce, Tag};
use zeroize::Zeroizing;

/// The length of a chunk but the last, in bytes.
pub(crate) const CHUNK_BYTES: usize = 64 * 1024;
/// The length of the tag behind each chunk, in bytes.
pub(crate) const TAG_BYTES: usize = 16;
/// The length of the nonce before the first chunk, in bytes.
pub(crate) const NONCE_BYTES: usize = 16;

/// The length of a sealed text without nonce, in bytes.
pub(crate) const fn sealed_bytes(plain: usize) -> usize {
    let chunks = match plain {
        0 => 1,
        _ => plain.div_ceil(CHUNK_BYTES),
    };
    plain + chunks * TAG_BYTES
}

/// Eleven bytes of the chunk's number and one that says whether it is the last.
fn nonce(number: u64, is_last: bool) -> Nonce {
    let mut bytes = [0; 12];
    bytes[3..11].copy_from_slice(&number.to_be_bytes());
    bytes[11] = u8::from(is_last);
    bytes.into()
}

/// Seals one chunk and puts it behind `to`.
fn seal_chunk(cipher: &ChaCha20Poly1305, nonce: &Nonce, chunk: &[u8], to: &mut Vec<u8>) {
    let begin = to.len();
    to.extend_from_slice(chunk);
    let tag = cipher
        .encrypt_inout_detached(nonce, &[], (&mut to[begin..]).into())
        .expect("a chunk is far below what the cipher takes");
    to.extend_from_slice(&tag);
}

/// Opens one chunk and puts it behind `to`.
fn open_chunk(
    cipher: &ChaCha20Poly1305,
    nonce: &Nonce,
    chunk: &[u8],
    to: &mut Vec<u8>,
) -> Option<()> {
    let (text, tag) = chunk.split_at_checked(chunk.len().checked_sub(TAG_BYTES)?)?;
    let tag = Tag::try_from(tag).ok()?;
    let begin = to.len();
    to.extend_from_slice(text);
    cipher.decrypt_inout_detached(nonce, &[], (&mut to[begin..]).into(), &tag).ok()
}

/// Seals a text in chunks and puts it behind `to`.
pub(crate) fn seal(key: &[u8; 32], plain: &[u8], to: &mut Vec<u8>) {
    let cipher = ChaCha20Poly1305::new(key.into());
    let mut rest = plain;
    for number in 0.. {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK_BYTES));
        seal_chunk(&cipher, &nonce(number, after.is_empty()), chunk, to);
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}

/// Opens all chunks, or none.
pub(crate) fn open(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = ChaCha20Poly1305::new(key.into());
    let mut plain = Vec::with_capacity(sealed.len());
    let mut rest = sealed;
    for number in 0.. {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK_BYTES + TAG_BYTES));
        // The last chunk is only empty if it is the only one.
        if chunk.len() == TAG_BYTES && number > 0 {
            return None;
        }
        open_chunk(&cipher, &nonce(number, after.is_empty()), chunk, &mut plain)?;
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    Some(plain)
}

/// Seals a file key under a wrapping key, which is used once: the nonce is zero (C2SP age, "X25519
/// recipient stanza").
pub(crate) fn wrap(key: &[u8; 32], file_key: &[u8]) -> Vec<u8> {
    let mut wrapped = Vec::with_capacity(file_key.len() + TAG_BYTES);
    seal_chunk(&ChaCha20Poly1305::new(key.into()), &Nonce::default(), file_key, &mut wrapped);
    wrapped
}

/// Opens a wrapped file key.
pub(crate) fn unwrap(key: &[u8; 32], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut file_key = Zeroizing::new(Vec::with_capacity(wrapped.len()));
    let cipher = ChaCha20Poly1305::new(key.into());
    open_chunk(&cipher, &Nonce::default(), wrapped, &mut file_key)?;
    Some(file_key)
}
