//! The receipt: everything a payee needs to check a statement, in one file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::Statement;
use crate::statement::{STATEMENT_FORMAT, StatementError};

/// The format tag of this version.
pub const RECEIPT_FORMAT: &str = "leitmotif-receipt/v2";

/// A statement with the proof that a seal in the log holds exactly it; fields in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The parts of agreements that the statement's terms name.
    pub agreements: Vec<AgreementNote>,
    /// The signed checkpoint, with the cosignatures of witnesses, as C2SP signed-note writes it.
    pub checkpoint: String,
    /// Entries of the log with their inclusion proofs under the checkpoint; the first is the seal.
    pub entries: Vec<EntryNote>,
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// The statement's key, in hex.
    pub key: String,
    /// The log's key as C2SP signed-note prints it; compare it with the one you were given.
    pub log_key: String,
    /// Where the account stands in its category of the seal.
    pub path: PathNote,
    /// The same account in the seal before; none if it stood in no seal of this currency.
    pub previous: Vec<PreviousNote>,
    /// The statement's cells among the sources of the seal.
    pub sources: SourcesNote,
    /// The statement.
    pub statement: Statement,
}

/// An entry of the log and its inclusion proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryNote {
    /// The inclusion proof, each hash in base64, the sibling nearest to the leaf first.
    pub hashes: Vec<String>,
    /// Its number in the log, from 0.
    pub index: u64,
    /// Its bytes.
    pub text: String,
}

/// Parts of one agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementNote {
    /// The entry that commits to it: a place in [`Receipt::entries`].
    pub entry: u64,
    /// The parts that are opened.
    pub parts: Vec<PartNote>,
}

/// A part of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartNote {
    /// Its place among the agreement's parts.
    pub at: u64,
    /// The hashes to the root, each in base64.
    pub hashes: Vec<String>,
    /// Its salt, in hex.
    pub salt: String,
    /// Its text; the first line says what it is part of.
    pub text: String,
}

/// Where an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathNote {
    /// Its place in the category, from 0.
    pub at: u64,
    /// The nodes that lead to the root, in base64.
    pub nodes: String,
}

/// An account in the seal before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviousNote {
    /// That seal: a place in [`Receipt::entries`].
    pub entry: u64,
    /// The key of the statement then, in hex.
    pub key: String,
    /// The root of its lines then, with their number and sums.
    pub lines: crate::seal::Branch,
    /// Where it stood.
    pub path: PathNote,
    /// SHA-256 of the statement then, in hex.
    pub statement: String,
    /// The eight columns then.
    pub sums: Vec<String>,
}

/// Cells among the sources of a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcesNote {
    /// For each cell, in the order of the statement's lines, each once: place among the sources, what
    /// its lines give away in all, salt in hex.
    pub cells: Vec<(u64, String, String)>,
    /// The nodes that lead from all of them to the root, in base64.
    pub nodes: String,
}

impl Receipt {
    /// Returns the receipt's canonical bytes.
    ///
    /// # Panics
    /// Never: every field has a JSON form.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("strings, integers, arrays and objects always have a form")
    }

    /// Reads canonical bytes; bytes in any other form are refused.
    ///
    /// # Errors
    /// [`ReceiptError`], in the same three kinds as for a statement.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        let receipt: Self = serde_json::from_slice(bytes).map_err(|error| ReceiptError::Json {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })?;
        if receipt.format != RECEIPT_FORMAT {
            return Err(ReceiptError::Format { got: receipt.format });
        }
        // The statement is canonical if the whole is.
        if receipt.statement.format != STATEMENT_FORMAT {
            let got = receipt.statement.format;
            return Err(StatementError::Format { got }.into());
        }
        match receipt.canonical() == bytes {
            true => Ok(receipt),
            false => Err(ReceiptError::NotCanonical),
        }
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn parse_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Why bytes are no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiptError {
    /// The bytes are not JSON of the right shape.
    #[error("the receipt cannot be read at line {line}, column {column}: {reason}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the reader says.
        reason: String,
    },
    /// The receipt is of a version that this program does not know.
    #[error("the receipt's format is {got:?}, this program reads {RECEIPT_FORMAT:?}")]
    Format {
        /// The tag that was found.
        got: String,
    },
    /// The same content would be written in other bytes.
    #[error("the receipt is not in its canonical form, so some byte of it was changed")]
    NotCanonical,
    /// The statement in it is none.
    #[error("the statement in the receipt is not valid")]
    Statement(#[from] StatementError),
}
