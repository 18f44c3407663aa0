//! The first pass: headers, summary records, sums of usages.

use std::io::BufRead;

use dsr::table::RecordSpec;
use dsr::{ById, Field, Header, Limits, Reader, Record};
use finding::{Finding, Position};
use period::Period;
use usage::Row;

use super::Source;
use super::lines::Pass;
use super::pool::Pool;
use super::sale::{Kind, usages};
use crate::rule::NO_SALES;
use crate::{IngestError, Ingested};

/// What a report announces: the first of two passes over its files.
#[derive(Debug, Default)]
pub struct Survey {
    pub(super) header: Option<Header>,
    pub(super) files: u32,
    pub(super) pools: ById<Pool>,
}

impl Survey {
    /// Adds a file: its summary records, and the usages of its sales transactions.
    ///
    /// Files of one report repeat their summary records; the first one counts.
    ///
    /// # Errors
    /// [`IngestError`] when the file cannot be read.
    pub fn take<R: BufRead>(&mut self, name: &str, source: R) -> Result<(), IngestError> {
        self.begin_file();
        let mut reader = Reader::new(base(name), source, Limits::default());
        let mut record = Record::default();
        while reader.read(&mut record)? {
            self.see(&record);
        }
        Ok(())
    }

    /// Begins another file of the report, whose lines [`Survey::see`] gets one by one.
    pub const fn begin_file(&mut self) {
        self.files += 1;
    }

    /// Adds a line of the file that was begun.
    pub fn see(&mut self, record: &Record) {
        let Some(spec) = record.lookup().spec().filter(|_| record.is_utf8()) else { return };
        if matches!(&spec.code, b"HEAD" | b"SRHE") {
            self.header.get_or_insert_with(|| Header::read(record, spec));
        } else if spec.code.starts_with(b"SY") {
            self.declare(record, spec);
        } else if Kind::of(spec).is_some()
            && let Ok(usages) = usages(record, spec)
        {
            self.pool(key(record, spec)).survey(usages);
        }
    }

    /// Makes the usage lines of a file; every file of the report was taken before.
    ///
    /// The pools of the outcome stand as after this file, so those of the last file are the
    /// report's.
    ///
    /// # Errors
    /// [`IngestError`] when the file cannot be read, or the header does not say what it is about.
    pub fn lines<R: BufRead>(
        &mut self,
        source: &Source<'_>,
        bytes: R,
        rows: &mut dyn FnMut(&Row<'_>),
        findings: &mut dyn FnMut(Finding),
    ) -> Result<Ingested, IngestError> {
        let file = base(source.name);
        let (header, period) = self.about(file)?;
        if header.profile().is_some_and(|profile| !profile.has_sales()) {
            let finding = NO_SALES.finding("a master list; no usage lines are made of it");
            findings(finding.at(Position::of_file(file)));
        }
        let mut reader = Reader::new(file, bytes, Limits::default());
        let mut pass = Pass::new(self, source, file, header, period, rows, findings);
        let mut record = Record::default();
        while reader.read(&mut record)? {
            if record.is_data() {
                pass.take(&record);
            }
        }
        Ok(pass.finish())
    }

    /// Header and period of the report.
    fn about(&self, file: &str) -> Result<(Header, Period), IngestError> {
        let file = || file.to_owned();
        let header = self.header.clone().ok_or_else(|| IngestError::NoHeader { file: file() })?;
        if header.profile().is_none() {
            return Err(IngestError::Profile { file: file(), profile: header.profile_name });
        }
        let period = header.period().ok_or_else(|| IngestError::NoPeriod { file: file() })?;
        Ok((header, period))
    }

    pub(super) fn declare(&mut self, record: &Record, spec: &RecordSpec) {
        let mut pool = Pool::read(record, spec)
            .unwrap_or_else(|_| Pool::broken("its summary record cannot be read"));
        pool.file = self.files;
        pool.is_breakdown = spec.code == *b"SY05";
        let known = self.pool(key(record, spec));
        // A breakdown by rights carries no net revenue; it only counts where nothing else does.
        if known.file == 0 || (known.is_breakdown && !pool.is_breakdown) {
            known.declare(pool);
        } else if known.file == pool.file && known.is_breakdown == pool.is_breakdown {
            known.join(&pool);
        }
    }

    /// The pool of an id; one that nothing declared so far is broken.
    fn pool(&mut self, id: &[u8]) -> &mut Pool {
        self.pools.entry(id, || Pool::broken("no summary record of this id"))
    }
}

/// The summary record id, as bytes.
pub(super) fn key<'a>(record: &'a Record, spec: &RecordSpec) -> &'a [u8] {
    match record.field(spec, Field::SummaryRecordId).raw() {
        [b'"', inner @ .., b'"'] => inner,
        raw => raw,
    }
}

/// The name without its folders.
pub(super) fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
