//! Reads productions, what belongs to them, and repertoires.

use std::collections::BTreeSet;

use ident::{Icpn, PartyId, ProductId, ProductionId, RecordingId, RepertoireId};

use super::fields::Fields;
use super::read_music::{Read, id, one_of, spelling};
use super::shape::country;
use crate::rule::{ID_DUPLICATE, PRODUCT_UNTIED};
use crate::{EntryKind, Episode, Product, Production, Repertoire, RightsType, Season};

pub(super) fn production(mut f: Fields<'_, '_>) -> Read<Production> {
    f.require(&["id", "kind", "origin", "titles"]);
    let id = id(&mut f, EntryKind::Production, ProductionId::parse);
    let kind = f.parsed("kind", kind_word);
    let origin = f.parsed("origin", country);
    let titles = f.texts("titles");
    let network = f.text("network");
    let mut seasons = f.tables("season", season);
    if !numbered_once(seasons.iter().map(|season| season.number)) {
        f.report(&ID_DUPLICATE, f.spot("season"), "a season is listed twice".to_owned(), "");
    }
    seasons.sort_by_key(|season| season.number);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let production = || {
        Some(Production {
            id: id?,
            kind: kind?,
            origin: origin?,
            titles: titles?,
            network,
            seasons,
        })
    };
    (name, production())
}

fn season(mut f: Fields<'_, '_>) -> Option<Season> {
    f.require(&["number"]);
    let number = f.small_number("number");
    let aired = f.days("aired_from", "aired_until");
    let mut episodes = f.tables("episode", |mut f| {
        f.require(&["number"]);
        let number = f.small_number("number");
        let title = f.text("title");
        let aired = f.day("aired");
        f.finish();
        Some(Episode { number: number?, title, aired })
    });
    if !numbered_once(episodes.iter().map(|episode| episode.number)) {
        f.report(&ID_DUPLICATE, f.spot("episode"), "an episode is listed twice".to_owned(), "");
    }
    episodes.sort_by_key(|episode| episode.number);
    f.finish();
    Some(Season { number: number?, aired, episodes })
}

pub(super) fn product(mut f: Fields<'_, '_>) -> Read<Product> {
    f.require(&["id", "kind", "titles"]);
    let id = id(&mut f, EntryKind::Product, ProductId::parse);
    let kind = f.parsed("kind", kind_word);
    let titles = f.texts("titles");
    let skus = f.distinct("skus", spelling);
    let icpn = f.parsed("icpn", Icpn::parse);
    let production = f.parsed("production", ProductionId::parse);
    f.link("production", EntryKind::Production, &production);
    let parties = f.distinct("parties", PartyId::parse);
    f.link("parties", EntryKind::Party, &parties);
    if !(f.has("production") || f.has("parties")) {
        let message = "names neither a production nor parties".to_owned();
        f.report(&PRODUCT_UNTIED, f.spot(""), message, "");
    }
    let rights_type = f.parsed("rights_type", one_of(&RightsType::ALL, RightsType::as_str));
    let rights_type = rights_type.unwrap_or(RightsType::Master);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let product = || {
        Some(Product {
            id: id?,
            kind: kind?,
            titles: titles?,
            skus,
            icpn,
            production,
            parties,
            rights_type,
        })
    };
    (name, product())
}

pub(super) fn repertoire(mut f: Fields<'_, '_>) -> Read<Repertoire> {
    f.require(&["id", "title"]);
    let id = id(&mut f, EntryKind::Repertoire, RepertoireId::parse);
    let title = f.text("title");
    let production_kind = f.parsed("production_kind", kind_word);
    let origin = f.parsed("origin", country);
    let productions = f.set("productions", ProductionId::parse);
    f.link("productions", EntryKind::Production, &productions);
    let recordings = f.set("recordings", RecordingId::parse);
    f.link("recordings", EntryKind::Recording, &recordings);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let repertoire = || {
        Some(Repertoire {
            id: id?,
            title: title?,
            production_kind,
            origin,
            productions,
            recordings,
        })
    };
    (name, repertoire())
}

fn numbered_once(numbers: impl Iterator<Item = u16>) -> bool {
    let mut seen = BTreeSet::new();
    numbers.into_iter().all(|number| seen.insert(number))
}

fn kind_word(text: &str) -> Result<String, &'static str> {
    let word = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if word { Ok(text.to_owned()) } else { Err("must be a lower-case word such as drama") }
}
