//! Writes agreements and licences.

use money::{Amount, Ratio};

use super::page::{Page, pair, rate};
use super::territory;
use crate::{
    Advance, Agreement, Condition, Cost, Guarantee, Ladder, Licence, OutsidePipe, Payees,
    ReceivedAdvance, Reserve, Scope, Term,
};

pub(super) fn agreement(p: &mut Page, agreement: &Agreement) {
    head(p, agreement);
    agreement.terms.iter().for_each(|entry| term(p, entry));
    agreement.advances.iter().for_each(|entry| advance(p, entry));
    agreement.costs.iter().for_each(|entry| cost(p, entry));
    agreement.reserves.iter().for_each(|entry| reserve(p, entry));
    agreement.guarantees.iter().for_each(|entry| guarantee(p, entry));
}

/// An agreement in parts, each as a text of its own that says in its first line what it is part of:
/// what it covers, then each term, advance, cost, reserve and guarantee. The second line of a term has
/// its rates as ratios: its own and those of its ladder.
pub(super) fn parts(agreement: &Agreement) -> Vec<String> {
    let of = agreement.id.as_str();
    let mut parts = vec![text(&format!("agreement {of}"), |p| head(p, agreement))];
    parts.extend(agreement.terms.iter().map(|it| {
        let steps = it.ladder.iter().flat_map(|ladder| &ladder.steps).map(|(_, rate)| *rate);
        let rates: Vec<String> =
            [it.rate].into_iter().chain(steps).map(|rate| rate.to_string()).collect();
        text(&format!("term {of} {}\nrates {}", it.id, rates.join(" ")), |p| term(p, it))
    }));
    let named = |kind: &str, id: &dyn std::fmt::Display| format!("{kind} {of} {id}");
    parts.extend(
        agreement.advances.iter().map(|it| text(&named("advance", &it.id), |p| advance(p, it))),
    );
    parts.extend(agreement.costs.iter().map(|it| text(&named("cost", &it.id), |p| cost(p, it))));
    parts.extend(
        agreement.reserves.iter().map(|it| text(&named("reserve", &it.id), |p| reserve(p, it))),
    );
    parts.extend(
        agreement
            .guarantees
            .iter()
            .map(|it| text(&named("guarantee", &it.id), |p| guarantee(p, it))),
    );
    parts
}

fn text(first: &str, write: impl FnOnce(&mut Page)) -> String {
    let mut page = Page::default();
    write(&mut page);
    format!("{first}\n{}", page.into_text())
}

fn head(p: &mut Page, agreement: &Agreement) {
    p.table("agreement");
    p.string("id", &agreement.id);
    p.string("title", &agreement.title);
    p.string("rights_type", agreement.rights_type.as_str());
    p.days("from", "until", &agreement.period);
    match &agreement.scope {
        Scope::Recordings(ids) => p.list("recordings", ids),
        Scope::Releases(ids) => p.list("releases", ids),
        Scope::Products(ids) => p.list("products", ids),
        Scope::Productions(ids) => p.list("productions", ids),
        Scope::Works(ids) => p.list("works", ids),
        Scope::All => p.bare("all", true),
    }
    if let Some(it) = &agreement.settled_in {
        p.string("currency", it.currency);
        p.string("rates", &it.rates);
        p.string("rate_day", it.rate_day.as_str());
    }
    p.note("group", &agreement.group);
    let groups = territory::named(agreement.terms.iter().map(|term| &term.condition));
    p.lists("territory_groups", &groups);
    p.note("note", &agreement.note);
}

fn term(p: &mut Page, term: &Term) {
    p.table("agreement.term");
    p.string("id", &term.id);
    p.string("kind", term.kind.as_str());
    match &term.payees {
        Payees::Operator => {}
        Payees::One(payee) => p.string("payee", payee),
        Payees::Among(several) => {
            let row = |(party, weight)| vec![pair("payee", party), format!("weight = {weight}")];
            p.tables("among", several.iter().map(|(party, weight)| row((party, weight))));
        }
        Payees::Role(role) => p.string("role", role),
    }
    p.note("slot", &term.slot);
    p.string("rate", rate(term.rate));
    if term.base != term.kind.base() {
        p.string_if("base", term.base.word().as_ref());
    }
    p.string_if("out_of", term.out_of.as_ref());
    part(p, "reduce", term.reduce);
    if let Some(works) = term.works_max {
        p.bare("works_max", works);
    }
    if !term.recoup {
        p.bare("recoup", false);
    }
    if let Some(cap) = &term.cap {
        let per = if cap.yearly { "year" } else { "life" };
        let amount = &cap.amount;
        let pairs =
            [pair("amount", amount.atoms), pair("currency", amount.currency), pair("per", per)];
        p.inline("cap", pairs);
    }
    condition(p, &term.condition);
    p.note("note", &term.note);
    if let Some(it) = &term.ladder {
        ladder(p, it);
    }
}

fn ladder(p: &mut Page, ladder: &Ladder) {
    p.only_table("agreement.term.ladder");
    p.string("meter", ladder.meter.as_str());
    if ladder.per_recording {
        p.string("per", "recording");
    }
    if !ladder.prior.is_zero() {
        p.string("prior", ladder.prior);
    }
    let steps = ladder.steps.iter();
    p.tables("steps", steps.map(|(above, to)| vec![pair("above", above), pair("rate", rate(*to))]));
}

fn advance(p: &mut Page, advance: &Advance) {
    p.table("agreement.advance");
    p.string("id", &advance.id);
    p.string("payee", &advance.payee);
    amount(p, &advance.amount);
    p.day("paid", Some(advance.paid));
    p.note("note", &advance.note);
}

fn cost(p: &mut Page, cost: &Cost) {
    p.table("agreement.cost");
    p.string("id", &cost.id);
    p.string_if("payee", cost.payee.as_ref());
    amount(p, &cost.amount);
    p.day("paid", Some(cost.paid));
    part(p, "part", cost.part);
    p.note("note", &cost.note);
}

fn reserve(p: &mut Page, reserve: &Reserve) {
    p.table("agreement.reserve");
    p.string("id", &reserve.id);
    p.string_if("payee", reserve.payee.as_ref());
    p.string("rate", rate(reserve.rate));
    p.list("use_types", &reserve.use_types);
    let parts = reserve.release.iter();
    p.tables(
        "release",
        parts.map(|(after, part)| vec![format!("after = {after}"), pair("part", rate(*part))]),
    );
    p.note("note", &reserve.note);
}

fn guarantee(p: &mut Page, guarantee: &Guarantee) {
    p.table("agreement.guarantee");
    p.string("id", &guarantee.id);
    p.string("payee", &guarantee.payee);
    amount(p, &guarantee.amount);
    p.days("from", "until", &guarantee.period);
    if guarantee.recoupable {
        p.bare("recoupable", true);
    }
    p.note("note", &guarantee.note);
}

fn amount(p: &mut Page, amount: &Amount) {
    p.string("amount", amount.atoms);
    p.string("currency", amount.currency);
}

/// A part that is the whole where it is left out.
fn part(p: &mut Page, key: &str, part: Ratio) {
    if part != Ratio::ONE {
        p.string(key, rate(part));
    }
}

pub(super) fn licence(p: &mut Page, licence: &Licence) {
    p.table("licence");
    p.string("id", &licence.id);
    p.string("title", &licence.title);
    p.string("payer", &licence.payer);
    p.string("rights_type", licence.rights_type.as_str());
    p.string("rate", rate(licence.rate));
    p.lists("territory_groups", &licence.condition.territory_groups);
    condition(p, &licence.condition);
    p.note("note", &licence.note);
}

pub(super) fn pipe(p: &mut Page, pipe: &OutsidePipe) {
    p.table("pipe");
    p.string("id", &pipe.id);
    p.string("title", &pipe.title);
    p.string("rights_type", pipe.rights_type.as_str());
    p.string("paid_by", &pipe.paid_by);
    p.lists("territory_groups", &pipe.condition.territory_groups);
    condition(p, &pipe.condition);
    p.note("note", &pipe.note);
}

pub(super) fn received_advance(p: &mut Page, advance: &ReceivedAdvance) {
    p.table("received_advance");
    p.string("id", &advance.id);
    p.string("title", &advance.title);
    p.string("sender", &advance.sender);
    amount(p, &advance.amount);
    p.day("received", Some(advance.received));
    p.note("note", &advance.note);
}

fn condition(p: &mut Page, condition: &Condition) {
    territory::write(p, condition);
    p.list("services", &condition.services);
    p.list("use_types", &condition.use_types);
    p.list("commercial_models", &condition.commercial_models);
    p.list("price_categories", &condition.price_categories);
    p.list("releases", &condition.releases);
    p.list("productions", &condition.productions);
    p.list("roles", &condition.roles);
    p.days("subscribed_from", "subscribed_until", &condition.subscribed);
    p.days("from", "until", &condition.period);
}
