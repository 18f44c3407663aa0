//! Records to bytes: reports that are valid, with the counts of their footer.

mod escape;

use std::io::{self, Write};

use crate::check::Keys;
use crate::table::{CellSpec, Field, Lookup, Need, RecordSpec, lookup, spec};
use crate::{Ending, Header, Profile, Record};

use escape::push_cell;
pub use escape::{Escape, Value};

/// Why a record was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The target failed.
    #[error("write failed")]
    Io(#[from] io::Error),
    /// The header names no profile of the standard.
    #[error("{name:?} is no profile")]
    UnknownProfile {
        /// What it names.
        name: String,
    },
    /// No table has this record type and version.
    #[error("no table of record {name:?}")]
    UnknownRecord {
        /// What was asked for.
        name: String,
    },
    /// The record has no such cell.
    #[error("{record} has no cell {field:?}")]
    UnknownCell {
        /// Record type.
        record: String,
        /// What was asked for.
        field: Field,
    },
    /// A mandatory cell is empty.
    #[error("{record} needs {cell}")]
    Missing {
        /// Record type.
        record: String,
        /// Name of the cell.
        cell: &'static str,
    },
    /// Several values for a cell that holds one.
    #[error("{record} {cell} holds one value only")]
    NotMany {
        /// Record type.
        record: String,
        /// Name of the cell.
        cell: &'static str,
    },
    /// A text has a delimiter in it, and escapes were not allowed.
    #[error("{text:?} needs an escape")]
    NeedsEscape {
        /// The text.
        text: String,
    },
    /// A text has a line break in it; no escape can carry it.
    #[error("{text:?} has a line break")]
    LineBreak {
        /// The text.
        text: String,
    },
    /// A header, a footer, or a summary record behind the first block.
    #[error("{record} cannot come here")]
    Order {
        /// Record type.
        record: String,
    },
    /// A block that was left is entered again.
    #[error("block {id:?} was left before")]
    BlockReopened {
        /// Its id.
        id: String,
    },
}

/// What a footer counts.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Lines.
    pub lines: u64,
    /// Summary records.
    pub summary_records: u64,
    /// Blocks.
    pub blocks: u64,
}

/// Writes one file of a report.
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    ending: Ending,
    escape: Escape,
    profile: Profile,
    /// Whether this is the last file of its report.
    is_last: bool,
    totals: Totals,
    earlier: Totals,
    block: String,
    blocks_seen: Keys,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Begins a file with its header; lines end in LF, texts that need escapes are refused.
    ///
    /// # Errors
    /// [`WriteError`]: the target failed, the profile is unknown, or a mandatory cell is empty.
    pub fn new(out: W, header: &Header) -> Result<Self, WriteError> {
        Self::with(out, header, Ending::Lf, Escape::Refuse)
    }

    /// Begins a file with its header, with a line end and an answer to texts that need escapes.
    ///
    /// [`Ending::None`] stands for LF here.
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn with(
        out: W,
        header: &Header,
        ending: Ending,
        escape: Escape,
    ) -> Result<Self, WriteError> {
        let Some(profile) = header.profile() else {
            return Err(WriteError::UnknownProfile { name: header.profile_name.clone() });
        };
        let ending = if ending == Ending::None { Ending::Lf } else { ending };
        let mut writer = Self {
            out,
            ending,
            escape,
            profile,
            is_last: header.part().is_none_or(|(file, files)| file >= files),
            totals: Totals::default(),
            earlier: Totals::default(),
            block: String::new(),
            blocks_seen: Keys::default(),
            line: Vec::new(),
        };
        writer.head(header)?;
        Ok(writer)
    }

    /// Adds the totals of the files before, which the footer of the last file needs.
    #[must_use]
    pub const fn after(mut self, earlier: Totals) -> Self {
        self.earlier = earlier;
        self
    }

    fn head(&mut self, header: &Header) -> Result<(), WriteError> {
        let repertoire: Vec<&str> =
            header.represented_repertoire.iter().map(String::as_str).collect();
        let cells = [
            (Field::MessageVersion, Value::One(&header.message_version)),
            (Field::Profile, Value::One(&header.profile_name)),
            (Field::ProfileVersion, Value::One(&header.profile_version)),
            (Field::MessageId, Value::One(&header.message_id)),
            (Field::MessageCreatedDateTime, Value::One(&header.created)),
            (Field::FileNumber, Value::One(&header.file_number)),
            (Field::NumberOfFiles, Value::One(&header.number_of_files)),
            (Field::UsageStartDate, Value::One(&header.usage_start)),
            (Field::UsageEndDate, Value::One(&header.usage_end)),
            (Field::SenderPartyId, Value::One(&header.sender_party_id)),
            (Field::SenderName, Value::One(&header.sender_name)),
            (Field::ServiceDescription, Value::One(&header.service_description)),
            (Field::RecipientPartyId, Value::One(&header.recipient_party_id)),
            (Field::RecipientName, Value::One(&header.recipient_name)),
            (Field::RepresentedRepertoire, Value::Many(&repertoire)),
        ];
        self.cells(table("HEAD")?, &cells)
    }

    /// Writes a record, cells in any order, by name; the number of its line.
    ///
    /// `name` is a record type with its version, `SU02.03`. Cells that are not given are empty.
    ///
    /// # Errors
    /// [`WriteError`]; nothing was written then, unless the target failed.
    pub fn record(&mut self, name: &str, cells: &[(Field, Value<'_>)]) -> Result<u64, WriteError> {
        let table = table(name)?;
        let is_summary = table.code.starts_with(b"SY");
        let single = table.code.starts_with(b"SR");
        let misplaced = matches!(&table.code, b"HEAD" | b"SRHE" | b"FOOT" | b"SRFO")
            || (is_summary && self.totals.blocks > 0)
            || (!is_summary && single != self.profile.single_record);
        if misplaced {
            return Err(WriteError::Order { record: name.to_owned() });
        }
        self.line.clear();
        self.fill(table, cells)?;
        if is_summary {
            self.totals.summary_records += 1;
        } else if single {
            self.totals.blocks += 1;
        } else {
            let id = cells.iter().find(|(field, _)| *field == Field::BlockId);
            if let Some((_, Value::One(id))) = id {
                self.enter_block(id)?;
            }
        }
        self.end_line()?;
        Ok(self.totals.lines)
    }

    /// Writes a record of a deal, `DExx`, cell by cell; the number of its line.
    ///
    /// # Errors
    /// [`WriteError`]; nothing was written then, unless the target failed.
    pub fn deal(&mut self, cells: &[Value<'_>]) -> Result<u64, WriteError> {
        self.line.clear();
        for (at, value) in cells.iter().enumerate() {
            if at > 0 {
                self.line.push(b'\t');
            }
            push_cell(&mut self.line, *value, self.escape)?;
        }
        let first = self.line.split(|byte| *byte == b'\t').next().unwrap_or_default();
        if !matches!(lookup(first), Lookup::Deal) {
            let name = String::from_utf8_lossy(first).into_owned();
            return Err(WriteError::UnknownRecord { name });
        }
        self.end_line()?;
        Ok(self.totals.lines)
    }

    /// Writes a comment line; the footer counts it.
    ///
    /// # Errors
    /// [`WriteError`]: the target failed, or the text has a line break.
    pub fn comment(&mut self, text: &str) -> Result<(), WriteError> {
        if text.contains(['\n', '\r']) {
            return Err(WriteError::LineBreak { text: text.to_owned() });
        }
        self.line.clear();
        self.line.push(b'#');
        self.line.extend_from_slice(text.as_bytes());
        self.end_line()
    }

    /// Writes the footer; the target, and the totals up to and with this file.
    ///
    /// # Errors
    /// [`WriteError`]: the target failed.
    pub fn finish(mut self) -> Result<(W, Totals), WriteError> {
        self.totals.lines += 1;
        let report = Totals {
            lines: self.earlier.lines + self.totals.lines,
            summary_records: self.earlier.summary_records + self.totals.summary_records,
            blocks: self.earlier.blocks + self.totals.blocks,
        };
        let [lines, summaries, blocks, report_lines, report_blocks] = [
            self.totals.lines,
            self.totals.summary_records,
            self.totals.blocks,
            report.lines,
            report.blocks,
        ]
        .map(|count| count.to_string());
        let in_report = |text| if self.is_last { Value::One(text) } else { Value::One("") };
        let (table, cells) = if self.profile.single_record {
            let cells = vec![
                (Field::NumberOfLinesInReport, Value::One(&report_lines)),
                (Field::NumberOfSummaryRecords, Value::One(&summaries)),
            ];
            (table("SRFO")?, cells)
        } else {
            let cells = vec![
                (Field::NumberOfLinesInFile, Value::One(&lines)),
                (Field::NumberOfLinesInReport, in_report(&report_lines)),
                (Field::NumberOfSummaryRecords, Value::One(&summaries)),
                (Field::NumberOfBlocksInFile, Value::One(&blocks)),
                (Field::NumberOfBlocksInReport, in_report(&report_blocks)),
            ];
            (table("FOOT")?, cells)
        };
        self.line.clear();
        self.fill(table, &cells)?;
        self.line.extend_from_slice(self.ending.bytes());
        self.out.write_all(&self.line)?;
        self.out.flush()?;
        Ok((self.out, report))
    }

    fn cells(
        &mut self,
        table: &'static RecordSpec,
        cells: &[(Field, Value<'_>)],
    ) -> Result<(), WriteError> {
        self.line.clear();
        self.fill(table, cells)?;
        self.end_line()
    }

    fn fill(
        &mut self,
        table: &'static RecordSpec,
        cells: &[(Field, Value<'_>)],
    ) -> Result<(), WriteError> {
        let record = || table.name();
        for (field, _) in cells {
            if table.index(*field).is_none() || *field == Field::RecordType {
                return Err(WriteError::UnknownCell { record: record(), field: *field });
            }
        }
        self.line.extend_from_slice(record().as_bytes());
        for CellSpec { field, name, need, many, .. } in &table.cells[1..] {
            self.line.push(b'\t');
            let start = self.line.len();
            if let Some((_, value)) = cells.iter().find(|(given, _)| given == field) {
                if !many && matches!(value, Value::Many(values) if values.len() > 1) {
                    return Err(WriteError::NotMany { record: record(), cell: name });
                }
                push_cell(&mut self.line, *value, self.escape)?;
            }
            if *need == Need::Must && self.line.len() == start {
                return Err(WriteError::Missing { record: record(), cell: name });
            }
        }
        Ok(())
    }

    fn enter_block(&mut self, id: &str) -> Result<(), WriteError> {
        if self.block == id {
            return Ok(());
        }
        if self.blocks_seen.enter(id.as_bytes(), self.totals.lines).is_some() {
            return Err(WriteError::BlockReopened { id: id.to_owned() });
        }
        id.clone_into(&mut self.block);
        self.totals.blocks += 1;
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), WriteError> {
        self.line.extend_from_slice(self.ending.bytes());
        self.out.write_all(&self.line)?;
        self.totals.lines += 1;
        Ok(())
    }
}

/// Writes a line as it was read, byte for byte, whatever is in it.
///
/// # Errors
/// Whatever the target says.
pub fn write_as_read(out: &mut impl Write, line: &Record) -> io::Result<()> {
    out.write_all(line.raw())?;
    out.write_all(line.ending.bytes())
}

fn table(name: &str) -> Result<&'static RecordSpec, WriteError> {
    spec(name).ok_or_else(|| WriteError::UnknownRecord { name: name.to_owned() })
}

#[cfg(test)]
mod tests;
