//! What is sold or licensed beside recordings.

use ident::{Icpn, PartyId, ProductId, ProductionId};

use crate::term::counting;
use crate::{Agreement, Catalog, RightsType, Term, Texts, Use};
use period::Date;

/// Something that brings income and is no recording: a disc, a shirt, a photo book,
/// the licence of a whole score. It belongs to a production, to parties, or to both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Our own id.
    pub id: ProductId,
    /// What it is: `merchandise`, `disc`, `licence` and so on; an open list of lower-case words.
    pub kind: String,
    /// Titles by language; at least one.
    pub titles: Texts,
    /// What sellers call it in their reports: stock numbers, invoice references.
    pub skus: Vec<String>,
    /// Product number.
    pub icpn: Option<Icpn>,
    /// The production it belongs to.
    pub production: Option<ProductionId>,
    /// Whose it is: the artists, the makers.
    pub parties: Vec<PartyId>,
    /// Through which pipe its money goes where a report does not say.
    pub rights_type: RightsType,
}

impl Agreement {
    /// The terms that count for a product, as [`Agreement::terms_for`] has them.
    ///
    /// A term that names no use type speaks of music alone: nobody promised a part of the shirts by
    /// promising a part of the streams.
    pub fn terms_for_product(&self, of: &Use<'_>) -> Vec<&Term> {
        let named = |term: &Term| term.condition.use_types.contains(of.use_type);
        counting(self.terms.iter().filter(|it| named(it) && it.condition.matches(of, &it.payees)))
    }
}

impl Catalog {
    /// The one agreement that counts for a product in a month, if any: it covers the product, and one
    /// of its terms names the use type.
    ///
    /// `date` is the first day of the sale month.
    pub fn agreement_for_product(
        &self,
        rights_type: RightsType,
        product: &Product,
        use_type: &str,
        date: Date,
    ) -> Option<&Agreement> {
        let names = |it: &&Agreement| {
            it.terms.iter().any(|term| term.condition.use_types.contains(use_type))
        };
        self.agreements
            .values()
            .filter(|it| it.rights_type == rights_type && it.period.contains(date))
            .filter(|it| it.scope.covers(product))
            .filter(names)
            .min_by(|a, b| a.precedence(b))
    }
}
