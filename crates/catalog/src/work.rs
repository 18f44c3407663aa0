//! Compositions.

use ident::{Iswc, WorkId};

use crate::{Contributor, Texts};

/// A composition: what ISWC identifies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Our own id.
    pub id: WorkId,
    /// Titles by language; at least one.
    pub titles: Texts,
    /// ISWC (ISO 15707).
    pub iswc: Option<Iswc>,
    /// Authors, composers, arrangers, publishers.
    pub contributors: Vec<Contributor>,
}
