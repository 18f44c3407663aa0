//! The usage line and what matching sees of it.

use money::{Atoms, Currency};
use period::{Date, Month};

use crate::{Basis, RightsType};

/// One usage line: one recording, one month, one territory, one service offer.
///
/// Every text is as received; `""` means that the report said nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Report id: the first 16 hex digits of SHA-256 over sender, message id and content hash.
    pub report: String,
    /// Line number in the file it stood in, 1-based.
    pub line: u64,
    /// Index of the file within the report, 0-based.
    pub file: u16,
    /// Sales transaction id.
    pub transaction: String,
    /// Sender: a DPID, or the name of a chart.
    pub sender: String,
    /// Service description.
    pub service: String,
    /// Territory code.
    pub territory: String,
    /// Use type, an AVS token such as `OnDemandStream`.
    pub use_type: String,
    /// Commercial model, an AVS token such as `SubscriptionModel`.
    pub commercial_model: String,
    /// The right the money belongs to.
    pub rights_type: RightsType,
    /// What the amount is.
    pub basis: Basis,
    /// First day of the usage.
    pub from: Date,
    /// First day after the usage.
    pub until: Date,
    /// ISRC.
    pub isrc: String,
    /// ICPN of the release.
    pub icpn: String,
    /// The sender's own id of the resource.
    pub resource_id: String,
    /// Title.
    pub title: String,
    /// Display artist.
    pub artist: String,
    /// Number of usages, exact; negative for a correction.
    pub usages: Atoms,
    /// Currency of `amount`; `None` when there is no money on the line.
    pub currency: Option<Currency>,
    /// Amount, exact; zero when `basis` is [`Basis::NoMoney`].
    pub amount: Atoms,
    /// Published price of one unit, in `currency`; `None` when the report states none.
    pub unit_price: Option<Atoms>,
    /// Price category, in the words of the report: `mid-price`, `Budget`.
    pub price_category: String,
    /// The month in which those who used it subscribed; `None` where the report does not say.
    pub subscribed: Option<Month>,
    /// The sender's type of adjustment; `""` for an ordinary line.
    pub adjustment: String,
    /// Id of the report this line corrects; `""` if it corrects none.
    pub corrects: String,
}

impl Line {
    /// What matching sees of the line.
    #[must_use]
    pub fn identity(&self) -> Identity<'_> {
        Identity {
            isrc: &self.isrc,
            icpn: &self.icpn,
            title: &self.title,
            artist: &self.artist,
            resource_id: &self.resource_id,
        }
    }

    /// The month the line counts in: the month of `from`.
    #[must_use]
    pub fn month(&self) -> Month {
        Month::of(self.from)
    }
}

/// What matching sees of a usage line, as received.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Identity<'a> {
    /// ISRC.
    pub isrc: &'a str,
    /// ICPN of the release.
    pub icpn: &'a str,
    /// Title.
    pub title: &'a str,
    /// Display artist.
    pub artist: &'a str,
    /// The sender's own id of the resource.
    pub resource_id: &'a str,
}

impl Identity<'_> {
    /// The target of an identity that matching could not tie to a recording.
    #[must_use]
    pub fn unmatched(&self) -> crate::Target {
        crate::Target::Unmatched {
            isrc: self.isrc.to_owned(),
            icpn: self.icpn.to_owned(),
            title: self.title.to_owned(),
            artist: self.artist.to_owned(),
        }
    }
}
