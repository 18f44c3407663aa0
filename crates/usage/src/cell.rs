//! Cells: usage lines summed over everything settlement does not look at.

use ident::{ProductId, RecordingId};
use money::{Atoms, Currency};
use period::Month;

use crate::{Basis, RightsType};

/// What a cell was used: a recording or product we know, or the texts of what we do not.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Target {
    /// A recording of the catalogue.
    Recording(RecordingId),
    /// A product of the catalogue: what is sold and is no recording.
    Product(ProductId),
    /// Neither of them in the catalogue; the texts are as received.
    Unmatched {
        /// ISRC.
        isrc: String,
        /// ICPN of the release.
        icpn: String,
        /// Title.
        title: String,
        /// Display artist.
        artist: String,
    },
}

/// What the usage lines of one cell have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct CellKey {
    /// Report id.
    pub report: String,
    /// Sender.
    pub sender: String,
    /// Service description.
    pub service: String,
    /// Territory code.
    pub territory: String,
    /// Use type, an AVS token.
    pub use_type: String,
    /// Commercial model, an AVS token.
    pub commercial_model: String,
    /// The right the money belongs to.
    pub rights_type: RightsType,
    /// What the amount is.
    pub basis: Basis,
    /// Month of the first day of usage.
    pub month: Month,
    /// Currency of the amount; `None` when `basis` is [`Basis::NoMoney`].
    pub currency: Option<Currency>,
    /// What was used.
    pub target: Target,
}

/// The exact sum of all usage lines with one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// What the lines have in common.
    pub key: CellKey,
    /// Sum of the usages.
    pub usages: Atoms,
    /// Sum of the amounts, in `key.currency`.
    pub amount: Atoms,
    /// Number of lines.
    pub lines: u64,
    /// Smallest line number among them.
    pub first_line: u64,
    /// Largest line number among them.
    pub last_line: u64,
}
