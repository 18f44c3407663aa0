//! Writes a catalogue as its folder of files.

use std::collections::BTreeMap;

use super::page::{Page, day_pairs, pair, rate};
use super::write_deal::{agreement, licence, pipe, received_advance};
use super::write_payment::{payment, withholding};
use super::write_price::price;
use super::write_rates::rate_table;
use crate::{
    Catalog, Contributor, Member, Party, Product, Production, ProductionUse, Recording, Release,
    Repertoire, RightsType, Work,
};

pub(super) fn write(catalog: &Catalog) -> BTreeMap<String, String> {
    let mut deals = Page::default();
    catalog.agreements.values().for_each(|entry| agreement(&mut deals, entry));
    catalog.licences.values().for_each(|entry| licence(&mut deals, entry));
    catalog.pipes.values().for_each(|entry| pipe(&mut deals, entry));
    catalog.received_advances.values().for_each(|entry| received_advance(&mut deals, entry));
    let pages = [
        ("agreements.toml", deals.into_text()),
        ("parties.toml", page(catalog.parties.values(), party)),
        ("prices.toml", page(catalog.prices.values(), price)),
        ("productions.toml", page(catalog.productions.values(), production)),
        ("products.toml", page(catalog.products.values(), product)),
        ("rates.toml", page(catalog.rate_tables.values(), rate_table)),
        ("recordings.toml", page(catalog.recordings.values(), recording)),
        ("releases.toml", page(catalog.releases.values(), release)),
        ("repertoires.toml", page(catalog.repertoires.values(), repertoire)),
        ("taxes.toml", page(catalog.withholdings.values(), withholding)),
        ("works.toml", page(catalog.works.values(), work)),
    ];
    let pages = pages.into_iter().filter(|(_, text)| !text.is_empty());
    pages.map(|(name, text)| (name.to_owned(), text)).collect()
}

fn page<'c, T: 'c>(entries: impl Iterator<Item = &'c T>, write: fn(&mut Page, &T)) -> String {
    let mut page = Page::default();
    entries.for_each(|entry| write(&mut page, entry));
    page.into_text()
}

fn party(p: &mut Page, party: &Party) {
    p.table("party");
    p.string("id", &party.id);
    p.string("kind", party.kind.as_str());
    p.texts("names", &party.names);
    p.string_if("language", party.language.as_ref());
    p.string_if("ipi", party.ipi.as_ref());
    p.string_if("isni", party.isni.as_ref());
    p.string_if("dpid", party.dpid.as_ref());
    p.string_if("society", party.society.as_ref());
    p.string_if("receipt_key", party.receipt_key.as_ref());
    p.tables("members", party.members.iter().map(member));
    payment(p, &party.payment);
}

fn member(member: &Member) -> Vec<String> {
    let mut pairs = vec![pair("party", &member.party), format!("weight = {}", member.weight)];
    pairs.extend(day_pairs(&member.period));
    pairs
}

fn work(p: &mut Page, work: &Work) {
    p.table("work");
    p.string("id", &work.id);
    p.texts("titles", &work.titles);
    p.string_if("iswc", work.iswc.as_ref());
    contributors(p, &work.contributors);
}

fn recording(p: &mut Page, recording: &Recording) {
    p.table("recording");
    p.string("id", &recording.id);
    match recording.isrcs.as_slice() {
        [isrc] => p.string("isrc", isrc),
        isrcs => p.list("isrc", isrcs),
    }
    p.texts("titles", &recording.titles);
    p.list("aliases", &recording.aliases);
    p.string("artist", &recording.artist);
    p.list("artist_aliases", &recording.artist_aliases);
    contributors(p, &recording.contributors);
    p.list("works", &recording.works);
    p.tables("productions", recording.productions.iter().map(production_use));
    if let Some(duration) = recording.duration_ms {
        p.bare("duration_ms", duration);
    }
}

fn contributors(p: &mut Page, contributors: &[Contributor]) {
    let rows = contributors.iter().map(|c| {
        let share = c.share.map(|it| pair("share", rate(it)));
        [pair("party", &c.party), pair("role", &c.role)].into_iter().chain(share).collect()
    });
    p.tables("contributors", rows);
}

fn production_use(link: &ProductionUse) -> Vec<String> {
    let mut pairs = vec![pair("production", &link.production)];
    pairs.extend(link.season.map(|number| format!("season = {number}")));
    pairs.extend(link.episode.map(|number| format!("episode = {number}")));
    pairs.push(pair("use", &link.usage));
    pairs.push(pair("confidence", link.confidence.as_str()));
    if !link.evidence.is_empty() {
        pairs.push(pair("evidence", &link.evidence));
    }
    pairs
}

fn release(p: &mut Page, release: &Release) {
    p.table("release");
    p.string("id", &release.id);
    p.string_if("icpn", release.icpn.as_ref());
    p.texts("titles", &release.titles);
    if release.recordings.is_empty() {
        p.bare("recordings", "[]");
    }
    p.list("recordings", &release.recordings);
    p.string_if("production", release.production.as_ref());
}

fn production(p: &mut Page, production: &Production) {
    p.table("production");
    p.string("id", &production.id);
    p.string("kind", &production.kind);
    p.string("origin", &production.origin);
    p.texts("titles", &production.titles);
    p.string_if("network", production.network.as_ref());
    for season in &production.seasons {
        p.table("production.season");
        p.bare("number", season.number);
        p.days("aired_from", "aired_until", &season.aired);
        for episode in &season.episodes {
            p.table("production.season.episode");
            p.bare("number", episode.number);
            p.string_if("title", episode.title.as_ref());
            p.day("aired", episode.aired);
        }
    }
}

fn product(p: &mut Page, product: &Product) {
    p.table("product");
    p.string("id", &product.id);
    p.string("kind", &product.kind);
    p.texts("titles", &product.titles);
    p.list("skus", &product.skus);
    p.string_if("icpn", product.icpn.as_ref());
    p.string_if("production", product.production.as_ref());
    p.list("parties", &product.parties);
    if product.rights_type != RightsType::Master {
        p.string("rights_type", product.rights_type.as_str());
    }
}

fn repertoire(p: &mut Page, repertoire: &Repertoire) {
    p.table("repertoire");
    p.string("id", &repertoire.id);
    p.string("title", &repertoire.title);
    p.string_if("production_kind", repertoire.production_kind.as_ref());
    p.string_if("origin", repertoire.origin.as_ref());
    p.list("productions", &repertoire.productions);
    p.list("recordings", &repertoire.recordings);
}
