//! Finds conditions under which an agreement promises more than there is.

use std::collections::BTreeSet;

use money::Ratio;
use period::{Date, Month};

use super::whole;
use crate::term::counting;
use crate::{Condition, Licence, RightsType, Term};

/// The most combinations of conditions looked at.
const COMBINATIONS_MAX: usize = 200_000;

/// Uses that the same terms speak about: one of them in words, and for each term whether it does.
type Class = (String, Vec<bool>);

/// Says under which condition the terms promise more than the whole, if there is one.
pub(super) fn check(terms: &[Term]) -> Result<(), String> {
    let asked: Vec<Asked<'_>> =
        terms.iter().map(|it| Asked { condition: &it.condition, roles: roles(it) }).collect();
    for (words, matched) in uses(&asked)? {
        let matching = terms.iter().zip(&matched).filter(|(_, matched)| **matched);
        let counting = counting(matching.map(|(term, _)| term));
        whole::divide(&counting).map_err(|problem| format!("{problem}{words}"))?;
    }
    Ok(())
}

/// Says for which use the licences of one payer come to more than all that it earns: of each right
/// one licence counts.
pub(super) fn check_licences(licences: &[&Licence]) -> Result<(), String> {
    let asked: Vec<Asked<'_>> = licences
        .iter()
        .map(|it| Asked { condition: &it.condition, roles: BTreeSet::new() })
        .collect();
    for (words, matched) in uses(&asked)? {
        let mut sum = Ratio::ZERO;
        for right in RightsType::ALL {
            let matching = licences.iter().zip(&matched);
            let matching = matching.filter(|(it, matched)| **matched && it.rights_type == right);
            let counts = matching.map(|(it, _)| *it).min_by(|a, b| a.precedence(b));
            let rate = counts.map_or(Ratio::ZERO, |it| it.rate);
            let Some(more) = sum.checked_add(rate) else {
                return Err(format!("the rates are too fine to be added up{words}"));
            };
            sum = more;
        }
        if sum > Ratio::ONE {
            return Err(format!("they come to {} %{words}", sum.to_percent(2)));
        }
    }
    Ok(())
}

/// What a term or licence asks of a use.
struct Asked<'a> {
    condition: &'a Condition,
    /// Payees in a role, each in words.
    roles: BTreeSet<String>,
}

/// Every set of conditions that one use can meet together.
fn uses(asked: &[Asked<'_>]) -> Result<Vec<Class>, String> {
    let too_many = || "there are too many different conditions to be checked".to_owned();
    let mut uses: Vec<Class> = vec![(String::new(), vec![true; asked.len()])];
    for axis in axes(asked) {
        let axis = axis.ok_or_else(too_many)?;
        if uses.len().checked_mul(axis.len()).is_none_or(|n| n > COMBINATIONS_MAX) {
            return Err(too_many());
        }
        let both = uses.iter().flat_map(|one| axis.iter().map(move |other| combined(one, other)));
        uses = distinct(both);
    }
    Ok(uses)
}

/// What is asked of a use, one thing at a time; `None` for one that is asked in too many ways.
fn axes(terms: &[Asked<'_>]) -> [Option<Vec<Class>>; 10] {
    let words = |label: &str, of: fn(&Condition) -> &BTreeSet<String>| {
        let named = terms.iter().flat_map(|term| of(term.condition)).map(String::as_str);
        Some(classes(terms, label, named, |it, name| of(it).is_empty() || of(it).contains(name)))
    };
    let territories = terms.iter().flat_map(|term| term.condition.territories.named());
    let territories = classes(terms, " in ", territories, |it, name| it.territories.contains(name));
    [
        Some(territories),
        words(" for ", |it| &it.use_types),
        words(" under ", |it| &it.commercial_models),
        words(" on ", |it| &it.services),
        words(" in price category ", |it| &it.price_categories),
        presences(terms, " with release ", |term| each(&term.condition.releases)),
        presences(terms, " with production ", |term| each(&term.condition.productions)),
        presences(terms, " with ", |term| term.roles.clone()),
        Some(days(terms)),
        Some(subscriptions(terms)),
    ]
}

/// One name for each group of names that the same terms match, the blank one standing for all others.
fn classes<'t>(
    terms: &[Asked<'_>],
    label: &str,
    names: impl Iterator<Item = &'t str>,
    matches: impl Fn(&Condition, &str) -> bool,
) -> Vec<Class> {
    let names: BTreeSet<&str> = names.chain([""]).collect();
    distinct(names.into_iter().map(|name| {
        let words = if name.is_empty() { String::new() } else { format!("{label}{name}") };
        (words, terms.iter().map(|term| matches(term.condition, name)).collect())
    }))
}

/// Every day on which the set of terms may change, and the first day there is.
fn days(terms: &[Asked<'_>]) -> Vec<Class> {
    let edges = terms.iter().flat_map(|t| [t.condition.period.from, t.condition.period.before]);
    let days: BTreeSet<Date> = edges.flatten().chain([Date::MIN]).collect();
    distinct(days.into_iter().map(|day| {
        let words = if day == Date::MIN { String::new() } else { format!(" from {day}") };
        (words, terms.iter().map(|term| term.condition.period.contains(day)).collect())
    }))
}

/// Every month of subscription by which the set of conditions may change, and none that is known.
fn subscriptions(terms: &[Asked<'_>]) -> Vec<Class> {
    let asked = terms.iter().map(|term| term.condition.subscribed);
    let edges = asked.flat_map(|it| [it.from, it.before]).flatten();
    let months: BTreeSet<Month> = edges.chain([Date::MIN]).map(Month::of).collect();
    distinct([None].into_iter().chain(months.into_iter().map(Some)).map(|month| {
        let words = match month {
            None => String::new(),
            Some(it) if it.first_day() == Date::MIN => " of earlier subscribers".to_owned(),
            Some(it) => format!(" of subscribers from {it}"),
        };
        let matched = terms.iter().map(|term| term.condition.subscribed_in(month)).collect();
        (words, matched)
    }))
}

/// What is used may have any of the named things and any of them together: each is there or not.
fn presences(
    terms: &[Asked<'_>],
    label: &str,
    named: impl Fn(&Asked<'_>) -> BTreeSet<String>,
) -> Option<Vec<Class>> {
    let named: Vec<BTreeSet<String>> = terms.iter().map(named).collect();
    let mut classes = vec![(String::new(), named.iter().map(BTreeSet::is_empty).collect())];
    for name in named.iter().flatten().collect::<BTreeSet<_>>() {
        let present = |(words, matched): &Class| {
            let matched =
                matched.iter().zip(&named).map(|(matched, of)| *matched || of.contains(name));
            (format!("{words}{label}{name}"), matched.collect())
        };
        let with: Vec<Class> = classes.iter().map(present).collect();
        classes = distinct(classes.into_iter().chain(with));
        if classes.len() > COMBINATIONS_MAX {
            return None;
        }
    }
    Some(classes)
}

fn each<T: ToString>(ids: &BTreeSet<T>) -> BTreeSet<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// Each payee in each of the roles that are asked of it.
fn roles(term: &Term) -> BTreeSet<String> {
    let roles = &term.condition.roles;
    let parties = term.payees.named();
    parties.flat_map(|party| roles.iter().map(move |role| format!("{party} as {role}"))).collect()
}

fn combined(one: &Class, other: &Class) -> Class {
    let matched = one.1.iter().zip(&other.1).map(|(one, other)| *one && *other);
    (format!("{}{}", one.0, other.0), matched.collect())
}

/// The first class of those that the same terms match.
fn distinct(classes: impl Iterator<Item = Class>) -> Vec<Class> {
    let mut seen = BTreeSet::new();
    classes.filter(|(_, matched)| seen.insert(matched.clone())).collect()
}
