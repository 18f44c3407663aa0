//! What services promised to us.

use ident::AgreementId;
use money::Ratio;

use crate::{Catalog, Condition, Payees, RightsType, Use};

/// What a service owes for what we control, as a part of its own net revenue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// Our own id.
    pub id: AgreementId,
    /// What a reader sees.
    pub title: String,
    /// Who owes: the sender of the sales reports, exactly as the usage lines name it.
    pub payer: String,
    /// The right it is about.
    pub rights_type: RightsType,
    /// The part of the service's net revenue, at most 1.
    pub rate: Ratio,
    /// Which uses it is about. `from` is always there when read from a file.
    pub condition: Condition,
    /// A remark; empty if none.
    pub note: String,
}

impl Catalog {
    /// The licence that counts for a use: of those that match, the later `from`, then the smaller id.
    ///
    /// A licence has no payee, so no role can be asked of it.
    pub fn licence_for(
        &self,
        payer: &str,
        rights_type: RightsType,
        of: &Use<'_>,
    ) -> Option<&Licence> {
        self.licences
            .values()
            .filter(|l| l.payer == payer && l.rights_type == rights_type)
            .filter(|l| l.condition.matches(of, &Payees::Operator))
            .min_by(|a, b| {
                b.condition.period.from.cmp(&a.condition.period.from).then(a.id.cmp(&b.id))
            })
    }
}
