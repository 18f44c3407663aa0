//! Checking a receipt, with nothing at hand but the receipt.

use money::Currency;
use tlog::checkpoint::CheckpointError;
use tlog::proof_file::ProofFileError;
use tlog::{ProofFile, VerifierKey, leaf_hash};

use crate::check::CheckError;
use crate::leaf::{Salt, commitment, statement_leaf};
use crate::receipt::{Receipt, ReceiptError};
use crate::statement::Statement;

/// What a receipt was found to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The statement that is proven.
    pub statement: Statement,
    /// The log's name.
    pub origin: String,
    /// The log's key, in its text form.
    pub log_key: String,
    /// Whether the key was given by the reader; if not, it is the one named in the receipt.
    pub key_given: bool,
    /// The place of the statement's leaf in the log.
    pub index: u64,
    /// The size of the log that the checkpoint signs.
    pub size: u64,
}

impl Verdict {
    /// Returns what is proven, a sentence each.
    #[must_use]
    pub fn proven(&self) -> Vec<String> {
        let it = &self.statement;
        let currency: Currency = it.currency;
        vec![
            format!(
                "the log {} signed a checkpoint of {} entries, and entry {} commits to exactly \
                 this statement",
                self.origin, self.size, self.index
            ),
            format!(
                "each of the {} lines follows from its reported amount, licence rate, exchange rate \
                 and term, rounded by at most one atom",
                it.lines.len()
            ),
            format!("the lines add up to {currency} {}, the amount earned", it.balance.earned),
            format!(
                "the balance closes: opening {} + earned {} + moved {} = closing {}",
                it.balance.opening, it.balance.earned, it.balance.moved, it.balance.closing
            ),
        ]
    }

    /// Returns what is not proven, a sentence each.
    #[must_use]
    pub fn not_proven(&self) -> Vec<String> {
        let mut out = vec![
            "that the services reported all usage and income".to_owned(),
            "that these are all the lines your agreement gives you, or that the terms are those \
             you signed: compare them with your own copy"
                .to_owned(),
            "that an exchange rate is the one its source states: compare it there".to_owned(),
            "that nobody was shown another log: the checkpoint is not witnessed".to_owned(),
            "that the opening balance is what your last statement closed with, or that advances were \
             paid to you: compare them with your own papers"
                .to_owned(),
            "that the amount was paid".to_owned(),
        ];
        if !self.statement.outside.is_empty() {
            out.push(
                "that others paid what the statement says is paid past its operator: ask those who pay \
                 it"
                .to_owned(),
            );
        }
        if !self.key_given {
            out.push(format!(
                "that the signing key is the operator's: it is the one named in the receipt; \
                 compare it with the published one, or pass it with --key ({})",
                self.log_key
            ));
        }
        out
    }
}

/// Why a receipt proves nothing; each kind has its own exit code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// It cannot be read, or is not in its canonical form.
    #[error("this is not a receipt as it was issued")]
    Malformed(#[source] ReceiptError),
    /// The salt, key or proof text in it cannot be read.
    #[error("the {what} in the receipt cannot be read")]
    Field {
        /// `salt`, `log key` or `proof`.
        what: &'static str,
    },
    /// The statement's arithmetic does not hold.
    #[error("the statement's figures do not hold")]
    Figures(#[source] CheckError),
    /// The log does not hold this statement.
    #[error("the log does not hold this statement: statement, salt or proof was changed")]
    NotIncluded(#[source] ProofFileError),
    /// The checkpoint is not signed by the log's key.
    #[error("the checkpoint is not signed by the key {key}")]
    Signature {
        /// The key that was expected.
        key: String,
        /// What the note says.
        source: ProofFileError,
    },
    /// The key given by the reader is not the one named in the receipt.
    #[error("the receipt names the key {named}, but the key given is {given}")]
    OtherKey {
        /// The key in the receipt.
        named: String,
        /// The key given.
        given: String,
    },
}

impl Refusal {
    /// Returns the exit code of this kind of refusal.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Malformed(_) | Self::Field { .. } => 10,
            Self::Figures(_) => 11,
            Self::NotIncluded(_) => 12,
            Self::Signature { .. } | Self::OtherKey { .. } => 13,
        }
    }
}

/// Checks a receipt; `key` is the log's key as the reader knows it.
///
/// # Errors
/// [`Refusal`] names the first thing that does not hold.
pub fn verify(receipt: &[u8], key: Option<&VerifierKey>) -> Result<Verdict, Refusal> {
    let receipt = Receipt::parse(receipt).map_err(Refusal::Malformed)?;
    let named =
        VerifierKey::parse(&receipt.log_key).map_err(|_| Refusal::Field { what: "log key" })?;
    if let Some(given) = key.filter(|it| **it != named) {
        return Err(Refusal::OtherKey { named: named.to_string(), given: given.to_string() });
    }
    let salt = Salt::from_hex(&receipt.salt).ok_or(Refusal::Field { what: "salt" })?;
    let proof = ProofFile::parse(&receipt.proof).map_err(|_| Refusal::Field { what: "proof" })?;
    let signatures = proof.note().signatures().len();
    if proof.to_string() != receipt.proof || !proof.extra().is_empty() || signatures != 1 {
        return Err(Refusal::Field { what: "proof" });
    }
    let statement = receipt.statement;
    statement.check().map_err(Refusal::Figures)?;
    let commitment = commitment(&salt, &statement.canonical());
    let leaf = statement_leaf(&commitment, &statement.settlement, &statement.period);
    let checkpoint = proof
        .verify(&leaf_hash(&leaf), named.name(), std::slice::from_ref(&named))
        .map_err(|error| match error {
            ProofFileError::Checkpoint(CheckpointError::Note(_)) => {
                Refusal::Signature { key: named.to_string(), source: error }
            }
            _ => Refusal::NotIncluded(error),
        })?;
    Ok(Verdict {
        statement,
        origin: checkpoint.origin().to_owned(),
        log_key: receipt.log_key,
        key_given: key.is_some(),
        index: proof.index(),
        size: checkpoint.size(),
    })
}
