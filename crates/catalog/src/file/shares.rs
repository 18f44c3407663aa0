//! Finds conditions under which an agreement promises more than there is.

use std::collections::BTreeSet;

use money::Ratio;
use period::Date;

use crate::{Base, Term, TermKind};

/// The most combinations of territory, use type, model and day looked at.
const COMBINATIONS_MAX: usize = 200_000;

/// Says under which condition the terms promise more than the whole, if there is one.
pub(super) fn check(terms: &[Term]) -> Result<(), String> {
    let territories =
        classes(terms, territory_names(terms), |t, name| t.condition.territories.contains(name));
    let uses = classes(terms, names(terms, |t| &t.condition.use_types), |t, name| {
        t.condition.use_types.is_empty() || t.condition.use_types.contains(name)
    });
    let models = classes(terms, names(terms, |t| &t.condition.commercial_models), |t, name| {
        t.condition.commercial_models.is_empty() || t.condition.commercial_models.contains(name)
    });
    let days = classes(terms, days(terms), |t, day| t.condition.period.contains(*day));
    let combinations = [&uses.len(), &models.len(), &days.len()]
        .into_iter()
        .try_fold(territories.len(), |product, n| product.checked_mul(*n));
    if combinations.is_none_or(|n| n > COMBINATIONS_MAX) {
        return Err("the terms have too many different conditions to be checked".to_owned());
    }
    for (territory, in_territory) in &territories {
        for (usage, in_use) in &uses {
            for (model, in_model) in &models {
                for (day, on_day) in &days {
                    let matching = terms.iter().enumerate().filter(|(at, _)| {
                        in_territory[*at] && in_use[*at] && in_model[*at] && on_day[*at]
                    });
                    if let Some(problem) = over_whole(matching.map(|(_, term)| term)) {
                        let place = where_words(territory, usage, model, *day);
                        return Err(format!("{problem}{place}"));
                    }
                }
            }
        }
    }
    Ok(())
}

/// One name for each group of names that the same terms match, with which terms those are.
fn classes<T>(
    terms: &[Term],
    names: impl IntoIterator<Item = T>,
    matches: impl Fn(&Term, &T) -> bool,
) -> Vec<(T, Vec<bool>)> {
    let mut seen = BTreeSet::new();
    let mut classes = Vec::new();
    for name in names {
        let matched: Vec<bool> = terms.iter().map(|term| matches(term, &name)).collect();
        if seen.insert(matched.clone()) {
            classes.push((name, matched));
        }
    }
    classes
}

/// Every territory named, and the blank one that stands for all others.
fn territory_names(terms: &[Term]) -> BTreeSet<String> {
    let named = terms.iter().flat_map(|t| t.condition.territories.named()).map(str::to_owned);
    named.chain([String::new()]).collect()
}

fn names(terms: &[Term], of: impl Fn(&Term) -> &BTreeSet<String>) -> BTreeSet<String> {
    terms.iter().flat_map(|t| of(t).iter().cloned()).chain([String::new()]).collect()
}

/// Every day on which the set of terms may change, and the first day there is.
fn days(terms: &[Term]) -> BTreeSet<Date> {
    let edges = terms.iter().flat_map(|t| [t.condition.period.from, t.condition.period.before]);
    edges.flatten().chain([Date::MIN]).collect()
}

/// What is over the whole among terms that match one use, by the first-match rule.
fn over_whole<'t>(terms: impl Iterator<Item = &'t Term>) -> Option<String> {
    let mut taken: Vec<&Term> = Vec::new();
    for term in terms {
        if !taken.iter().any(|it| it.is_instead_of(term)) {
            taken.push(term);
        }
    }
    let sum = |wanted: TermKind, base: Base| {
        let rates = taken.iter().filter(|term| term.kind == wanted && term.base == base);
        rates.map(|term| term.rate).try_fold(Ratio::ZERO, Ratio::checked_add)
    };
    let promised = |fees: Ratio| {
        let gross = sum(TermKind::RoyaltyRate, Base::Gross)?;
        let net = sum(TermKind::RoyaltyRate, Base::NetOfFees)?;
        fees.checked_add(gross)?.checked_add(net.checked_mul(fees.complement()?)?)
    };
    let fees = sum(TermKind::Fee, Base::Gross);
    let sums = [
        ("fees", fees),
        ("profit shares", sum(TermKind::ProfitShare, Base::Left)),
        ("fees and royalties", fees.filter(|f| *f <= Ratio::ONE).and_then(promised)),
    ];
    sums.into_iter().find_map(|(name, sum)| match sum {
        None => Some(format!("{name} cannot be added exactly")),
        Some(sum) if sum > Ratio::ONE => Some(format!("{name} come to {} %", sum.to_percent(2))),
        Some(_) => None,
    })
}

fn where_words(territory: &str, usage: &str, model: &str, day: Date) -> String {
    let mut words = String::new();
    for (label, name) in [("in", territory), ("for", usage), ("under", model)] {
        if !name.is_empty() {
            words.push_str(&format!(" {label} {name}"));
        }
    }
    if day > Date::MIN {
        words.push_str(&format!(" from {day}"));
    }
    words
}
