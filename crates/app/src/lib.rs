//! What the product can do: one function a use case.
//!
//! # Purpose
//! Puts the engines, the store and the lake together, so that a door (a command line, a page) only
//! has to ask and to show. Requests and outcomes are plain structs.
//!
//! # Words
//! A **home** is the folder that holds everything. A **use case** is one thing a person wants done:
//! [`reports::import`], [`settle::settle_period`], [`publish::publish_statements`] and so on.
//!
//! # Drawing
//! ```text
//! files ─ reports::import ─ lake + store ─ settle::settle_period ─ publish::publish_statements
//!                               └──────── share::share_of_market          └─ receipts, log/
//! ```
//!
//! # Example
//! ```
//! let folder = tempfile::tempdir()?;
//! let home = app::Home::open(folder.path(), &app::Config::default())?;
//! assert!(home.store.reports()?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A use case that writes can be killed at any point and called again: nothing is lost, and
//!   nothing counts twice.
//! - The time is an argument; no use case reads a clock.
//!
//! # What it does not do
//! It parses no command line, renders no page and does no arithmetic of its own.

pub mod attest;
pub mod bundle;
pub mod catalogue;
mod cells;
pub mod claim;
pub mod cosign;
pub mod cues;
pub mod demo;
pub mod diff;
pub mod erase;
pub mod generate;
mod home;
pub mod income;
pub mod log;
pub mod payments;
pub mod payout;
pub mod preview;
pub mod publish;
pub mod query;
pub mod rates;
mod receipts;
pub mod reports;
mod restate;
pub mod rulings;
pub mod seal;
pub mod settle;
pub mod share;
pub mod sound;
pub mod sources;
mod statements;
pub mod suspense;
pub mod templates;
pub mod whatif;
pub mod why;
pub mod witness;

pub use home::{Config, ConfigError, Home, OpenError, PayingBank, PayoutConfig, Progress, Silent};
