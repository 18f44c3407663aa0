//! Reads agreements and licences.

use std::collections::BTreeSet;

use ident::{
    AdvanceId, AgreementId, PartyId, PipeId, ProductId, ProductionId, RateTableId, RecordingId,
    ReleaseId, TermId, WorkId,
};
use money::{Amount, Currency};

use super::fields::Fields;
use super::read_music::{Read, id, one_of};
use super::read_sums::{advance, amount, cost, guarantee, reserve};
use super::read_term::{condition, rate, term};
use super::shape::is_slug;
use super::territory::{check_used, groups};
use super::{shares, term_order};
use crate::rule::{CURRENCY_OTHER, ID_DUPLICATE, SCOPE_MALFORMED, SHARES_OVER_WHOLE};
use crate::{
    Agreement, EntryKind, Licence, OutsidePipe, RateDay, ReceivedAdvance, RightsType, Scope,
    SettledIn, Term,
};

pub(super) fn agreement(mut f: Fields<'_, '_>) -> Read<Agreement> {
    f.require(&["id", "title", "rights_type", "from"]);
    let id = id(&mut f, EntryKind::Agreement, AgreementId::parse);
    let title = f.text("title");
    let rights_type = f.parsed("rights_type", one_of(&RightsType::ALL, RightsType::as_str));
    let period = f.days("from", "until");
    let scope = scope(&mut f);
    let settled_in = settled_in(&mut f);
    let group = f.parsed("group", group).unwrap_or_default();
    let groups = groups(&mut f);
    let placed = f.tables("term", |f| term(f, &groups));
    check_used(&f, &groups, placed.iter().map(|(term, _)| &term.condition));
    let advances = f.tables("advance", advance);
    let costs = f.tables("cost", cost);
    let reserves = f.tables("reserve", reserve);
    let guarantees = f.tables("guarantee", guarantee);
    let note = f.text("note").unwrap_or_default();
    let ids = placed.iter().map(|(term, _)| &term.id).chain(advances.iter().map(|it| &it.id));
    let ids = ids.chain(costs.iter().map(|it| &it.id)).chain(reserves.iter().map(|it| &it.id));
    check_ids(&f, ids.chain(guarantees.iter().map(|it| &it.id)));
    term_order::check(&f, &placed, rights_type);
    if let Some(it) = &settled_in {
        let capped = placed.iter().filter_map(|(term, _)| Some((&term.id, term.cap?.amount)));
        let paid = advances.iter().map(|it| (&it.id, it.amount));
        let spent = costs.iter().map(|it| (&it.id, it.amount));
        let least = guarantees.iter().map(|it| (&it.id, it.amount));
        check_currencies(&f, it.currency, capped.chain(paid).chain(spent).chain(least));
    }
    let terms: Vec<Term> = placed.into_iter().map(|(term, _)| term).collect();
    if f.is_clean()
        && let Err(problem) = shares::check(&terms)
    {
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
            costs,
            reserves,
            guarantees,
            settled_in,
            group,
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
    let groups = groups(&mut f);
    let condition = condition(&mut f, &groups);
    check_used(&f, &groups, [&condition]);
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

pub(super) fn pipe(mut f: Fields<'_, '_>) -> Read<OutsidePipe> {
    f.require(&["id", "title", "rights_type", "paid_by", "from"]);
    let id = id(&mut f, EntryKind::Pipe, PipeId::parse);
    let title = f.text("title");
    let rights_type = f.parsed("rights_type", one_of(&RightsType::ALL, RightsType::as_str));
    let paid_by = f.parsed("paid_by", PartyId::parse);
    f.link("paid_by", EntryKind::Party, &paid_by);
    let groups = groups(&mut f);
    let condition = condition(&mut f, &groups);
    check_used(&f, &groups, [&condition]);
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let pipe = || {
        Some(OutsidePipe {
            id: id?,
            title: title?,
            rights_type: rights_type?,
            paid_by: paid_by?,
            condition,
            note,
        })
    };
    (name, pipe())
}

pub(super) fn received_advance(mut f: Fields<'_, '_>) -> Read<ReceivedAdvance> {
    f.require(&["id", "title", "sender", "amount", "currency", "received"]);
    let id = id(&mut f, EntryKind::ReceivedAdvance, AdvanceId::parse);
    let title = f.text("title");
    let sender = f.text("sender");
    let amount = amount(&mut f);
    let received = f.day("received");
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let advance = || {
        Some(ReceivedAdvance {
            id: id?,
            title: title?,
            sender: sender?,
            amount: amount?,
            received: received?,
            note,
        })
    };
    (name, advance())
}

fn group(text: &str) -> Result<String, &'static str> {
    let word = is_slug(text).then(|| text.to_owned());
    word.ok_or("must be a word of small letters, digits and hyphens")
}

/// Reads the currency that all is settled in; it stands beside the table of rates and its day, and
/// they beside it.
fn settled_in(f: &mut Fields<'_, '_>) -> Option<SettledIn> {
    let currency = f.parsed("currency", Currency::parse);
    let rates = f.parsed("rates", RateTableId::parse);
    f.link("rates", EntryKind::RateTable, &rates);
    let rate_day = f.parsed("rate_day", one_of(&RateDay::ALL, RateDay::as_str));
    let keys = ["currency", "rates", "rate_day"];
    if keys.iter().any(|it| f.has(it)) {
        f.require(&keys);
    }
    Some(SettledIn { currency: currency?, rates: rates?, rate_day: rate_day? })
}

/// Says which amounts are in a currency that nothing is earned in.
fn check_currencies<'i>(
    f: &Fields<'_, '_>,
    currency: Currency,
    amounts: impl Iterator<Item = (&'i TermId, Amount)>,
) {
    for (id, amount) in amounts.filter(|it| it.1.currency != currency) {
        let message = format!("{id} has {amount}, and all is settled in {currency}");
        f.report(&CURRENCY_OTHER, f.spot("currency"), message, id.as_str());
    }
}

fn check_ids<'i>(f: &Fields<'_, '_>, ids: impl Iterator<Item = &'i TermId>) {
    let mut seen = BTreeSet::new();
    for id in ids.filter(|id| !seen.insert(*id)) {
        let message = format!("{id} names two things of this agreement");
        f.report(&ID_DUPLICATE, f.spot("term"), message, id.as_str());
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
