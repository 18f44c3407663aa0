//! The order in which evidence is looked for.

use std::collections::BTreeSet;

use catalog::title::artist_keys_loose;
use catalog::{Catalog, artist_key, title_key};
use ident::{Icpn, Isrc, ProductId, RecordingId};
use usage::{Identity, Target};

use crate::index::{Index, TitleKeys};
use crate::{Confidence, Evidence, Match, ProductEvidence};

/// Ties what usage lines say to the recordings of one catalogue.
#[derive(Debug)]
pub struct Matcher {
    index: Index,
}

/// What a line says, as keys.
struct Wanted {
    isrc: Option<Isrc>,
    icpn: Option<Icpn>,
    title: Option<TitleKeys>,
}

impl Matcher {
    /// Learns the catalogue; later changes to it are not seen.
    pub fn new(catalog: &Catalog) -> Self {
        Self { index: Index::new(catalog) }
    }

    /// Says which recording an identity is.
    ///
    /// The first of these that fits anything decides, even if it fits several recordings: the ISRC;
    /// the release number with the title, or of a release with one recording; title and artist;
    /// title without remarks and artist in any spelling. An ISRC or release number that cannot be
    /// read, or is not in the catalogue, is passed over.
    pub fn match_(&self, identity: &Identity<'_>) -> Match {
        let wanted = Wanted {
            isrc: Isrc::parse(identity.isrc.trim()).ok(),
            icpn: Icpn::parse(identity.icpn.trim()).ok(),
            title: TitleKeys::of(identity.title),
        };
        self.by_isrc(&wanted)
            .or_else(|| self.by_icpn(&wanted, identity.artist))
            .or_else(|| self.by_title(&wanted, identity.artist))
            .or_else(|| self.by_title_loose(&wanted, identity.artist))
            .unwrap_or(Match {
                target: None,
                confidence: Confidence::NONE,
                evidence: Evidence::None,
            })
    }

    /// Says what an identity is: a recording, else a product, else what it says itself.
    ///
    /// A stock number that names a product stands before the title of a recording, and so does a
    /// product number that no release has; a line with an ISRC is never a product.
    pub fn target(&self, identity: &Identity<'_>) -> Target {
        let found = self.match_(identity);
        let by_number = matches!(found.evidence, Evidence::Isrc { .. } | Evidence::Icpn { .. });
        let product = self.product(identity).filter(|(_, by)| match by {
            ProductEvidence::Sku => true,
            ProductEvidence::Icpn => !by_number,
            ProductEvidence::Title => found.evidence == Evidence::None,
        });
        match (product, found.target) {
            (Some((product, _)), _) => Target::Product(product),
            (None, Some(recording)) => Target::Recording(recording),
            (None, None) => identity.unmatched(),
        }
    }

    /// Says which product an identity is, if it names no recording by ISRC: by stock number, by
    /// product number, or by its title where the artist is one of its parties or is not named.
    pub fn product(&self, identity: &Identity<'_>) -> Option<(ProductId, ProductEvidence)> {
        if !identity.isrc.trim().is_empty() {
            return None;
        }
        let products = &self.index.products;
        let only = |found: Option<&BTreeSet<ProductId>>| {
            found.filter(|it| it.len() == 1).and_then(BTreeSet::first).cloned()
        };
        if let Some(id) = only(products.by_sku.get(identity.resource_id.trim())) {
            return Some((id, ProductEvidence::Sku));
        }
        let icpn = Icpn::parse(identity.icpn.trim()).ok();
        if let Some(id) = icpn.and_then(|it| only(products.by_icpn.get(&it))) {
            return Some((id, ProductEvidence::Icpn));
        }
        let key = (title_key(identity.title), artist_key(identity.artist));
        only(products.by_title.get(&key)).map(|id| (id, ProductEvidence::Title))
    }

    fn by_isrc(&self, wanted: &Wanted) -> Option<Match> {
        let isrc = wanted.isrc?;
        let found = self.index.by_isrc.get(&isrc)?;
        one(found, |id| {
            let title_differs = self.title_differs(wanted, id);
            let confidence =
                if title_differs { Confidence::ISRC_OTHER_TITLE } else { Confidence::ISRC };
            (confidence, Evidence::Isrc { isrc, title_differs })
        })
    }

    fn by_icpn(&self, wanted: &Wanted, artist: &str) -> Option<Match> {
        let icpn = wanted.icpn?;
        let on_release = self.index.by_icpn.get(&icpn)?;
        let Some(title) = &wanted.title else {
            let evidence = Evidence::Icpn { icpn, title: None, title_differs: false };
            return sole(on_release, || (Confidence::ICPN_ONLY, evidence));
        };
        let fitting = self.having(on_release, |known| known.exact == title.exact);
        let fitting = if fitting.is_empty() {
            self.having(on_release, |known| known.fits(title))
        } else {
            fitting
        };
        let fitting = self.narrowed(fitting, artist);
        let key = title.loose.clone();
        let evidence = Evidence::Icpn { icpn, title: Some(key), title_differs: false };
        one(&fitting, |_| (Confidence::ICPN_TITLE, evidence)).or_else(|| {
            // Another title may be a translation, but never another version.
            let same_version = self.having(on_release, |known| known.marks == title.marks);
            let evidence = Evidence::Icpn { icpn, title: None, title_differs: true };
            (same_version.len() == on_release.len())
                .then(|| sole(on_release, || (Confidence::ICPN_OTHER_TITLE, evidence)))
                .flatten()
        })
    }

    fn by_title(&self, wanted: &Wanted, artist: &str) -> Option<Match> {
        let title = wanted.title.as_ref()?;
        let artist = artist_key(artist);
        let found = self.index.by_title.get(&title.exact)?.get(&artist)?;
        one(found, |id| {
            let isrc_differs = self.isrc_differs(wanted, id);
            let confidence = if isrc_differs {
                Confidence::TITLE_ARTIST_OTHER_ISRC
            } else {
                Confidence::TITLE_ARTIST
            };
            let title = title.exact.clone();
            (confidence, Evidence::TitleArtist { title, artist, isrc_differs })
        })
    }

    fn by_title_loose(&self, wanted: &Wanted, artist: &str) -> Option<Match> {
        let title = wanted.title.as_ref()?;
        let artists = artist_keys_loose(artist);
        let same_title = self.index.by_title_loose.get(&title.loose)?;
        let mut found = self.having(same_title, |known| known.fits(title));
        found.retain(|id| self.shared_artist(&artists, id).is_some());
        one(&found, |id| {
            let isrc_differs = self.isrc_differs(wanted, id);
            let confidence =
                if isrc_differs { Confidence::LOOSE_OTHER_ISRC } else { Confidence::LOOSE };
            let title = title.loose.clone();
            let artist = self.shared_artist(&artists, id).unwrap_or_default();
            (confidence, Evidence::TitleArtistLoose { title, artist, isrc_differs })
        })
    }

    /// The recordings one of whose titles passes.
    fn having(
        &self,
        ids: &BTreeSet<RecordingId>,
        passes: impl Fn(&TitleKeys) -> bool,
    ) -> BTreeSet<RecordingId> {
        let passing = |id: &&RecordingId| {
            let known = self.index.recordings.get(*id);
            known.is_some_and(|known| known.titles.iter().any(&passes))
        };
        ids.iter().filter(passing).cloned().collect()
    }

    /// If several are left: those of the artist, unless that is none. One song of a drama is often
    /// recorded by several singers for the same release.
    fn narrowed(&self, ids: BTreeSet<RecordingId>, artist: &str) -> BTreeSet<RecordingId> {
        if ids.len() < 2 {
            return ids;
        }
        let artists = artist_keys_loose(artist);
        let of_artist: BTreeSet<RecordingId> =
            ids.iter().filter(|id| self.shared_artist(&artists, id).is_some()).cloned().collect();
        if of_artist.is_empty() { ids } else { of_artist }
    }

    fn shared_artist(&self, artists: &BTreeSet<String>, id: &RecordingId) -> Option<String> {
        let known = self.index.recordings.get(id)?;
        artists.intersection(&known.artists_loose).next().cloned()
    }

    /// The line has a title, and no title of the recording is a spelling or a part of it.
    fn title_differs(&self, wanted: &Wanted, id: &RecordingId) -> bool {
        let (Some(title), Some(known)) = (&wanted.title, self.index.recordings.get(id)) else {
            return false;
        };
        let part = |known: &TitleKeys| {
            known.marks == title.marks
                && (known.loose.contains(&title.loose) || title.loose.contains(&known.loose))
        };
        !known.titles.iter().any(|known| known.fits(title) || part(known))
    }

    /// The line has an ISRC, and the recording has others.
    fn isrc_differs(&self, wanted: &Wanted, id: &RecordingId) -> bool {
        let known = self.index.recordings.get(id);
        wanted
            .isrc
            .zip(known)
            .is_some_and(|(isrc, known)| !known.isrcs.is_empty() && !known.isrcs.contains(&isrc))
    }
}

/// A match if one recording was found, ambiguity if several were, else nothing.
fn one(
    found: &BTreeSet<RecordingId>,
    why: impl FnOnce(&RecordingId) -> (Confidence, Evidence),
) -> Option<Match> {
    if found.len() > 1 {
        let evidence = Evidence::Ambiguous(found.iter().cloned().collect());
        return Some(Match { target: None, confidence: Confidence::NONE, evidence });
    }
    found.first().map(|id| {
        let (confidence, evidence) = why(id);
        Match { target: Some(id.clone()), confidence, evidence }
    })
}

/// A match if there is one recording only, else nothing.
fn sole(
    found: &BTreeSet<RecordingId>,
    why: impl FnOnce() -> (Confidence, Evidence),
) -> Option<Match> {
    if found.len() == 1 { one(found, |_| why()) } else { None }
}
