//! A report added up in one pass, without making usage lines: sums by recording and summary record.
//!
//! What is summed is linear, so right shares can be applied to the sums afterwards, exactly: a
//! line's amount, or, where lines share out the revenue of their summary record, their usages.

mod block;
mod column;
mod grid;
mod number;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::BufRead;

use dsr::table::RecordSpec;
use dsr::{Field, Header, Limits, Purpose, Reader, Record};
use money::Atoms;

use self::block::{Block, place_of};
use self::column::{Class, Columns};
use self::grid::Grid;
use self::number::{Number, number};
use super::fault::{Fault, amount_of, usages_of};
use super::pool::{Pool, Usages};
use super::sale::{Kind, usages};
use super::survey::{Survey, base, key};
use crate::IngestError;
use crate::rule::{AMOUNT, ENCODING, USAGES};

pub use column::{TallyColumn, Worth};
pub use grid::{Sink, Sum, Sums};

/// Adds up a report of one or several files; memory does not grow with their size.
///
/// The caller says which recording an ISRC names, as a place from 1; 0 is every other recording.
///
/// ```
/// use ingest::Tally;
///
/// let text = "HEAD|dsrf/1|UGCProfile|1.4|M1|2026-02-01T00:00:00Z|1|1|2026-01-01|2026-01-31|S\n\
///             SY02.01|1|||SubscriptionModel|Stream|KR|Svc|3||KRW|10\n\
///             AS02.02|B1|A1|t1|KRA301100123|Rain||Kim|||SoundRecording\n\
///             SU03.02|B1|T1|1|t1|1|2.5\n\
///             SU03.02|B1|T2|1|t1|2|5\n"
///     .replace('|', "\t");
/// let place = |isrc: &str| u32::from(isrc == "KRA301100123");
/// let mut sums = [0; 2];
/// let mut sink = |place: u32, _: usize, all: ingest::Sums<'_>| {
///     assert_eq!(place, 1);
///     let ingest::Sums::Nano(all) = all else { panic!("numbers are small here") };
///     all.iter().for_each(|it| sums = [sums[0] + it[0], sums[1] + it[1]]);
/// };
/// let mut tally = Tally::new(&place);
/// tally.take("DSR_x.tsv", text.as_bytes(), &mut sink)?;
/// let tallied = tally.finish(&mut sink)?;
/// assert_eq!(tallied.lines, 2);
/// assert_eq!(sums, [7_500_000_000, 3_000_000_000]);
/// # Ok::<(), ingest::IngestError>(())
/// ```
pub struct Tally<'a> {
    place: &'a dyn Fn(&str) -> u32,
    survey: Survey,
    columns: Columns,
    grid: Grid,
    block: Block,
    faults: BTreeMap<&'static str, u64>,
    records: u64,
}

/// What came of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tallied {
    /// Its header.
    pub header: Header,
    /// The columns of the sums; one whose lines are kept aside is `None`, and its sums do not count.
    pub columns: Vec<Option<TallyColumn>>,
    /// Lines of its files, comments and empty lines included.
    pub records: u64,
    /// Sales transactions that are in the sums.
    pub lines: u64,
    /// Records that should be in the sums and are not, by rule.
    pub faults: BTreeMap<&'static str, u64>,
}

impl<'a> Tally<'a> {
    /// Nothing added up yet.
    #[must_use]
    pub fn new(place: &'a dyn Fn(&str) -> u32) -> Self {
        Self {
            place,
            survey: Survey::default(),
            columns: Columns::default(),
            grid: Grid::default(),
            block: Block::default(),
            faults: BTreeMap::new(),
            records: 0,
        }
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`IngestError`] when the file cannot be read to its end.
    pub fn take<R: BufRead>(
        &mut self,
        name: &str,
        source: R,
        sink: Sink<'_>,
    ) -> Result<(), IngestError> {
        self.survey.files += 1;
        let mut reader = Reader::new(base(name), source, Limits::default());
        let mut record = Record::default();
        while reader.read(&mut record)? {
            self.records += 1;
            if record.is_data() {
                self.record(&record);
                if self.grid.is_full() {
                    self.grid.drain(sink);
                }
            }
        }
        self.close_block();
        Ok(())
    }

    /// Gives the remaining sums away and says what the columns mean.
    ///
    /// # Errors
    /// [`IngestError`] when no header says what the report is about.
    pub fn finish(mut self, sink: Sink<'_>) -> Result<Tallied, IngestError> {
        self.grid.drain(sink);
        let file = String::new;
        let header = self.survey.header.ok_or_else(|| IngestError::NoHeader { file: file() })?;
        match header.profile().map(|it| it.purpose) {
            None => {
                return Err(IngestError::Profile { file: file(), profile: header.profile_name });
            }
            // What its lines are worth stands in the claims behind them.
            Some(Purpose::RoyaltyReporting) => {
                return Err(IngestError::Claims { profile: header.profile_name });
            }
            Some(_) => {}
        }
        let pools = &mut self.survey.pools;
        for column in &self.columns.all {
            if let Some(pool) = pools.find(&column.id) {
                pool.survey(column.usages);
            }
        }
        let mut lines = 0;
        let mut columns = Vec::new();
        for column in &self.columns.all {
            let resolved = column.resolve(pools.look_up(&column.id), &mut self.faults);
            lines += resolved.as_ref().map_or(0, |it| it.lines);
            columns.push(resolved);
        }
        self.faults.retain(|_, lines| *lines > 0);
        Ok(Tallied { header, columns, records: self.records, lines, faults: self.faults })
    }

    fn record(&mut self, record: &Record) {
        let Some(spec) = record.lookup().spec() else { return };
        let kind = Kind::of(spec);
        if !record.is_utf8() {
            if kind.is_some() || spec.code.starts_with(b"SY") {
                *self.faults.entry(ENCODING.id).or_default() += 1;
            }
            return;
        }
        if spec.code.starts_with(b"SY") {
            if let Err(fault) = Pool::read(record, spec) {
                *self.faults.entry(fault.rule.id).or_default() += 1;
            }
            return self.survey.declare(record, spec);
        }
        if matches!(&spec.code, b"HEAD" | b"SRHE") {
            self.survey.header.get_or_insert_with(|| Header::read(record, spec));
        }
        if let Some(at) = spec.index(Field::BlockId) {
            self.enter_block(record.cell(at).raw());
        }
        match kind {
            Some(kind) if Kind::is_in_block(spec) => self.sell(kind, record, spec, false),
            Some(kind) => self.sale(kind, record, spec, place_of(record, spec, self.place)),
            None if self.block.is_open() => self.block.take(record, spec, self.place),
            None => {}
        }
    }

    fn enter_block(&mut self, id: &[u8]) {
        if !id.is_empty() && !self.block.is(id) {
            self.close_block();
            self.block.begin(id);
        }
    }

    fn close_block(&mut self) {
        for record in std::mem::take(&mut self.block.waiting) {
            if let Some(spec) = record.lookup().spec()
                && let Some(kind) = Kind::of(spec)
            {
                self.sell(kind, &record, spec, true);
            }
        }
        self.block.close();
    }

    /// A sales transaction of a block, unless what it refers to is still to come.
    fn sell(&mut self, kind: Kind, record: &Record, spec: &'static RecordSpec, last: bool) {
        match self.block.place(record, spec, last || !self.block.is_open()) {
            Some(place) => self.sale(kind, record, spec, place),
            None => self.block.waiting.push(record.clone()),
        }
    }

    fn sale(&mut self, kind: Kind, record: &Record, spec: &'static RecordSpec, place: u32) {
        let id = key(record, spec);
        let used = match used(record, spec) {
            Ok(used) => used,
            Err(fault) => return self.set_aside(id, &fault),
        };
        let (class, weight) = match weigh(kind, record, spec, used.1) {
            Ok(weighed) => weighed,
            Err(fault) => {
                self.survey(id, Usages { gross: used.0, net: used.1.atoms });
                return self.set_aside(id, &fault);
            }
        };
        let at = self.columns.place(id, class);
        let column = &mut self.columns.all[at];
        let gross = column.usages.gross.checked_add(used.0);
        let net = column.usages.net.checked_add(used.1.atoms);
        let (Some(gross), Some(net)) = (gross, net) else {
            return self.set_aside(id, &Fault::new(&USAGES, Field::Usages, "beyond the range"));
        };
        if !self.grid.add(place, at, weight, used.1) {
            return self.set_aside(id, &Fault::new(&AMOUNT, Field::Usages, "beyond the range"));
        }
        let column = &mut self.columns.all[at];
        column.usages = Usages { gross, net };
        column.lines += 1;
    }

    /// Usages of a line that is kept aside still count among those that share out the revenue.
    fn survey(&mut self, id: &[u8], usages: Usages) {
        let at = self.columns.place(id, Class::Bare);
        let sums = &mut self.columns.all[at].usages;
        let gross = sums.gross.checked_add(usages.gross);
        if let (Some(gross), Some(net)) = (gross, sums.net.checked_add(usages.net)) {
            *sums = Usages { gross, net };
        }
    }

    fn set_aside(&mut self, id: &[u8], fault: &Fault) {
        let at = self.columns.place(id, Class::Bare);
        *self.columns.all[at].faults.entry(fault.rule.id).or_default() += 1;
    }
}

/// The usages of a sales transaction, as they stand and with returns taken off; the quick way where
/// there is one number and no more.
fn used(record: &Record, spec: &RecordSpec) -> Result<(Atoms, Number), Box<Fault>> {
    let has = |field| spec.index(field).is_some_and(|at| !record.cell(at).is_empty());
    let cell = record.field(spec, Field::Usages);
    if cell.is_empty() || has(Field::NetUsage) || has(Field::Returns) {
        let Usages { gross, net } = usages(record, spec)?;
        return Ok((gross, Number { atoms: net, nano: None }));
    }
    let net = number(cell, Field::Usages, usages_of)?;
    Ok((net.atoms, net))
}

/// How a sales transaction carries its money, and the weight of it.
fn weigh(
    kind: Kind,
    record: &Record,
    spec: &RecordSpec,
    usages: Number,
) -> Result<(Class, Number), Box<Fault>> {
    let (class, field) = match kind {
        // Claims make a kind of their own line by line, and such a report is not added up here.
        Kind::Bare | Kind::Claimed(_) => return Ok((Class::Bare, Number::ZERO)),
        Kind::Shared => return Ok((Class::Shared, usages)),
        Kind::Own if record.field(spec, Field::NetRevenue).is_empty() => {
            return Ok((Class::Bare, Number::ZERO));
        }
        Kind::Own => (Class::Own, Field::NetRevenue),
        Kind::Allocated => {
            let accounting = Field::AllocatedNetRevenueInCurrencyOfAccounting;
            match record.field(spec, accounting).is_empty() {
                false => (Class::Accounting, accounting),
                true => (Class::Transaction, Field::AllocatedNetRevenueInCurrencyOfTransaction),
            }
        }
    };
    let amount = number(record.field(spec, field), field, amount_of)?;
    Ok(if amount.atoms.is_zero() { (Class::Bare, amount) } else { (class, amount) })
}
