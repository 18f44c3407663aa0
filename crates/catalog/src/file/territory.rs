//! Reads and writes territories, and the groups that an agreement or licence gives names to.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Fields;
use super::page::Page;
use crate::{Condition, Territories};

/// What the names stand for.
pub(super) type Groups = BTreeMap<String, BTreeSet<String>>;

/// `territory_groups = { asia = ["JP", "KR"] }`
pub(super) fn groups(f: &mut Fields<'_, '_>) -> Groups {
    f.sets("territory_groups", |text| {
        if is_code(text) { Ok(text.to_owned()) } else { Err("must be a territory code such as KR") }
    })
}

fn is_code(text: &str) -> bool {
    let named = (2..=4).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    named || text == "Worldwide"
}

/// `["KR", "@asia"]`, `["*"]` or `["*", "!US", "!@asia"]`: the codes, and the groups that were named.
pub(super) fn territories(f: &mut Fields<'_, '_>, groups: &Groups) -> (Territories, Groups) {
    read(f, "territories", groups)
}

/// As [`territories`], of another key and without groups.
pub(super) fn of_key(f: &mut Fields<'_, '_>, key: &'static str) -> Territories {
    read(f, key, &Groups::new()).0
}

fn read(f: &mut Fields<'_, '_>, key: &'static str, groups: &Groups) -> (Territories, Groups) {
    let words = f.set(key, |text| {
        let word = text.strip_prefix('!').unwrap_or(text);
        match word.strip_prefix('@') {
            Some(name) if groups.contains_key(name) => Ok(text.to_owned()),
            Some(_) => Err("is not one of the territory_groups"),
            None if text == "*" || is_code(word) => Ok(text.to_owned()),
            None => Err("must be a territory code such as KR, \"*\", or an exclusion such as !US"),
        }
    });
    let everywhere = words.contains("*");
    let excluded: Vec<&str> = words.iter().filter_map(|word| word.strip_prefix('!')).collect();
    let plain = words.len() - excluded.len() - usize::from(everywhere);
    let is_fit = if everywhere { plain == 0 } else { excluded.is_empty() };
    if !is_fit {
        let message = "either names territories, or starts from \"*\" and excludes some";
        f.refuse(key, message.to_owned());
    }
    if !is_fit || (plain == 0 && excluded.is_empty()) {
        return (Territories::All, Groups::new());
    }
    let these: Vec<&str> =
        if everywhere { excluded } else { words.iter().map(String::as_str).collect() };
    let mut codes = BTreeSet::new();
    let mut named = Groups::new();
    for word in these {
        match word.strip_prefix('@').and_then(|name| groups.get_key_value(name)) {
            Some((name, group)) => {
                codes.extend(group.iter().cloned());
                named.insert(name.clone(), group.clone());
            }
            None => {
                codes.insert(word.to_owned());
            }
        }
    }
    let make = if everywhere { Territories::AllExcept } else { Territories::Only };
    (make(codes), named)
}

/// Refuses groups that no condition names: what is not used would be lost when written.
pub(super) fn check_used<'c>(
    f: &Fields<'_, '_>,
    groups: &Groups,
    conditions: impl IntoIterator<Item = &'c Condition>,
) {
    let used = named(conditions);
    if let Some(name) = groups.keys().find(|name| !used.contains_key(*name))
        && f.is_clean()
    {
        f.refuse("territory_groups", format!("{name} is named by no territories"));
    }
}

/// The groups that conditions name.
pub(super) fn named<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> Groups {
    let groups = conditions.into_iter().flat_map(|it| &it.territory_groups);
    groups.map(|(name, codes)| (name.clone(), codes.clone())).collect()
}

/// Writes groups by their names, and codes that are in none of them.
pub(super) fn write(p: &mut Page, condition: &Condition) {
    let in_group: BTreeSet<&String> = condition.territory_groups.values().flatten().collect();
    let names = condition.territory_groups.keys().map(|name| format!("@{name}"));
    let codes =
        condition.territories.named().map(str::to_owned).filter(|it| !in_group.contains(it));
    list(p, "territories", &condition.territories, names.chain(codes));
}

/// Writes codes under a key of their own.
pub(super) fn write_key(p: &mut Page, key: &str, territories: &Territories) {
    list(p, key, territories, territories.named().map(str::to_owned));
}

fn list(p: &mut Page, key: &str, of: &Territories, words: impl Iterator<Item = String>) {
    match of {
        Territories::All => {}
        Territories::Only(_) => p.list(key, words),
        Territories::AllExcept(_) => {
            let excluded = words.map(|word| format!("!{word}"));
            p.list(key, std::iter::once("*".to_owned()).chain(excluded));
        }
    }
}
