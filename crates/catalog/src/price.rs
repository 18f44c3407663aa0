//! The price list: what one unit costs, where its report does not say.

use std::collections::BTreeSet;

use ident::{PriceId, ProductId, RecordingId, ReleaseId};
use money::Amount;
use period::Date;

use crate::{Territories, Validity};

/// The published price of one unit of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// Our own id.
    pub id: PriceId,
    /// What costs it.
    pub of: Priced,
    /// The price of one unit; above zero.
    pub amount: Amount,
    /// Where.
    pub territories: Territories,
    /// In which price categories, in the words of the reports; empty means any.
    pub price_categories: BTreeSet<String>,
    /// When; the first day of the sale month counts.
    pub period: Validity,
    /// A remark; empty if none.
    pub note: String,
}

/// What has a price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Priced {
    /// These recordings.
    Recordings(BTreeSet<RecordingId>),
    /// These products.
    Products(BTreeSet<ProductId>),
    /// The recordings on these releases.
    Releases(BTreeSet<ReleaseId>),
}

impl Price {
    /// Whether it speaks about sales in a territory, of a price category, in a month that begins on
    /// this day.
    pub fn holds(&self, territory: &str, price_category: &str, date: Date) -> bool {
        let categories = &self.price_categories;
        self.territories.contains(territory)
            && (categories.is_empty() || categories.contains(price_category))
            && self.period.contains(date)
    }
}
