//! Files in place → record batches and usage lines.

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use period::{Date, Period};
use usage::{Line, LineReader};

use crate::layout::below;
use crate::{FileEntry, Lake, LakeError};

const BATCH_LINES: usize = 8192;

/// Which usage lines to look at; the default is all of them.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Filter {
    /// Only lines whose first day of usage is in this period.
    pub period: Option<Period>,
    /// Only lines of these reports.
    pub reports: Option<BTreeSet<String>>,
}

impl Filter {
    /// Every line.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Only lines whose first day of usage is in `period`.
    #[must_use]
    pub fn period(period: Period) -> Self {
        Self { period: Some(period), reports: None }
    }

    /// Only lines of one report.
    #[must_use]
    pub fn report(report: &str) -> Self {
        Self { period: None, reports: Some(BTreeSet::from([report.to_owned()])) }
    }

    /// Whether a file can hold lines that pass.
    pub(crate) fn admits_file(&self, entry: &FileEntry) -> bool {
        let report = self.reports.as_ref().is_none_or(|reports| reports.contains(&entry.report));
        report && self.period.is_none_or(|period| period.overlaps(entry.month.period()))
    }

    /// Whether a line passes that is in a file that passes.
    pub(crate) fn admits_day(&self, from: Date) -> bool {
        self.period.is_none_or(|period| period.contains(from))
    }
}

impl Lake {
    /// Visits usage lines, file after file in path order, until `visit` breaks.
    ///
    /// The order of `files` does not matter. Within a file, lines come in the order in which they
    /// were written.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be read or does not hold what its entry says.
    pub fn lines(
        &self,
        files: &[FileEntry],
        filter: &Filter,
        visit: &mut dyn FnMut(Line) -> ControlFlow<()>,
    ) -> Result<(), LakeError> {
        for entry in selected(files, filter) {
            let mut flow = ControlFlow::Continue(());
            let path = below(self.root(), &entry.path)?;
            scan(entry, &path, None, &mut |batch| {
                let reader = LineReader::try_new(batch).map_err(LakeError::batch(&path))?;
                let columns = reader.columns();
                for row in 0..reader.len() {
                    if filter.admits_day(columns.from(row)) {
                        flow = visit(reader.line(row));
                        if flow.is_break() {
                            return Ok(flow);
                        }
                    }
                }
                Ok(flow)
            })?;
            if flow.is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// The files that can hold lines that pass, each once, in path order.
pub(crate) fn selected<'a>(files: &'a [FileEntry], filter: &Filter) -> Vec<&'a FileEntry> {
    let mut selected: Vec<&FileEntry> =
        files.iter().filter(|entry| filter.admits_file(entry)).collect();
    selected.sort_by(|a, b| a.path.cmp(&b.path));
    selected.dedup_by(|a, b| a.path == b.path);
    selected
}

type VisitBatch<'a> = dyn FnMut(&RecordBatch) -> Result<ControlFlow<()>, LakeError> + 'a;

/// Reads a file batch by batch, and checks the number of its lines when it was read to the end.
pub(crate) fn scan(
    entry: &FileEntry,
    path: &Path,
    columns: Option<&[&str]>,
    visit: &mut VisitBatch<'_>,
) -> Result<(), LakeError> {
    let file = File::open(path).map_err(LakeError::io("open", path))?;
    let mut builder =
        ParquetRecordBatchReaderBuilder::try_new(file).map_err(LakeError::parquet(path))?;
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    let reader = builder.with_batch_size(BATCH_LINES).build().map_err(LakeError::parquet(path))?;
    let mut found = 0_u64;
    for batch in reader {
        let batch = batch.map_err(LakeError::arrow(path))?;
        found += u64::try_from(batch.num_rows()).unwrap_or(u64::MAX);
        if visit(&batch)?.is_break() {
            return Ok(());
        }
    }
    if found != entry.lines {
        let path = entry.path.clone();
        return Err(LakeError::Count { path, expected: entry.lines, found });
    }
    Ok(())
}
