//! The compiled contract, and what is fixed in it when it is made.

use std::collections::BTreeMap;

use ident::ChainAddress;
use serde::Deserialize;

use crate::abi::{Call, word_of};
use crate::word::{Word, bytes_of};

/// Rebuilt and compared by `cargo xtask interop chain`.
const ARTIFACT: &str = include_str!("../../../contracts/artifact/RoyaltyPayout.json");

/// What is fixed when a contract is made, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What is paid out.
    pub token: ChainAddress,
    /// Who publishes roots.
    pub publisher: ChainAddress,
    /// Who may veto them.
    pub guardian: ChainAddress,
    /// How long a root waits, in seconds.
    pub delay_s: u64,
}

#[derive(Deserialize)]
struct Artifact {
    bytecode: String,
    runtime: String,
    /// Where each name's word stands in the runtime code.
    immutables: BTreeMap<String, Vec<usize>>,
}

fn artifact() -> Artifact {
    serde_json::from_str(ARTIFACT)
        .expect("the artifact is part of the program, and a test reads it")
}

/// The code that makes a contract of these terms.
#[must_use]
pub fn creation_code(terms: &Terms) -> Vec<u8> {
    let code = bytes_of(&artifact().bytecode).expect("a test reads the artifact");
    let arguments = Call::bare().address(terms.token).address(terms.publisher);
    let arguments = arguments.address(terms.guardian).number(terms.delay_s);
    [code, arguments.bytes()].concat()
}

/// The code that a contract of these terms has on the chain.
#[must_use]
pub fn runtime_code(terms: &Terms) -> Vec<u8> {
    let artifact = artifact();
    let mut code = bytes_of(&artifact.runtime).expect("a test reads the artifact");
    for (name, places) in &artifact.immutables {
        let word = match name.as_str() {
            "token" => word_of(terms.token),
            "publisher" => word_of(terms.publisher),
            "guardian" => word_of(terms.guardian),
            _ => Word::of(terms.delay_s.into()),
        };
        for at in places {
            code[*at..*at + 32].copy_from_slice(&word.0);
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artifact_can_be_read() {
        let artifact = artifact();
        let names: Vec<&String> = artifact.immutables.keys().collect();
        assert_eq!(names, ["delay", "guardian", "publisher", "token"]);
        let at = |it: u8| ChainAddress::from_bytes([it; 20]).unwrap();
        let terms = Terms { token: at(1), publisher: at(2), guardian: at(3), delay_s: 86_400 };
        let code = runtime_code(&terms);
        assert!(code.len() < 24_576, "EIP-170: {} bytes", code.len());
        assert_eq!(creation_code(&terms).len(), bytes_of(&artifact.bytecode).unwrap().len() + 128);
        let zeros = bytes_of(&artifact.runtime).unwrap();
        let differ = code.iter().zip(&zeros).filter(|(a, b)| a != b).count();
        let words: usize = artifact.immutables.values().map(Vec::len).sum();
        assert!(differ >= words, "each place got its word");
    }
}
