//! Decisions about what waits: matched, disputed, settled, lapsed; each with who, when and why.

use std::collections::{BTreeMap, BTreeSet};

use catalog::Catalog;
use ident::{ProductId, RecordingId};
use period::Month;
use settlement::Rulings;
use store::{Decision, ReportRow, StoreError};
use usage::Target;

use crate::Home;
use crate::log::{about, decision_entry};

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// What reports call so is this recording: the title and artist become aliases of it.
    Match {
        /// The recording.
        recording: RecordingId,
        /// The title, as reports have it.
        title: String,
        /// The artist, as reports have it; empty if the recording's own.
        artist: String,
    },
    /// Whose the money of a recording or product is, is disputed; what is settled from now on waits.
    Dispute(String),
    /// The dispute is over; what waited is given out by the terms of the catalogue.
    Resolve(String),
    /// What was used before this month and matches nothing has lapsed.
    Lapse(Month),
}

/// Why nothing is decided.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RulingError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No such entry is in the catalogue.
    #[error("the catalogue has no recording or product {id}; `leitmotif catalog export` shows all")]
    Unknown {
        /// What was named.
        id: String,
    },
    /// No dispute is open.
    #[error("no dispute about {id} is open; `leitmotif suspense decisions` lists them")]
    NotDisputed {
        /// What was named.
        id: String,
    },
}

/// Notes a decision and does what it says; the next settlement gives out what it frees.
///
/// # Errors
/// [`RulingError`]; nothing is decided then.
pub fn decide(
    home: &mut Home,
    ruling: &Ruling,
    who: &str,
    because: &str,
    now: &str,
) -> Result<Decision, RulingError> {
    let catalogue = home.store.catalogue()?;
    let (kind, subject) = match ruling {
        Ruling::Match { recording, .. } => ("match", recording.to_string()),
        Ruling::Dispute(id) => ("dispute", id.clone()),
        Ruling::Resolve(id) => ("resolve", id.clone()),
        Ruling::Lapse(month) => ("lapse", month.to_string()),
    };
    let unknown = || RulingError::Unknown { id: subject.clone() };
    match ruling {
        Ruling::Match { recording, title, artist } => {
            let mut changed = catalogue;
            let entry = changed.recordings.get_mut(recording).ok_or_else(unknown)?;
            let add = |list: &mut Vec<String>, own: bool, text: &str| {
                if !own && !text.is_empty() && !list.iter().any(|it| it == text) {
                    list.push(text.to_owned());
                }
            };
            let is_title = entry.titles.values().any(|it| it == title);
            add(&mut entry.aliases, is_title, title);
            let is_artist = entry.artist == *artist;
            add(&mut entry.artist_aliases, is_artist, artist);
            let changes = catalog::diff(&home.store.catalogue()?, &changed);
            home.store.replace_catalogue(&changed, &changes, now)?;
        }
        Ruling::Dispute(_) => drop(target(&catalogue, &subject).ok_or_else(unknown)?),
        Ruling::Resolve(id) if !disputes(&home.store.decisions()?, i64::MAX).contains_key(id) => {
            return Err(RulingError::NotDisputed { id: id.clone() });
        }
        Ruling::Resolve(_) | Ruling::Lapse(_) => {}
    }
    let mut decision = Decision {
        number: 0,
        at: now.to_owned(),
        who: who.to_owned(),
        kind: kind.to_owned(),
        subject,
        because: because.to_owned(),
    };
    let entry = decision_entry(home, &decision)?;
    decision.number =
        home.store.add_decision(&decision, &about("decision", &decision.subject, &entry))?;
    home.sign_log(now)?;
    Ok(decision)
}

/// What decisions say up to the one of this number, about reports that are settled and those that are
/// not: a dispute holds what is settled after it was opened, as long as it is open.
pub(crate) fn rulings(
    catalogue: &Catalog,
    decisions: &[Decision],
    until: i64,
    reports: &[ReportRow],
    looked_at: &BTreeMap<String, i64>,
) -> Rulings {
    let mut disputed = BTreeSet::new();
    for (id, opened) in disputes(decisions, until) {
        let Some(target) = target(catalogue, id) else { continue };
        for report in reports {
            let settled = report.settlement.as_ref().and_then(|it| looked_at.get(it));
            if settled.is_none_or(|number| opened <= *number) {
                disputed.insert((report.id.clone(), target.clone()));
            }
        }
    }
    let lapses = decisions.iter().filter(|it| it.kind == "lapse" && it.number <= until);
    let lapsed_before = lapses.filter_map(|it| Month::parse(&it.subject).ok()).max();
    Rulings { disputed, lapsed_before }
}

/// The disputes that are open after the decision of a number, with that which opened each.
fn disputes(decisions: &[Decision], until: i64) -> BTreeMap<&String, i64> {
    let mut open = BTreeMap::new();
    for it in decisions.iter().filter(|it| it.number <= until) {
        match it.kind.as_str() {
            "dispute" => drop(open.entry(&it.subject).or_insert(it.number)),
            "resolve" => drop(open.remove(&it.subject)),
            _ => {}
        }
    }
    open
}

fn target(catalogue: &Catalog, id: &str) -> Option<Target> {
    let recording = RecordingId::parse(id).ok().filter(|it| catalogue.recordings.contains_key(it));
    let product = || ProductId::parse(id).ok().filter(|it| catalogue.products.contains_key(it));
    recording.map(Target::Recording).or_else(|| product().map(Target::Product))
}
