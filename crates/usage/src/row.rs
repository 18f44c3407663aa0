//! A usage line in parts: what it shares with others, and what is its own.

use std::sync::Arc;

use money::{Atoms, Currency};
use period::{Date, Month};

use crate::{Basis, Identity, Line, RightsType};

/// What many usage lines of a report have in common: everything but recording and numbers.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Offer {
    /// Sender: a DPID, or the name of a chart.
    pub sender: String,
    /// Service description.
    pub service: String,
    /// Territory code.
    pub territory: String,
    /// Use type.
    pub use_type: String,
    /// Commercial model.
    pub commercial_model: String,
    /// The right the money belongs to.
    pub rights_type: RightsType,
    /// What the amount is.
    pub basis: Basis,
    /// First day of the usage.
    pub from: Date,
    /// First day after the usage.
    pub until: Date,
    /// Currency of the amount; `None` when there is no money on the line.
    pub currency: Option<Currency>,
    /// Published price of one unit, in `currency`; `None` when the report states none.
    pub unit_price: Option<Atoms>,
    /// Price category.
    pub price_category: String,
    /// The month in which those who used it subscribed; `None` where the report does not say.
    pub subscribed: Option<Month>,
    /// The sender's type of adjustment.
    pub adjustment: String,
    /// Id of the report the line corrects.
    pub corrects: String,
}

impl Offer {
    /// The month the lines count in: the month of `from`.
    #[must_use]
    pub fn month(&self) -> Month {
        Month::of(self.from)
    }
}

/// What was used, in the words of the report.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Subject {
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
}

impl Subject {
    /// What matching sees of it.
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
}

/// A usage line in parts.
///
/// Whoever makes many lines shares the parts: lines with one [`Arc`] are recognised as alike
/// without a look at their texts.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Index of the file within the report, 0-based.
    pub file: u16,
    /// Line number in that file, 1-based.
    pub line: u64,
    /// Sales transaction id.
    pub transaction: &'a str,
    /// What it shares with other lines.
    pub offer: &'a Arc<Offer>,
    /// What was used.
    pub subject: &'a Arc<Subject>,
    /// Number of usages, exact; negative for a correction.
    pub usages: Atoms,
    /// Amount in the currency of the offer, exact.
    pub amount: Atoms,
}

impl Row<'_> {
    /// The line as a whole, of the report with this id.
    #[must_use]
    pub fn to_line(&self, report: &str) -> Line {
        let (offer, subject) = (Offer::clone(self.offer), Subject::clone(self.subject));
        Line {
            report: report.to_owned(),
            line: self.line,
            file: self.file,
            transaction: self.transaction.to_owned(),
            sender: offer.sender,
            service: offer.service,
            territory: offer.territory,
            use_type: offer.use_type,
            commercial_model: offer.commercial_model,
            rights_type: offer.rights_type,
            basis: offer.basis,
            from: offer.from,
            until: offer.until,
            isrc: subject.isrc,
            icpn: subject.icpn,
            resource_id: subject.resource_id,
            title: subject.title,
            artist: subject.artist,
            usages: self.usages,
            currency: offer.currency,
            amount: self.amount,
            unit_price: offer.unit_price,
            price_category: offer.price_category,
            subscribed: offer.subscribed,
            adjustment: offer.adjustment,
            corrects: offer.corrects,
        }
    }
}

/// Lines one by one, taken to parts: neighbours that say the same share them.
#[derive(Debug, Default)]
pub struct Parting {
    last: Option<(Arc<Offer>, Arc<Subject>)>,
}

impl Parting {
    /// Gives the line in parts to `take`.
    pub fn row<T>(&mut self, line: &Line, take: impl FnOnce(&Row<'_>) -> T) -> T {
        let (offer, subject) = line.parts();
        let (last_offer, last_subject) = self.last.take().unzip();
        let offer = same(last_offer, offer);
        let subject = same(last_subject, subject);
        let taken = take(&Row {
            file: line.file,
            line: line.line,
            transaction: &line.transaction,
            offer: &offer,
            subject: &subject,
            usages: line.usages,
            amount: line.amount,
        });
        self.last = Some((offer, subject));
        taken
    }
}

fn same<T: PartialEq>(last: Option<Arc<T>>, part: T) -> Arc<T> {
    last.filter(|last| **last == part).unwrap_or_else(|| Arc::new(part))
}

impl Line {
    /// What the line shares with others, and what was used.
    #[must_use]
    pub fn parts(&self) -> (Offer, Subject) {
        let offer = Offer {
            sender: self.sender.clone(),
            service: self.service.clone(),
            territory: self.territory.clone(),
            use_type: self.use_type.clone(),
            commercial_model: self.commercial_model.clone(),
            rights_type: self.rights_type,
            basis: self.basis,
            from: self.from,
            until: self.until,
            currency: self.currency,
            unit_price: self.unit_price,
            price_category: self.price_category.clone(),
            subscribed: self.subscribed,
            adjustment: self.adjustment.clone(),
            corrects: self.corrects.clone(),
        };
        let subject = Subject {
            isrc: self.isrc.clone(),
            icpn: self.icpn.clone(),
            resource_id: self.resource_id.clone(),
            title: self.title.clone(),
            artist: self.artist.clone(),
        };
        (offer, subject)
    }
}
