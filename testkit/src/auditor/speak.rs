//! Which agreement, which terms and which licence speak about a cell, and what they look at in it.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use catalog::{
    Agreement, Catalog, Condition, Contributor, Licence, OutsidePipe, Payees, Price, Priced,
    RightsType, Role, Scope, Term, Territories, Validity,
};
use ident::{PartyId, ProductId, ProductionId, RecordingId, ReleaseId};
use num_bigint::BigInt;
use num_rational::BigRational;
use period::Date;
use usage::{Basis, CellKey, Target};

use super::number::{half_even, rational, whole};

/// The rights that the amount of a cell is for: the one that is stated or the product's own; of a
/// recording every one, if it is revenue of the service.
pub(super) fn rights(catalog: &Catalog, key: &CellKey) -> Vec<Option<RightsType>> {
    let stated =
        RightsType::ALL.into_iter().find(|it| it.as_str() == key.context.rights_type.as_str());
    match (&key.target, stated) {
        (Target::Product(id), None) => {
            vec![catalog.products.get(id).map(|it| it.rights_type)]
        }
        (Target::Recording(_), None) if key.context.basis == Basis::ServiceNet => {
            RightsType::ALL.into_iter().map(Some).collect()
        }
        _ => vec![stated],
    }
}

/// The pipe through which somebody else pays a right.
pub(super) fn pipe<'a>(
    catalog: &'a Catalog,
    key: &CellKey,
    right: Option<RightsType>,
) -> Option<&'a OutsidePipe> {
    let pipes = catalog
        .pipes
        .values()
        .filter(|it| Some(it.rights_type) == right && holds(catalog, &it.condition, key, &[]));
    pipes.min_by_key(|it| (rank(&it.condition), it.id.clone()))
}

/// The licence by which the sender owes a part of its revenue for a right.
pub(super) fn licence<'a>(
    catalog: &'a Catalog,
    key: &CellKey,
    right: RightsType,
) -> Option<&'a Licence> {
    let covers = |it: &&Licence| {
        it.payer == key.context.sender
            && it.rights_type == right
            && holds(catalog, &it.condition, key, &[])
    };
    let licences = catalog.licences.values().filter(covers);
    licences.min_by_key(|it| (rank(&it.condition), it.id.clone()))
}

/// Who asks when the listener subscribed comes first, then who begins later.
fn rank(condition: &Condition) -> (bool, Reverse<Option<Date>>) {
    (condition.subscribed == Validity::ALWAYS, Reverse(condition.period.from))
}

/// What an amount of a cell brings to us for a right, in atoms, or why it brings nothing.
pub(super) fn received(
    catalog: &Catalog,
    key: &CellKey,
    right: Option<RightsType>,
    amount: &BigInt,
) -> Result<BigInt, String> {
    let no = |reason: &str| reason.to_owned();
    match key.context.basis {
        Basis::NoMoney => Err(no("no-money")),
        Basis::Received => Ok(amount.clone()),
        Basis::ServiceNet => {
            let is_known = match &key.target {
                Target::Recording(id) => catalog.recordings.contains_key(id),
                Target::Product(id) => catalog.products.contains_key(id),
                Target::Unmatched { .. } => false,
            };
            if let Some(pipe) = pipe(catalog, key, right).filter(|_| is_known) {
                return Err(format!("paid-by {}", pipe.id));
            }
            let agreement = speaking(catalog, key, right).ok_or_else(|| no("not-ours"))?;
            let licence = licence(catalog, key, agreement.rights_type);
            let rate = rational(licence.ok_or_else(|| no("no-licence"))?.rate);
            Ok(half_even(&(rate * whole(amount.clone()))))
        }
    }
}

/// The one agreement that speaks about a right that nobody else pays: narrowest scope, then later
/// beginning, then smaller id.
pub(super) fn speaking<'a>(
    catalog: &'a Catalog,
    key: &CellKey,
    right: Option<RightsType>,
) -> Option<&'a Agreement> {
    if pipe(catalog, key, right).is_some() {
        return None;
    }
    let day = key.context.month.first_day();
    let of_right = catalog.agreements.values().filter(|it| Some(it.rights_type) == right);
    let ranked = of_right.filter_map(|it| {
        let width = match &key.target {
            Target::Unmatched { .. } => None,
            Target::Recording(id) => width(catalog, &it.scope, id),
            Target::Product(id) => width_of_product(catalog, it, id, key),
        };
        let width = width.filter(|_| is_within(&it.period, day))?;
        Some(((width, Reverse(it.period.from), it.id.as_str()), it))
    });
    ranked.min_by_key(|(rank, _)| *rank).map(|(_, it)| it)
}

/// Only an agreement with a term that names the use type speaks about a product.
fn width_of_product(
    catalog: &Catalog,
    agreement: &Agreement,
    id: &ProductId,
    key: &CellKey,
) -> Option<u8> {
    let product = catalog.products.get(id)?;
    let names = |term: &Term| term.condition.use_types.contains(&key.context.use_type);
    if !agreement.terms.iter().any(names) {
        return None;
    }
    match &agreement.scope {
        Scope::Products(ids) => ids.contains(id).then_some(0),
        Scope::Productions(ids) => {
            ids.iter().any(|it| Some(it) == product.production.as_ref()).then_some(2)
        }
        _ => None,
    }
}

/// How wide a scope is, if the recording is in it.
fn width(catalog: &Catalog, scope: &Scope, id: &RecordingId) -> Option<u8> {
    let recording = catalog.recordings.get(id);
    let (is_in, width) = match scope {
        Scope::Recordings(ids) => (ids.contains(id), 0),
        Scope::Releases(ids) => {
            let mut releases = catalog.releases.values().filter(|it| ids.contains(&it.id));
            (releases.any(|it| it.recordings.contains(id)), 1)
        }
        Scope::Products(_) => (false, 0),
        Scope::Productions(ids) => {
            let mut links = recording.iter().flat_map(|it| &it.productions);
            (links.any(|link| ids.contains(&link.production)), 2)
        }
        Scope::Works(ids) => {
            (recording.iter().flat_map(|it| &it.works).any(|work| ids.contains(work)), 3)
        }
        Scope::All => (recording.is_some(), 4),
    };
    is_in.then_some(width)
}

/// For each kind, payees and slot the first term in file order that holds.
pub(super) fn counting<'a>(
    catalog: &Catalog,
    agreement: &'a Agreement,
    key: &CellKey,
) -> Vec<&'a Term> {
    let mut counting: Vec<&Term> = Vec::new();
    for term in &agreement.terms {
        let alike =
            |it: &&Term| (it.kind, &it.payees, &it.slot) == (term.kind, &term.payees, &term.slot);
        // A term without use types is about music.
        let is_music = !matches!(key.target, Target::Product(_));
        let speaks = is_music || !term.condition.use_types.is_empty();
        let named: Vec<&PartyId> = match &term.payees {
            Payees::One(party) => vec![party],
            Payees::Among(several) => several.iter().map(|(party, _)| party).collect(),
            Payees::Operator | Payees::Role(_) => Vec::new(),
        };
        if speaks && !counting.iter().any(alike) && holds(catalog, &term.condition, key, &named) {
            counting.push(term);
        }
    }
    counting
}

fn holds(catalog: &Catalog, condition: &Condition, key: &CellKey, named: &[&PartyId]) -> bool {
    let is_there = match &condition.territories {
        Territories::All => true,
        Territories::Only(these) => these.iter().any(|it| *it == key.context.territory),
        Territories::AllExcept(these) => these.iter().all(|it| *it != key.context.territory),
    };
    let is_one = |words: &BTreeSet<String>, word: &String| {
        words.is_empty() || words.iter().any(|it| it == word)
    };
    let plays =
        |it: &&Contributor| named.contains(&&it.party) && condition.roles.contains(&it.role);
    is_there
        && is_one(&condition.services, &key.context.service)
        && is_one(&condition.use_types, &key.context.use_type)
        && is_one(&condition.commercial_models, &key.context.commercial_model)
        && is_one(&condition.price_categories, &key.context.price_category)
        && is_within(&condition.period, key.context.month.first_day())
        && (condition.subscribed == Validity::ALWAYS
            || key
                .context
                .subscribed
                .is_some_and(|it| is_within(&condition.subscribed, it.first_day())))
        && (condition.releases.is_empty()
            || releases(catalog, key).iter().any(|it| condition.releases.contains(*it)))
        && (condition.productions.is_empty()
            || productions(catalog, key).iter().any(|it| condition.productions.contains(*it)))
        && (condition.roles.is_empty() || cast(catalog, key).iter().any(plays))
}

fn is_within(validity: &Validity, day: Date) -> bool {
    validity.from.is_none_or(|from| day >= from)
        && validity.before.is_none_or(|before| day < before)
}

/// The published price of one unit, in atoms: that of the report, else that of the list. The list says
/// nothing where the entries that stand first differ.
pub(super) fn price(catalog: &Catalog, key: &CellKey) -> Option<BigRational> {
    let context = &key.context;
    if let Some(price) = context.unit_price {
        return Some(whole(price.raw()));
    }
    let width = |it: &Price| match (&it.of, &key.target) {
        (Priced::Recordings(ids), Target::Recording(id)) => ids.contains(id).then_some(0),
        (Priced::Products(ids), Target::Product(id)) => ids.contains(id).then_some(0),
        (Priced::Releases(ids), _) => {
            releases(catalog, key).iter().any(|it| ids.contains(*it)).then_some(1)
        }
        _ => None,
    };
    let where_to = |it: &Territories| match it {
        Territories::Only(these) => (0, these.contains(&context.territory)),
        Territories::AllExcept(these) => (1, !these.contains(&context.territory)),
        Territories::All => (2, true),
    };
    let ranked = catalog.prices.values().filter_map(|it| {
        let (reach, is_there) = where_to(&it.territories);
        let any = it.price_categories.is_empty();
        let holds = is_there
            && (any || it.price_categories.contains(&context.price_category))
            && is_within(&it.period, context.month.first_day())
            && Some(it.amount.currency) == context.currency;
        let rank = (width(it)?, reach, any, Reverse(it.period.from));
        holds.then_some((rank, it.amount.atoms))
    });
    let ranked: Vec<_> = ranked.collect();
    let first = ranked.iter().map(|it| it.0).min()?;
    let prices: BTreeSet<_> = ranked.iter().filter(|it| it.0 == first).map(|it| it.1).collect();
    let only = prices.first().filter(|_| prices.len() == 1)?;
    Some(whole(only.raw()))
}

/// The releases of the catalogue that what was used is on.
fn releases<'a>(catalog: &'a Catalog, key: &CellKey) -> Vec<&'a ReleaseId> {
    let Target::Recording(id) = &key.target else { return Vec::new() };
    if !catalog.recordings.contains_key(id) {
        return Vec::new();
    }
    let on = catalog.releases.values().filter(|it| it.recordings.contains(id));
    on.map(|it| &it.id).collect()
}

fn productions<'a>(catalog: &'a Catalog, key: &CellKey) -> Vec<&'a ProductionId> {
    match &key.target {
        Target::Recording(id) => {
            let links = catalog.recordings.get(id).into_iter().flat_map(|it| &it.productions);
            links.map(|it| &it.production).collect()
        }
        Target::Product(id) => {
            catalog.products.get(id).and_then(|it| it.production.as_ref()).into_iter().collect()
        }
        Target::Unmatched { .. } => Vec::new(),
    }
}

/// Who took part: those of the recording, then those of its works.
fn cast<'a>(catalog: &'a Catalog, key: &CellKey) -> Vec<&'a Contributor> {
    let Target::Recording(id) = &key.target else { return Vec::new() };
    let Some(recording) = catalog.recordings.get(id) else { return Vec::new() };
    let mut cast: Vec<&Contributor> = recording.contributors.iter().collect();
    for work in recording.works.iter().filter_map(|it| catalog.works.get(it)) {
        cast.extend(&work.contributors);
    }
    cast
}

/// The parties with a role, each once.
pub(super) fn in_role<'a>(catalog: &'a Catalog, key: &CellKey, role: &Role) -> Vec<&'a PartyId> {
    let mut parties = Vec::new();
    for it in cast(catalog, key) {
        if it.role == *role && !parties.contains(&&it.party) {
            parties.push(&it.party);
        }
    }
    parties
}

/// How many works there are on the release with what was used; of several releases on the smallest.
pub(super) fn works(catalog: &Catalog, key: &CellKey) -> Option<usize> {
    let on = |id: &&ReleaseId| {
        let mut works = BTreeSet::new();
        for recording in &catalog.releases[*id].recordings {
            works.extend(catalog.recordings.get(recording).into_iter().flat_map(|it| &it.works));
        }
        works.len()
    };
    releases(catalog, key).iter().map(on).filter(|works| *works > 0).min()
}
