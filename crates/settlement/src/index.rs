//! Which agreements speak about a recording, looked up instead of searched.

use std::collections::BTreeMap;

use catalog::{Agreement, Catalog, RightsType, Scope};
use ident::RecordingId;
use period::Date;

/// The agreements of a catalogue by recording, those that count first before the others.
pub(crate) struct AgreementIndex<'a> {
    catalog: &'a Catalog,
    named: BTreeMap<&'a RecordingId, Vec<&'a Agreement>>,
    all: Vec<&'a Agreement>,
}

impl<'a> AgreementIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut index = Self { catalog, named: BTreeMap::new(), all: Vec::new() };
        let by_production = links(catalog, |it| {
            it.productions.iter().map(|link| link.production.as_str()).collect()
        });
        let by_work = links(catalog, |it| it.works.iter().map(|work| work.as_str()).collect());
        for agreement in catalog.agreements.values() {
            let mut add = |id: &'a RecordingId| {
                let list = index.named.entry(id).or_default();
                if list.last().is_none_or(|last| last.id != agreement.id) {
                    list.push(agreement);
                }
            };
            let through = |by: &BTreeMap<&str, Vec<&'a RecordingId>>, id: &str| {
                by.get(id).cloned().unwrap_or_default()
            };
            match &agreement.scope {
                Scope::All => index.all.push(agreement),
                Scope::Recordings(ids) => ids.iter().for_each(add),
                // Looked up by product, in the catalogue.
                Scope::Products(_) => {}
                Scope::Releases(ids) => ids
                    .iter()
                    .filter_map(|id| catalog.releases.get(id))
                    .flat_map(|release| &release.recordings)
                    .for_each(add),
                Scope::Productions(ids) => {
                    ids.iter().flat_map(|id| through(&by_production, id.as_str())).for_each(add);
                }
                Scope::Works(ids) => {
                    ids.iter().flat_map(|id| through(&by_work, id.as_str())).for_each(&mut add);
                }
            }
        }
        index.named.values_mut().for_each(|list| list.sort_by(|a, b| a.precedence(b)));
        index.all.sort_by(|a, b| a.precedence(b));
        index
    }

    /// Returns the agreement that counts, by the order that `catalog` documents.
    pub(crate) fn find(
        &self,
        rights_type: RightsType,
        recording: &RecordingId,
        date: Date,
    ) -> Option<&'a Agreement> {
        let speaks =
            |it: &&&'a Agreement| it.rights_type == rights_type && it.period.contains(date);
        let named = self.named.get(recording).map_or(&[][..], Vec::as_slice);
        // "Everything" is every recording of the catalogue; others wait.
        let is_known = self.catalog.recordings.contains_key(recording);
        let all = if is_known { self.all.as_slice() } else { &[] };
        named.iter().find(speaks).or_else(|| all.iter().find(speaks)).copied()
    }
}

fn links<'a>(
    catalog: &'a Catalog,
    ids: impl Fn(&'a catalog::Recording) -> Vec<&'a str>,
) -> BTreeMap<&'a str, Vec<&'a RecordingId>> {
    let mut by: BTreeMap<&str, Vec<&RecordingId>> = BTreeMap::new();
    for recording in catalog.recordings.values() {
        for id in ids(recording) {
            by.entry(id).or_default().push(&recording.id);
        }
    }
    by
}
