//! From a sealed settlement to a receipt for each statement.

use std::collections::BTreeMap;

use money::Currency;
use sha2::{Digest as _, Sha256};
use statement::{
    AccountTrees, AgreementNote, Branch, Entry, EntryNote, PartNote, PreviousNote, RECEIPT_FORMAT,
    Receipt, SealedAccount, Statement, StatementKey, hex,
};
use store::Keys;

use crate::Home;
use crate::publish::PublishError;
use crate::seal::{SealedSettlement, corrupt, kept_leaves};

/// Makes the receipts of one settlement.
pub(crate) struct Receipts<'a> {
    home: &'a Home,
    keys: &'a Keys,
    settlement: &'a str,
    sealed: &'a SealedSettlement,
    seals: BTreeMap<Currency, u64>,
    checkpoint: String,
    /// Entries of the log with their proofs, each made once.
    proofs: BTreeMap<u64, EntryNote>,
    previous: BTreeMap<Currency, Option<Previous>>,
    /// The entries of the tables of rates that the seals name, by table.
    rates: BTreeMap<String, u64>,
}

/// The seal before, with its accounts.
struct Previous {
    settlement: String,
    entry: u64,
    accounts: BTreeMap<String, SealedAccount>,
    trees: AccountTrees,
}

/// The entries of one receipt, each once, in the order in which they are asked for.
struct Entries<'a, 'b> {
    of: &'b mut Receipts<'a>,
    places: BTreeMap<u64, u64>,
    list: Vec<EntryNote>,
}

impl Entries<'_, '_> {
    /// The place of an entry within the receipt.
    fn place(&mut self, entry: u64) -> Result<u64, PublishError> {
        if let Some(place) = self.places.get(&entry) {
            return Ok(*place);
        }
        let note = self.of.proof(entry)?;
        let place = self.list.len() as u64;
        self.list.push(note);
        self.places.insert(entry, place);
        Ok(place)
    }
}

impl<'a> Receipts<'a> {
    pub(crate) fn new(
        home: &'a Home,
        keys: &'a Keys,
        settlement: &'a str,
        sealed: &'a SealedSettlement,
    ) -> Result<Self, PublishError> {
        let seals = home.store.seals(settlement)?;
        let checkpoint = home.store.log_state()?.note.unwrap_or_default();
        let (proofs, previous) = (BTreeMap::new(), BTreeMap::new());
        let mut rates = BTreeMap::new();
        for entry in sealed.by_currency.values().flat_map(|it| &it.seal().rates) {
            let bytes = home.store.log_entries(*entry, entry.saturating_add(1))?.pop();
            if let Some(Entry::Rates { table, .. }) = bytes.and_then(|it| Entry::parse(&it)) {
                rates.insert(table, *entry);
            }
        }
        Ok(Self { home, keys, settlement, sealed, seals, checkpoint, proofs, previous, rates })
    }

    /// The receipt of a statement; none if its key was erased.
    pub(crate) fn receipt(
        &mut self,
        statement: Statement,
    ) -> Result<Option<Receipt>, PublishError> {
        let (account, currency) = (statement.account.clone(), statement.currency);
        let Some(key) = self.key(self.settlement, &account, currency)? else { return Ok(None) };
        let missing = || corrupt("a seal", &account);
        let seal = *self.seals.get(&currency).ok_or_else(missing)?;
        let sealed = self.sealed.by_currency.get(&currency).ok_or_else(missing)?;
        let path = sealed.trees().path(&account).ok_or_else(missing)?;
        let sources = sealed.open_sources(&statement).ok_or_else(missing)?;
        let previous = self.previous(&account, currency)?;
        let checkpoint = self.checkpoint.clone();
        let log_key = self.keys.log.verifier_key().to_string();
        let agreements = self.cited(&statement);
        let wanted = self.wanted(&statement)?;
        let mut entries = Entries { of: self, places: BTreeMap::new(), list: Vec::new() };
        entries.place(seal)?;
        sealed.seal().previous.iter().try_for_each(|it| entries.place(*it).map(drop))?;
        wanted.into_iter().try_for_each(|it| entries.place(it).map(drop))?;
        let mut notes = Vec::new();
        for (entry, parts) in agreements {
            notes.push(AgreementNote { entry: entries.place(entry)?, parts });
        }
        let previous = match previous {
            None => Vec::new(),
            Some((entry, mut note)) => {
                note.entry = entries.place(entry)?;
                vec![note]
            }
        };
        Ok(Some(Receipt {
            agreements: notes,
            checkpoint,
            entries: entries.list,
            format: RECEIPT_FORMAT.to_owned(),
            key: key.to_hex(),
            log_key,
            path,
            previous,
            sources,
            statement,
        }))
    }

    fn proof(&mut self, entry: u64) -> Result<EntryNote, PublishError> {
        if let Some(note) = self.proofs.get(&entry) {
            return Ok(note.clone());
        }
        let (bytes, hashes) = self.home.store.log_proof(entry)?;
        let text = String::from_utf8(bytes).map_err(|_| corrupt("an entry of the log", "text"))?;
        let hashes = hashes.iter().map(ToString::to_string).collect();
        let note = EntryNote { hashes, index: entry, text };
        self.proofs.insert(entry, note.clone());
        Ok(note)
    }

    fn key(
        &self,
        settlement: &str,
        account: &str,
        currency: Currency,
    ) -> Result<Option<StatementKey>, PublishError> {
        let nonce = match settlement == self.settlement {
            true => self.sealed.nonces.get(account).copied().flatten(),
            false => self.home.store.nonce(settlement, account)?,
        };
        let secret = &self.keys.salt_secret;
        Ok(nonce.map(|it| StatementKey::derive(secret, &it, account, settlement, currency)))
    }

    /// The account in the seal before, with that seal's entry.
    fn previous(
        &mut self,
        account: &str,
        currency: Currency,
    ) -> Result<Option<(u64, PreviousNote)>, PublishError> {
        if !self.previous.contains_key(&currency) {
            let before = self.home.store.sealed_before(self.settlement, currency)?;
            let read = |(settlement, entry): (String, u64)| -> Result<Previous, PublishError> {
                let accounts = kept_leaves(self.home, &settlement, currency)?;
                let list: Vec<SealedAccount> = accounts.values().cloned().collect();
                let trees = AccountTrees::new(&list)?;
                Ok(Previous { settlement, entry, accounts, trees })
            };
            self.previous.insert(currency, before.map(read).transpose()?);
        }
        let Some(Some(before)) = self.previous.get(&currency) else { return Ok(None) };
        let Some(then) = before.accounts.get(account) else { return Ok(None) };
        let Some(key) = self.key(&before.settlement, account, currency)? else { return Ok(None) };
        let statement = self.home.store.statement_bytes(&before.settlement, account, currency)?;
        let Some(statement) = statement else { return Ok(None) };
        let broken = || corrupt("an account of a seal", account);
        let note = PreviousNote {
            entry: 0,
            key: key.to_hex(),
            lines: Branch::of(&then.lines).ok_or_else(broken)?,
            path: before.trees.path(account).ok_or_else(broken)?,
            statement: hex(&Sha256::digest(&statement)),
            sums: Branch::of(&then.leaf).ok_or_else(broken)?.sums,
        };
        Ok(Some((before.entry, note)))
    }

    /// The entries that a statement's lines stand on: reports, their attestations, tables of rates.
    fn wanted(&self, statement: &Statement) -> Result<Vec<u64>, PublishError> {
        let mut wanted = Vec::new();
        for it in &statement.sources {
            for kind in ["report", "attestation"] {
                wanted
                    .extend(self.home.store.entry_about(kind, &it.report)?.map(|(entry, _)| entry));
            }
            if it.is_exchanged() {
                let table = it.rate_table().unwrap_or_default();
                wanted.extend(self.rates.get(table));
            }
        }
        Ok(wanted)
    }

    /// The parts of agreements that a statement's terms name, by entry.
    fn cited(&self, statement: &Statement) -> Vec<(u64, Vec<PartNote>)> {
        let wanted: Vec<String> =
            statement.terms.iter().flat_map(statement::TermNote::committed_parts).collect();
        let mut cited: BTreeMap<u64, Vec<PartNote>> = BTreeMap::new();
        for (number, parts) in self.sealed.agreements.versions.values() {
            let opened = parts.open(|first| wanted.iter().any(|it| it == first));
            let part = |it: statement::OpenedPart| PartNote {
                at: it.at,
                hashes: it.hashes.iter().map(ToString::to_string).collect(),
                salt: hex(&it.salt),
                text: it.text,
            };
            if !opened.is_empty() {
                cited.entry(*number).or_insert_with(|| opened.into_iter().map(part).collect());
            }
        }
        cited.into_iter().collect()
    }
}
