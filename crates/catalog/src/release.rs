//! What recordings were published on.

use ident::{Icpn, ProductionId, RecordingId, ReleaseId};

use crate::Texts;

/// A release: what ICPN (UPC, EAN) identifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Our own id.
    pub id: ReleaseId,
    /// Product number.
    pub icpn: Option<Icpn>,
    /// Titles by language; at least one.
    pub titles: Texts,
    /// The recordings on it, in their order.
    pub recordings: Vec<RecordingId>,
    /// The production it is the soundtrack of.
    pub production: Option<ProductionId>,
}
