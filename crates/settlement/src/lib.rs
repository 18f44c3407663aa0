//! Usage cells and agreements to balanced ledger entries.
//!
//! # Purpose
//! Decides, for one period, what of the money that was received is due to whom: each cell of usage
//! is divided by the terms that speak about it, exactly, and written down as double entry.
//!
//! # Words
//! A **cell** is usage summed over everything that terms do not look at. A **plan** is how a cell
//! is divided: **claims** with fractions that add up to one. A cell is **outside** if it brings no
//! money to us. **Suspense** holds what cannot be given to anybody yet. An advance is **recouped**
//! by keeping back what its payee earns.
//!
//! # Drawing
//! ```text
//! cell ─┬─ received ──────────────┐
//!       └─ service net × licence ─┴─ plan ─ fee | royalty | profit share | retained | suspense
//!                                             └──── entries: debits = credits, per currency
//! ```
//!
//! # Example
//! ```
//! use settlement::{Input, settle};
//! let catalog = catalog::Catalog::default();
//! let outcome = settle(&Input {
//!     id: "2021-06",
//!     period: "2021-06".parse().unwrap(),
//!     catalog: &catalog,
//!     cells: &[],
//!     unrecouped: &Default::default(),
//! });
//! assert!(outcome.unwrap().entries.is_empty());
//! ```
//!
//! # Invariants
//! - What the claims of a cell get adds up to what was received for it, to the atom.
//! - The same cells and agreements give the same outcome, in whatever order the cells come.
//! - There is one rounding in a cell: the largest remainders get the atoms that are left, ties to
//!   the earlier claim. (One more where a licence turns a service's revenue into money: half to
//!   even, at the last atom.)
//! - A currency is never turned into another.
//!
//! # What it does not do
//! It knows no file format, no database and no clock; it does not pay.

mod index;
mod outcome;
mod plan;
mod recoup;
mod settle;

pub use outcome::{
    Claim, ClaimKind, Outside, OutsideCell, Plan, Recoupment, Rounded, SettledCell, Settlement,
    Totals,
};
pub use settle::{Input, SettleError, settle};
