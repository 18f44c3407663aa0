//! The log of a world, and receipts out of it.

use std::collections::BTreeMap;

use money::Atoms;
use statement::{
    AgreementNote, AgreementParts, Branch, Entry, EntryNote, PartNote, PreviousNote,
    RECEIPT_FORMAT, Receipt, Seal, Statement, TermNote, hex,
};
use tlog::{Checkpoint, MemoryTiles, Note, leaf_hash, prove_inclusion, root};

use super::trees::{Leaves, Trees, statement_key};
use super::{Before, TIME, World, log_key, sha256, witness};

/// What an operator published.
pub(crate) struct Book {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) names: BTreeMap<String, u64>,
    /// By draft.
    pub(crate) seals: Vec<u64>,
    pub(crate) trees: Vec<Trees>,
    before: Vec<(Option<u64>, Option<usize>)>,
    pub(crate) tiles: MemoryTiles,
    pub(crate) checkpoint: String,
}

/// The entries of one receipt, each once.
#[derive(Default)]
struct Places {
    places: BTreeMap<u64, u64>,
    list: Vec<EntryNote>,
}

impl Book {
    pub(crate) fn of(world: &World) -> Self {
        let mut book = Self {
            entries: Vec::new(),
            names: BTreeMap::new(),
            seals: Vec::new(),
            trees: Vec::new(),
            before: Vec::new(),
            tiles: MemoryTiles::new(),
            checkpoint: String::new(),
        };
        for (at, draft) in world.drafts.iter().enumerate() {
            draft.before.iter().for_each(|it| book.log(&it.name, &it.bytes));
            let own = book.entries.len() as u64;
            let last = world.draft_before(at);
            let previous = match draft.previous {
                Before::Last => (last.map(|it| book.seals[it]), last),
                Before::Nothing => (None, None),
                Before::Draft(it) => (Some(book.seals[it]), Some(it)),
                Before::Itself => (Some(own), Some(at)),
                Before::Entry(it) => (Some(it), last),
            };
            let mut leaves = Leaves::of(&world.secret, draft);
            draft.on_leaves.iter().for_each(|it| it(&mut leaves));
            let trees = leaves.build();
            // What is logged after the seal is named by the number that it will get.
            let after = |name: &str| {
                let at = draft.after.iter().position(|it| it.name == name)?;
                Some(own + 1 + at as u64)
            };
            let named = |name: &str| book.names.get(name).copied().or_else(|| after(name));
            let mut seal = trees.seal(draft, previous.0, &named);
            draft.on_seal.iter().for_each(|it| it(&mut seal));
            let text = draft.on_text.iter().fold(seal.bytes(), |text, it| it(text));
            book.log(&format!("seal {at}"), &text);
            book.seals.push(own);
            book.trees.push(trees);
            book.before.push(previous);
            draft.after.iter().for_each(|it| book.log(&it.name, &it.bytes));
        }
        book.sign();
        book
    }

    fn log(&mut self, name: &str, bytes: &[u8]) {
        let at = self.entries.len() as u64;
        self.tiles.append(&[leaf_hash(bytes)]).unwrap();
        self.entries.push(bytes.to_vec());
        self.names.insert(name.to_owned(), at);
    }

    /// The checkpoint of all that is there, signed by the log and the first two witnesses.
    fn sign(&mut self) {
        let note = self.note();
        let text = note.text().to_owned();
        let lines = (1..=2).map(|it| witness(it).cosign(&text, TIME + u64::from(it)).unwrap());
        let lines = note.signatures().iter().cloned().chain(lines).collect();
        self.checkpoint = note.with_signatures(lines).unwrap().to_string();
    }

    /// The checkpoint, signed by the log alone.
    pub(crate) fn note(&self) -> Note {
        let size = self.tiles.size();
        let key = log_key();
        let checkpoint = Checkpoint::new(key.name(), size, root(size, &self.tiles).unwrap());
        checkpoint.unwrap().sign(&[&key]).unwrap()
    }

    pub(crate) fn proof(&self, entry: u64) -> EntryNote {
        let hashes = prove_inclusion(entry, self.tiles.size(), &self.tiles).unwrap();
        EntryNote {
            hashes: hashes.iter().map(ToString::to_string).collect(),
            index: entry,
            text: String::from_utf8(self.entries[usize::try_from(entry).unwrap()].clone()).unwrap(),
        }
    }

    pub(crate) fn seal(&self, at: usize) -> Seal {
        let entry = usize::try_from(self.seals[at]).unwrap();
        Seal::parse(&self.entries[entry]).unwrap()
    }

    /// The account in an earlier draft; none if it got no statement there.
    pub(crate) fn previous(&self, world: &World, at: usize, account: &str) -> Option<PreviousNote> {
        let draft = &world.drafts[at];
        let statement = draft.statement(account)?;
        let (_, leaf) = self.trees[at].leaf(account)?;
        Some(PreviousNote {
            entry: 0,
            key: hex(&statement_key(&world.secret, draft, account)),
            lines: Branch::of(&leaf.lines).unwrap(),
            path: self.trees[at].path(account).unwrap(),
            statement: hex(&sha256(&[&statement.canonical()])),
            sums: Branch::of(&leaf.node).unwrap().sums,
        })
    }

    /// The receipt of an account, put together as the program does it.
    pub(crate) fn receipt(&self, world: &World, at: usize, account: &str) -> Receipt {
        let draft = &world.drafts[at];
        let statement = draft.statement(account).unwrap().clone();
        let mut places = Places::default();
        places.place(self, self.seals[at]);
        let (entry, before) = self.before[at];
        if let Some(entry) = entry.filter(|it| *it < self.entries.len() as u64) {
            places.place(self, entry);
        }
        for it in self.wanted(&statement) {
            places.place(self, it);
        }
        let mut agreements = Vec::new();
        for name in &draft.cites {
            let parts = opened(world, name, &statement);
            let entry = self.names.get(&format!("agreement {name}"));
            if let (false, Some(entry)) = (parts.is_empty(), entry) {
                agreements.push(AgreementNote { entry: places.place(self, *entry), parts });
            }
        }
        let previous = before.and_then(|it| self.previous(world, it, account));
        let previous = previous.map(|it| PreviousNote { entry: 1, ..it });
        Receipt {
            agreements,
            checkpoint: self.checkpoint.clone(),
            entries: places.list,
            format: RECEIPT_FORMAT.to_owned(),
            key: hex(&statement_key(&world.secret, draft, account)),
            log_key: log_key().verifier_key().to_string(),
            path: self.trees[at].path(account).unwrap(),
            previous: previous.into_iter().collect(),
            sources: self.trees[at].open(&statement),
            statement,
        }
    }

    /// Reports, attestations and tables of rates that a statement stands on.
    fn wanted(&self, statement: &Statement) -> Vec<u64> {
        let mut wanted = Vec::new();
        for it in &statement.sources {
            let mut names =
                vec![format!("report {}", it.report), format!("attestation {}", it.report)];
            names.extend(it.rate_table().map(|table| format!("rates {table}")));
            wanted.extend(names.iter().filter_map(|it| self.names.get(it)));
        }
        wanted
    }
}

impl Places {
    fn place(&mut self, book: &Book, entry: u64) -> u64 {
        let free = self.list.len() as u64;
        let place = *self.places.entry(entry).or_insert(free);
        if place == free {
            self.list.push(book.proof(entry));
        }
        place
    }
}

/// The parts of a version of an agreement that a statement's terms name.
pub(crate) fn opened(world: &World, name: &str, statement: &Statement) -> Vec<PartNote> {
    let wanted: Vec<String> = statement.terms.iter().flat_map(TermNote::committed_parts).collect();
    let parts = AgreementParts::new(&world.secret, world.agreements[name].clone());
    let opened = parts.open(|first| wanted.iter().any(|it| it == first));
    let part = |it: statement::OpenedPart| PartNote {
        at: it.at,
        hashes: it.hashes.iter().map(ToString::to_string).collect(),
        salt: hex(&it.salt),
        text: it.text,
    };
    opened.into_iter().map(part).collect()
}

/// The entry of a version of an agreement.
pub(crate) fn agreement_entry(world: &World, name: &str) -> Vec<u8> {
    let parts = AgreementParts::new(&world.secret, world.agreements[name].clone());
    let entry: Entry = parts.entry();
    entry.bytes()
}

/// What an account was due at the end of a draft.
pub(crate) fn closing(world: &World, at: Option<usize>, account: &str) -> Atoms {
    let statement = at.and_then(|it| world.drafts[it].statement(account));
    statement.map_or(Atoms::ZERO, |it| it.balance.closing)
}
