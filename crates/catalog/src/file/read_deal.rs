//! Reads agreements and licences.

use std::collections::BTreeSet;

use ident::{
    AgreementId, PartyId, ProductId, ProductionId, RecordingId, ReleaseId, TermId, WorkId,
};
use money::{Amount, Atoms, Currency, Ratio};

use super::fields::Fields;
use super::read_music::{Read, id, one_of};
use super::shares;
use crate::rule::{ID_DUPLICATE, SCOPE_MALFORMED, SHARES_OVER_WHOLE};
use crate::{
    Advance, Agreement, Base, Condition, EntryKind, Licence, Payees, RightsType, Scope, Term,
    TermKind, Territories, Validity,
};

pub(super) fn agreement(mut f: Fields<'_, '_>) -> Read<Agreement> {
    f.require(&["id", "title", "rights_type", "from"]);
    let id = id(&mut f, EntryKind::Agreement, AgreementId::parse);
    let title = f.text("title");
    let rights_type = f.parsed("rights_type", one_of(&RightsType::ALL, RightsType::as_str));
    let period = f.days("from", "until");
    let scope = scope(&mut f);
    let terms = f.tables("term", term);
    let advances = f.tables("advance", advance);
    let note = f.text("note").unwrap_or_default();
    check_ids(&f, &terms, &advances);
    if let Err(problem) = shares::check(&terms) {
        f.report(&SHARES_OVER_WHOLE, f.spot("term"), problem, "");
    }
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let agreement = || {
        Some(Agreement {
            id: id?,
            title: title?,
            rights_type: rights_type?,
            period,
            scope: scope?,
            terms,
            advances,
            costs: Vec::new(),
            reserves: Vec::new(),
            guarantees: Vec::new(),
            group: String::new(),
            note,
        })
    };
    (name, agreement())
}

pub(super) fn licence(mut f: Fields<'_, '_>) -> Read<Licence> {
    f.require(&["id", "title", "payer", "rights_type", "rate", "from"]);
    let id = id(&mut f, EntryKind::Licence, AgreementId::parse);
    let title = f.text("title");
    let payer = f.text("payer");
    let rights_type = f.parsed("rights_type", one_of(&RightsType::ALL, RightsType::as_str));
    let rate = f.parsed("rate", rate);
    let condition = condition(&mut f);
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let licence = || {
        Some(Licence {
            id: id?,
            title: title?,
            payer: payer?,
            rights_type: rights_type?,
            rate: rate?,
            condition,
            note,
        })
    };
    (name, licence())
}

fn check_ids(f: &Fields<'_, '_>, terms: &[Term], advances: &[Advance]) {
    let mut seen = BTreeSet::new();
    for id in terms.iter().map(|t| &t.id).chain(advances.iter().map(|a| &a.id)) {
        if !seen.insert(id) {
            let message = format!("{id} names two terms or advances");
            f.report(&ID_DUPLICATE, f.spot("term"), message, id.as_str());
        }
    }
}

fn scope(f: &mut Fields<'_, '_>) -> Option<Scope> {
    let recordings = f.set("recordings", RecordingId::parse);
    f.link("recordings", EntryKind::Recording, &recordings);
    let releases = f.set("releases", ReleaseId::parse);
    f.link("releases", EntryKind::Release, &releases);
    let products = f.set("products", ProductId::parse);
    f.link("products", EntryKind::Product, &products);
    let productions = f.set("productions", ProductionId::parse);
    f.link("productions", EntryKind::Production, &productions);
    let works = f.set("works", WorkId::parse);
    f.link("works", EntryKind::Work, &works);
    if f.flag("all") == Some(false) {
        f.refuse("all", "can only be true".to_owned());
    }
    let given: Vec<&str> = ["recordings", "releases", "products", "productions", "works", "all"]
        .into_iter()
        .filter(|key| f.has(key))
        .collect();
    match given.as_slice() {
        ["recordings"] => Some(Scope::Recordings(recordings)),
        ["releases"] => Some(Scope::Releases(releases)),
        ["products"] => Some(Scope::Products(products)),
        ["productions"] => Some(Scope::Productions(productions)),
        ["works"] => Some(Scope::Works(works)),
        ["all"] => Some(Scope::All),
        _ => {
            let message = format!(
                "must have one of recordings, releases, products, productions, works or all; has {}",
                if given.is_empty() { "none".to_owned() } else { given.join(", ") }
            );
            f.report(&SCOPE_MALFORMED, f.spot(""), message, "");
            None
        }
    }
}

fn term(mut f: Fields<'_, '_>) -> Option<Term> {
    f.require(&["id", "kind", "payee", "rate"]);
    let id = f.parsed("id", TermId::parse);
    let kind = f.parsed("kind", one_of(&TermKind::ALL, TermKind::as_str));
    let base = f.parsed("base", |text| match text {
        "gross" => Ok(Base::Gross),
        "net-of-fees" => Ok(Base::NetOfFees),
        _ => Err("must be one of gross, net-of-fees"),
    });
    let payee = f.parsed("payee", PartyId::parse);
    f.link("payee", EntryKind::Party, &payee);
    let rate = f.parsed("rate", rate);
    let condition = condition(&mut f);
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let kind = kind?;
    Some(Term {
        id: id?,
        kind,
        payees: Payees::One(payee?),
        slot: String::new(),
        rate: rate?,
        ladder: None,
        base: base.unwrap_or_else(|| kind.base()),
        out_of: None,
        reduce: Ratio::ONE,
        works_max: None,
        recoup: true,
        cap: None,
        condition,
        note,
    })
}

fn advance(mut f: Fields<'_, '_>) -> Option<Advance> {
    f.require(&["id", "payee", "amount", "currency", "paid"]);
    let id = f.parsed("id", TermId::parse);
    let payee = f.parsed("payee", PartyId::parse);
    f.link("payee", EntryKind::Party, &payee);
    let atoms = f.parsed("amount", |text| match Atoms::parse(text) {
        Ok(atoms) if atoms > Atoms::ZERO => Ok(atoms),
        Ok(_) => Err("must be above zero".to_owned()),
        Err(error) => Err(error.to_string()),
    });
    let currency = f.parsed("currency", Currency::parse);
    let paid = f.day("paid");
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let amount = Amount { atoms: atoms?, currency: currency? };
    Some(Advance { id: id?, payee: payee?, amount, paid: paid?, note })
}

fn condition(f: &mut Fields<'_, '_>) -> Condition {
    let territories = territories(f);
    let use_types = f.set("use_types", token);
    let commercial_models = f.set("commercial_models", token);
    let period: Validity = f.days("from", "until");
    Condition { territories, use_types, commercial_models, period, ..Condition::default() }
}

/// `["KR", "JP"]`, `["*"]` or `["*", "!US"]`.
fn territories(f: &mut Fields<'_, '_>) -> Territories {
    let codes = f.set("territories", |text| {
        let code = text.strip_prefix('!').unwrap_or(text);
        let named = (2..=4).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if text == "*" || named || text == "Worldwide" {
            Ok(text.to_owned())
        } else {
            Err("must be a territory code such as KR, \"*\", or an exclusion such as !US")
        }
    });
    let everywhere = codes.contains("*");
    let excluded: BTreeSet<String> =
        codes.iter().filter_map(|code| code.strip_prefix('!')).map(str::to_owned).collect();
    let plain = codes.len() - excluded.len() - usize::from(everywhere);
    match (everywhere, plain, excluded.is_empty()) {
        (true, 0, false) => Territories::AllExcept(excluded),
        (true, 0, true) => Territories::All,
        (false, _, true) if plain > 0 => Territories::Only(codes),
        (false, 0, true) => Territories::All,
        _ => {
            let message = "either names territories, or starts from \"*\" and excludes some";
            f.refuse("territories", message.to_owned());
            Territories::All
        }
    }
}

fn token(text: &str) -> Result<String, &'static str> {
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if word { Ok(text.to_owned()) } else { Err("must be a DDEX word such as OnDemandStream") }
}

fn rate(text: &str) -> Result<Ratio, String> {
    match Ratio::parse(text) {
        Ok(rate) if rate <= Ratio::ONE => Ok(rate),
        Ok(_) => Err("must be at most 100 %".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
