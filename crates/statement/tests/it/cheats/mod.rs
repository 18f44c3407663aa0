//! Cheats with receipts, each of a class, at random places of generated worlds; each has to end in
//! exactly its exit code.
//!
//! Either **somebody** changes a receipt, who has no key; or the **operator** is dishonest, has every key
//! but the witnesses', seals consistently and signs. What no receipt can catch, whoever looks at it, is
//! told and shown in [`crate::limits`].

pub(crate) mod case;
mod division;
mod evidence;
mod figures;
mod history;
mod log;
mod paths;
mod seals;
mod text;

use std::collections::BTreeMap;

use case::Case;

use crate::cases;
use crate::rng::Rng;
use crate::world::code;

/// Who cheats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody who has the receipt, and no key.
    Somebody,
    /// The operator, with every key but the witnesses'.
    Operator,
}

/// A class of cheats; none if there is no place for it in this world.
pub(crate) struct Cheat {
    pub(crate) name: &'static str,
    pub(crate) who: Who,
    pub(crate) code: u8,
    pub(crate) forge: fn(&mut Case) -> Option<Vec<u8>>,
}

pub(crate) const fn somebody(
    name: &'static str,
    code: u8,
    forge: fn(&mut Case) -> Option<Vec<u8>>,
) -> Cheat {
    Cheat { name, who: Who::Somebody, code, forge }
}

pub(crate) const fn operator(
    name: &'static str,
    code: u8,
    forge: fn(&mut Case) -> Option<Vec<u8>>,
) -> Cheat {
    Cheat { name, who: Who::Operator, code, forge }
}

pub(crate) fn table() -> Vec<&'static Cheat> {
    let of: [&'static [Cheat]; 8] = [
        text::CHEATS,
        figures::CHEATS,
        paths::CHEATS,
        log::CHEATS,
        evidence::CHEATS,
        division::CHEATS,
        seals::CHEATS,
        history::CHEATS,
    ];
    of.into_iter().flatten().collect()
}

/// Worlds that are looked through for a place, before a class counts as never tried.
const WORLDS: usize = 2000;

#[test]
fn every_cheat_ends_in_its_exit_code() {
    let table = table();
    let wanted = cases(table.len());
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rng = Rng::new(1);
    let mut missed: BTreeMap<&str, String> = BTreeMap::new();
    for round in 0..wanted.div_ceil(table.len()).max(1) {
        for it in &table {
            for _ in 0..WORLDS {
                let seed = rng.next();
                let Some(bytes) = (it.forge)(&mut Case::new(seed)) else { continue };
                *tried.entry(it.name).or_default() += 1;
                let got = code(&bytes);
                if got != it.code {
                    let words =
                        format!("{got} instead of {} (seed {seed}, round {round})", it.code);
                    missed.entry(it.name).or_insert(words);
                }
                break;
            }
        }
    }
    println!("| class | who | exit code | tries |\n|---|---|--:|--:|");
    for it in &table {
        let tries = tried.get(it.name).copied().unwrap_or(0);
        println!("| {} | {:?} | {} | {tries} |", it.name, it.who, it.code);
    }
    println!("{} classes, {} tries", table.len(), tried.values().sum::<usize>());
    let never: Vec<&str> =
        table.iter().map(|it| it.name).filter(|it| !tried.contains_key(it)).collect();
    assert!(missed.is_empty(), "not caught as they should be: {missed:#?}");
    assert!(never.is_empty(), "never tried: {never:?}");
    assert_eq!(tried.len(), table.len(), "two classes have one name");
}
