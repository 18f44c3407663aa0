//! Usage cells and agreements to balanced ledger entries.
//!
//! # Purpose
//! Decides, for one period, what of the money that was received is due to whom: each cell of usage
//! is divided by the terms that speak about it, exactly, and written down as double entry.
//!
//! # Words
//! A **cell** is usage summed over everything that terms do not look at. A **plan** is how a cell
//! is divided: **claims** with fractions that add up to one. A cell is **outside** if it brings no
//! money to us. **Suspense** holds what cannot be given to anybody yet. A **movement** is what
//! agreements say about sums: advances kept back, reserves held and released. Its **origin** is the
//! period in which it would have moved, had everything been known then. A **payout** is what is
//! paid of a balance, less tax that is withheld, with value added tax on top.
//!
//! # Drawing
//! ```text
//! cell ─┬─ received ──────────────┐
//!       └─ service net × licence ─┴─ plan ─ fee | royalty | profit share | retained | suspense
//!                                             └─ sums earned, by origin ─ fold ─ movements
//!                                                     entries: debits = credits, per currency
//! ```
//!
//! # Example
//! ```
//! use settlement::{Input, settle};
//! let catalog = catalog::Catalog::default();
//! let outcome = settle(&Input {
//!     id: "2021-06",
//!     origins: &["2021-06".parse().unwrap()],
//!     catalog: &catalog,
//!     cells: &Default::default(),
//!     past: &Default::default(),
//!     rulings: &Default::default(),
//! });
//! assert!(outcome.unwrap().entries.is_empty());
//! ```
//!
//! # Invariants
//! - What the claims of a cell get adds up to what was received for it, to the atom.
//! - The same cells and agreements give the same outcome, in whatever order the cells come.
//! - There is one rounding in a cell: the largest remainders get the atoms that are left, ties to
//!   the earlier claim. (One more where a licence turns a service's revenue into money: half to
//!   even, at the last atom, and one where an agreement's currency is another.)
//! - A currency becomes another only where the agreement says so, by a rate of the table that it
//!   names; without one the money waits.
//!
//! # What it does not do
//! It knows no file format, no database and no clock. It works out payments, and does not pay.

mod book;
mod divide;
mod exchange;
mod fold;
mod index;
mod ladder;
mod outcome;
mod payout;
mod plan;
mod price;
mod settle;
mod voice;

pub use divide::Position;
pub use fold::{
    Brought, BroughtKey, Earned, EarnedKey, EarnedSums, MovementKey, Movements, Step, origin_of,
};
pub use ladder::{MeterKey, Meters};
pub use outcome::{
    Claim, ClaimKind, Divided, Exchange, Measure, Outside, OutsideCell, PaidBy, Plan, Rounded,
    Route, SettledCell, Settlement, Totals,
};
pub use payout::{Paying, PaymentPart, Payout, TaxLine, Unpayable, VatLine, payout};
pub use plan::payee_account;
pub use settle::{Input, NO_RULINGS, Past, Restated, Rulings, SettleError, settle};
