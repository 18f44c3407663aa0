//! What differs between two catalogues.

use std::collections::BTreeMap;
use std::fmt;

use crate::Catalog;

/// What an entry of the catalogue is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A person, group or organisation.
    Party,
    /// A composition.
    Work,
    /// A drama, film or show.
    Production,
    /// A sound recording.
    Recording,
    /// A release.
    Release,
    /// What is sold and is no recording.
    Product,
    /// A named set of recordings.
    Repertoire,
    /// What we promised.
    Agreement,
    /// What a service promised.
    Licence,
    /// A right that others pay past us.
    Pipe,
    /// What was paid to us ahead.
    ReceivedAdvance,
    /// A rule by which tax is withheld.
    Withholding,
    /// A table of exchange rates.
    RateTable,
    /// What one unit costs.
    Price,
}

impl EntryKind {
    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::Work => "work",
            Self::Production => "production",
            Self::Recording => "recording",
            Self::Release => "release",
            Self::Product => "product",
            Self::Repertoire => "repertoire",
            Self::Agreement => "agreement",
            Self::Licence => "licence",
            Self::Pipe => "pipe",
            Self::ReceivedAdvance => "received_advance",
            Self::Withholding => "withholding",
            Self::RateTable => "rate_table",
            Self::Price => "price",
        }
    }
}

/// What happened to an entry.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there in both, but not the same.
    Changed,
}

/// One entry that differs between two catalogues.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What the entry is.
    pub entry: EntryKind,
    /// Its id.
    pub id: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            ChangeKind::Added => '+',
            ChangeKind::Removed => '-',
            ChangeKind::Changed => '~',
        };
        write!(f, "{sign} {} {}", self.entry.as_str(), self.id)
    }
}

/// What has to happen to `before` to become `after`: by entry kind, then by id.
pub fn diff(before: &Catalog, after: &Catalog) -> Vec<Change> {
    let mut changes = Vec::new();
    compare(EntryKind::Party, &before.parties, &after.parties, &mut changes);
    compare(EntryKind::Work, &before.works, &after.works, &mut changes);
    compare(EntryKind::Production, &before.productions, &after.productions, &mut changes);
    compare(EntryKind::Recording, &before.recordings, &after.recordings, &mut changes);
    compare(EntryKind::Release, &before.releases, &after.releases, &mut changes);
    compare(EntryKind::Product, &before.products, &after.products, &mut changes);
    compare(EntryKind::Repertoire, &before.repertoires, &after.repertoires, &mut changes);
    compare(EntryKind::Agreement, &before.agreements, &after.agreements, &mut changes);
    compare(EntryKind::Licence, &before.licences, &after.licences, &mut changes);
    compare(EntryKind::Pipe, &before.pipes, &after.pipes, &mut changes);
    let advances = (&before.received_advances, &after.received_advances);
    compare(EntryKind::ReceivedAdvance, advances.0, advances.1, &mut changes);
    compare(EntryKind::Withholding, &before.withholdings, &after.withholdings, &mut changes);
    compare(EntryKind::RateTable, &before.rate_tables, &after.rate_tables, &mut changes);
    compare(EntryKind::Price, &before.prices, &after.prices, &mut changes);
    changes.sort();
    changes
}

fn compare<K: Ord + fmt::Display, V: PartialEq>(
    entry: EntryKind,
    before: &BTreeMap<K, V>,
    after: &BTreeMap<K, V>,
    changes: &mut Vec<Change>,
) {
    let mut note = |id: &K, kind| changes.push(Change { entry, id: id.to_string(), kind });
    for (id, old) in before {
        match after.get(id) {
            None => note(id, ChangeKind::Removed),
            Some(new) if new != old => note(id, ChangeKind::Changed),
            Some(_) => {}
        }
    }
    for id in after.keys().filter(|id| !before.contains_key(*id)) {
        note(id, ChangeKind::Added);
    }
}
