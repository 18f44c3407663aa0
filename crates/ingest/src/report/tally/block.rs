//! The block that is open, as far as sums need it: which recording is meant.
//!
//! The same rules as those of usage lines, without their words; a test holds both together.

use dsr::table::RecordSpec;
use dsr::{Field, Record};

use super::super::block::first;

#[derive(Debug, Default)]
struct Resource {
    reference: Vec<u8>,
    dsp_id: Vec<u8>,
    place: u32,
}

#[derive(Debug, Default)]
pub(super) struct Block {
    id: Vec<u8>,
    open: bool,
    /// The first `used` ones; the others keep their memory for the next block.
    resources: Vec<Resource>,
    used: usize,
    /// References of releases, each with those of the resources of a part of it.
    releases: Vec<(String, Vec<String>)>,
    /// Sales transactions that came before what they refer to.
    pub(super) waiting: Vec<Record>,
}

impl Block {
    pub(super) fn is(&self, id: &[u8]) -> bool {
        self.open && self.id == id
    }

    pub(super) const fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn begin(&mut self, id: &[u8]) {
        self.close();
        self.open = true;
        self.id.extend_from_slice(id);
    }

    pub(super) fn close(&mut self) {
        self.id.clear();
        self.open = false;
        self.used = 0;
        self.releases.clear();
        self.waiting.clear();
    }

    /// Takes in a release or a resource; other records are none of its business.
    pub(super) fn take(&mut self, record: &Record, spec: &RecordSpec, place: &dyn Fn(&str) -> u32) {
        match &spec.code {
            b"RE01" => self.release(first(record, spec, Field::ReleaseReference), Vec::new()),
            b"RE02" => {
                let used = record.field(spec, Field::UsedResources).values();
                let resources = used.map(std::borrow::Cow::into_owned).collect();
                self.release(first(record, spec, Field::ReleaseReference), resources);
            }
            b"AS01" | b"AS02" => {
                let isrc = place_of(record, spec, place);
                self.resource(record, spec, isrc);
            }
            _ => {}
        }
    }

    fn release(&mut self, reference: String, resources: Vec<String>) {
        match self.releases.iter_mut().find(|it| it.0 == reference) {
            Some(known) => known.1 = resources,
            None => self.releases.push((reference, resources)),
        }
    }

    fn resource(&mut self, record: &Record, spec: &RecordSpec, place: u32) {
        let reference = text(record, spec, Field::ResourceReference);
        let known = self.resources[..self.used].iter().position(|it| it.reference == *reference);
        let at = known.unwrap_or(self.used);
        if at == self.resources.len() {
            self.resources.push(Resource::default());
        }
        self.used = self.used.max(at + 1);
        let slot = &mut self.resources[at];
        slot.place = place;
        slot.reference.clear();
        slot.reference.extend_from_slice(&reference);
        slot.dsp_id.clear();
        slot.dsp_id.extend_from_slice(&text(record, spec, Field::DspResourceId));
    }

    /// The place of the recording that a sales transaction refers to, 0 when nobody can say.
    ///
    /// `None` as long as it is not there and may still come.
    pub(super) fn place(&self, record: &Record, spec: &RecordSpec, last: bool) -> Option<u32> {
        if spec.code == *b"SU03" {
            // The only one is meant, whether it is named or not.
            if let Some(only) = self.only() {
                return Some(only.place);
            }
            let id = text(record, spec, Field::DspResourceId);
            let of_id = self.known().filter(|it| it.dsp_id == *id);
            // Of several, the one whose reference comes first.
            let found = of_id.min_by(|one, other| one.reference.cmp(&other.reference));
            let place = found.or_else(|| self.resource_of(&id)).map(|it| it.place);
            return place.or_else(|| last.then_some(0));
        }
        let to_resource = text(record, spec, Field::TransactedResource);
        if let Some(resource) = self.resource_of(&to_resource) {
            return Some(resource.place);
        }
        let to_release = first(record, spec, Field::TransactedRelease);
        let release = self.releases.iter().find(|it| it.0 == to_release);
        if !last && (!to_resource.is_empty() || release.is_none() || self.used == 0) {
            return None;
        }
        let of_part = match release.map(|it| it.1.as_slice()) {
            None => return Some(0),
            Some([reference]) => self.resource_of(reference.as_bytes()),
            Some(_) => None,
        };
        Some(of_part.or_else(|| self.only()).map_or(0, |it| it.place))
    }

    fn known(&self) -> impl Iterator<Item = &Resource> {
        self.resources[..self.used].iter()
    }

    fn resource_of(&self, reference: &[u8]) -> Option<&Resource> {
        self.known().find(|it| it.reference == reference)
    }

    #[inline]
    fn only(&self) -> Option<&Resource> {
        match &self.resources[..self.used] {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// The place of the recording of an ISRC that stands in a record.
pub(super) fn place_of(record: &Record, spec: &RecordSpec, place: &dyn Fn(&str) -> u32) -> u32 {
    let isrc = text(record, spec, Field::Isrc);
    std::str::from_utf8(&isrc).map_or(0, place)
}

/// The text of a cell, of several values the first; borrowed when nothing in it is special.
fn text<'a>(record: &'a Record, spec: &RecordSpec, field: Field) -> std::borrow::Cow<'a, [u8]> {
    let raw = record.field(spec, field).raw();
    match raw.iter().any(|byte| matches!(byte, b'"' | b'\\' | b'|')) {
        false => raw.into(),
        true => first(record, spec, field).into_bytes().into(),
    }
}
