//! Named sets of recordings.

use std::collections::BTreeSet;

use ident::{ProductionId, RecordingId, RepertoireId};

use crate::{Catalog, Production};

/// A set of recordings given by a rule, such as "music of Korean dramas".
///
/// A recording belongs to it if it is listed, or if it is linked to a production that passes every
/// filter given (`production_kind`, `origin`, `productions`). Without any filter only the list counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repertoire {
    /// Our own id.
    pub id: RepertoireId,
    /// What a reader sees.
    pub title: String,
    /// Only productions of this kind.
    pub production_kind: Option<String>,
    /// Only productions of this country.
    pub origin: Option<String>,
    /// Only these productions; empty means any.
    pub productions: BTreeSet<ProductionId>,
    /// Recordings that belong to it whatever they are linked to.
    pub recordings: BTreeSet<RecordingId>,
}

impl Repertoire {
    /// Whether a recording belongs to the repertoire.
    pub fn contains(&self, catalog: &Catalog, recording: &RecordingId) -> bool {
        if self.recordings.contains(recording) {
            return true;
        }
        let Some(recording) = catalog.recordings.get(recording) else { return false };
        recording
            .productions
            .iter()
            .filter_map(|link| catalog.productions.get(&link.production))
            .any(|production| self.admits(production))
    }

    /// Whether a production passes the filters; `false` if there is no filter at all.
    pub fn admits(&self, production: &Production) -> bool {
        let filtered =
            self.production_kind.is_some() || self.origin.is_some() || !self.productions.is_empty();
        filtered
            && self.production_kind.as_ref().is_none_or(|kind| *kind == production.kind)
            && self.origin.as_ref().is_none_or(|origin| *origin == production.origin)
            && (self.productions.is_empty() || self.productions.contains(&production.id))
    }

    /// The rule in words, for a reader of a share.
    pub fn rule(&self) -> String {
        let mut parts = Vec::new();
        if let Some(kind) = &self.production_kind {
            parts.push(format!("of kind {kind}"));
        }
        if let Some(origin) = &self.origin {
            parts.push(format!("of origin {origin}"));
        }
        if !self.productions.is_empty() {
            let ids: Vec<String> = self.productions.iter().map(ToString::to_string).collect();
            parts.push(format!("among {}", ids.join(", ")));
        }
        let mut rules = Vec::new();
        if !parts.is_empty() {
            rules.push(format!("recordings linked to a production {}", parts.join(" and ")));
        }
        match self.recordings.len() {
            0 => {}
            1 => rules.push("1 recording listed by id".to_owned()),
            several => rules.push(format!("{several} recordings listed by id")),
        }
        if rules.is_empty() { "no recording".to_owned() } else { rules.join("; and ") }
    }
}
