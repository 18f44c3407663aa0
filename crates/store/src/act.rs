//! Who did what, and when: acts on settlements and payments, decisions about what waits.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::Store;
use crate::error::StoreError;
use crate::log::NewEntry;

/// An act on a settlement or on a batch of payments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub who: String,
    /// What: `approved` or `closed`; of a batch `proposed`, `sent`, `cancelled` or, of a payment in it,
    /// `returned`.
    pub act: String,
    /// The settlement or the batch.
    pub settlement: String,
    /// SHA-256 over what was approved, closed, proposed, sent or cancelled.
    pub digest: String,
}

/// A decision about what waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number; later ones are larger.
    pub number: i64,
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub who: String,
    /// What: `match`, `dispute`, `resolve` or `lapse`.
    pub kind: String,
    /// About what: a recording, a product, or a month.
    pub subject: String,
    /// Why.
    pub because: String,
}

impl Store {
    /// Notes an act.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn add_act(&mut self, it: &Act) -> Result<(), StoreError> {
        add(&self.connection, it)
    }

    /// Returns all acts, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn acts(&self) -> Result<Vec<Act>, StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT at, who, act, settlement, digest FROM act ORDER BY number")?;
        let rows = statement.query_and_then([], |row| {
            Ok(Act {
                at: row.get(0)?,
                who: row.get(1)?,
                act: row.get(2)?,
                settlement: row.get(3)?,
                digest: row.get(4)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the last approval of a settlement.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn approval(&self, settlement: &str) -> Result<Option<Act>, StoreError> {
        let is_approval = |it: &Act| it.act == "approved" && it.settlement == settlement;
        Ok(self.acts()?.into_iter().rfind(is_approval))
    }

    /// Notes a decision and stages what the log has to say of it; its number is given to it.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn add_decision(&mut self, it: &Decision, told: &NewEntry<'_>) -> Result<i64, StoreError> {
        self.transaction(|tx| {
            tx.execute(
                "INSERT INTO decision (at, who, kind, subject, because) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![it.at, it.who, it.kind, it.subject, it.because],
            )?;
            let number = tx.last_insert_rowid();
            crate::log::stage(tx, told)?;
            Ok(number)
        })
    }

    /// Returns all decisions, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT number, at, who, kind, subject, because FROM decision ORDER BY number",
        )?;
        let rows = statement.query_and_then([], |row| {
            Ok(Decision {
                number: row.get(0)?,
                at: row.get(1)?,
                who: row.get(2)?,
                kind: row.get(3)?,
                subject: row.get(4)?,
                because: row.get(5)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the number of the last decision that a settlement looked at; 0 if there was none.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn decided_until(&self, settlement: &str) -> Result<i64, StoreError> {
        let number = self
            .connection
            .query_row(
                "SELECT decisions FROM settlement_catalogue WHERE settlement = ?1",
                [settlement],
                |row| row.get(0),
            )
            .optional()?;
        Ok(number.unwrap_or_default())
    }
}

/// Notes an act; a transaction is a connection, too.
pub(crate) fn add(connection: &Connection, it: &Act) -> Result<(), StoreError> {
    connection.execute(
        "INSERT INTO act (at, who, act, settlement, digest) VALUES (?1, ?2, ?3, ?4, ?5)",
        [&it.at, &it.who, &it.act, &it.settlement, &it.digest],
    )?;
    Ok(())
}
