//! What was settled: settlements, entries and statements, written once.

use std::collections::BTreeMap;

use catalog::Catalog;
use ledger::{Account, Entry, Posting, TrialBalance};
use money::{Amount, Atoms, Currency};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use settlement::Settlement;

use crate::Store;
use crate::act::Act;
use crate::error::StoreError;
use crate::packed::{pack, unpack};
use crate::past::EARLIER;
use crate::report::atoms;

/// A settlement to be posted, with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct PostedSettlement<'a> {
    /// The settlement itself.
    pub row: SettlementRow,
    /// What was decided: its entries, and what it leaves to the next one.
    pub outcome: &'a Settlement,
    /// The catalogue that it was decided by.
    pub catalogue: &'a Catalog,
    /// The number of the last decision that it looked at.
    pub decisions: i64,
    /// Who approved and closed it.
    pub acts: Vec<Act>,
    /// The reports that were settled.
    pub reports: Vec<String>,
}

/// A settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementRow {
    /// Its id.
    pub id: String,
    /// The period, as people write it.
    pub period: String,
    /// First day of the period, ISO 8601.
    pub first_day: String,
    /// The day after its last day, ISO 8601.
    pub end_day: String,
    /// When it was posted.
    pub posted_at: String,
    /// SHA-256 over what was settled, in hex.
    pub inputs: String,
    /// The totals by currency and category.
    pub totals: BTreeMap<(Currency, String), Atoms>,
    /// Whether its seals are in the log.
    pub sealed: bool,
}

/// A statement to be posted.
#[derive(Clone, Debug)]
pub struct StatementToPost {
    /// The account, in its text form.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// The account holder's name.
    pub name: String,
    /// What was earned.
    pub earned: Atoms,
    /// What is payable.
    pub payable: Atoms,
    /// The canonical bytes.
    pub canonical: Vec<u8>,
}

/// A statement as issued, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementRow {
    /// The settlement.
    pub settlement: String,
    /// The account, in its text form.
    pub account: String,
    /// The currency.
    pub currency: Currency,
    /// The account holder's name.
    pub name: String,
    /// What was earned.
    pub earned: Atoms,
    /// What is payable.
    pub payable: Atoms,
}

impl Store {
    /// Posts a settlement with its entries and statements and marks its reports, all at once.
    /// Statements are asked for one after the other, and not kept.
    ///
    /// # Errors
    /// [`StoreError`], that of a statement too; nothing is posted then.
    pub fn post_settlement(
        &mut self,
        posted: &PostedSettlement<'_>,
        statements: impl Iterator<Item = Result<StatementToPost, StoreError>>,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let row = &posted.row;
            tx.execute(
                "INSERT INTO settlement (id, period, first_day, end_day, posted_at, inputs)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![row.id, row.period, row.first_day, row.end_day, row.posted_at, row.inputs],
            )?;
            for ((currency, category), amount) in &row.totals {
                tx.execute(
                    "INSERT INTO settlement_total (settlement, currency, category, amount)
                     VALUES (?1, ?2, ?3, ?4)",
                    params![row.id, currency.as_str(), category, amount.to_string()],
                )?;
            }
            let of = (Some(row.id.as_str()), None);
            posted.outcome.entries.iter().try_for_each(|it| add_entry(tx, of, it))?;
            crate::payment::tell(tx, &row.id)?;
            for it in statements {
                let it = it?;
                tx.execute(
                    "INSERT INTO statement
                         (settlement, account, currency, name, earned, payable, canonical)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![
                        row.id,
                        it.account,
                        it.currency.as_str(),
                        it.name,
                        it.earned.to_string(),
                        it.payable.to_string(),
                        pack(&it.canonical)
                    ],
                )?;
            }
            crate::past::write(tx, &row.id, posted.outcome, (posted.catalogue, posted.decisions))?;
            posted.acts.iter().try_for_each(|it| crate::act::add(tx, it))?;
            for report in &posted.reports {
                let marked = tx.execute(
                    "UPDATE report SET settlement = ?1
                     WHERE id = ?2 AND state = 'standing' AND settlement IS NULL",
                    [&row.id, report],
                )?;
                if marked != 1 {
                    return Err(StoreError::corrupt("a report to be settled", report));
                }
            }
            Ok(())
        })
    }

    /// Returns the settlements, in the order of their periods.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn settlements(&self) -> Result<Vec<SettlementRow>, StoreError> {
        let mut totals: BTreeMap<String, BTreeMap<(Currency, String), Atoms>> = BTreeMap::new();
        let mut statement = self
            .connection
            .prepare("SELECT settlement, currency, category, amount FROM settlement_total")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key = (currency(&row.get::<_, String>(1)?)?, row.get(2)?);
            let amount = atoms(&row.get::<_, String>(3)?)?;
            totals.entry(row.get(0)?).or_default().insert(key, amount);
        }
        let mut statement = self.connection.prepare(
            "SELECT id, period, first_day, end_day, posted_at, inputs, sealed
             FROM settlement ORDER BY end_day",
        )?;
        let rows = statement.query_and_then([], |row| {
            let id: String = row.get(0)?;
            Ok(SettlementRow {
                totals: totals.get(&id).cloned().unwrap_or_default(),
                id,
                period: row.get(1)?,
                first_day: row.get(2)?,
                end_day: row.get(3)?,
                posted_at: row.get(4)?,
                inputs: row.get(5)?,
                sealed: row.get(6)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the balances of all accounts.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn trial_balance(&self) -> Result<TrialBalance, StoreError> {
        self.trial_balance_before(None)
    }

    /// Returns the balances of all accounts as a settlement found them: of what its statements tell,
    /// payments were there and what it settled was not.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn trial_balance_before(
        &self,
        settlement: Option<&str>,
    ) -> Result<TrialBalance, StoreError> {
        let mut book = TrialBalance::default();
        let mut statement = self.connection.prepare(&format!(
            "SELECT posting.account, side, posting.currency, amount FROM posting
             JOIN entry ON entry.id = posting.entry
             LEFT JOIN payment_batch ON payment_batch.id = entry.batch
             LEFT JOIN payment_return AS back ON back.batch = entry.batch
                AND entry.id = 'pay/' || back.batch || '/' || back.account || '/' || back.currency
                            || '/back'
             WHERE ?1 IS NULL OR entry.settlement IN ({EARLIER})
                OR (CASE WHEN back.batch IS NULL THEN payment_batch.told ELSE back.told END)
                   IN (SELECT ?1 UNION {EARLIER})"
        ))?;
        let mut rows = statement.query([settlement])?;
        while let Some(row) = rows.next()? {
            book.post(&posting(row)?).map_err(|error| StoreError::corrupt("the book", error))?;
        }
        Ok(book)
    }

    /// Returns the postings of a settlement's entries, in their order, by the entries' ids.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn entries_of(
        &self,
        settlement: &str,
    ) -> Result<BTreeMap<String, Vec<Posting>>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT account, side, currency, amount, entry FROM posting
             JOIN entry ON entry.id = posting.entry
             WHERE entry.settlement = ?1 ORDER BY entry, number",
        )?;
        let mut rows = statement.query([settlement])?;
        let mut entries: BTreeMap<String, Vec<Posting>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            entries.entry(row.get(4)?).or_default().push(posting(row)?);
        }
        Ok(entries)
    }

    /// Returns the statements of a settlement, or of all if none is named.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn statements(&self, settlement: Option<&str>) -> Result<Vec<StatementRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT settlement, account, currency, name, earned, payable FROM statement
             WHERE ?1 IS NULL OR settlement = ?1 ORDER BY settlement, account, currency",
        )?;
        let rows = statement.query_and_then([settlement], |row| {
            Ok(StatementRow {
                settlement: row.get(0)?,
                account: row.get(1)?,
                currency: currency(&row.get::<_, String>(2)?)?,
                name: row.get(3)?,
                earned: atoms(&row.get::<_, String>(4)?)?,
                payable: atoms(&row.get::<_, String>(5)?)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the canonical bytes of a statement.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn statement_bytes(
        &self,
        settlement: &str,
        account: &str,
        currency: Currency,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = self
            .connection
            .query_row(
                "SELECT canonical FROM statement
                 WHERE settlement = ?1 AND account = ?2 AND currency = ?3",
                [settlement, account, currency.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        bytes.map(|it| unpack("a statement in the book", it)).transpose()
    }
}

/// Writes an entry of a settlement or of a batch of payments.
pub(crate) fn add_entry(
    tx: &Transaction<'_>,
    (settlement, batch): (Option<&str>, Option<&str>),
    entry: &Entry,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO entry (id, settlement, batch, memo) VALUES (?1, ?2, ?3, ?4)",
        params![entry.id(), settlement, batch, entry.memo()],
    )?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO posting (entry, number, account, side, currency, amount)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (number, it) in entry.postings().iter().enumerate() {
        insert.execute(params![
            entry.id(),
            crate::report::int(number),
            it.account().to_string(),
            it.side().as_str(),
            it.amount().currency.as_str(),
            it.amount().atoms.to_string()
        ])?;
    }
    Ok(())
}

/// A posting from account, side, currency and amount.
fn posting(row: &Row<'_>) -> Result<Posting, StoreError> {
    let account = Account::parse(&row.get::<_, String>(0)?)
        .map_err(|error| StoreError::corrupt("an account", error))?;
    let amount = Amount {
        atoms: atoms(&row.get::<_, String>(3)?)?,
        currency: currency(&row.get::<_, String>(2)?)?,
    };
    Ok(match row.get::<_, String>(1)?.as_str() {
        "debit" => Posting::debit(account, amount),
        _ => Posting::credit(account, amount),
    })
}

fn currency(text: &str) -> Result<Currency, StoreError> {
    Currency::parse(text).map_err(|error| StoreError::corrupt("a currency", error))
}
