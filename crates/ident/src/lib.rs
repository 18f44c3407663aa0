//! Identifiers of music, and our own.
//!
//! # Purpose
//!
//! A text that claims to identify a recording, a work, a release or a party is read once, its
//! check digit with it, and from then on is a type of its own: an [`Isrc`] cannot stand where an
//! [`Iswc`] is meant, nor a [`WorkId`] where a [`RecordingId`] is.
//!
//! # Words
//!
//! - **ISRC** of a recording, **ISWC** of a work, **ICPN** (UPC, EAN) and **`GRid`** of a release.
//! - **IPI** name number and **ISNI** of a party, **DPID** of a sender of DDEX messages.
//! - **IBAN** of a bank account, **BIC** of a bank, **chain address** of an account on a chain.
//! - **check digit**: computed from the other characters, so that most slips show.
//! - **slug**: our own ids; small letters, digits and hyphens.
//! - **canonical**: the one form an identifier is kept, compared and printed in: no separators,
//!   capitals. `printed` has the form for people, with separators.
//!
//! # Drawing
//!
//! ```text
//!  "T-123.456.789-4" --+                              +-- Display, as_str --> "T1234567894"
//!  "T-123456789-4"   --+-- Iswc::parse --> Iswc ------+
//!  "T1234567894"     --+        |                     +-- printed ----------> "T-123.456.789-4"
//!                               v
//!             IdentError { identifier, kind: Length | Character | CheckDigit }
//! ```
//!
//! # Example
//!
//! ```
//! use ident::{IdentErrorKind, Icpn, Isrc, Iswc, RecordingId};
//!
//! let isrc = Isrc::parse("us-rc1-76-07839")?;
//! assert_eq!(isrc.to_string(), "USRC17607839");
//! assert_eq!(Icpn::parse("036000291452")?, Icpn::parse("0036000291452")?);
//!
//! let slip = Iswc::parse("T-123.456.798-4").map_err(|error| error.kind);
//! assert!(matches!(slip, Err(IdentErrorKind::CheckDigit { .. })));
//! assert!(RecordingId::parse("my-destiny-2014").is_ok());
//! # Ok::<(), ident::IdentError>(())
//! ```
//!
//! # Invariants
//!
//! - A value is made by `parse` only, so what there is, is well formed, check digit included.
//! - What `Display` prints, `parse` reads as the same value.
//! - Separators are read in their places or not at all; blanks around a text are refused.
//! - Small letters in ISRC, ISWC, ISNI, `GRid` and DPID become capitals; in a slug capitals are
//!   refused. Nothing else is changed, but that an [`Icpn`] compares without zeros in front.
//!
//! # What it does not do
//!
//! It asks no registry: a well-formed identifier need not be assigned, nor to what it is used
//! for. It corrects nothing, and the reader of a report keeps the text as received.

mod bank;
mod chain_address;
mod dpid;
mod error;
mod grid;
mod icpn;
mod ipi;
mod isni;
mod isrc;
mod iswc;
mod shape;
mod slug;
#[cfg(test)]
mod tests;

pub use crate::bank::{Bic, Iban};
pub use crate::chain_address::ChainAddress;
pub use crate::dpid::Dpid;
pub use crate::error::{IdentError, IdentErrorKind};
pub use crate::grid::Grid;
pub use crate::icpn::Icpn;
pub use crate::ipi::Ipi;
pub use crate::isni::Isni;
pub use crate::isrc::Isrc;
pub use crate::iswc::Iswc;
pub use crate::slug::{
    AdvanceId, AgreementId, PartyId, PipeId, PriceId, ProductId, ProductionId, RateTableId,
    RecordingId, ReleaseId, RepertoireId, TaxId, TermId, WorkId,
};
