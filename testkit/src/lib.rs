//! Generators, the rational auditor and made-up sales reports, for tests and benches only.
//!
//! # Purpose
//! What decides about money is written twice: once fast, in `settlement`, and once slow and plain,
//! here. This crate makes the worlds in which both are compared, and sales reports of any size for
//! whoever measures the way from a file to a statement.
//!
//! # Words
//! - **auditor**: the second model of settlement, in rational numbers of any size.
//! - **world**: a small catalogue and cells, made from a seed.
//! - **story**: a world that becomes known bit by bit, settled period by period: reports come late,
//!   agreements are amended, recordings are matched; **books** carry what was settled before.
//! - **order**: what a made-up sales report shall be; **form**: the profile it is written in.
//! - **control total**: what all lines of a report add up to, known from writing it.
//!
//! # Drawing
//! ```text
//! seed ── World::new ──┬── settle ────────┐
//!                      └── auditor::audit ┴── differences: none
//! seed ── Story::new ──┬── Books::settle, as it became known ──┐
//!                      └── Books::settle, known in time ───────┴── one balance
//!
//! Order ─┬─ report::write_report ── DSR lines + control totals
//!        └─ report::catalogue ───── the recordings in them, and what was promised
//! ```
//!
//! # Example
//! ```
//! use testkit::report::{Form, Order, write_report};
//! use testkit::{World, differences};
//!
//! let world = World::new(42, 30);
//! let outcome = settlement::settle(&world.input())?;
//! assert!(differences(&world.input(), &outcome).is_empty());
//!
//! let mut report = Vec::new();
//! let written = write_report(&mut report, Form::Financial, &Order::new(42, 100))?;
//! assert_eq!(written.sales, 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - The same seed gives the same world and the same bytes, on every machine.
//! - The auditor reads the types of the catalogue and calls neither its rules, nor `money`'s
//!   arithmetic, nor `settlement`.
//! - A report keeps in memory what its order needs, however many lines it has.
//! - Every identifier is made up: ISRCs of the user-assigned country code `ZZ`, party ids of zeros.
//!
//! # What it does not do
//! It is never shipped, looks like no real market, and does not write defective reports.

mod amend;
pub mod auditor;
mod book;
mod cell;
mod compare;
mod deals;
pub mod fuzz;
pub mod generate;
mod music;
mod rates;
pub mod report;
mod story;
mod terms;

pub use book::Books;
pub use cell::{Cell, single, table};
pub use compare::{differences, ledger_differences};
pub use deals::rate;
pub use forge::SplitMix64;
pub use generate::World;
pub use story::{Chapter, Story, tell};
