//! The receipt: everything a payee needs to check a statement, in one file.

use serde::{Deserialize, Serialize};

use crate::Statement;
use crate::statement::StatementError;

/// The format tag of this version.
pub const RECEIPT_FORMAT: &str = "leitmotif-receipt/v1";

/// A statement with the proof that the log holds its commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// [`RECEIPT_FORMAT`].
    pub format: String,
    /// The log's key as C2SP signed-note prints it; compare it with the one you were given.
    pub log_key: String,
    /// Index, inclusion proof and signed checkpoint, as C2SP tlog-proof writes them.
    pub proof: String,
    /// The salt of the commitment, in hex.
    pub salt: String,
    /// The statement.
    pub statement: Statement,
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
        Statement::parse(&receipt.statement.canonical())?;
        match receipt.canonical() == bytes {
            true => Ok(receipt),
            false => Err(ReceiptError::NotCanonical),
        }
    }
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
