//! Sales reports of any size in true DSR form, and the catalogue that fits them.
//!
//! Identifiers are made up: ISRCs begin with the user-assigned country code `ZZ`, party ids with
//! zeros. A report has the usual skew: few recordings have most usages (Zipf's law), Korea and its
//! neighbours come first, two lines in a hundred are about recordings that nobody knows, one in a
//! hundred comes without its ISRC.

mod basic_audio;
mod draw;
mod financial;
mod label;
mod pool;
mod row;

use std::collections::BTreeMap;
use std::io::{self, Write};

use catalog::Catalog;
use money::{Atoms, Currency};
use period::Month;

use self::draw::Draws;
use self::pool::Pool;
use self::row::Row;
use crate::generate::SENDERS;

/// Which profile a report is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `FinancialReportingToRecordCompaniesProfileSRB`: money that reaches us, line by line.
    Financial,
    /// `BasicAudioProfile`: usages by block, net revenue of the service by summary record.
    BasicAudio,
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
/// All numbers are drawn twice, because the summary records with their sums stand first. Give it
/// a buffered writer.
///
/// # Errors
/// Whatever the writer says.
pub fn write_report(out: &mut impl Write, form: Form, order: &Order) -> io::Result<Written> {
    let mut pools = pool::pools(order);
    let mut draws = Draws::new(order, pools.len());
    let mut sales = Vec::new();
    let mut written = Written::default();
    while draws.block(&mut sales).is_some() {
        written.blocks += 1;
        for sale in &sales {
            pools[sale.pool].usages += sale.usages;
            written.sales += 1;
        }
    }
    written.lines = 1;
    let mut row = Row::default();
    head(&mut row, form, order);
    row.write(out)?;
    for pool in pools.iter().filter(|it| it.usages > 0) {
        match form {
            Form::Financial => financial::summary(&mut row, pool, order),
            Form::BasicAudio => basic_audio::summary(&mut row, pool, order),
        }
        row.write(out)?;
        written.lines += 1;
        written.summary_records += 1;
        written.usages += pool.usages;
        let net = written.net.entry(pool.accounting).or_default();
        *net = net.checked_add(pool.net()).expect("net revenue stays below 10^20");
    }
    let mut draws = Draws::new(order, pools.len());
    let mut number = 0;
    let mut block = 0;
    while let Some(pick) = draws.block(&mut sales) {
        block += 1;
        if form == Form::BasicAudio {
            basic_audio::resource(&mut row, block, &pick);
            row.write(out)?;
            written.lines += 1;
        }
        for sale in &sales {
            number += 1;
            let pool = &pools[sale.pool];
            match form {
                Form::Financial => financial::sale(&mut row, number, &pick, sale, pool, order),
                Form::BasicAudio => basic_audio::sale(&mut row, block, number, sale, pool),
            }
            row.write(out)?;
            written.lines += 1;
        }
    }
    written.lines += 1;
    if form == Form::Financial {
        written.blocks = written.sales;
    }
    foot(&mut row, form, &written);
    row.write(out)?;
    Ok(written)
}

/// The name of the file, as the standard makes it from the header.
#[must_use]
pub fn file_name(order: &Order) -> String {
    let [sender, recipient, _] = SENDERS;
    let created = created(order).replace(['-', ':', 'Z'], "");
    format!("DSR_{recipient}_{sender}_Melody_{}_Worldwide_1of1_{created}.tsv", order.month)
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

fn created(order: &Order) -> String {
    format!("{}-15T04:05:06Z", order.month.next())
}

fn head(row: &mut Row, form: Form, order: &Order) {
    use dsr::Field as F;
    let [sender, recipient, _] = SENDERS;
    row.start("HEAD");
    row.set(F::MessageVersion, "dsrf/1.1/1.4.1/1.3");
    let (profile, version, letter) = match form {
        Form::Financial => ("FinancialReportingToRecordCompaniesProfileSRB", "1.1", 'F'),
        Form::BasicAudio => ("BasicAudioProfile", "1.4", 'B'),
    };
    row.set(F::Profile, profile);
    row.set(F::ProfileVersion, version);
    row.set(F::MessageId, format_args!("made-up-{letter}-{:x}-{}", order.seed, order.lines));
    row.set(F::MessageCreatedDateTime, created(order));
    row.set(F::FileNumber, 1);
    row.set(F::NumberOfFiles, 1);
    let days = order.month.period();
    row.set(F::UsageStartDate, days.start());
    row.set(F::UsageEndDate, days.last_day());
    row.set(F::SenderPartyId, sender);
    row.set(F::SenderName, "Melody (made up)");
    row.set(F::ServiceDescription, "Melody");
    row.set(F::RecipientPartyId, recipient);
    row.set(F::RecipientName, "A label (made up)");
}

fn foot(row: &mut Row, form: Form, written: &Written) {
    use dsr::Field as F;
    if form == Form::Financial {
        row.start("SRFO");
    } else {
        row.start("FOOT");
        row.set(F::NumberOfLinesInFile, written.lines);
        row.set(F::NumberOfBlocksInFile, written.blocks);
        row.set(F::NumberOfBlocksInReport, written.blocks);
    }
    row.set(F::NumberOfLinesInReport, written.lines);
    row.set(F::NumberOfSummaryRecords, written.summary_records);
}

/// The first and the last day of usage.
fn days(row: &mut Row, order: &Order, first: dsr::Field, last: dsr::Field) {
    let days = order.month.period();
    row.set(first, days.start());
    row.set(last, days.last_day());
}

/// What stands in every summary record alike.
fn offer(row: &mut Row, pool: &Pool) {
    use dsr::Field as F;
    row.set(F::SummaryRecordId, &pool.id);
    row.set(F::CommercialModel, pool.model);
    row.set(F::UseType, pool.use_type);
    row.set(F::Territory, pool.territory);
    row.set(F::ServiceDescription, "Melody");
    row.set(F::CurrencyOfTransaction, pool.transaction);
    row.set(F::ExchangeRate, pool::four_decimals(pool.rate));
    row.set(F::ExchangeRateSource, "made up");
}
