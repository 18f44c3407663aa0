//! The payout contract: claim tree, calls, and transactions that somebody else signs.
//!
//! # Purpose
//! Lets an operator publish one root an epoch for all payees who are paid on a chain, and lets anybody
//! see what the contract holds. The contract itself is `contracts/src/RoyaltyPayout.sol`; its compiled
//! form is part of this crate, so that the code found on a chain can be compared byte by byte.
//!
//! # Words
//! An **epoch** is one root and what it gives out. A **cumulative** sum is what an account was ever due,
//! in the token's smallest **unit**. A **claim tree** has one leaf an account; a **claim file** is a leaf
//! with its proof. A root **waits** until its delay is over, and is then **in effect**. The **signer** is
//! another program, which has the key.
//!
//! # Drawing
//! ```text
//! (account, cumulative)… ─ ClaimTree ─┬─ root ─ Payout::publish ─ Sender ─ signer ─ node
//!                                     └─ proof ─ ClaimFile ─ the payee's wallet ─ claim
//! ```
//!
//! # Example
//! ```
//! use chain::{ClaimTree, ident::ChainAddress};
//! let at = |it: u8| ChainAddress::from_bytes([it; 20]).expect("it is not zero");
//! let tree = ClaimTree::new(1, at(9), [(at(1), 500), (at(2), 70)])?;
//! let leaf = chain::leaf(1, at(9), at(1), 500);
//! assert!(chain::verify(leaf, &tree.proof(at(1)).expect("it has a leaf"), tree.root()));
//! # Ok::<(), chain::TreeError>(())
//! ```
//!
//! # Invariants
//! - No key is ever seen: a transaction is signed elsewhere, and what comes back is compared with what
//!   was asked, field by field, before it is sent.
//! - Everything that is read from a node or signer has a limit in bytes and in time.
//! - No address of a node is shown beyond its host: what stands behind that may be a secret.
//!
//! # What it does not do
//! It decides nothing about money, keeps nothing, and does not follow the chain: it asks when it is asked.

mod abi;
mod artifact;
mod claim_file;
mod payout;
mod rlp;
mod rpc;
mod send;
mod tree;
mod word;

pub use ident;

pub use artifact::{Terms, creation_code, runtime_code};
pub use claim_file::{CLAIM_FORMAT, ClaimFile, ClaimFileError};
pub use payout::{ContractState, Payout, PayoutError, Publication, Waiting};
pub use rpc::{Rpc, RpcError};
pub use send::{Event, Receipt, SendError, Sender, Sent, Signer, SignerMethod, wait};
pub use tree::{ClaimTree, TreeError, leaf, verify};
pub use word::{ParseWordError, Word, keccak256};
