//! Exact amounts: atoms, currencies, ratios, named rounding, allocation.
//!
//! # Purpose
//!
//! Money is counted in whole atoms of 10^-18 of a unit, in 128 bits, and a share of it is a
//! fraction of two integers. Addition is exact. The only places that can lose an atom are
//! [`Atoms::mul_ratio`] and [`Atoms::quantise`], which take a [`Rounding`] by name, and
//! [`allocate`], which loses none, because the parts add up to the whole.
//!
//! # Words
//!
//! - **atom**: 10^-18 of a unit of a currency, or of a usage quantity.
//! - **amount**: atoms with their currency.
//! - **balances**: at most one sum for each currency.
//! - **ratio**: a reduced fraction, zero or above: a share, a rate, an exchange rate.
//! - **quantise**: round to so many decimals, and keep the residue.
//! - **allocate**: divide by weights; what is left over goes to the largest remainders.
//!
//! # Drawing
//!
//! ```text
//!  "12.5" --parse--> Atoms --+-- mul_ratio(Ratio, Rounding) --> Atoms
//!                      |     |        (256 bits on the way)
//!  "KRW" --> Currency  |     +-- quantise(decimals, Rounding) -> (rounded, residue)
//!               \      |     |
//!                \     |     +-- allocate(weights) -----------> parts, sum(parts) = whole
//!                 v    v
//!                 Amount ---- add ----> Balances { KRW: .., USD: .. }
//! ```
//!
//! # Example
//!
//! ```
//! use money::{Amount, Atoms, Currency, Ratio, Rounding, allocate};
//!
//! let received = Atoms::parse("10.5")?;
//! let parts = allocate(received, &[5, 5, 2])?;
//! let shown: Vec<String> = parts.iter().map(Atoms::to_string).collect();
//! assert_eq!(shown, ["4.375", "4.375", "1.75"]);
//!
//! let fee = Ratio::parse("12.5 %")?;
//! let kept = fee.complement().and_then(|kept| received.mul_ratio(kept, Rounding::Down));
//! let (paid, residue) = kept.unwrap_or_default().quantise(2, Rounding::HalfEven);
//! assert_eq!((paid.to_string(), residue.to_string()), ("9.19".into(), "-0.0025".into()));
//!
//! let paid = Amount::new(paid, Currency::parse("USD")?);
//! assert_eq!(paid.to_string(), "USD 9.19");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - No float, no clock, no unordered map; the manifest of lints refuses them.
//! - What is read is held exactly, or refused: [`ParseAtomsError::TooPrecise`].
//! - `rounded + residue = value`, and `sum(parts) = whole`, to the atom.
//! - Beyond the range is `None` or an error, never another number.
//! - A [`Ratio`] is reduced, so equal ratios are equal in every respect.
//! - A [`Currency`] is one of the table; amounts in two currencies have no sum.
//!
//! # What it does not do
//!
//! It converts no currency without a rate from its caller, knows no locale, and does not decide
//! which rounding is right: the agreement says so.
#![deny(clippy::float_arithmetic, clippy::arithmetic_side_effects)]

mod allocate;
mod amount;
mod atoms;
mod currency;
mod currency_table;
mod decimal;
mod ratio;
mod rounding;
#[cfg(test)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "models compute with numbers of any size, and an overflow fails the test"
)]
mod tests;
mod wide;

pub use crate::allocate::{AllocateError, allocate, allocate_part};
pub use crate::amount::{Amount, AmountError, Balances};
pub use crate::atoms::{Atoms, ParseAtomsError, SCALE};
pub use crate::currency::{Currency, ParseCurrencyError};
pub use crate::ratio::{ParseRatioError, Ratio};
pub use crate::rounding::Rounding;
