//! The file by which a payee claims, or has somebody claim for it.

use ident::ChainAddress;
use serde::{Deserialize, Serialize};

use crate::tree::{PROOF_MAX, leaf, verify};
use crate::word::Word;

/// The name of the form.
pub const CLAIM_FORMAT: &str = "leitmotif-claim/v1";

/// The largest file that is read.
const FILE_BYTES_MAX: usize = 16 << 10;

/// A leaf of the claim tree, with its proof and with what it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFile {
    /// The chain (EIP-155).
    pub chain_id: u64,
    /// The payout contract.
    pub contract: ChainAddress,
    /// What it pays out.
    pub token: ChainAddress,
    /// Decimals of the token.
    pub decimals: u32,
    /// The epoch of the root.
    pub epoch: u64,
    /// Who gets it.
    pub account: ChainAddress,
    /// What it was ever due, in the token's smallest unit.
    pub cumulative: u128,
    /// The root.
    pub root: Word,
    /// The siblings from the leaf to the root.
    pub proof: Vec<Word>,
    /// The log's entry that the sum follows from.
    pub seal_index: u64,
    /// The size of a log that has it.
    pub tree_size: u64,
    /// The root of that log.
    pub log_root: Word,
    /// For which of the operator's accounts it is, e.g. `payee:kim-sora`.
    pub due_to: Vec<String>,
}

/// Why a claim file proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimFileError {
    /// It is no claim file.
    #[error("this is no claim file: {detail}")]
    Form {
        /// What is wrong, and where.
        detail: String,
    },
    /// Its proof leads elsewhere.
    #[error("the proof does not lead from this account and sum to the root in the file")]
    Proof,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: String,
    chain_id: u64,
    contract: String,
    token: String,
    decimals: u32,
    epoch: u64,
    account: String,
    cumulative: String,
    root: String,
    proof: Vec<String>,
    seal_index: u64,
    tree_size: u64,
    log_root: String,
    due_to: Vec<String>,
}

impl ClaimFile {
    /// Writes it as JSON, for people and programs; the same file gives the same bytes.
    #[must_use]
    pub fn write(&self) -> String {
        let written = Written {
            format: CLAIM_FORMAT.to_owned(),
            chain_id: self.chain_id,
            contract: self.contract.to_string(),
            token: self.token.to_string(),
            decimals: self.decimals,
            epoch: self.epoch,
            account: self.account.to_string(),
            // Programs read numbers in JSON as floats of 53 bits.
            cumulative: self.cumulative.to_string(),
            root: self.root.to_string(),
            proof: self.proof.iter().map(ToString::to_string).collect(),
            seal_index: self.seal_index,
            tree_size: self.tree_size,
            log_root: self.log_root.to_string(),
            due_to: self.due_to.clone(),
        };
        let text = serde_json::to_string_pretty(&written);
        text.expect("it holds texts, numbers and lists of texts") + "\n"
    }

    /// Reads it, and checks that its proof leads to its root.
    ///
    /// # Errors
    /// [`ClaimFileError`]; also for a file that is spelled otherwise than [`ClaimFile::write`] does.
    pub fn read(bytes: &[u8]) -> Result<Self, ClaimFileError> {
        let form = |detail: String| ClaimFileError::Form { detail };
        if bytes.len() > FILE_BYTES_MAX {
            return Err(form(format!("it is longer than {FILE_BYTES_MAX} bytes")));
        }
        let it: Written = serde_json::from_slice(bytes).map_err(|it| form(it.to_string()))?;
        if it.format != CLAIM_FORMAT {
            return Err(form(format!("its format is not {CLAIM_FORMAT}")));
        }
        let address = |name: &str, text: &str| {
            ChainAddress::parse(text).map_err(|error| form(format!("{name}: {error}")))
        };
        let word = |name: &str, text: &str| {
            Word::parse(text).map_err(|error| form(format!("{name}: {error}")))
        };
        let file = Self {
            chain_id: it.chain_id,
            contract: address("contract", &it.contract)?,
            token: address("token", &it.token)?,
            decimals: it.decimals,
            epoch: it.epoch,
            account: address("account", &it.account)?,
            cumulative: it
                .cumulative
                .parse()
                .map_err(|_| form("cumulative: not a whole number".to_owned()))?,
            root: word("root", &it.root)?,
            proof: it.proof.iter().map(|it| word("proof", it)).collect::<Result<_, _>>()?,
            seal_index: it.seal_index,
            tree_size: it.tree_size,
            log_root: word("log_root", &it.log_root)?,
            due_to: it.due_to,
        };
        if file.proof.len() > PROOF_MAX {
            return Err(form(format!("its proof has more than {PROOF_MAX} hashes")));
        }
        if file.write().as_bytes() != bytes {
            return Err(form("it is not spelled as it was written".to_owned()));
        }
        let own = leaf(file.chain_id, file.contract, file.account, file.cumulative);
        match verify(own, &file.proof, file.root) {
            true => Ok(file),
            false => Err(ClaimFileError::Proof),
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    use super::*;
    use crate::ClaimTree;

    fn at(it: u8) -> ChainAddress {
        ChainAddress::from_bytes([it; 20]).unwrap()
    }

    fn file() -> ClaimFile {
        let sums = [(at(1), 1_500_000), (at(2), 70), (at(3), 9)];
        let tree = ClaimTree::new(31337, at(0xc0), sums).unwrap();
        ClaimFile {
            chain_id: 31337,
            contract: at(0xc0),
            token: at(0x70),
            decimals: 6,
            epoch: 1,
            account: at(1),
            cumulative: 1_500_000,
            root: tree.root(),
            proof: tree.proof(at(1)).unwrap(),
            seal_index: 3,
            tree_size: 7,
            log_root: Word([9; 32]),
            due_to: vec!["payee:kim".to_owned()],
        }
    }

    /// Also the vector of docs/spec/claim-v1.md.
    #[test]
    fn it_is_written_and_read() {
        let text = file().write();
        assert_eq!(ClaimFile::read(text.as_bytes()), Ok(file()));
        expect![[r#"
            {
              "format": "leitmotif-claim/v1",
              "chain_id": 31337,
              "contract": "0xC0C0c0c0C0C0c0c0c0C0c0C0C0C0C0C0C0C0c0c0",
              "token": "0x7070707070707070707070707070707070707070",
              "decimals": 6,
              "epoch": 1,
              "account": "0x0101010101010101010101010101010101010101",
              "cumulative": "1500000",
              "root": "0xccc88609ac43682a715147c27ea7b6c0393c68163330efd546baf55b43801f40",
              "proof": [
                "0x7d2a4a5a4af0369507d8637366697fd092501df946b4895e9ca8f5e074182ee3"
              ],
              "seal_index": 3,
              "tree_size": 7,
              "log_root": "0x0909090909090909090909090909090909090909090909090909090909090909",
              "due_to": [
                "payee:kim"
              ]
            }
        "#]]
        .assert_eq(&text);
    }

    fn check(from: &str, to: &str, expect: Expect) {
        let text = file().write();
        assert!(text.contains(from), "{text}");
        let changed = text.replacen(from, to, 1);
        expect.assert_eq(&ClaimFile::read(changed.as_bytes()).unwrap_err().to_string());
    }

    #[test]
    fn what_is_changed_is_refused() {
        let proof = "the proof does not lead from this account and sum to the root in the file";
        assert_eq!(ClaimFileError::Proof.to_string(), proof);
        check(
            "\"1500000\"",
            "\"1500001\"",
            expect!["the proof does not lead from this account and sum to the root in the file"],
        );
        check(
            "31337",
            "1",
            expect!["the proof does not lead from this account and sum to the root in the file"],
        );
        check(
            "\"1500000\"",
            "\"01500000\"",
            expect!["this is no claim file: it is not spelled as it was written"],
        );
        check(
            "\"1500000\"",
            "1500000",
            expect![
                "this is no claim file: invalid type: integer `1500000`, expected a string at line 9 column 23"
            ],
        );
        check(
            "\"epoch\"",
            "\"epoche\"",
            expect![
                "this is no claim file: unknown field `epoche`, expected one of `format`, `chain_id`, `contract`, `token`, `decimals`, `epoch`, `account`, `cumulative`, `root`, `proof`, `seal_index`, `tree_size`, `log_root`, `due_to` at line 7 column 10"
            ],
        );
        check(
            "claim/v1",
            "claim/v2",
            expect!["this is no claim file: its format is not leitmotif-claim/v1"],
        );
        check(
            "\n  \"token\"",
            "\n\"token\"",
            expect!["this is no claim file: it is not spelled as it was written"],
        );
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_refused_or_told_of_elsewhere(at: usize, byte: u8) {
            let mut bytes = file().write().into_bytes();
            let at = at % bytes.len();
            prop_assume!(bytes[at] != byte);
            bytes[at] = byte;
            // What the leaf does not bind (token, epoch, log, names) may be read as another file.
            if let Ok(read) = ClaimFile::read(&bytes) {
                let (one, other) = (file(), read);
                prop_assert_eq!((one.chain_id, one.contract, one.account), (other.chain_id, other.contract, other.account));
                prop_assert_eq!((one.cumulative, one.root, one.proof), (other.cumulative, other.root, other.proof));
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(ClaimFile::read(&bytes).is_err());
        }
    }
}
