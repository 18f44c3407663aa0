//! Reads one term of an agreement, and the conditions that terms and licences have.

use std::collections::BTreeSet;

use finding::Position;
use ident::{ProductionId, ReleaseId, TermId};
use money::{Atoms, Ratio};
use period::Date;

use super::fields::Fields;
use super::read_music::{one_of, role, spelling};
use super::read_sums::{amount, payee};
use super::territory::{Groups, territories};
use crate::rule::{KEY_MISSING, STEPS_UNORDERED};
use crate::{Base, Cap, Condition, EntryKind, Ladder, Meter, Payees, Term, TermKind, Validity};

/// Reads a term, with where it starts.
pub(super) fn term(mut f: Fields<'_, '_>, groups: &Groups) -> Option<(Term, Position)> {
    f.require(&["id", "kind", "rate"]);
    let id = f.parsed("id", TermId::parse);
    let kind = f.parsed("kind", one_of(&TermKind::ALL, TermKind::as_str));
    let payees = payees(&mut f, kind);
    let slot = f.text("slot").unwrap_or_default();
    let rate_first = f.parsed("rate", rate);
    let base = base(&mut f, kind);
    let out_of = f.parsed("out_of", TermId::parse);
    if (kind, &base) == (Some(TermKind::Deduction), &Some(Base::Price))
        && (f.has("out_of") || !matches!(payees, Some(Payees::Operator)))
    {
        let message = "makes the price less that royalties are paid on, and moves no money: leave out \
                       payee, among, role and out_of";
        f.refuse("base", message.to_owned());
    }
    let reduce = f.parsed("reduce", rate).unwrap_or(Ratio::ONE);
    let works_max = f.small_number("works_max").map(u32::from);
    if works_max == Some(0) {
        f.refuse("works_max", "must be above zero".to_owned());
    }
    let recoup = f.flag("recoup").unwrap_or(true);
    let cap = f.table("cap", cap);
    let ladder = f.table("ladder", ladder);
    let roles = f.set("roles", role);
    let is_named = payees.as_ref().is_none_or(|payees| payees.named().next().is_some());
    if f.has("roles") && !is_named {
        f.refuse("roles", "are asked of a payee or of those among whom it is shared".to_owned());
    }
    let condition = Condition { roles, ..condition(&mut f, groups) };
    let note = f.text("note").unwrap_or_default();
    let position = f.spot("");
    f.finish();
    let term = Term {
        id: id?,
        kind: kind?,
        payees: payees?,
        slot,
        rate: rate_first?,
        ladder,
        base: base?,
        out_of,
        reduce,
        works_max,
        recoup,
        cap,
        condition,
        note,
    };
    Some((term, position))
}

/// Exactly one of `payee`, `among` and `role`; a deduction may pay nobody.
fn payees(f: &mut Fields<'_, '_>, kind: Option<TermKind>) -> Option<Payees> {
    let one = payee(f);
    let among = f.tables("among", |mut f| {
        f.require(&["payee", "weight"]);
        let payee = payee(&mut f);
        let weight = f.weight("weight");
        f.finish();
        Some((payee?, weight?))
    });
    let role = f.parsed("role", role);
    let given: Vec<&'static str> =
        ["payee", "among", "role"].into_iter().filter(|key| f.has(key)).collect();
    match given.as_slice() {
        [] if kind == Some(TermKind::Deduction) => Some(Payees::Operator),
        [] => {
            let message = "one of payee, among and role is missing".to_owned();
            f.report(&KEY_MISSING, f.spot("payee"), message, "");
            None
        }
        ["payee"] => one.map(Payees::One),
        ["among"] => {
            let parties: BTreeSet<_> = among.iter().map(|(party, _)| party).collect();
            if among.is_empty() && f.is_clean() {
                f.refuse("among", "must not be empty".to_owned());
            } else if parties.len() < among.len() {
                f.refuse("among", "names somebody twice".to_owned());
            }
            Some(Payees::Among(among))
        }
        ["role"] => role.map(Payees::Role),
        [_, second, ..] => {
            f.refuse(second, format!("stands beside {}; only one may", given[0]));
            None
        }
        [_] => None,
    }
}

/// What the rate is a part of, as far as it is known when a term of this kind is computed.
fn base(f: &mut Fields<'_, '_>, kind: Option<TermKind>) -> Option<Base> {
    let read = f.parsed("base", |text| match text {
        "gross" => Ok(Base::Gross),
        "net" => Ok(Base::Net),
        "net-of-fees" => Ok(Base::NetOfFees),
        "rest" => Ok(Base::Rest),
        "price" => Ok(Base::Price),
        "price-net" => Ok(Base::PriceNet),
        _ => match text.strip_prefix("term:").map(TermId::parse) {
            Some(Ok(id)) => Ok(Base::Term(id)),
            _ => Err("must be one of gross, net, net-of-fees, rest, price, price-net, term:ID"),
        },
    });
    let kind = kind?;
    if !f.has("base") {
        return Some(kind.base());
    }
    let refused = match (kind, read.as_ref()?) {
        (TermKind::ProfitShare, _) => Some("a profit-share is always one of what is left"),
        (TermKind::Deduction, Base::Net | Base::NetOfFees | Base::PriceNet) => {
            Some("a deduction is a part of gross, rest, price or term:ID")
        }
        (TermKind::Fee, Base::NetOfFees | Base::Price | Base::PriceNet) => {
            Some("a fee is a part of gross, net, rest or term:ID")
        }
        _ => None,
    };
    if let Some(message) = refused {
        f.refuse("base", message.to_owned());
    }
    read
}

fn cap(mut f: Fields<'_, '_>) -> Option<Cap> {
    f.require(&["amount", "currency", "per"]);
    let amount = amount(&mut f);
    let yearly = f.parsed("per", |text| match text {
        "life" => Ok(false),
        "year" => Ok(true),
        _ => Err("must be one of life, year"),
    });
    f.finish();
    Some(Cap { amount: amount?, yearly: yearly? })
}

fn ladder(mut f: Fields<'_, '_>) -> Option<Ladder> {
    f.require(&["meter", "steps"]);
    let meter = f.parsed("meter", one_of(&Meter::ALL, Meter::as_str));
    let per_recording = f.parsed("per", |text| match text {
        "agreement" => Ok(false),
        "recording" => Ok(true),
        _ => Err("must be one of agreement, recording"),
    });
    let prior = f.parsed("prior", atoms).unwrap_or(Atoms::ZERO);
    let steps = f.tables("steps", |mut f| {
        f.require(&["above", "rate"]);
        let above = f.parsed("above", atoms);
        let rate = f.parsed("rate", rate);
        f.finish();
        Some((above?, rate?))
    });
    if steps.is_empty() && f.has("steps") && f.is_clean() {
        f.refuse("steps", "must not be empty".to_owned());
    }
    let first = (Atoms::ZERO, Ratio::ZERO);
    let rising = std::iter::once(&first).chain(&steps);
    if !rising.is_sorted_by(|(before, _), (after, _)| before < after) {
        let message = "each step must lie above the one before it, the first above zero".to_owned();
        f.report(&STEPS_UNORDERED, f.spot("steps"), message, "");
    }
    f.finish();
    Some(Ladder { meter: meter?, per_recording: per_recording.unwrap_or(false), prior, steps })
}

/// Reads what terms and licences ask of a use.
pub(super) fn condition(f: &mut Fields<'_, '_>, groups: &Groups) -> Condition {
    let (territories, territory_groups) = territories(f, groups);
    let services = f.set("services", spelling);
    let use_types = use_types(f);
    let commercial_models = f.set("commercial_models", token);
    let price_categories = f.set("price_categories", spelling);
    let releases = f.set("releases", ReleaseId::parse);
    f.link("releases", EntryKind::Release, &releases);
    let productions = f.set("productions", ProductionId::parse);
    f.link("productions", EntryKind::Production, &productions);
    Condition {
        territories,
        territory_groups,
        services,
        use_types,
        commercial_models,
        price_categories,
        releases,
        productions,
        roles: BTreeSet::new(),
        subscribed: subscribed(f),
        period: f.days("from", "until"),
    }
}

/// When the listener subscribed; reports say it by the month.
fn subscribed(f: &mut Fields<'_, '_>) -> Validity {
    let subscribed = f.days("subscribed_from", "subscribed_until");
    let begins_month = |day: Option<Date>| day.is_none_or(|it| it.day() == 1);
    if !begins_month(subscribed.from) {
        f.refuse("subscribed_from", "must be the first day of a month".to_owned());
    }
    if !begins_month(subscribed.before) {
        f.refuse("subscribed_until", "must be the last day of a month".to_owned());
    }
    subscribed
}

pub(super) fn use_types(f: &mut Fields<'_, '_>) -> BTreeSet<String> {
    f.set("use_types", token)
}

fn token(text: &str) -> Result<String, &'static str> {
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if word { Ok(text.to_owned()) } else { Err("must be a DDEX word such as OnDemandStream") }
}

pub(super) fn rate(text: &str) -> Result<Ratio, String> {
    match Ratio::parse(text) {
        Ok(rate) if rate <= Ratio::ONE => Ok(rate),
        Ok(_) => Err("must be at most 100 %".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn atoms(text: &str) -> Result<Atoms, String> {
    match Atoms::parse(text) {
        Ok(atoms) if atoms >= Atoms::ZERO => Ok(atoms),
        Ok(_) => Err("must not be below zero".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
