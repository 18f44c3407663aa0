//! What changes in a catalogue between two settlements.

use catalog::Catalog;
use period::Date;

use crate::deals::{
    LICENCES, PIPES, PRICES, STORY_AGREEMENTS, new_licence, new_pipe, new_price,
    new_received_advance, new_wide_agreement,
};
use crate::generate::party;
use crate::music::{
    PARTIES, RECORDINGS, RELEASES, WORKS, members, new_recording, new_release, new_work, recording,
};
use crate::{SplitMix64, rates};

/// Amends one entry. What was paid before `settled` stays as it is: it is in the book.
pub(crate) fn amend(catalog: &mut Catalog, random: &mut SplitMix64, settled: Date) {
    match random.below(16) {
        11 | 12 => rates::amend(catalog, random),
        13 | 14 => {
            let number = random.below(PRICES);
            let made = new_price(random, number);
            if random.chance(800) {
                catalog.prices.insert(made.id.clone(), made);
            } else {
                catalog.prices.remove(&made.id);
            }
        }
        0..=4 => agreement(catalog, random, settled),
        5 => {
            let number = random.below(LICENCES);
            let made = new_licence(random, number);
            catalog.licences.insert(made.id.clone(), made);
        }
        6 => {
            let number = random.below(RECORDINGS);
            let made = new_recording(random, number);
            let aliases = catalog.recordings.get(&made.id).map(|it| it.aliases.clone());
            let made = catalog::Recording { aliases: aliases.unwrap_or_default(), ..made };
            if random.chance(850) {
                catalog.recordings.insert(made.id.clone(), made);
            } else if made.id != recording(0) {
                catalog.recordings.remove(&made.id);
            }
        }
        7 => {
            let number = random.below(RELEASES);
            let made = new_release(random, number);
            catalog.releases.insert(made.id.clone(), made);
        }
        8 => {
            let number = random.below(WORKS);
            let made = new_work(random, number);
            catalog.works.insert(made.id.clone(), made);
        }
        9 => {
            let number = random.below(PIPES + 1);
            let made = new_pipe(random, number);
            if random.chance(700) {
                catalog.pipes.insert(made.id.clone(), made);
            } else {
                catalog.pipes.remove(&made.id);
            }
        }
        10 => {
            let number = 2 + random.below(3);
            let made = new_received_advance(random, number);
            catalog.received_advances.entry(made.id.clone()).or_insert(made);
        }
        _ => {
            let number = 5 + random.below(PARTIES - 5);
            let made = members(random, number);
            if let Some(party) = catalog.parties.get_mut(&party(number)) {
                party.members = if random.chance(800) { made } else { Vec::new() };
            }
        }
    }
}

/// A part of it, all of it, or nothing is new; an agreement by which nothing was paid may end.
fn agreement(catalog: &mut Catalog, random: &mut SplitMix64, settled: Date) {
    let number = random.below(STORY_AGREEMENTS);
    let mut made = new_wide_agreement(random, number);
    made.advances.retain(|it| it.paid >= settled || random.chance(300));
    made.costs.retain(|it| it.paid >= settled || random.chance(300));
    let Some(before) = catalog.agreements.get_mut(&made.id) else {
        catalog.agreements.insert(made.id.clone(), made);
        return;
    };
    let mut is_fact = false;
    for it in before.advances.iter().filter(|it| it.paid < settled) {
        made.advances.retain(|other| other.id != it.id);
        made.advances.push(it.clone());
        is_fact = true;
    }
    for it in before.costs.iter().filter(|it| it.paid < settled) {
        made.costs.retain(|other| other.id != it.id);
        made.costs.push(it.clone());
        is_fact = true;
    }
    match random.below(9) {
        0 => *before = made,
        8 => before.settled_in = made.settled_in,
        1 | 2 => before.terms = made.terms,
        3 => before.group = made.group,
        4 => (before.advances, before.costs) = (made.advances, made.costs),
        5 => before.reserves = made.reserves,
        6 => before.guarantees = made.guarantees,
        _ if is_fact => (before.period, before.scope) = (made.period, made.scope),
        _ => drop(catalog.agreements.remove(&made.id)),
    }
}
