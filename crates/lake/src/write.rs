//! Usage lines → staged files.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use period::Month;
use usage::{Line, LineBatch, column};

use crate::digest::DigestWriter;
use crate::layout::file_path;
use crate::manifest::Tally;
use crate::{FileEntry, LakeError, StagedReport};

/// Partitions of a report that may be open at once.
const PARTS_MAX: usize = 64;
/// Lines a partition collects before they are encoded.
const BATCH_LINES: usize = 4096;
/// Bytes of text a partition collects before they are encoded.
const BATCH_BYTES_MAX: usize = 8 << 20;
/// Bytes all open partitions may hold encoded before the largest one is written out.
const ENCODED_BYTES_MAX: usize = 256 << 20;
/// Files a report may have: lines with wild dates shall not fill the folder.
const FILES_MAX: u32 = 1024;
const ROW_GROUP_LINES: usize = 128 << 10;
const ZSTD_LEVEL: i32 = 1;

/// Writes the usage lines of one report into its staging folder.
///
/// Lines may come in any order. Memory is bounded: at most 64 partitions (month and sender) are
/// open, the one unused for longest is closed first, and a partition seen again gets another file,
/// up to 1024 files a report.
#[derive(Debug)]
pub struct ReportWriter {
    staging: PathBuf,
    report: String,
    parts: Vec<Part>,
    /// Index of the partition the last line went to.
    current: usize,
    /// Number of lines pushed, used as a clock for the partitions.
    now: u64,
    next_number: u32,
    files: Vec<FileEntry>,
}

impl ReportWriter {
    /// `staging` is the report's own, empty folder.
    pub(crate) const fn new(staging: PathBuf, report: String) -> Self {
        Self {
            staging,
            report,
            parts: Vec::new(),
            current: 0,
            now: 0,
            next_number: 0,
            files: Vec::new(),
        }
    }

    /// Appends a usage line.
    ///
    /// # Errors
    /// [`LakeError::Line`], [`LakeError::OtherReport`] and [`LakeError::TooManyFiles`] refuse this
    /// line and leave the writer usable; after any other error the report has to be begun again.
    pub fn push(&mut self, line: &Line) -> Result<(), LakeError> {
        if line.report != self.report {
            return Err(LakeError::OtherReport { line: line.line, found: line.report.clone() });
        }
        self.now += 1;
        let now = self.now;
        self.current = self.part_of(line)?;
        let part = &mut self.parts[self.current];
        part.used = now;
        part.push(line)?;
        if part.batch.len() >= BATCH_LINES || part.batch_bytes >= BATCH_BYTES_MAX {
            part.encode()?;
            self.bound_memory()?;
        }
        Ok(())
    }

    /// Closes all files and forces them to disk; they are still only staged.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be completed.
    pub fn finish(mut self) -> Result<StagedReport, LakeError> {
        for part in std::mem::take(&mut self.parts) {
            self.files.extend(part.close()?);
        }
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(StagedReport { report: self.report, files: self.files })
    }

    fn part_of(&mut self, line: &Line) -> Result<usize, LakeError> {
        let month = line.month();
        let fits = |part: &Part| part.month == month && part.sender == line.sender;
        if self.parts.get(self.current).is_some_and(fits) {
            return Ok(self.current);
        }
        if let Some(found) = self.parts.iter().position(fits) {
            return Ok(found);
        }
        if self.next_number >= FILES_MAX {
            let report = self.report.clone();
            return Err(LakeError::TooManyFiles { report, limit: FILES_MAX });
        }
        if self.parts.len() >= PARTS_MAX {
            let oldest = (0..self.parts.len())
                .min_by_key(|&index| self.parts[index].used)
                .expect("there are open partitions");
            let part = self.parts.swap_remove(oldest);
            self.files.extend(part.close()?);
        }
        let part =
            Part::create(&self.staging, &self.report, month, &line.sender, self.next_number)?;
        self.next_number += 1;
        self.parts.push(part);
        Ok(self.parts.len() - 1)
    }

    fn bound_memory(&mut self) -> Result<(), LakeError> {
        let sizes = || self.parts.iter().map(|part| part.writer.memory_size());
        if sizes().sum::<usize>() <= ENCODED_BYTES_MAX {
            return Ok(());
        }
        let (largest, _) =
            sizes().enumerate().max_by_key(|&(_, size)| size).expect("there are open partitions");
        let part = &mut self.parts[largest];
        part.writer.flush().map_err(LakeError::parquet(&part.file))
    }
}

/// One open file.
struct Part {
    /// Where the file is staged.
    file: PathBuf,
    path: String,
    report: String,
    month: Month,
    sender: String,
    batch: LineBatch,
    batch_bytes: usize,
    writer: ArrowWriter<DigestWriter<File>>,
    tally: Tally,
    used: u64,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Part {
    fn create(
        staging: &Path,
        report: &str,
        month: Month,
        sender: &str,
        number: u32,
    ) -> Result<Self, LakeError> {
        let path = file_path(month, sender, report, number);
        let file = staging.join(&path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(LakeError::io("create", folder))?;
        }
        let opened = File::create_new(&file).map_err(LakeError::io("create", &file))?;
        let writer =
            ArrowWriter::try_new(DigestWriter::new(opened), usage::schema(), Some(properties()))
                .map_err(LakeError::parquet(&file))?;
        Ok(Self {
            file,
            path,
            report: report.to_owned(),
            month,
            sender: sender.to_owned(),
            batch: LineBatch::new(),
            batch_bytes: 0,
            writer,
            tally: Tally::default(),
            used: 0,
        })
    }

    fn push(&mut self, line: &Line) -> Result<(), LakeError> {
        self.batch.push(line)?;
        self.batch_bytes += text_bytes(line);
        self.tally.add(line.usages, line.basis, line.currency, line.amount);
        Ok(())
    }

    fn encode(&mut self) -> Result<(), LakeError> {
        let batch = self.batch.finish().map_err(LakeError::arrow(&self.file))?;
        self.batch_bytes = 0;
        self.writer.write(&batch).map_err(LakeError::parquet(&self.file))
    }

    /// `None` when every line of the partition was refused: then there is no file either.
    fn close(mut self) -> Result<Option<FileEntry>, LakeError> {
        if self.tally.lines == 0 {
            drop(self.writer);
            fs::remove_file(&self.file).map_err(LakeError::io("remove", &self.file))?;
            return Ok(None);
        }
        self.encode()?;
        let writer = self.writer.into_inner().map_err(LakeError::parquet(&self.file))?;
        let (file, bytes, sha256) = writer.into_parts();
        file.sync_all().map_err(LakeError::io("sync", &self.file))?;
        Ok(Some(FileEntry {
            usages: self.tally.usages(&self.path)?,
            amounts: self.tally.amounts(&self.path)?,
            path: self.path,
            report: self.report,
            month: self.month,
            sender: self.sender,
            lines: self.tally.lines,
            bytes,
            sha256,
        }))
    }
}

const fn text_bytes(line: &Line) -> usize {
    line.transaction.len()
        + line.service.len()
        + line.territory.len()
        + line.use_type.len()
        + line.commercial_model.len()
        + line.isrc.len()
        + line.icpn.len()
        + line.resource_id.len()
        + line.title.len()
        + line.artist.len()
}

/// Line numbers rise, so their differences are stored; transaction ids are distinct, so a
/// dictionary of them would be as long as the column.
fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(ZSTD_LEVEL).expect("the level is within 1 to 22");
    let line = ColumnPath::from(column::LINE);
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP_LINES))
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_dictionary_enabled(line.clone(), false)
        .set_column_encoding(line, Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled(ColumnPath::from(column::TRANSACTION), false)
        .build()
}
