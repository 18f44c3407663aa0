//! The block that is open: what its sales transactions can refer to.

use std::collections::BTreeMap;
use std::sync::Arc;

use dsr::table::RecordSpec;
use dsr::{Field, Record};
use usage::Subject;

#[derive(Clone, Debug, Default)]
struct Release {
    icpn: String,
    title: String,
    artist: String,
    /// References of the resources of a part of the release.
    resources: Vec<String>,
}

#[derive(Clone, Debug, Default)]
struct Resource {
    isrc: String,
    dsp_id: String,
    title: String,
    artist: String,
}

#[derive(Debug, Default)]
pub(super) struct Block {
    id: Vec<u8>,
    releases: BTreeMap<String, Release>,
    resources: BTreeMap<String, Resource>,
    /// What was found out about references already.
    known: Vec<Known>,
    /// Sales transactions that came before what they refer to.
    pub(super) waiting: Vec<Record>,
}

/// The cells of a reference, as they stand, and what they mean.
#[derive(Debug)]
struct Known {
    reference: [Vec<u8>; 2],
    subject: Arc<Subject>,
}

impl Block {
    pub(super) fn new(id: &[u8]) -> Self {
        Self { id: id.to_vec(), ..Self::default() }
    }

    pub(super) fn is(&self, id: &[u8]) -> bool {
        self.id == id
    }

    /// Takes in a release or a resource; other records are none of its business.
    pub(super) fn take(&mut self, record: &Record, spec: &RecordSpec) {
        let text = |field| first(record, spec, field);
        self.known.clear();
        match &spec.code {
            b"RE01" | b"RE03" | b"RE04" => {
                let release = Release {
                    icpn: text(Field::Icpn),
                    title: text(Field::ReleaseTitle),
                    artist: text(Field::ReleaseDisplayArtistName),
                    resources: Vec::new(),
                };
                self.releases.insert(text(Field::ReleaseReference), release);
            }
            b"RE02" => {
                let used = record.field(spec, Field::UsedResources).values();
                let resources = used.map(std::borrow::Cow::into_owned).collect();
                let release = Release { resources, ..Release::default() };
                self.releases.insert(text(Field::ReleaseReference), release);
            }
            b"AS01" | b"AS02" | b"AS03" | b"AS04" | b"AS05" | b"AS06" | b"LC01" => {
                let resource = Resource {
                    isrc: text(Field::Isrc),
                    dsp_id: text(Field::DspResourceId),
                    title: text(Field::ResourceTitle),
                    artist: text(Field::ResourceDisplayArtistName),
                };
                self.resources.insert(text(Field::ResourceReference), resource);
            }
            _ => {}
        }
    }

    /// What a sales transaction refers to.
    ///
    /// `None` as long as it is not there; when the block is complete, `last` makes do with the
    /// bare reference, and matching sees a line that it cannot tie.
    pub(super) fn subject(
        &mut self,
        record: &Record,
        spec: &RecordSpec,
        last: bool,
    ) -> Option<Arc<Subject>> {
        let raw = |field| record.field(spec, field).raw();
        let reference = match spec.code == *b"SU03" {
            // No cell holds a TAB, so this is no reference of the other kind.
            true => [raw(Field::DspResourceId), b"\t"],
            false => [raw(Field::TransactedRelease), raw(Field::TransactedResource)],
        };
        if let Some(known) = self.known.iter().find(|known| known.reference == reference) {
            return Some(Arc::clone(&known.subject));
        }
        let subject = Arc::new(self.find(record, spec, last)?);
        let reference = reference.map(<[u8]>::to_vec);
        self.known.push(Known { reference, subject: Arc::clone(&subject) });
        Some(subject)
    }

    fn find(&self, record: &Record, spec: &RecordSpec, last: bool) -> Option<Subject> {
        let text = |field| first(record, spec, field);
        if spec.code == *b"SU03" {
            let id = text(Field::DspResourceId);
            let found = self.resources.values().find(|resource| resource.dsp_id == id);
            let found = found.or_else(|| self.resources.get(&id)).or_else(|| self.only_resource());
            return match found {
                Some(resource) => Some(self.of_resource(&id, resource, None)),
                None if last => Some(Subject { resource_id: id, ..Subject::default() }),
                None => None,
            };
        }
        let (to_release, to_resource) =
            (text(Field::TransactedRelease), text(Field::TransactedResource));
        let release = self.releases.get(&to_release);
        if let Some(resource) = self.resources.get(&to_resource) {
            return Some(self.of_resource(&to_resource, resource, release));
        }
        if !last && (!to_resource.is_empty() || release.is_none() || self.resources.is_empty()) {
            return None;
        }
        let Some(release) = release else {
            let resource_id = if to_resource.is_empty() { to_release } else { to_resource };
            return Some(Subject { resource_id, ..Subject::default() });
        };
        let of_part = match release.resources.as_slice() {
            [reference] => self.resources.get(reference),
            _ => None,
        };
        let only = of_part.or_else(|| self.only_resource());
        Some(match only {
            Some(resource) => self.of_resource(&to_release, resource, Some(release)),
            None => Subject {
                icpn: release.icpn.clone(),
                title: release.title.clone(),
                artist: release.artist.clone(),
                resource_id: to_release,
                isrc: String::new(),
            },
        })
    }

    fn only_resource(&self) -> Option<&Resource> {
        let mut all = self.resources.values();
        all.next().filter(|_| all.next().is_none())
    }

    /// The resource, and the release it was used in: the one named, or the only one.
    fn of_resource(
        &self,
        reference: &str,
        resource: &Resource,
        release: Option<&Release>,
    ) -> Subject {
        let mut named = self.releases.values().filter(|release| !release.icpn.is_empty());
        let only = named.next().filter(|_| named.next().is_none());
        let release = release.filter(|release| !release.icpn.is_empty()).or(only);
        let resource_id =
            if resource.dsp_id.is_empty() { reference } else { resource.dsp_id.as_str() };
        Subject {
            isrc: resource.isrc.clone(),
            icpn: release.map_or_else(String::new, |release| release.icpn.clone()),
            resource_id: resource_id.to_owned(),
            title: resource.title.clone(),
            artist: resource.artist.clone(),
        }
    }
}

/// The text of a cell; of several values in it, the first.
pub(super) fn first(record: &Record, spec: &RecordSpec, field: Field) -> String {
    let Some(at) = spec.index(field) else { return String::new() };
    let cell = record.cell(at);
    if spec.cells[at].many {
        cell.values().next().map_or_else(String::new, std::borrow::Cow::into_owned)
    } else {
        cell.text().into_owned()
    }
}
