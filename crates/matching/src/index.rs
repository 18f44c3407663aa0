//! The catalogue, turned round: from what lines say to recordings.

use std::collections::{BTreeMap, BTreeSet};

use catalog::title::{artist_keys_loose, version_marks};
use catalog::{Catalog, Product, Recording, artist_key, title_key, title_key_loose};
use ident::{Icpn, Isrc, ProductId, RecordingId};

/// The keys of one title.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TitleKeys {
    pub(crate) exact: String,
    pub(crate) loose: String,
    pub(crate) marks: BTreeSet<String>,
}

impl TitleKeys {
    /// `None` for a blank title.
    pub(crate) fn of(title: &str) -> Option<Self> {
        let exact = title_key(title);
        let keys = Self { exact, loose: title_key_loose(title), marks: version_marks(title) };
        (!keys.exact.is_empty()).then_some(keys)
    }

    /// Whether two titles are spellings of one, up to remarks that name no other version.
    pub(crate) fn fits(&self, other: &Self) -> bool {
        self.exact == other.exact || (self.loose == other.loose && self.marks == other.marks)
    }
}

/// What is known about one recording, as keys.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) isrcs: BTreeSet<Isrc>,
    pub(crate) titles: BTreeSet<TitleKeys>,
    pub(crate) artists_loose: BTreeSet<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) recordings: BTreeMap<RecordingId, Known>,
    pub(crate) by_isrc: BTreeMap<Isrc, BTreeSet<RecordingId>>,
    pub(crate) by_icpn: BTreeMap<Icpn, BTreeSet<RecordingId>>,
    /// By exact title key, then exact artist key.
    pub(crate) by_title: BTreeMap<String, BTreeMap<String, BTreeSet<RecordingId>>>,
    pub(crate) by_title_loose: BTreeMap<String, BTreeSet<RecordingId>>,
    pub(crate) products: Products,
}

/// What is known about products, as keys.
#[derive(Debug, Default)]
pub(crate) struct Products {
    pub(crate) by_sku: BTreeMap<String, BTreeSet<ProductId>>,
    pub(crate) by_icpn: BTreeMap<Icpn, BTreeSet<ProductId>>,
    /// By exact title key, then by the artist keys of its parties and `""`.
    pub(crate) by_title: BTreeMap<(String, String), BTreeSet<ProductId>>,
}

impl Products {
    fn add(&mut self, catalog: &Catalog, product: &Product) {
        let id = || product.id.clone();
        for sku in product.skus.iter().map(String::as_str).chain([product.id.as_str()]) {
            self.by_sku.entry(sku.to_owned()).or_default().insert(id());
        }
        if let Some(icpn) = product.icpn {
            self.by_icpn.entry(icpn).or_default().insert(id());
        }
        let parties = product.parties.iter().filter_map(|it| catalog.parties.get(it));
        let names: BTreeSet<String> = parties
            .flat_map(|it| it.names.values())
            .map(|it| artist_key(it))
            .chain([String::new()])
            .collect();
        for title in product.titles.values().map(|it| title_key(it)).filter(|it| !it.is_empty()) {
            for name in &names {
                self.by_title.entry((title.clone(), name.clone())).or_default().insert(id());
            }
        }
    }
}

impl Index {
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut index = Self::default();
        for (id, recording) in &catalog.recordings {
            index.add(id, recording);
        }
        for release in catalog.releases.values() {
            if let Some(icpn) = release.icpn {
                index.by_icpn.entry(icpn).or_default().extend(release.recordings.iter().cloned());
            }
        }
        catalog.products.values().for_each(|it| index.products.add(catalog, it));
        index
    }

    fn add(&mut self, id: &RecordingId, recording: &Recording) {
        let titles: BTreeSet<TitleKeys> = recording.spellings().filter_map(TitleKeys::of).collect();
        for isrc in &recording.isrcs {
            self.by_isrc.entry(*isrc).or_default().insert(id.clone());
        }
        for title in &titles {
            let artists = self.by_title.entry(title.exact.clone()).or_default();
            for artist in recording.artist_spellings().map(artist_key).filter(|k| !k.is_empty()) {
                artists.entry(artist).or_default().insert(id.clone());
            }
            self.by_title_loose.entry(title.loose.clone()).or_default().insert(id.clone());
        }
        let artists_loose = recording.artist_spellings().flat_map(artist_keys_loose).collect();
        let isrcs = recording.isrcs.iter().copied().collect();
        self.recordings.insert(id.clone(), Known { isrcs, titles, artists_loose });
    }
}
