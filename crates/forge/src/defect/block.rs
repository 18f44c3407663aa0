//! Defects of the records of a block.

use dsr::Field as F;
use dsr::table::{CellSpec, Kind, Need, RecordSpec};

use super::Block;
use crate::name;
use crate::row::Row;

/// Numbers that sums are made of: a defect in them would be found there, too.
const SUMMED: [F; 7] = [
    F::Usages,
    F::NetUsage,
    F::Returns,
    F::AllocatedUsages,
    F::NetRevenue,
    F::AllocatedNetRevenue,
    F::AllocatedAmount,
];

/// The sales transaction the defect is meant for, or the entry of a master list.
fn sale(block: &mut Block) -> Option<usize> {
    let nth = block.sale;
    let is_sale = |row: &Row| {
        row.spec().is_some_and(RecordSpec::is_sale) || matches!(row.code(), "ML01" | "SR07")
    };
    block.used().iter().enumerate().filter(|(_, row)| is_sale(row)).nth(nth).map(|(at, _)| at)
}

/// Puts a text into the first cell that fits.
fn put(block: &mut Block, text: &str, fits: impl Fn(&CellSpec) -> bool) -> Option<usize> {
    for (at, row) in block.used().iter_mut().enumerate() {
        let Some(spec) = row.spec() else { continue };
        if let Some(place) = spec.cells.iter().position(&fits) {
            text.clone_into(&mut row.cells[place]);
            return Some(at);
        }
    }
    None
}

/// The first title of a resource, a release or a work.
fn title(block: &mut Block) -> Option<(usize, usize)> {
    block.used().iter().enumerate().find_map(|(at, row)| {
        let fields = [F::ResourceTitle, F::ReleaseTitle, F::WorkTitle];
        let place = fields.into_iter().find_map(|field| row.place(field))?;
        (!row.cells[place].is_empty()).then_some((at, place))
    })
}

pub(super) fn crlf(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    block.rows[at].ending = b"\r\n";
    Some(at)
}

pub(super) fn not_utf8(block: &mut Block) -> Option<usize> {
    let (at, place) = title(block)?;
    block.rows[at].spoiled = Some(place);
    Some(at)
}

pub(super) fn unknown_record(block: &mut Block) -> Option<usize> {
    Some(block.insert(None, Row::raw(&["XX01", "made up"])))
}

pub(super) fn mandatory_cell(block: &mut Block) -> Option<usize> {
    put(block, "", |cell| {
        let fields = [F::ResourceTitle, F::SalesTransactionId, F::DspReleaseId];
        cell.need != Need::May && fields.contains(&cell.field)
    })
}

pub(super) fn cell_type(block: &mut Block) -> Option<usize> {
    put(block, "made up", |cell| {
        let kinds = [Kind::Decimal, Kind::Duration, Kind::Boolean, Kind::Date];
        kinds.contains(&cell.kind) && !SUMMED.contains(&cell.field)
    })
}

pub(super) fn cell_count(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    block.rows[at].cells.push(String::new());
    Some(at)
}

pub(super) fn cell_limit(block: &mut Block) -> Option<usize> {
    let mut cells = vec![""; 600];
    cells[0] = "DE01";
    Some(block.insert(None, Row::raw(&cells)))
}

pub(super) fn block_unique(block: &mut Block) -> Option<usize> {
    let opens = |row: &Row| ["RE", "AS", "MW"].iter().any(|code| row.code().starts_with(code));
    if !block.used().first().is_some_and(opens) {
        return None;
    }
    let earlier = block.earlier.clone();
    for row in block.used() {
        row.set(F::BlockId, &earlier)?;
    }
    block.blocks -= 1;
    Some(0)
}

/// Only a record that refers to nothing and opens no block is found by this rule alone.
pub(super) fn block_contiguous(block: &mut Block) -> Option<usize> {
    let is_loose = |row: &&Row| matches!(row.code(), "LI01" | "RU01" | "CU01");
    let loose = block.used().iter().rfind(is_loose)?;
    let mut row = Row::default();
    row.start(loose.name());
    row.cells.clone_from(&loose.cells);
    row.set(F::BlockId, &block.earlier)?;
    Some(block.insert(None, row))
}

pub(super) fn summary_dangling(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    block.rows[at].set(F::SummaryRecordId, "S0").map(|()| at)
}

pub(super) fn transaction_duplicate(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    block.rows[at].set(F::SalesTransactionId, "T1").map(|()| at)
}

pub(super) fn reference_dangling(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    block.rows[at].set(F::TransactedResource, "A9").map(|()| at)
}

pub(super) fn reference_missing(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    let row = &mut block.rows[at];
    row.set(F::TransactedRelease, "").and_then(|()| row.set(F::TransactedResource, "")).map(|()| at)
}

pub(super) fn avs_value(block: &mut Block) -> Option<usize> {
    put(block, "MadeUp", |cell| {
        let kinds = [Kind::UseType, Kind::ResourceType, Kind::ReleaseType, Kind::VideoType];
        kinds.contains(&cell.kind)
    })
}

pub(super) fn isrc_syntax(block: &mut Block) -> Option<usize> {
    put(block, "ZZTST21", |cell| cell.kind == Kind::Isrc)
}

pub(super) fn iswc_check(block: &mut Block) -> Option<usize> {
    let mut iswc = name::iswc(1);
    let check = iswc.pop().and_then(|digit| digit.to_digit(10)).unwrap_or_default();
    iswc += &((check + 1) % 10).to_string();
    put(block, &iswc, |cell| cell.kind == Kind::Iswc)
}

pub(super) fn icpn_check(block: &mut Block) -> Option<usize> {
    put(block, "1234567890123", |cell| cell.kind == Kind::Icpn)
}

pub(super) fn isni_check(block: &mut Block) -> Option<usize> {
    put(block, "ISNI::0000000000000000", |cell| cell.kind == Kind::Party)
}

pub(super) fn spreadsheet_quotes(block: &mut Block) -> Option<usize> {
    let (at, place) = title(block)?;
    let cell = &mut block.rows[at].cells[place];
    *cell = format!("\"{cell}\"");
    Some(at)
}
