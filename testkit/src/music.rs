//! The music of a generated world; identifiers and names are made up.

use catalog::{
    Catalog, Contributor, LinkConfidence, Member, Party, PartyKind, Product, Production,
    ProductionUse, Recording, Release, RightsType, Role, Texts, Validity, Work,
};
use ident::{Isrc, ProductId, ProductionId, RecordingId, ReleaseId, WorkId};

use period::Date;

use crate::SplitMix64;
use crate::generate::party;

pub(crate) const PARTIES: u64 = 9;
pub(crate) const RECORDINGS: u64 = 14;
pub(crate) const RELEASES: u64 = 4;
pub(crate) const PRODUCTIONS: u64 = 3;
pub(crate) const WORKS: u64 = 6;
pub(crate) const PRODUCTS: u64 = 4;

pub(crate) fn recording(number: u64) -> RecordingId {
    RecordingId::parse(&format!("recording-{number:05}")).expect("a slug")
}

pub(crate) fn release(number: u64) -> ReleaseId {
    ReleaseId::parse(&format!("release-{number}")).expect("a slug")
}

pub(crate) fn production(number: u64) -> ProductionId {
    ProductionId::parse(&format!("drama-{number:03}")).expect("a slug")
}

pub(crate) fn product(number: u64) -> ProductId {
    ProductId::parse(&format!("product-{number}")).expect("a slug")
}

/// Half of them belong to a production, all of them to a party.
pub(crate) fn new_product(number: u64) -> Product {
    Product {
        id: product(number),
        kind: "merchandise".to_owned(),
        titles: titles(format!("상품 {number}"), format!("Product {number}")),
        skus: vec![format!("SKU-{number}")],
        icpn: None,
        production: number.is_multiple_of(2).then(|| production(number / 2)),
        parties: vec![party(number)],
        rights_type: if number < 3 { RightsType::Master } else { RightsType::Work },
    }
}

pub(crate) fn work(number: u64) -> WorkId {
    WorkId::parse(&format!("work-{number}")).expect("a slug")
}

/// An ISRC with the user-assigned country code ZZ: nobody was ever given it.
pub(crate) fn isrc(number: u64) -> Isrc {
    Isrc::parse(&format!("ZZTST21{number:05}")).expect("five digits")
}

pub(crate) fn titles(ko: String, en: String) -> Texts {
    Texts::from([("ko".to_owned(), ko), ("en".to_owned(), en)])
}

pub(crate) fn new_party(number: u64, kind: PartyKind) -> Party {
    let names = titles(format!("당사자 {number}"), format!("Party {number}"));
    let (language, members, payment) = (None, Vec::new(), catalog::Payment::default());
    let (id, ipi, isni, dpid, receipt_key) = (party(number), None, None, None, None);
    let society = None;
    Party { id, kind, names, language, ipi, isni, dpid, society, receipt_key, members, payment }
}

pub(crate) fn new_production(number: u64) -> Production {
    Production {
        id: production(number),
        kind: "drama".to_owned(),
        origin: "KR".to_owned(),
        titles: titles(format!("드라마 {number}"), format!("Drama {number}")),
        network: None,
        seasons: Vec::new(),
    }
}

pub(crate) fn link(production: ProductionId) -> ProductionUse {
    ProductionUse {
        production,
        season: None,
        episode: None,
        usage: "OST".to_owned(),
        confidence: LinkConfidence::High,
        evidence: "made up".to_owned(),
    }
}

/// Roles of works, then of recordings.
pub(crate) const ROLES: [&str; 4] = ["A", "C", "MainArtist", "Producer"];

pub(crate) fn role(word: &str) -> Role {
    Role::parse(word).expect("a word")
}

fn contributors(random: &mut SplitMix64, roles: &[&str]) -> Vec<Contributor> {
    let one = |random: &mut SplitMix64| Contributor {
        party: party(random.below(PARTIES)),
        role: role(random.pick(roles)),
        share: None,
    };
    (0..random.below(4)).map(|_| one(random)).collect()
}

/// The members of a party, none of them of a higher number: so nobody is a member of itself.
pub(crate) fn members(random: &mut SplitMix64, number: u64) -> Vec<Member> {
    let day = |month: u64| Date::constant(2021, i8::try_from(month).unwrap_or(1), 1);
    let one = |random: &mut SplitMix64| Member {
        party: party(random.below(number)),
        weight: 1 + random.below(4),
        period: Validity {
            from: random.chance(300).then(|| day(1 + random.below(5))),
            before: random.chance(300).then(|| day(3 + random.below(6))),
        },
    };
    (0..1 + random.below(3)).map(|_| one(random)).collect()
}

pub(crate) fn new_work(random: &mut SplitMix64, number: u64) -> Work {
    Work {
        id: work(number),
        titles: titles(format!("곡 {number}"), format!("Work {number}")),
        iswc: None,
        contributors: contributors(random, &ROLES[..2]),
    }
}

pub(crate) fn new_recording(random: &mut SplitMix64, number: u64) -> Recording {
    let links = (0..random.below(3)).map(|_| link(production(random.below(PRODUCTIONS))));
    Recording {
        id: recording(number),
        isrcs: vec![isrc(number)],
        titles: titles(format!("노래 {number}"), format!("Song {number}")),
        aliases: Vec::new(),
        artist: format!("Artist {}", number % 4),
        artist_aliases: Vec::new(),
        productions: links.collect(),
        contributors: contributors(random, &ROLES[2..]),
        works: (0..random.below(3)).map(|_| work(random.below(WORKS))).collect(),
        duration_ms: Some(180_000 + random.below(90_000)),
    }
}

pub(crate) fn new_release(random: &mut SplitMix64, number: u64) -> Release {
    let mut recordings: Vec<_> = (0..3).map(|_| recording(random.below(RECORDINGS))).collect();
    recordings.sort();
    recordings.dedup();
    let titles = titles(format!("음반 {number}"), format!("Release {number}"));
    Release { id: release(number), icpn: None, titles, recordings, production: None }
}

pub(crate) fn add(catalog: &mut Catalog, random: &mut SplitMix64) {
    for number in 0..PARTIES {
        let mut made = new_party(number, PartyKind::Person);
        if number > 4 && random.chance(400) {
            made.members = members(random, number);
        }
        catalog.parties.insert(party(number), made);
    }
    for number in 0..PRODUCTIONS {
        catalog.productions.insert(production(number), new_production(number));
    }
    for number in 0..PRODUCTS {
        catalog.products.insert(product(number), new_product(number));
    }
    for number in 0..WORKS {
        catalog.works.insert(work(number), new_work(random, number));
    }
    for number in 0..RECORDINGS {
        catalog.recordings.insert(recording(number), new_recording(random, number));
    }
    for number in 0..RELEASES {
        catalog.releases.insert(release(number), new_release(random, number));
    }
}
