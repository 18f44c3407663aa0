//! Reads parties, works, recordings and releases.

use std::fmt::Display;

use envelope::Recipient;
use ident::{
    Dpid, Icpn, Ipi, Isni, Isrc, Iswc, PartyId, ProductionId, RecordingId, ReleaseId, WorkId,
};

use super::fields::Fields;
use super::read_payment::payment;
use super::read_term::rate;
use super::shape::is_language;
use crate::rule::ROLE_UNKNOWN;
use crate::{
    Contributor, EntryKind, LinkConfidence, Member, Party, PartyKind, ProductionUse, Recording,
    Release, Role, Work,
};

/// What reading an entry gives: its id as far as it could be read, and the entry if it is whole.
pub(super) type Read<T> = (Option<String>, Option<T>);

/// Reads the id and names the entry by it in every later finding.
pub(super) fn id<T: Display, E: Display>(
    fields: &mut Fields<'_, '_>,
    kind: EntryKind,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Option<T> {
    let id = fields.parsed("id", parse)?;
    fields.name(kind, &id.to_string());
    Some(id)
}

/// Reads one word of a closed list.
pub(super) fn one_of<T: Copy>(
    words: &'static [T],
    word: impl Fn(T) -> &'static str,
) -> impl Fn(&str) -> Result<T, String> {
    move |text| {
        words.iter().copied().find(|item| word(*item) == text).ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(|item| word(*item)).collect();
            format!("must be one of {}", words.join(", "))
        })
    }
}

pub(super) fn party(mut f: Fields<'_, '_>) -> Read<Party> {
    f.require(&["id", "kind", "names"]);
    let id = id(&mut f, EntryKind::Party, PartyId::parse);
    let kind = f.parsed("kind", one_of(&PartyKind::ALL, PartyKind::as_str));
    let names = f.texts("names");
    let language = f.parsed("language", |tag| match is_language(tag) {
        true => Ok(tag.to_owned()),
        false => Err(format!("{tag:?} is not a language tag")),
    });
    let ipi = f.parsed("ipi", Ipi::parse);
    let isni = f.parsed("isni", Isni::parse);
    let dpid = f.parsed("dpid", Dpid::parse);
    let society = f.text("society");
    let receipt_key = f.parsed_unshown("receipt_key", Recipient::parse);
    let members = f.tables("members", |mut f| {
        f.require(&["party", "weight"]);
        let party = f.parsed("party", PartyId::parse);
        f.link("party", EntryKind::Party, &party);
        let weight = f.weight("weight");
        let period = f.days("from", "until");
        f.finish();
        Some(Member { party: party?, weight: weight?, period })
    });
    let payment = payment(&mut f);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let party = || {
        let (id, kind, names) = (id?, kind?, names?);
        Some(Party {
            id,
            kind,
            names,
            language,
            ipi,
            isni,
            dpid,
            society,
            receipt_key,
            members,
            payment,
        })
    };
    (name, party())
}

pub(super) fn work(mut f: Fields<'_, '_>) -> Read<Work> {
    f.require(&["id", "titles"]);
    let id = id(&mut f, EntryKind::Work, WorkId::parse);
    let titles = f.texts("titles");
    let iswc = f.parsed("iswc", Iswc::parse);
    let contributors = contributors(&mut f, true);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let work = || Some(Work { id: id?, titles: titles?, iswc, contributors });
    (name, work())
}

pub(super) fn recording(mut f: Fields<'_, '_>) -> Read<Recording> {
    f.require(&["id", "titles", "artist"]);
    let id = id(&mut f, EntryKind::Recording, RecordingId::parse);
    let isrcs = f.distinct("isrc", Isrc::parse);
    let titles = f.texts("titles");
    let aliases = f.distinct("aliases", spelling);
    let artist = f.text("artist");
    let artist_aliases = f.distinct("artist_aliases", spelling);
    let contributors = contributors(&mut f, false);
    let works = f.distinct("works", WorkId::parse);
    f.link("works", EntryKind::Work, &works);
    let productions = f.tables("productions", production_use);
    let duration_ms = f.number("duration_ms");
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let recording = || {
        Some(Recording {
            id: id?,
            isrcs,
            titles: titles?,
            aliases,
            artist: artist?,
            artist_aliases,
            contributors,
            works,
            productions,
            duration_ms,
        })
    };
    (name, recording())
}

pub(super) fn release(mut f: Fields<'_, '_>) -> Read<Release> {
    f.require(&["id", "titles", "recordings"]);
    let id = id(&mut f, EntryKind::Release, ReleaseId::parse);
    let icpn = f.parsed("icpn", Icpn::parse);
    let titles = f.texts("titles");
    let recordings = f.distinct("recordings", RecordingId::parse);
    f.link("recordings", EntryKind::Recording, &recordings);
    let production = f.parsed("production", ProductionId::parse);
    f.link("production", EntryKind::Production, &production);
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let release = || Some(Release { id: id?, icpn, titles: titles?, recordings, production });
    (name, release())
}

pub(super) fn spelling(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("must not be blank") } else { Ok(text.to_owned()) }
}

pub(super) fn role(text: &str) -> Result<Role, &'static str> {
    Role::parse(text).ok_or("must be a word of letters and digits")
}

fn contributors(f: &mut Fields<'_, '_>, of_work: bool) -> Vec<Contributor> {
    f.tables("contributors", |mut f| {
        f.require(&["party", "role"]);
        let party = f.parsed("party", PartyId::parse);
        f.link("party", EntryKind::Party, &party);
        let role = f.parsed("role", role);
        if let Some(role) = role.as_ref().filter(|role| of_work && !role.is_of_works()) {
            let message = format!("{role} is not a CISAC role");
            f.report(&ROLE_UNKNOWN, f.spot("role"), message, role.as_str());
        }
        let share = f.parsed("share", rate);
        f.finish();
        Some(Contributor { party: party?, role: role?, share })
    })
}

fn production_use(mut f: Fields<'_, '_>) -> Option<ProductionUse> {
    f.require(&["production", "use", "confidence"]);
    let production = f.parsed("production", ProductionId::parse);
    f.link("production", EntryKind::Production, &production);
    let season = f.small_number("season");
    let episode = f.small_number("episode");
    let usage = f.text("use");
    let confidence = f.parsed("confidence", one_of(&LinkConfidence::ALL, LinkConfidence::as_str));
    let evidence = f.text("evidence").unwrap_or_default();
    f.finish();
    Some(ProductionUse {
        production: production?,
        season,
        episode,
        usage: usage?,
        confidence: confidence?,
        evidence,
    })
}
