//! Sealing a settlement: from statements and books to one seal for each currency, and again.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Catalog};
use ledger::{Account, TrialBalance};
use money::{Atoms, Currency};
use sha2::{Digest as _, Sha256};
use statement::{
    AgreementParts, Entry, STATEMENT_FORMAT, SealHead, Sealed, SealedAccount, Sealer, SealingError,
    SourceKey, Statement, StatementKey, hex,
};
use store::{LeafRow, NewSeal, Nonces, SettlementRow, StatementRow, StoreError};
use tlog::sum::{decode_nodes, encode_nodes};
use zeroize::Zeroizing;

use crate::log::about;
use crate::publish::{PublishError, statement_of};
use crate::{Home, Progress};

/// The program that seals, with its version.
const ENGINE: &str = concat!("leitmotif/", env!("CARGO_PKG_VERSION"));

/// A sealed settlement: its seals by currency, and the agreements that its statements cite.
pub(crate) struct SealedSettlement {
    pub(crate) by_currency: BTreeMap<Currency, Sealed>,
    pub(crate) agreements: Cited,
    pub(crate) nonces: Nonces,
}

/// Builds every seal again from books, statements and keys, and holds it against the one in the log;
/// returns how many there are by settlement.
///
/// # Errors
/// [`PublishError::OtherSeal`] names the first that comes out otherwise.
pub fn audit(
    home: &mut Home,
    progress: &mut dyn Progress,
) -> Result<Vec<(String, usize)>, PublishError> {
    let rows = home.store.settlements()?;
    let sealed = rows.iter().filter(|it| it.sealed);
    sealed.map(|row| Ok((row.id.clone(), seal(home, row, progress)?.by_currency.len()))).collect()
}

/// Agreements as they were when terms of them were applied, each with its entry in the log.
#[derive(Default)]
pub(crate) struct Cited {
    /// By agreement and settlement whose catalogue has it.
    pub(crate) versions: BTreeMap<(String, String), (u64, AgreementParts)>,
}

/// Seals a settlement, or builds its seals again and holds them against those in the log.
///
/// # Errors
/// [`PublishError`], also if the books do not close or a seal would be another than the one in the log.
pub(crate) fn seal(
    home: &mut Home,
    row: &SettlementRow,
    progress: &mut dyn Progress,
) -> Result<SealedSettlement, PublishError> {
    let books = Books::of(home, row)?;
    let statements = home.store.statements(Some(&row.id))?;
    let accounts: BTreeSet<String> =
        books.accounts().chain(statements.iter().map(|it| it.account.clone())).collect();
    let catalogue = match home.store.catalogue_of(&row.id)? {
        Some(it) => it,
        None => home.store.catalogue()?,
    };
    let rates = stage_rates(home, &catalogue)?;
    let reports = report_entries(home, row)?;
    let mut desk = Desk {
        row,
        secret: home.store.salt_secret()?,
        catalogue,
        nonces: home.store.nonces(&row.id, accounts.into_iter())?,
        cited: Cited::default(),
        corrections: BTreeMap::new(),
    };
    let mut currencies: BTreeSet<Currency> = statements.iter().map(|it| it.currency).collect();
    currencies.extend(books.by_currency.keys());
    let mut by_currency = BTreeMap::new();
    let total = statements.len() as u64;
    let mut done = 0;
    for currency in currencies {
        let own: Vec<&StatementRow> =
            statements.iter().filter(|it| it.currency == currency).collect();
        let mut tell = || {
            progress.at("sealing", done, total);
            done += 1;
        };
        let sealer = desk.sealer(home, currency, &own, &books, &mut tell)?;
        let head = SealHead {
            settlement: row.id.clone(),
            period: row.period.clone(),
            currency,
            engine: engine(home, row, currency)?,
            inputs: row.inputs.clone(),
            previous: home.store.sealed_before(&row.id, currency)?.map(|(_, entry)| entry),
            rates: rates.clone(),
            reports: reports.clone(),
        };
        by_currency.insert(currency, sealer.finish(head)?);
    }
    let Desk { nonces, cited, corrections, .. } = desk;
    let sealed = SealedSettlement { by_currency, agreements: cited, nonces };
    match row.sealed {
        true => hold_against_log(home, row, &sealed)?,
        false => {
            stage_corrections(home, row, corrections)?;
            stage(home, row, &sealed)?;
        }
    }
    Ok(sealed)
}

/// Where the statements of one settlement are sealed.
struct Desk<'a> {
    row: &'a SettlementRow,
    secret: Zeroizing<[u8; 32]>,
    catalogue: Catalog,
    nonces: Nonces,
    cited: Cited,
    /// Why earlier settlements are restated.
    corrections: BTreeMap<(String, Currency), BTreeSet<String>>,
}

impl Desk<'_> {
    /// All accounts of one currency, those with statements first.
    fn sealer(
        &mut self,
        home: &mut Home,
        currency: Currency,
        own: &[&StatementRow],
        books: &Books,
        tell: &mut dyn FnMut(),
    ) -> Result<Sealer, PublishError> {
        let mut sealer = Sealer::new(SourceKey::derive(&self.secret, &self.row.id, currency));
        let kept = kept_leaves(home, &self.row.id, currency)?;
        for it in own {
            tell();
            let (statement, bytes) = statement_of(home, it)?;
            self.cited.note(home, self.row, &self.catalogue, &statement, &self.secret)?;
            note_corrections(&statement, &mut self.corrections);
            match self.key(&it.account, currency) {
                Some(key) => sealer.add_statement(&statement, &bytes, &key)?,
                None => sealer.add_erased(erased(&kept, &it.account)?, Some(&statement))?,
            }
        }
        let told: BTreeSet<&str> = own.iter().map(|it| it.account.as_str()).collect();
        for (account, [opening, closing]) in books.by_currency.get(&currency).into_iter().flatten()
        {
            let account = account.to_string();
            if told.contains(account.as_str()) {
                continue;
            }
            match self.key(&account, currency) {
                Some(key) => sealer.add_account(&account, *opening, *closing, &key)?,
                None => sealer.add_erased(erased(&kept, &account)?, None)?,
            }
        }
        Ok(sealer)
    }

    /// The key of an account's statement; none if it was erased.
    fn key(&self, account: &str, currency: Currency) -> Option<StatementKey> {
        let nonce = self.nonces.get(account).copied().flatten()?;
        Some(StatementKey::derive(&self.secret, &nonce, account, &self.row.id, currency))
    }
}

/// Who seals and by which rule; of a seal that is in the log, who did.
fn engine(home: &Home, row: &SettlementRow, currency: Currency) -> Result<String, PublishError> {
    let Some(entry) = home.store.seals(&row.id)?.get(&currency).copied() else {
        return Ok(format!("{ENGINE}; {STATEMENT_FORMAT}"));
    };
    let bytes = home.store.log_entries(entry, entry.saturating_add(1))?.pop();
    let seal = bytes.and_then(|it| statement::Seal::parse(&it));
    seal.map(|it| it.engine).ok_or_else(|| corrupt("a seal in the log", &row.id))
}

/// The balances of all accounts after the settlement before, and after this one.
#[derive(Default)]
struct Books {
    by_currency: BTreeMap<Currency, BTreeMap<Account, [Atoms; 2]>>,
}

impl Books {
    fn of(home: &Home, row: &SettlementRow) -> Result<Self, PublishError> {
        let rows = home.store.settlements()?;
        let earlier =
            rows.iter().filter(|it| it.end_day < row.end_day).max_by_key(|it| &it.end_day);
        let mut books = Self::default();
        for (side, settlement) in [(0, earlier), (1, Some(row))] {
            let Some(SettlementRow { id, .. }) = settlement else { continue };
            let mut book = home.store.trial_balance_before(Some(id))?;
            for posting in home.store.entries_of(id)?.values().flatten() {
                book.post(posting).map_err(|it| corrupt("the book", &it.to_string()))?;
            }
            books.note(&book, side)?;
        }
        Ok(books)
    }

    fn note(&mut self, book: &TrialBalance, side: usize) -> Result<(), PublishError> {
        for (account, currency, balance) in book.iter() {
            let due = balance.due().ok_or_else(|| corrupt("the book", "too large a balance"))?;
            let of = self.by_currency.entry(currency).or_default();
            if let Some(place) = of.entry(account.clone()).or_default().get_mut(side) {
                *place = due;
            }
        }
        Ok(())
    }

    fn accounts(&self) -> impl Iterator<Item = String> {
        self.by_currency.values().flat_map(|it| it.keys().map(ToString::to_string))
    }
}

/// The log's entries of the reports that this settlement settles for the first time; of reports that came
/// before the log knew them, an entry is made now.
fn report_entries(home: &mut Home, row: &SettlementRow) -> Result<Vec<u64>, PublishError> {
    let mut entries = Vec::new();
    for it in home.store.reports()? {
        if it.settlement.as_deref() != Some(row.id.as_str()) {
            continue;
        }
        let entry = match home.store.entry_about("report", &it.id)? {
            Some((entry, _)) => entry,
            None => {
                let mut own = home.store.usage_files()?;
                own.retain(|file| file.report == it.id);
                let bytes = crate::log::report_entry(home, &it.id, &it.sha256, &own)?;
                home.store.stage(&about("report", &it.id, &bytes))?
            }
        };
        entries.push(entry);
    }
    entries.sort_unstable();
    Ok(entries)
}

/// The log's entries of the tables of exchange rates, made where they are missing.
fn stage_rates(home: &mut Home, catalogue: &Catalog) -> Result<Vec<u64>, PublishError> {
    let mut entries = Vec::new();
    for (id, table) in &catalogue.rate_tables {
        let sha256 = hex(&Sha256::digest(catalog::rate_table_text(table)));
        let entry = Entry::Rates { sha256: sha256.clone(), table: id.to_string() };
        entries.push(stage_once(home, "rates", &format!("{id}:{sha256}"), &entry)?);
    }
    entries.sort_unstable();
    Ok(entries)
}

fn stage_once(
    home: &mut Home,
    kind: &str,
    subject: &str,
    entry: &Entry,
) -> Result<u64, StoreError> {
    match home.store.entry_about(kind, subject)? {
        Some((number, _)) => Ok(number),
        None => home.store.stage(&about(kind, subject, &entry.bytes())),
    }
}

impl Cited {
    /// Notes the agreements that a statement cites: as they are now, and, of what is taken back, as they
    /// were when it was settled.
    fn note(
        &mut self,
        home: &mut Home,
        row: &SettlementRow,
        catalogue: &Catalog,
        statement: &Statement,
        secret: &[u8; 32],
    ) -> Result<(), PublishError> {
        let restated: BTreeSet<&str> = statement
            .sources
            .iter()
            .map(|it| it.restates.as_str())
            .filter(|it| !it.is_empty())
            .collect();
        let ids: BTreeSet<&str> = statement
            .terms
            .iter()
            .map(|it| it.agreement.as_str())
            .filter(|it| !it.is_empty())
            .collect();
        for id in ids {
            let current = catalogue.agreements.values().find(|it| it.id.as_str() == id);
            self.add(home, id, &row.id, current, secret)?;
            for settlement in &restated {
                if self.versions.contains_key(&(id.to_owned(), (*settlement).to_owned())) {
                    continue;
                }
                let then = home.store.catalogue_of(settlement)?;
                let then = then.as_ref().and_then(|it| {
                    it.agreements.values().find(|agreement| agreement.id.as_str() == id)
                });
                self.add(home, id, settlement, then, secret)?;
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        home: &mut Home,
        id: &str,
        settlement: &str,
        agreement: Option<&Agreement>,
        secret: &[u8; 32],
    ) -> Result<(), PublishError> {
        let key = (id.to_owned(), settlement.to_owned());
        let (Some(agreement), false) = (agreement, self.versions.contains_key(&key)) else {
            return Ok(());
        };
        let parts = AgreementParts::new(secret, catalog::agreement_parts(agreement));
        let entry = parts.entry();
        let Entry::Agreement { root, .. } = &entry else { return Ok(()) };
        let number = stage_once(home, "agreement", &format!("{id}:{root}"), &entry)?;
        self.versions.insert(key, (number, parts));
        Ok(())
    }
}

fn note_corrections(
    statement: &Statement,
    corrections: &mut BTreeMap<(String, Currency), BTreeSet<String>>,
) {
    for it in statement.sources.iter().filter(|it| !it.restates.is_empty()) {
        let key = (it.restates.clone(), statement.currency);
        corrections.entry(key).or_default().insert(it.because.clone());
    }
}

/// Says in the log which seals are restated, and why; they stay as they are.
fn stage_corrections(
    home: &mut Home,
    row: &SettlementRow,
    corrections: BTreeMap<(String, Currency), BTreeSet<String>>,
) -> Result<(), PublishError> {
    for ((settlement, currency), because) in corrections {
        let Some(seal) = home.store.seals(&settlement)?.get(&currency).copied() else { continue };
        let entry = Entry::Correction {
            because: because.into_iter().collect(),
            currency: currency.to_string(),
            seal,
            settlement: row.id.clone(),
        };
        let subject = format!("{}:{settlement}:{currency}", row.id);
        stage_once(home, "correction", &subject, &entry)?;
    }
    Ok(())
}

fn stage(
    home: &mut Home,
    row: &SettlementRow,
    sealed: &SealedSettlement,
) -> Result<(), PublishError> {
    let mut seals = Vec::new();
    for (currency, it) in &sealed.by_currency {
        let checked = it.seal().check().map_err(PublishError::Seal)?;
        match home.store.sealed_before(&row.id, *currency)? {
            None => checked.check_first(),
            Some((_, entry)) => {
                let bytes = home.store.log_entries(entry, entry.saturating_add(1))?.pop();
                let before = bytes.and_then(|it| statement::Seal::parse(&it));
                let before = before.ok_or_else(|| corrupt("a seal in the log", &row.id))?;
                checked.check_previous(&before.check().map_err(PublishError::Seal)?)
            }
        }
        .map_err(PublishError::Seal)?;
        let leaf = |it: &SealedAccount| LeafRow {
            account: it.account.clone(),
            pseudonym: it.pseudonym,
            leaf: encode_nodes(&[it.leaf]),
            lines: encode_nodes(&[it.lines]),
        };
        seals.push(NewSeal {
            currency: *currency,
            bytes: it.seal().bytes(),
            leaves: it.accounts().iter().map(leaf).collect(),
        });
    }
    Ok(home.store.add_seals(&row.id, &seals)?)
}

/// A seal that is built again has to be the one in the log, byte for byte.
fn hold_against_log(
    home: &Home,
    row: &SettlementRow,
    sealed: &SealedSettlement,
) -> Result<(), PublishError> {
    for (currency, entry) in home.store.seals(&row.id)? {
        let logged = home.store.log_entries(entry, entry.saturating_add(1))?.pop();
        let again = sealed.by_currency.get(&currency).map(|it| it.seal().bytes());
        if again.is_none() || logged != again {
            return Err(PublishError::OtherSeal { settlement: row.id.clone(), currency });
        }
    }
    Ok(())
}

/// What was kept of the accounts of a seal; nothing before it is sealed.
pub(crate) fn kept_leaves(
    home: &Home,
    settlement: &str,
    currency: Currency,
) -> Result<BTreeMap<String, SealedAccount>, PublishError> {
    let mut kept = BTreeMap::new();
    for it in home.store.seal_leaves(settlement, currency)? {
        let broken = || corrupt("an account of a seal", &it.account);
        let [leaf] = *decode_nodes(&it.leaf).map_err(|_| broken())? else { return Err(broken()) };
        let [lines] = *decode_nodes(&it.lines).map_err(|_| broken())? else { return Err(broken()) };
        let (account, pseudonym) = (it.account, it.pseudonym);
        kept.insert(account.clone(), SealedAccount { account, pseudonym, leaf, lines });
    }
    Ok(kept)
}

fn erased(
    kept: &BTreeMap<String, SealedAccount>,
    account: &str,
) -> Result<SealedAccount, PublishError> {
    kept.get(account).cloned().ok_or_else(|| corrupt("the leaf of an erased account", account))
}

pub(crate) fn corrupt(what: &'static str, detail: &str) -> PublishError {
    PublishError::Store(StoreError::Corrupt { what, detail: detail.to_owned() })
}

impl From<SealingError> for PublishError {
    fn from(source: SealingError) -> Self {
        Self::Sealing(source)
    }
}
