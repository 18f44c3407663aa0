//! By which spec a statement was read, and what its files were taken from.

use rusqlite::{OptionalExtension as _, params};

use crate::Store;
use crate::error::StoreError;
use crate::report::int;

/// How a statement was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementSource {
    /// Name and edition of the source.
    pub source: String,
    /// The text of its spec.
    pub spec: String,
    /// The control total that it was reconciled with: amount and currency.
    pub control_total: Option<(String, String)>,
    /// For each of its files, where its bytes are not those that were delivered, name and SHA-256 of
    /// what was.
    pub origins: Vec<Option<(String, String)>>,
}

impl Store {
    /// Records how the statement with this id is read; what was recorded before is replaced.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is recorded then.
    pub fn put_statement_source(
        &mut self,
        report: &str,
        it: &StatementSource,
    ) -> Result<(), StoreError> {
        self.transaction(|tx| {
            let (amount, currency) = it.control_total.clone().unwrap_or_default();
            tx.execute(
                "INSERT OR REPLACE INTO statement_source
                     (report, source, spec, control_currency, control_amount)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![report, it.source, it.spec, currency, amount],
            )?;
            tx.execute("DELETE FROM file_origin WHERE report = ?1", [report])?;
            for (number, origin) in it.origins.iter().enumerate() {
                let Some((name, sha256)) = origin else { continue };
                tx.execute(
                    "INSERT INTO file_origin (report, number, name, sha256) VALUES (?1, ?2, ?3, ?4)",
                    params![report, int(number), name, sha256],
                )?;
            }
            Ok(())
        })
    }

    /// Returns how a statement was read; `None` for a report that is none.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn statement_source(&self, report: &str) -> Result<Option<StatementSource>, StoreError> {
        let sql = "SELECT source, spec, control_amount, control_currency FROM statement_source
                   WHERE report = ?1";
        let found = self.connection.query_row(sql, [report], |row| {
            let total: (String, String) = (row.get(2)?, row.get(3)?);
            Ok(StatementSource {
                source: row.get(0)?,
                spec: row.get(1)?,
                control_total: Some(total).filter(|it| !it.1.is_empty()),
                origins: Vec::new(),
            })
        });
        let Some(mut found) = found.optional()? else { return Ok(None) };
        let mut statement = self.connection.prepare(
            "SELECT number, name, sha256 FROM file_origin WHERE report = ?1 ORDER BY number",
        )?;
        let mut rows = statement.query([report])?;
        while let Some(row) = rows.next()? {
            let number = usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
            found.origins.resize(number, None);
            found.origins.push(Some((row.get(1)?, row.get(2)?)));
        }
        Ok(Some(found))
    }
}
