//! What settlements leave to the next one: sums, movements, meters, and the catalogue of the time.

use std::collections::BTreeMap;

use catalog::Catalog;
use ident::{AgreementId, RecordingId, TermId};
use ledger::Account;
use money::{Atoms, Currency};
use period::{Month, parse_date};
use rusqlite::{OptionalExtension as _, Transaction, params};
use settlement::{BroughtKey, Earned, EarnedKey, MovementKey, Past, Settlement, Step};
use sha2::{Digest as _, Sha256};

use crate::Store;
use crate::error::StoreError;
use crate::packed::{pack, unpack};
use crate::received::hex;

/// The settlements before that of the first parameter.
pub(crate) const EARLIER: &str =
    "SELECT id FROM settlement WHERE end_day < (SELECT end_day FROM settlement WHERE id = ?1)";

impl Store {
    /// Returns what was settled so far, or before a settlement; nothing of it is to be restated.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    pub fn past(&self, before: Option<&str>) -> Result<Past, StoreError> {
        let mut past = Past::default();
        let mut statement = self.connection.prepare(&format!(
            "SELECT agreement, currency, origin, term, account, use_type, amount, sales FROM earned
             WHERE ?1 IS NULL OR settlement IN ({EARLIER})",
        ))?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let key = EarnedKey {
                agreement: read(AgreementId::parse, &text(0)?)?,
                currency: read(Currency::parse, &text(1)?)?,
                origin: read(parse_date, &text(2)?)?,
                term: some(&text(3)?).map(|it| read(TermId::parse, it)).transpose()?,
                account: read(Account::parse, &text(4)?)?,
                use_type: text(5)?,
            };
            let sum = past.earned.entry(key).or_default();
            add(&mut sum.amount, &text(6)?)?;
            add(&mut sum.sales, &text(7)?)?;
        }
        let mut statement = self.connection.prepare(&format!(
            "SELECT origin, step, agreement, reference, debit, credit, currency, amount
             FROM movement WHERE ?1 IS NULL OR settlement IN ({EARLIER})",
        ))?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let step = text(1)?;
            let known = Step::ALL.into_iter().find(|it| it.as_str() == step);
            let key = MovementKey {
                origin: read(parse_date, &text(0)?)?,
                step: known.ok_or_else(|| StoreError::corrupt("a movement", step))?,
                agreement: some(&text(2)?).map(|it| read(AgreementId::parse, it)).transpose()?,
                reference: text(3)?,
                from: read(Account::parse, &text(4)?)?,
                to: read(Account::parse, &text(5)?)?,
                currency: read(Currency::parse, &text(6)?)?,
            };
            add(past.movements.entry(key).or_default(), &text(7)?)?;
        }
        self.read_brought(&mut past, before)?;
        self.read_meters(&mut past, before)?;
        Ok(past)
    }

    fn read_brought(&self, past: &mut Past, before: Option<&str>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT sender, currency, origin, amount FROM brought
             WHERE ?1 IS NULL OR settlement IN ({EARLIER})",
        ))?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let key = BroughtKey {
                sender: text(0)?,
                currency: read(Currency::parse, &text(1)?)?,
                origin: read(parse_date, &text(2)?)?,
            };
            add(past.brought.entry(key).or_default(), &text(3)?)?;
        }
        Ok(())
    }

    fn read_meters(&self, past: &mut Past, before: Option<&str>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare(&format!(
            "SELECT agreement, term, recording, currency, month, counted FROM meter
             WHERE settlement = (SELECT id FROM settlement WHERE ?1 IS NULL OR id IN ({EARLIER})
                                 ORDER BY end_day DESC LIMIT 1)",
        ))?;
        let mut rows = statement.query([before])?;
        while let Some(row) = rows.next()? {
            let text = |at: usize| row.get::<_, String>(at);
            let key = settlement::MeterKey {
                agreement: read(AgreementId::parse, &text(0)?)?,
                term: read(TermId::parse, &text(1)?)?,
                recording: some(&text(2)?).map(|it| read(RecordingId::parse, it)).transpose()?,
                currency: some(&text(3)?).map(|it| read(Currency::parse, it)).transpose()?,
            };
            let month = read(Month::parse, &text(4)?)?;
            add(past.meters.entry(key).or_default().entry(month).or_default(), &text(5)?)?;
        }
        Ok(())
    }

    /// Returns the catalogue that a settlement was decided by; none if it was not kept then.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read, or not be understood any more.
    pub fn catalogue_of(&self, settlement: &str) -> Result<Option<Catalog>, StoreError> {
        let body: Option<Vec<u8>> = self
            .connection
            .query_row(
                "SELECT body FROM settlement_catalogue JOIN catalogue_body USING (sha256)
                 WHERE settlement = ?1",
                [settlement],
                |row| row.get(0),
            )
            .optional()?;
        let Some(body) = body else { return Ok(None) };
        let corrupt = |why: String| StoreError::corrupt("a catalogue that was kept", why);
        let bytes = unpack("a catalogue that was kept", body)?;
        let text = String::from_utf8(bytes).map_err(|error| corrupt(error.to_string()))?;
        let files = files(&text).ok_or_else(|| corrupt("it is cut short".to_owned()))?;
        let (catalogue, findings) = catalog::read_files(&files);
        match findings.into_iter().find(|it| it.severity == finding::Severity::Error) {
            Some(it) => Err(corrupt(it.to_string())),
            None => Ok(Some(catalogue)),
        }
    }
}

/// Writes what a settlement leaves to the next one.
pub(crate) fn write(
    tx: &Transaction<'_>,
    id: &str,
    outcome: &Settlement,
    (catalogue, decisions): (&Catalog, i64),
) -> Result<(), StoreError> {
    let mut insert =
        tx.prepare_cached("INSERT INTO earned VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for (key, Earned { amount, sales }) in &outcome.earned {
        insert.execute(params![
            id,
            key.agreement.as_str(),
            key.currency.as_str(),
            key.origin.to_string(),
            key.term.as_ref().map_or("", TermId::as_str),
            key.account.to_string(),
            key.use_type,
            amount.to_string(),
            sales.to_string()
        ])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO movement VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?;
    for (key, amount) in &outcome.movements {
        insert.execute(params![
            id,
            key.origin.to_string(),
            key.step.as_str(),
            key.agreement.as_ref().map_or("", AgreementId::as_str),
            key.reference,
            key.from.to_string(),
            key.to.to_string(),
            key.currency.as_str(),
            amount.to_string()
        ])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO brought VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (BroughtKey { sender, currency, origin }, amount) in &outcome.brought {
        let (currency, origin) = (currency.as_str(), origin.to_string());
        insert.execute(params![id, sender, currency, origin, amount.to_string()])?;
    }
    let mut insert = tx.prepare_cached("INSERT INTO meter VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for (key, months) in &outcome.meters {
        for (month, counted) in months {
            insert.execute(params![
                id,
                key.agreement.as_str(),
                key.term.as_str(),
                key.recording.as_ref().map_or("", RecordingId::as_str),
                key.currency.as_ref().map_or("", Currency::as_str),
                month.to_string(),
                counted.to_string()
            ])?;
        }
    }
    keep_catalogue(tx, id, catalogue, decisions)
}

fn keep_catalogue(
    tx: &Transaction<'_>,
    id: &str,
    catalogue: &Catalog,
    decisions: i64,
) -> Result<(), StoreError> {
    let mut text = String::new();
    for (name, file) in catalog::write_files(catalogue) {
        text.push_str(&format!("{name} {}\n{file}", file.len()));
    }
    let sha256 = hex(&Sha256::digest(&text));
    let known: Option<i64> = tx
        .query_row("SELECT 1 FROM catalogue_body WHERE sha256 = ?1", [&sha256], |row| row.get(0))
        .optional()?;
    if known.is_none() {
        let body = pack(text.as_bytes());
        tx.execute("INSERT INTO catalogue_body VALUES (?1, ?2)", params![sha256, body])?;
    }
    tx.execute(
        "INSERT INTO settlement_catalogue VALUES (?1, ?2, ?3)",
        params![id, sha256, decisions],
    )?;
    Ok(())
}

/// Takes files apart that stand one behind the other, each behind its name and length.
fn files(mut text: &str) -> Option<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    while !text.is_empty() {
        let (head, rest) = text.split_once('\n')?;
        let (name, length) = head.rsplit_once(' ')?;
        let (file, rest) = rest.split_at_checked(length.parse().ok()?)?;
        files.insert(name.to_owned(), file.to_owned());
        text = rest;
    }
    Some(files)
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|it| !it.is_empty())
}

fn read<T, E: std::fmt::Display>(
    parse: impl Fn(&str) -> Result<T, E>,
    text: &str,
) -> Result<T, StoreError> {
    parse(text).map_err(|error| StoreError::corrupt("what was settled before", error))
}

fn add(sum: &mut Atoms, text: &str) -> Result<(), StoreError> {
    let more = read(Atoms::parse, text)?;
    let all = sum.checked_add(more);
    *sum = all.ok_or_else(|| StoreError::corrupt("what was settled before", "too large a sum"))?;
    Ok(())
}
