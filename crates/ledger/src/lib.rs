//! Accounts, postings and entries that balance by construction.
//!
//! # Purpose
//! Everything that is received has to stand somewhere, to the atom. This crate is the double-entry
//! book in which settlement writes it down: who paid, to whom it is due, what was kept, what waits.
//!
//! # Words
//! An **account** is a place where money stands. A **posting** moves an unsigned amount to one
//! side of one account. An **entry** is a set of postings whose debits equal its credits in every
//! currency. A **balance** is what an account's postings add up to.
//!
//! # Drawing
//! ```text
//! entry "report 3f2a, KRW"
//!   debit   received:PADPIDA…          1,000
//!   credit  fee:distributor              150
//!   credit  payee:singer                 425
//!   credit  retained                     425
//! ```
//!
//! # Example
//! ```
//! use ledger::{Account, Entry, Posting};
//! use money::{Amount, Atoms, Currency};
//! let krw = |units| Amount { atoms: Atoms::from_units(units), currency: Currency::parse("KRW").unwrap() };
//! let singer = ident::PartyId::parse("singer").unwrap();
//! let entry = Entry::new("e1", "sample", vec![
//!     Posting::debit(Account::Received("PADPIDA1".into()), krw(1_000)),
//!     Posting::credit(Account::Payee(singer), krw(400)),
//!     Posting::credit(Account::Retained, krw(600)),
//! ]);
//! assert!(entry.is_ok());
//! ```
//!
//! # Invariants
//! - The debits of an [`Entry`] equal its credits, per currency; no other entry can be made.
//! - A posting's amount is never negative: a refund is a posting to the other side.
//! - Nothing here rounds, reads a clock or knows where amounts come from.
//!
//! # What it does not do
//! It does not decide who gets what (that is `settlement`) and does not keep anything (`store`).

mod account;
mod balance;
mod entry;

pub use account::{Account, AccountError, Pipe, SuspenseReason};
pub use balance::{Balance, TrialBalance};
pub use entry::{Entry, EntryError, Posting, Side};
