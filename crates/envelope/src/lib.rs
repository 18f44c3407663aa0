//! Receipts sealed to one recipient each, and the bundle of many.
//!
//! # Purpose
//!
//! An operator puts one file on a web server with every payee's receipt in it, each sealed to its payee.
//! Everybody fetches the whole file, so fetching it tells nobody who checks what. What is sealed is an age
//! file (C2SP *age*, version 1, X25519 recipients), so any program that reads age opens it. What is written
//! here, and why it is not taken from another crate: `docs/decisions/0011-age.md`.
//!
//! # Words
//!
//! | word | meaning |
//! |---|---|
//! | recipient | to whom something is sealed: the public half of a key, `age1…` |
//! | identity | what opens it: the secret half, `AGE-SECRET-KEY-1…` |
//! | sealed | encrypted to one recipient, so that any change is noticed |
//! | stanza | the part of an age file's header that wraps its key for one recipient |
//! | draw | the random bytes that one sealing uses up |
//! | padded | made as long as one of few sizes |
//! | bundle | many sealed receipts in one file, sorted by their hashes |
//! | spool | where sealed receipts wait until all are there and can be sorted |
//!
//! # Drawing
//!
//! ```text
//!  receipt ── pad ──▶ 4 KiB, 16 KiB … ── seal(recipient, draw) ──▶ age file ──┐
//!  receipt ── pad ──▶                 ── seal(recipient, draw) ──▶ age file ──┤ sorted by SHA-256
//!                                                                             ▼
//!  leitmotif-bundle/v1 │ settlement │ number │ length age file │ length age file │ …
//!                                                   │
//!  identity ── open ── unpad ──▶ receipt, or it is somebody else's
//! ```
//!
//! # Example
//!
//! ```
//! use std::io::Cursor;
//!
//! use envelope::{BundleReader, BundleWriter, Draw, Identity, open, unpad};
//!
//! // A payee makes an identity and gives away its recipient.
//! let lee = Identity::from_bytes([7; 32].into());
//! let recipient = lee.recipient().to_string();
//! assert!(recipient.starts_with("age1"));
//!
//! // The operator seals her receipt; the random bytes come from the system.
//! let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
//! writer.add(&recipient.parse()?, b"{\"a\":\"receipt\"}", Draw::from_bytes([9; 64].into()))?;
//! let mut bundle = Vec::new();
//! writer.finish("2021-Q3", &mut bundle)?;
//!
//! // She tries her identity on each of the bundle.
//! let mut reader = BundleReader::new(bundle.as_slice())?;
//! let mut sealed = Vec::new();
//! while reader.next(&mut sealed)? {
//!     let receipt = unpad(open(&[Identity::from_bytes([7; 32].into())], &sealed)?);
//!     assert_eq!(receipt.as_deref(), Some(&b"{\"a\":\"receipt\"}"[..]));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - What one identity opens, no other does; a changed byte opens nothing, and nothing of a file that was
//!   changed is given out.
//! - A bundle names no recipient. Which receipt is whose, nobody can tell who has not its identity.
//! - A secret is wiped when it is dropped, and no `Debug` form shows one.
//! - Whatever bytes are read, memory is bounded by the limits here, and by what is really there.
//!
//! # What it does not do
//!
//! It draws no random bytes and opens no file. It knows nothing of what it seals. It does not hide how many
//! receipts a bundle has, nor which of the [`SIZES`] each takes. It reads no passphrases, no armour
//! (`-----BEGIN`), and no recipients but X25519, which a quantum computer could open one day.

mod bundle;
mod header;
mod key;
mod pad;
mod payload;
mod seal;

pub use bundle::{BUNDLE_FORMAT, BundleFault, BundleReader, BundleWriter, WriteError, Written};
pub use header::{HEADER_BYTES_MAX, HeaderFault, STANZAS_MAX};
pub use key::{IDENTITIES_MAX, Identity, IdentityFileError, KeyError, Recipient, parse_identities};
pub use pad::{PadError, SIZES, pad, unpad};
pub use seal::{Draw, OpenError, open, seal, sealed_bytes};
