//! Which agreements speak about a recording, and what it is, looked up instead of searched.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Catalog, RightsType, Scope, Subject};
use ident::{ProductId, RecordingId, ReleaseId};
use period::Date;
use usage::Target;

/// The agreements of a catalogue by recording, those that count first before the others.
pub(crate) struct AgreementIndex<'a> {
    catalog: &'a Catalog,
    named: BTreeMap<&'a RecordingId, Vec<&'a Agreement>>,
    all: Vec<&'a Agreement>,
    releases: BTreeMap<&'a RecordingId, Vec<&'a ReleaseId>>,
}

impl<'a> AgreementIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut releases: BTreeMap<&RecordingId, Vec<&ReleaseId>> = BTreeMap::new();
        for release in catalog.releases.values() {
            for recording in &release.recordings {
                releases.entry(recording).or_default().push(&release.id);
            }
        }
        let (named, all) = (BTreeMap::new(), Vec::new());
        let mut index = Self { catalog, named, all, releases };
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

    /// Returns what conditions look at in what was used.
    pub(crate) fn subject(&self, target: &Target) -> Subject<'a> {
        match target {
            Target::Recording(id) => self.recording(id),
            Target::Product(id) => self.product(id),
            Target::Unmatched { .. } => Subject::default(),
        }
    }

    fn product(&self, id: &ProductId) -> Subject<'a> {
        let product = self.catalog.products.get(id);
        let productions = product.and_then(|it| it.production.as_ref()).into_iter().collect();
        Subject { productions, ..Subject::default() }
    }

    fn recording(&self, id: &RecordingId) -> Subject<'a> {
        let Some(recording) = self.catalog.recordings.get(id) else { return Subject::default() };
        let releases = self.releases.get(id).cloned().unwrap_or_default();
        let works = recording.works.iter().filter_map(|id| self.catalog.works.get(id));
        let of_works = works.flat_map(|it| &it.contributors);
        Subject {
            works: releases.iter().filter_map(|it| self.works_on(it)).min(),
            releases,
            productions: recording.productions.iter().map(|it| &it.production).collect(),
            contributors: recording.contributors.iter().chain(of_works).collect(),
        }
    }

    fn works_on(&self, release: &ReleaseId) -> Option<u64> {
        let recordings = &self.catalog.releases.get(release)?.recordings;
        let works: BTreeSet<_> = recordings
            .iter()
            .filter_map(|it| self.catalog.recordings.get(it))
            .flat_map(|it| &it.works)
            .collect();
        u64::try_from(works.len()).ok().filter(|it| *it > 0)
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
