//! Usage lines → staged files.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use period::Month;
use usage::{Line, LineBatch, LineError, Row};

use crate::digest::DigestWriter;
use crate::encode::LineFile;
use crate::layout::file_path;
use crate::manifest::Tally;
use crate::{FileEntry, LakeError, StagedReport};

/// Partitions of a report that may be open at once.
const PARTS_MAX: usize = 64;
/// Lines a partition collects before they are written as a row group.
const GROUP_LINES: usize = 128 << 10;
/// Bytes a partition collects before they are written.
const GROUP_BYTES_MAX: usize = 32 << 20;
/// Bytes all open partitions may hold before the largest one is written.
const HELD_BYTES_MAX: usize = 64 << 20;
/// Lines between two looks at what all partitions hold.
const LOOK_LINES: u64 = 4096;
/// Files a report may have: lines with wild dates shall not fill the folder.
const FILES_MAX: u32 = 1024;

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
        self.current = self.part_of(line.month(), &line.sender)?;
        self.add(|batch| batch.push(line), &mut |tally| {
            tally.add(line.usages, line.basis, line.currency, line.amount);
        })
    }

    /// Appends a usage line in parts; it is one of this report.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn push_row(&mut self, row: &Row<'_>) -> Result<(), LakeError> {
        self.current = self.part_of(row.offer.month(), &row.offer.sender)?;
        self.add(|batch| batch.push_row(row), &mut |tally| {
            tally.add(row.usages, row.offer.basis, row.offer.currency, row.amount);
        })
    }

    /// Adds a line to the current partition.
    fn add(
        &mut self,
        push: impl FnOnce(&mut LineBatch) -> Result<(), LineError>,
        count: &mut dyn FnMut(&mut Tally),
    ) -> Result<(), LakeError> {
        self.now += 1;
        let part = &mut self.parts[self.current];
        part.used = self.now;
        push(&mut part.batch)?;
        count(&mut part.tally);
        if part.batch.len() >= GROUP_LINES || part.batch.size_bytes() >= GROUP_BYTES_MAX {
            part.write()?;
        }
        if self.now.is_multiple_of(LOOK_LINES) {
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

    fn part_of(&mut self, month: Month, sender: &str) -> Result<usize, LakeError> {
        let fits = |part: &Part| part.month == month && part.sender == sender;
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
        let part = Part::create(&self.staging, &self.report, month, sender, self.next_number)?;
        self.next_number += 1;
        self.parts.push(part);
        Ok(self.parts.len() - 1)
    }

    fn bound_memory(&mut self) -> Result<(), LakeError> {
        let held = |part: &Part| part.batch.size_bytes();
        if self.parts.iter().map(held).sum::<usize>() <= HELD_BYTES_MAX {
            return Ok(());
        }
        let largest = self.parts.iter_mut().max_by_key(|part| held(part));
        largest.map_or(Ok(()), Part::write)
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
    writer: LineFile<DigestWriter<BufWriter<File>>>,
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
        let writer = LineFile::create(DigestWriter::new(BufWriter::new(opened)))
            .map_err(LakeError::parquet(&file))?;
        Ok(Self {
            file,
            path,
            report: report.to_owned(),
            month,
            sender: sender.to_owned(),
            batch: LineBatch::new(report),
            writer,
            tally: Tally::default(),
            used: 0,
        })
    }

    /// Writes what is held as a row group.
    fn write(&mut self) -> Result<(), LakeError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = self.batch.finish().map_err(LakeError::arrow(&self.file))?;
        self.writer.write(&batch).map_err(LakeError::parquet(&self.file))
    }

    /// `None` when every line of the partition was refused: then there is no file either.
    fn close(mut self) -> Result<Option<FileEntry>, LakeError> {
        if self.tally.lines == 0 {
            drop(self.writer);
            fs::remove_file(&self.file).map_err(LakeError::io("remove", &self.file))?;
            return Ok(None);
        }
        self.write()?;
        let writer = self.writer.into_inner().map_err(LakeError::parquet(&self.file))?;
        let (file, bytes, sha256) = writer.into_parts();
        let file = file
            .into_inner()
            .map_err(|fault| LakeError::io("write", &self.file)(fault.into_error()))?;
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
