//! Transparency log bedrock.
//!
//! # Purpose
//!
//! Proves that an entry is in an append-only log, and that the log never rewrote its past, with
//! nothing but text files and a public key. Hashing and proofs follow RFC 6962 (section 2.1) and
//! RFC 9162 (sections 2.1.3 and 2.1.4); storage layout, checkpoints, signatures and the proof text
//! follow the C2SP documents tlog-tiles, tlog-checkpoint, signed-note and tlog-proof.
//!
//! # Words
//!
//! | word | meaning |
//! |---|---|
//! | leaf | the hash of one log entry: `SHA-256(00 ‖ entry)` |
//! | tile | up to 256 neighbouring hashes of one level (a level spans eight tree levels) |
//! | entry bundle | up to 256 neighbouring entries, each with a 16-bit length before it |
//! | note | text with one or more signature lines below it |
//! | checkpoint | a note that states origin, size and root of the tree |
//! | inclusion proof | the hashes that lead from one leaf to the root |
//! | consistency proof | the hashes that show an old root to be a prefix of a new one |
//! | cosignature | a witness's timed signature line below a checkpoint |
//! | policy | the logs and witnesses that a verifier trusts, and how many witnesses are enough |
//! | quorum | the witness or group that a policy asks for |
//! | proof file | index, inclusion proof and checkpoint in one text, checkable offline |
//!
//! # Drawing
//!
//! ```text
//!  entries ──leaf_hash──▶ leaves ──grow──▶ tiles ──root──▶ Checkpoint ──sign──▶ Note
//!     │                                      │                                   │
//!     └──▶ EntryBundle                       ├─ prove_inclusion ──▶ hashes ──▶ ProofFile
//!                                            └─ prove_consistency ──▶ hashes     │
//!                                                                                ▼
//!  offline, with the log's vkey:  entry ──leaf_hash──▶ ProofFile::verify(leaf, origin, keys)
//!
//!  level 1   [ root of tile 0 | root of tile 1 ]                  tile/1/000.p/2
//!                     ▲                ▲
//!  level 0     [ 256 leaves ]   [ 256 leaves ]   [ 9 leaves ]     tile/0/000 .. tile/0/002.p/9
//! ```
//!
//! # Example
//!
//! ```
//! use tlog::{Checkpoint, MemoryTiles, ProofFile, SigningKey, leaf_hash, prove_inclusion, root};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // The log: three entries become tiles, a root and a signed checkpoint.
//! let entries = ["statement of Kim", "statement of Lee", "statement of Park"];
//! let mut tiles = MemoryTiles::new();
//! tiles.append(&entries.map(|entry| leaf_hash(entry.as_bytes())))?;
//! let key = SigningKey::from_seed("log.example/royalties", [7; 32].into())?;
//! let checkpoint = Checkpoint::new("log.example/royalties", 3, root(3, &tiles)?)?;
//! let note = checkpoint.sign(&[&key])?;
//!
//! // The proof file of entry 1, as it is handed to Lee.
//! let text = ProofFile::new(1, prove_inclusion(1, 3, &tiles)?, note)?.to_string();
//!
//! // Lee, offline, with the log's verifier key.
//! let proof = ProofFile::parse(&text)?;
//! let leaf = leaf_hash(b"statement of Lee");
//! let seen = proof.verify(&leaf, "log.example/royalties", &[key.verifier_key()])?;
//! assert_eq!(seen.size(), 3);
//! let forged = leaf_hash(b"forged");
//! assert!(proof.verify(&forged, "log.example/royalties", &[key.verifier_key()]).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//!
//! - A leaf can never pass for an inner node: the two hashes have different first bytes.
//! - Tiles are functions of the leaves alone: growing in any batches gives the same tiles.
//! - A full tile never changes; a partial tile only ever gains hashes at its end.
//! - Every text form has one spelling: what parses prints again byte for byte, all else is refused.
//!   A policy file alone may have comments, which are read over.
//! - A note is opened only if a known key signed it, and never if a known key's signature is bad.
//! - A log's key is never taken for a witness's, nor the other way round: they are two types.
//! - A secret key is wiped from memory when dropped and is never printed.
//!
//! # What it does not do
//!
//! No network, storage, clock or randomness: tiles are read through [`HashReader`], seeds are
//! arguments. No other hash than SHA-256, no other signatures than Ed25519 (types `01` and `04`);
//! those of other types count as signatures of unknown keys and are kept, unread. It does not keep a
//! log from signing two histories: that needs witnesses, and a caller that never signs a smaller size
//! than it has signed before. An inclusion proof binds leaf, index and root; the tree size is bound
//! by the checkpoint's signature, not by the hashes. A quorum says that so many witnesses saw one
//! history; whether they are independent of each other is for whoever writes the policy.

pub mod bundle;
pub mod checkpoint;
pub mod cosign;
mod encoding;
mod grow;
mod hash;
mod key;
mod memory;
pub mod note;
pub mod policy;
pub mod proof_file;
mod prove;
mod reader;
pub mod request;
mod subtree;
pub mod sum;
pub mod tile;
mod tree;
mod verify;
pub mod witness;

pub use bundle::EntryBundle;
pub use checkpoint::Checkpoint;
pub use cosign::{Cosigned, CosignerKey, WitnessKey, cosignatures};
pub use encoding::EncodingError;
pub use grow::{NamedTile, grow};
pub use hash::{HASH_BYTES, Hash, empty_root, leaf_hash, node_hash};
pub use key::{KeyError, KeyId, SigningKey, VerifierKey};
pub use memory::{MemoryTiles, MissingTile};
pub use note::{Note, Opened, Signature};
pub use policy::{Judged, Policy};
pub use proof_file::ProofFile;
pub use prove::{prove_consistency, prove_inclusion, root};
pub use reader::{HashReader, TreeError};
pub use request::AddCheckpoint;
pub use subtree::{verify_subtree_consistency, verify_subtree_inclusion};
pub use sum::{SumError, SumNode, SumTree};
pub use tile::TileId;
pub use tree::Tree;
pub use verify::{ProofError, verify_consistency, verify_inclusion};
