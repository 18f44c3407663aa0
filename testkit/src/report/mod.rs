//! Sales reports of any size in true DSR form, and the catalogue that fits them.
//!
//! The reports are those of [`forge`]; what is added here is a label that could receive them.

mod label;

use std::collections::BTreeMap;
use std::io::{self, Write};

use catalog::Catalog;
use dsr::{Profile, Purpose};
use forge::ForgeError;
use money::{Atoms, Currency};
use period::Month;

/// Which profile a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `FinancialReportingToRecordCompaniesProfileSRB`: money that reaches us, line by line.
    Financial,
    /// `BasicAudioProfile`: usages by block, net revenue of the service by summary record.
    BasicAudio,
    /// `UGCProfile`: usages and net revenue of the service line by line, in blocks.
    Ugc,
}

/// What to write; the same order gives the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Where all numbers come from.
    pub seed: u64,
    /// Sales transactions: the report's lines without header, footer and whatever else.
    pub lines: u64,
    /// The month of usage.
    pub month: Month,
    /// Recordings of the catalogue, at most 90,000.
    pub recordings: u64,
    /// Payees of the catalogue, at most 9,999.
    pub payees: u64,
    /// Agreements of the catalogue, from 30 to 900.
    pub agreements: u64,
}

impl Order {
    /// A report of so many lines on 20,000 recordings, 2,000 payees and 500 agreements.
    ///
    /// # Panics
    /// Never: June 2021 is a month.
    #[must_use]
    pub fn new(seed: u64, lines: u64) -> Self {
        let month = Month::new(2021, 6).expect("June 2021");
        Self { seed, lines, month, recordings: 20_000, payees: 2_000, agreements: 500 }
    }

    fn of(&self, form: Form) -> forge::Order {
        let (purpose, single_record) = match form {
            Form::Financial => (Purpose::Financial, true),
            Form::BasicAudio => (Purpose::BasicAudio, false),
            Form::Ugc => (Purpose::Ugc, false),
        };
        let made = forge::Order::new(Profile { purpose, single_record }, self.seed, self.lines);
        forge::Order { month: self.month, recordings: self.recordings, ..made }
    }
}

/// Control totals of a report, exact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Lines of the file, header and footer included.
    pub lines: u64,
    /// Summary records.
    pub summary_records: u64,
    /// Blocks; in a report of single-record blocks, its sales transactions.
    pub blocks: u64,
    /// Sales transactions.
    pub sales: u64,
    /// Sum of the usages.
    pub usages: u64,
    /// Sum of the net revenue, by currency: ours or the service's, as the form has it.
    pub net: BTreeMap<Currency, Atoms>,
}

/// Writes a report, line by line; what is kept in memory does not grow with it.
///
/// Give it a buffered writer.
///
/// # Errors
/// Whatever the writer says.
///
/// # Panics
/// If the order has more recordings than can be made.
pub fn write_report(out: &mut impl Write, form: Form, order: &Order) -> io::Result<Written> {
    let truth = match forge::write_one(&order.of(form), out) {
        Ok(truth) => truth,
        Err(ForgeError::Io(fault)) => return Err(fault),
        Err(fault) => panic!("{fault}"),
    };
    Ok(Written {
        lines: truth.lines(),
        summary_records: truth.summaries.len() as u64,
        blocks: truth.blocks(),
        sales: truth.sales(),
        usages: truth.usages(),
        net: truth.net(),
    })
}

/// The name of the file, as the standard makes it from the header.
#[must_use]
pub fn file_name(order: &Order) -> String {
    order.of(Form::Financial).file_name(1)
}

/// The catalogue that fits a report of this order: every known recording, and what was promised.
#[must_use]
pub fn catalogue(order: &Order) -> Catalog {
    label::catalogue(order)
}

/// The catalogue as its folder of files.
#[must_use]
pub fn catalogue_files(order: &Order) -> BTreeMap<String, String> {
    catalog::write_files(&catalogue(order))
}
