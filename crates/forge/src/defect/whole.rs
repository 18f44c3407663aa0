//! Defects of header, footer and summary records.

use dsr::Field as F;

use crate::row::Row;

pub(super) fn head_cells(row: &mut Row) -> Option<()> {
    row.set(F::MessageId, "")
}

pub(super) fn head_period(row: &mut Row) -> Option<()> {
    row.set(F::MessageCreatedDateTime, "1999-01-01T00:00:00Z")
}

pub(super) fn unknown_profile(row: &mut Row) -> Option<()> {
    row.set(F::Profile, "MadeUpProfile")
}

pub(super) fn report_parts(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfFiles)
}

pub(super) fn foot_lines_file(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfLinesInFile)
}

pub(super) fn foot_lines_report(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfLinesInReport)
}

pub(super) fn foot_summaries(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfSummaryRecords)
}

pub(super) fn foot_blocks_file(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfBlocksInFile)
}

pub(super) fn foot_blocks_report(row: &mut Row) -> Option<()> {
    add_one(row, F::NumberOfBlocksInReport)
}

pub(super) fn usages_sum(row: &mut Row) -> Option<()> {
    let announced = if row.code() == "SY10" { F::AllocatedUsages } else { F::TotalUsages };
    add_one(row, announced)
}

/// The second one announces nothing, so that all sums stay.
pub(super) fn summary_duplicate(first: &Row) -> Row {
    let mut row = Row::default();
    row.start(first.name());
    row.cells.clone_from(&first.cells);
    for field in [F::TotalUsages, F::AllocatedUsages, F::NetRevenue] {
        row.set(field, 0);
    }
    row
}

pub(super) fn exchange_rate(row: &mut Row) -> Option<()> {
    row.set(F::ExchangeRate, 0)
}

/// The total as it is before rounding.
pub(super) fn currency_digits(row: &mut Row) -> Option<()> {
    let exact = row.get(F::AllocatedNetRevenueInCurrencyOfAccounting).to_owned();
    // Where it is whole by chance, a hair more.
    let exact = exact.strip_suffix("00").map_or(exact.clone(), |cut| format!("{cut}01"));
    row.set(F::FinalTotalAmountInCurrencyOfAccounting, exact)
}

pub(super) fn exchange_conversion(row: &mut Row) -> Option<()> {
    let wrong = format!("9{}", row.get(F::GrossRevenueInCurrencyOfAccounting));
    row.set(F::GrossRevenueInCurrencyOfAccounting, wrong)
}

fn add_one(row: &mut Row, field: F) -> Option<()> {
    let count: u64 = row.get(field).parse().ok()?;
    row.set(field, count + 1)
}
