//! What stands in the log beside seals: canonical JSON (RFC 8785), each under 64 KiB.
//!
//! No entry names a payee, a rate or what one payee gets: what could is committed to with a salt.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tlog::{Hash, MemoryTiles, leaf_hash, prove_inclusion, root};

use crate::secret::{entry_salt, hex};

/// The format tag of every entry.
pub const ENTRY_FORMAT: &str = "leitmotif-entry/v1";

/// An entry of the log other than a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// A version of an agreement: the root of a tree over its parts, each with a salt of its own.
    Agreement {
        /// How many parts it has.
        parts: u64,
        /// The root, in hex.
        root: String,
    },
    /// Who sent a report says, with a signature, that it is what was sent.
    Attestation {
        /// The signer's verifier key (C2SP signed-note).
        key: String,
        /// The signed note; its text is [`attestation_text`].
        note: String,
    },
    /// What was settled before is restated: why, and the entry of the seal that stays as it is.
    Correction {
        /// Why, in tokens.
        because: Vec<String>,
        /// The currency.
        currency: String,
        /// The seal that stays.
        seal: u64,
        /// The settlement that restates.
        settlement: String,
    },
    /// A decision about money that waits: disputed, resolved, matched by hand, lapsed.
    Decision {
        /// When, RFC 3339.
        at: String,
        /// Commitment to who decided, about what, and why.
        commitment: String,
        /// `dispute`, `resolve`, `match` or `lapse`.
        what: String,
    },
    /// The log is signed by another key from here on.
    KeyChange {
        /// The key so far.
        from: String,
        /// The key from here on.
        to: String,
    },
    /// Payments that went out together.
    PaymentBatch {
        /// Commitment to the payments, by the hash that the operator keeps.
        commitment: String,
        /// The day of payment.
        day: String,
        /// How many there are.
        payments: u64,
        /// What was paid, by currency: code and amount.
        totals: Vec<[String; 2]>,
    },
    /// A table of exchange rates.
    Rates {
        /// SHA-256 of the table's text, in hex.
        sha256: String,
        /// The table's id.
        table: String,
    },
    /// A sales report, as it came, before anything was matched.
    Report {
        /// Commitment to its control totals: lines, usages and sums.
        control: String,
        /// Its usage lines.
        lines: u64,
        /// Our id.
        report: String,
        /// The hash of its text.
        sha256: String,
    },
    /// A report was taken back before it was settled.
    Withdrawal {
        /// Our id.
        report: String,
    },
}

impl Entry {
    /// The entry's bytes.
    ///
    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let value = serde_json::to_value(self).expect("strings and integers always have a form");
        let fields = value.as_object().into_iter().flatten();
        let mut sorted: BTreeMap<&str, &Value> =
            fields.map(|(key, it)| (key.as_str(), it)).collect();
        let format = Value::from(ENTRY_FORMAT);
        sorted.insert("format", &format);
        serde_json::to_vec(&sorted).expect("a value always has a form")
    }

    /// Reads an entry; none for a seal, for kinds this program does not know, and for other bytes.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let mut value: Value = serde_json::from_slice(bytes).ok()?;
        let format = value.as_object_mut()?.remove("format")?;
        let entry: Self = serde_json::from_value(value).ok()?;
        (format == ENTRY_FORMAT && entry.bytes() == bytes).then_some(entry)
    }
}

/// Commits to bytes with a salt of their own: SHA-256 over a domain, kind, salt and their hash.
#[must_use]
pub fn commitment(kind: &str, salt: &[u8; 32], committed: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"leitmotif/commitment/v1\0")
        .chain_update(kind)
        .chain_update(b"\0")
        .chain_update(salt)
        .chain_update(Sha256::digest(committed))
        .finalize()
        .into()
}

/// The commitment that the operator makes, in hex.
#[must_use]
pub fn committed(secret: &[u8; 32], kind: &str, what: &[u8]) -> String {
    hex(&commitment(kind, &entry_salt(secret, kind, what), what))
}

/// The text that the sender of a report signs: the report as the log has it.
#[must_use]
pub fn attestation_text(report: &str, sha256: &str, lines: u64, control: &str) -> String {
    format!(
        "leitmotif-attestation/v1\nreport {report}\nsha256 {sha256}\nlines {lines}\ncontrol {control}\n"
    )
}

/// An agreement's parts with their salts, as a small tree of RFC 6962 whose leaves are `salt ‖ text`.
#[derive(Debug)]
pub struct AgreementParts {
    parts: Vec<(String, [u8; 32])>,
    tiles: MemoryTiles,
}

/// One part of an agreement, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedPart {
    /// Its place among the parts.
    pub at: u64,
    /// The hashes that lead to the root.
    pub hashes: Vec<Hash>,
    /// Its salt.
    pub salt: [u8; 32],
    /// Its text.
    pub text: String,
}

impl AgreementParts {
    /// Salts the parts of an agreement; the first line of each says what it is part of.
    #[must_use]
    pub fn new(secret: &[u8; 32], parts: Vec<String>) -> Self {
        let salted = |text: String| {
            let salt = entry_salt(secret, "agreement", text.as_bytes());
            (text, salt)
        };
        let parts: Vec<(String, [u8; 32])> = parts.into_iter().map(salted).collect();
        let mut tiles = MemoryTiles::new();
        let leaves: Vec<Hash> = parts.iter().map(|(text, salt)| part_leaf(salt, text)).collect();
        tiles.append(&leaves).expect("an agreement has fewer parts than a tree can hold");
        Self { parts, tiles }
    }

    /// The entry that commits to them.
    ///
    /// # Panics
    /// Never: all tiles are in memory.
    #[must_use]
    pub fn entry(&self) -> Entry {
        let root = root(self.tiles.size(), &self.tiles).expect("all tiles are in memory");
        Entry::Agreement { parts: self.tiles.size(), root: hex(root.as_bytes()) }
    }

    /// Opens the parts whose first line is one of `wanted`.
    ///
    /// # Panics
    /// Never: all tiles are in memory.
    #[must_use]
    pub fn open(&self, wanted: impl Fn(&str) -> bool) -> Vec<OpenedPart> {
        let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
        let parts = (0_u64..).zip(&self.parts).filter(|(_, (text, _))| wanted(&first(text)));
        parts
            .map(|(at, (text, salt))| OpenedPart {
                at,
                hashes: prove_inclusion(at, self.tiles.size(), &self.tiles)
                    .expect("all tiles are in memory"),
                salt: *salt,
                text: text.clone(),
            })
            .collect()
    }
}

/// The leaf of a part of an agreement.
#[must_use]
pub fn part_leaf(salt: &[u8; 32], text: &str) -> Hash {
    leaf_hash(&[salt.as_slice(), text.as_bytes()].concat())
}
