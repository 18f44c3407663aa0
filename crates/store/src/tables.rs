//! Findings and the book as rows, for questions that nobody foresaw.

use crate::Store;
use crate::error::StoreError;

/// A finding as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingRow {
    /// The report.
    pub report: String,
    /// The rule.
    pub rule: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The byte within the file, from 0.
    pub byte: u64,
    /// The record's type.
    pub record: String,
    /// The cell's name.
    pub cell_name: String,
    /// What is wrong.
    pub message: String,
    /// What stands there.
    pub evidence: String,
}

/// A posting with the entry and settlement it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostingRow {
    /// The settlement; empty for a payment.
    pub settlement: String,
    /// The entry.
    pub entry: String,
    /// What the entry is for.
    pub memo: String,
    /// The account, in its text form.
    pub account: String,
    /// `debit` or `credit`.
    pub side: String,
    /// The currency.
    pub currency: String,
    /// The amount, as it is kept.
    pub amount: String,
}

impl Store {
    /// Returns the findings of all reports that were recorded, by report and number.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn finding_rows(&self) -> Result<Vec<FindingRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT report, rule, severity, file, line, byte, record, cell_name, message, evidence
             FROM finding ORDER BY report, number",
        )?;
        let rows = statement.query_and_then([], |row| {
            Ok(FindingRow {
                report: row.get(0)?,
                rule: row.get(1)?,
                severity: row.get(2)?,
                file: row.get(3)?,
                line: row.get::<_, i64>(4)?.unsigned_abs(),
                byte: row.get::<_, i64>(5)?.unsigned_abs(),
                record: row.get(6)?,
                cell_name: row.get(7)?,
                message: row.get(8)?,
                evidence: row.get(9)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the postings of all payments and settlements, by settlement, entry and number.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn posting_rows(&self) -> Result<Vec<PostingRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT ifnull(entry.settlement, ''), entry.id, entry.memo, posting.account, posting.side,
                    posting.currency, posting.amount
             FROM posting JOIN entry ON entry.id = posting.entry
             ORDER BY entry.settlement, entry.id, posting.number",
        )?;
        let rows = statement.query_and_then([], |row| {
            Ok(PostingRow {
                settlement: row.get(0)?,
                entry: row.get(1)?,
                memo: row.get(2)?,
                account: row.get(3)?,
                side: row.get(4)?,
                currency: row.get(5)?,
                amount: row.get(6)?,
            })
        })?;
        rows.collect()
    }
}
