//! Which reports came, what they hold and what was wrong with them.

use std::collections::BTreeMap;

use finding::Finding;
use money::Atoms;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::Store;
use crate::error::StoreError;
use crate::log::{NewEntry, stage};

/// Whether a report counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// It counts.
    Standing,
    /// Some of its files are not here yet; it does not count.
    Waiting,
    /// It carries other content under the id of a report that stands; it does not count.
    Conflict,
    /// No usage lines could be made of it; it does not count.
    Refused,
    /// It was taken back before it was settled; it does not count.
    Withdrawn,
}

impl ReportState {
    /// Returns the token used in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standing => "standing",
            Self::Waiting => "waiting",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        [Self::Standing, Self::Waiting, Self::Conflict, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|it| it.as_str() == text)
            .ok_or_else(|| StoreError::corrupt("a report's state", text))
    }
}

/// A report, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportRow {
    /// Our id.
    pub id: String,
    /// `sales` or `chart`.
    pub kind: String,
    /// Whether it counts.
    pub state: ReportState,
    /// The sender's party id.
    pub sender: String,
    /// The sender's name.
    pub sender_name: String,
    /// The sender's id of the report.
    pub message_id: String,
    /// The profile that the report declares.
    pub profile: String,
    /// The service, in the report's words.
    pub service: String,
    /// First day of usage, ISO 8601.
    pub first_day: String,
    /// The day after the last day of usage, ISO 8601.
    pub end_day: String,
    /// SHA-256 of the text, unpacked, in hex; of several files, SHA-256 over the hashes of their texts.
    pub sha256: String,
    /// As `sha256`, without header and footer: the sales transactions themselves.
    pub body: String,
    /// When it was imported.
    pub imported_at: String,
    /// The settlement that it was settled in.
    pub settlement: Option<String>,
    /// How many files it has; more than are here while it waits.
    pub parts: u32,
    /// The report that it corrects: its usage lines are what differs from that one.
    pub corrects: Option<String>,
}

/// A file of a report, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its length.
    pub size_bytes: u64,
    /// Which part of the report it is, from 1; 0 if it does not say.
    pub part: u32,
}

/// A file of usage lines in the lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageFile {
    /// Path within the lake.
    pub path: String,
    /// The report its lines come from.
    pub report: String,
    /// The month of usage.
    pub month: String,
    /// The sender, as received.
    pub sender: String,
    /// The number of lines.
    pub lines: u64,
    /// The file's length.
    pub size_bytes: u64,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    /// The sum of the usages.
    pub usages: Atoms,
    /// Sums of amounts by basis and currency.
    pub amounts: BTreeMap<(String, String), Atoms>,
}

/// A line that could not become a usage line, kept as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedLine {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The rule that keeps it out.
    pub rule: String,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// A report to be recorded, with everything that belongs to it.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'a> {
    /// The report.
    pub row: &'a ReportRow,
    /// Its files.
    pub files: &'a [ReportFile],
    /// Its files of usage lines.
    pub usage: &'a [UsageFile],
    /// Its findings; not all of them need be kept.
    pub findings: &'a [Finding],
    /// How often each rule was found.
    pub counts: &'a BTreeMap<String, u64>,
    /// The lines that are no usage lines.
    pub quarantine: &'a [QuarantinedLine],
    /// The smallest hashes of its sales transactions.
    pub sketch: &'a [u64],
    /// Rows of the same content, waiting or held back, whose place this one takes.
    pub replaces: &'a [String],
    /// What the log has to say of it; nothing of a report that does not count.
    pub entry: Option<NewEntry<'a>>,
}

const COLUMNS: &str = "id, kind, state, sender, sender_name, message_id, profile, service, \
                       first_day, end_day, sha256, body, imported_at, settlement, parts, corrects";

fn report(row: &Row<'_>) -> Result<ReportRow, StoreError> {
    Ok(ReportRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        state: ReportState::parse(&row.get::<_, String>(2)?)?,
        sender: row.get(3)?,
        sender_name: row.get(4)?,
        message_id: row.get(5)?,
        profile: row.get(6)?,
        service: row.get(7)?,
        first_day: row.get(8)?,
        end_day: row.get(9)?,
        sha256: row.get(10)?,
        body: row.get(11)?,
        imported_at: row.get(12)?,
        settlement: row.get(13)?,
        parts: row.get(14)?,
        corrects: row.get(15)?,
    })
}

impl Store {
    /// Records a report with everything that belongs to it, at once.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is recorded then.
    pub fn add_report(&mut self, new: &NewReport<'_>) -> Result<(), StoreError> {
        self.transaction(|tx| {
            new.replaces.iter().try_for_each(|id| forget(tx, id))?;
            add_row(tx, new.row)?;
            let row = new.row;
            for (number, it) in new.files.iter().enumerate() {
                tx.execute(
                    "INSERT INTO report_file (report, number, name, sha256, size_bytes, part)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        row.id,
                        int(number),
                        it.name,
                        it.sha256,
                        int(it.size_bytes),
                        int(it.part)
                    ],
                )?;
            }
            new.usage.iter().try_for_each(|it| add_usage_file(tx, it))?;
            add_findings(tx, &row.id, new.findings, new.counts)?;
            for (number, it) in new.quarantine.iter().enumerate() {
                tx.execute(
                    "INSERT INTO quarantine (report, number, file, line, rule, raw)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![row.id, int(number), it.file, int(it.line), it.rule, it.raw],
                )?;
            }
            if !new.sketch.is_empty() {
                let hashes: Vec<u8> = new.sketch.iter().flat_map(|it| it.to_le_bytes()).collect();
                tx.execute(
                    "INSERT INTO report_sketch (report, hashes) VALUES (?1, ?2)",
                    params![row.id, hashes],
                )?;
            }
            new.entry.iter().try_for_each(|it| stage(tx, it).map(drop))
        })
    }

    /// Returns the smallest hashes of a report's sales transactions, as they were recorded.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn sketch(&self, id: &str) -> Result<Vec<u64>, StoreError> {
        let sql = "SELECT hashes FROM report_sketch WHERE report = ?1";
        let bytes: Option<Vec<u8>> =
            self.connection.query_row(sql, [id], |row| row.get(0)).optional()?;
        let (hashes, _) = bytes.as_deref().unwrap_or_default().as_chunks::<8>();
        Ok(hashes.iter().map(|it| u64::from_le_bytes(*it)).collect())
    }

    /// Returns every report, by first day of usage, sender and message id.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn reports(&self) -> Result<Vec<ReportRow>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM report ORDER BY first_day, sender, message_id, imported_at, id"
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_and_then([], report)?;
        rows.collect()
    }

    /// Returns the report with this id, or whose id begins so with at least four letters, if there is exactly
    /// one.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn report(&self, id: &str) -> Result<Option<ReportRow>, StoreError> {
        let mut found: Vec<_> =
            self.reports()?.into_iter().filter(|it| it.id.starts_with(id)).collect();
        // So few letters name a report by accident.
        if id.len() < 4 {
            found.retain(|it| it.id == id);
        }
        if let Some(at) = found.iter().position(|it| it.id == id) {
            return Ok(Some(found.swap_remove(at)));
        }
        Ok(if found.len() == 1 { found.pop() } else { None })
    }

    /// Returns the reports of one sender under one message id.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn reports_of(&self, sender: &str, message_id: &str) -> Result<Vec<ReportRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM report WHERE sender = ?1 AND message_id = ?2");
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_and_then([sender, message_id], report)?;
        rows.collect()
    }

    /// Takes a report back that waits, or that stands and is not settled, unless another that stands
    /// corrects it; returns whether there was one. `entry` is what the log has to say of it, if it knows
    /// the report.
    ///
    /// # Errors
    /// [`StoreError`] if the database refuses.
    pub fn withdraw_report(&mut self, id: &str, entry: &NewEntry<'_>) -> Result<bool, StoreError> {
        let known = self.entry_about("report", id)?.is_some();
        self.transaction(|tx| {
            let changed = tx.execute(
                "UPDATE report SET state = 'withdrawn'
                 WHERE id = ?1 AND state IN ('standing', 'waiting') AND settlement IS NULL
                 AND NOT EXISTS (SELECT 1 FROM report AS it
                                 WHERE it.corrects = ?1 AND it.state = 'standing')",
                [id],
            )?;
            if changed == 1 {
                tx.execute("DELETE FROM usage_file WHERE report = ?1", [id])?;
                if known {
                    stage(tx, entry)?;
                }
            }
            Ok(changed == 1)
        })
    }

    /// Returns the manifest of the lake, in path order.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn usage_files(&self) -> Result<Vec<UsageFile>, StoreError> {
        let mut amounts: BTreeMap<String, BTreeMap<(String, String), Atoms>> = BTreeMap::new();
        let mut statement = self
            .connection
            .prepare("SELECT path, basis, currency, amount FROM usage_file_amount")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let amount = atoms(&row.get::<_, String>(3)?)?;
            amounts.entry(row.get(0)?).or_default().insert((row.get(1)?, row.get(2)?), amount);
        }
        let mut statement = self.connection.prepare(
            "SELECT path, report, month, sender, lines, size_bytes, sha256, usages
             FROM usage_file ORDER BY path",
        )?;
        let rows = statement.query_and_then([], |row| {
            let path: String = row.get(0)?;
            Ok(UsageFile {
                amounts: amounts.get(&path).cloned().unwrap_or_default(),
                path,
                report: row.get(1)?,
                month: row.get(2)?,
                sender: row.get(3)?,
                lines: row.get::<_, i64>(4)?.unsigned_abs(),
                size_bytes: row.get::<_, i64>(5)?.unsigned_abs(),
                sha256: row.get(6)?,
                usages: atoms(&row.get::<_, String>(7)?)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the files of a report, as they came.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn report_files(&self, id: &str) -> Result<Vec<ReportFile>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT name, sha256, size_bytes, part FROM report_file WHERE report = ?1
             ORDER BY number",
        )?;
        let rows = statement.query_and_then([id], |row| {
            let size_bytes = row.get::<_, i64>(2)?.unsigned_abs();
            Ok(ReportFile { name: row.get(0)?, sha256: row.get(1)?, size_bytes, part: row.get(3)? })
        })?;
        rows.collect()
    }

    /// Returns how often each rule was found in a report, and the lines kept out of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn finding_counts(&self, id: &str) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut statement =
            self.connection.prepare("SELECT rule, found FROM finding_count WHERE report = ?1")?;
        let rows = statement
            .query_and_then([id], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
        rows.collect()
    }

    /// Returns the findings of a report as text, most severe first.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn findings(&self, id: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT severity, rule, file, line, record, cell_name, message, evidence FROM finding
             WHERE report = ?1
             ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, number",
        )?;
        let rows = statement.query_and_then([id], |row| {
            let text = |at| row.get::<_, String>(at);
            Ok(format!(
                "{} {} {}:{} {} {}: {} ({})",
                text(0)?,
                text(1)?,
                text(2)?,
                row.get::<_, i64>(3)?,
                text(4)?,
                text(5)?,
                text(6)?,
                text(7)?
            ))
        })?;
        rows.collect()
    }

    /// Returns how many lines of a report could not become usage lines.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn quarantine_count(&self, id: &str) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM quarantine WHERE report = ?1";
        let count: i64 = self.connection.query_row(sql, [id], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Returns the lines of a report that could not become usage lines.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn quarantine(&self, id: &str) -> Result<Vec<QuarantinedLine>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT file, line, rule, raw FROM quarantine WHERE report = ?1 ORDER BY number",
        )?;
        let rows = statement.query_and_then([id], |row| {
            Ok(QuarantinedLine {
                file: row.get(0)?,
                line: row.get::<_, i64>(1)?.unsigned_abs(),
                rule: row.get(2)?,
                raw: row.get(3)?,
            })
        })?;
        rows.collect()
    }

    /// Returns the end of the last period that was settled, if any was.
    ///
    /// # Errors
    /// [`StoreError`] if the database cannot be read.
    pub fn settled_until(&self) -> Result<Option<String>, StoreError> {
        let sql = "SELECT max(end_day) FROM settlement";
        Ok(self.connection.query_row(sql, [], |row| row.get(0)).optional()?.flatten())
    }
}

fn add_row(tx: &Transaction<'_>, row: &ReportRow) -> Result<(), StoreError> {
    tx.execute(
        &format!(
            "INSERT INTO report ({COLUMNS}) VALUES \
             (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
        ),
        params![
            row.id,
            row.kind,
            row.state.as_str(),
            row.sender,
            row.sender_name,
            row.message_id,
            row.profile,
            row.service,
            row.first_day,
            row.end_day,
            row.sha256,
            row.body,
            row.imported_at,
            row.settlement,
            int(row.parts),
            row.corrects,
        ],
    )?;
    Ok(())
}

/// Removes a row that holds no usage lines; the received files stay where they are.
fn forget(tx: &Transaction<'_>, id: &str) -> Result<(), StoreError> {
    for table in ["report_file", "finding", "finding_count", "quarantine", "report_sketch"] {
        tx.execute(&format!("DELETE FROM {table} WHERE report = ?1"), [id])?;
    }
    tx.execute("DELETE FROM report WHERE id = ?1 AND state IN ('waiting', 'conflict')", [id])?;
    Ok(())
}

fn add_usage_file(tx: &Transaction<'_>, it: &UsageFile) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO usage_file (path, report, month, sender, lines, size_bytes, sha256, usages)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            it.path,
            it.report,
            it.month,
            it.sender,
            int(it.lines),
            int(it.size_bytes),
            it.sha256,
            it.usages.to_string()
        ],
    )?;
    for ((basis, currency), amount) in &it.amounts {
        tx.execute(
            "INSERT INTO usage_file_amount (path, basis, currency, amount) VALUES (?1, ?2, ?3, ?4)",
            params![it.path, basis, currency, amount.to_string()],
        )?;
    }
    Ok(())
}

fn add_findings(
    tx: &Transaction<'_>,
    report: &str,
    findings: &[Finding],
    counts: &BTreeMap<String, u64>,
) -> Result<(), StoreError> {
    let mut insert = tx.prepare(
        "INSERT INTO finding (report, number, rule, severity, file, line, byte, record, cell,
                              cell_name, message, evidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    for (number, it) in findings.iter().enumerate() {
        let at = &it.position;
        insert.execute(params![
            report,
            int(number),
            it.rule,
            it.severity.to_string(),
            at.file,
            int(at.line),
            int(at.byte),
            at.record,
            at.cell,
            at.cell_name,
            it.message,
            it.evidence
        ])?;
    }
    for (rule, found) in counts {
        tx.execute(
            "INSERT INTO finding_count (report, rule, found) VALUES (?1, ?2, ?3)",
            params![report, rule, int(*found)],
        )?;
    }
    Ok(())
}

/// SQLite counts in signed 64 bits; no count here comes near that.
pub(crate) fn int(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

pub(crate) fn atoms(text: &str) -> Result<Atoms, StoreError> {
    Atoms::parse(text).map_err(|error| StoreError::corrupt("an amount", error))
}
