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
    let is_loose = |row: &&Row| matches!(row.code(), "LI01" | "RU01");
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

/// A record that no other profile has, or one that a master list has not.
pub(super) fn record_profile(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    let of_sale = &block.rows[at];
    let name = if matches!(of_sale.code(), "ML01" | "SR07") { "LI01.03" } else { "ML01.01" };
    let [id, summary] = [F::BlockId, F::SummaryRecordId].map(|it| of_sale.get(it).to_owned());
    let mut row = Row::default();
    row.start(name);
    row.set(F::BlockId, if id.is_empty() { "1" } else { &id })?;
    row.set(F::SummaryRecordId, summary)?;
    row.fill_required();
    Some(block.insert(Some(at + 1), row))
}

pub(super) fn block_grammar(block: &mut Block) -> Option<usize> {
    let resource = block.used().iter().find(|row| row.code().starts_with("AS"))?;
    let mut row = Row::default();
    row.start(resource.name());
    row.cells.clone_from(&resource.cells);
    row.set(F::ResourceReference, "A2")?;
    Some(block.insert(None, row))
}

pub(super) fn period_outside(block: &mut Block) -> Option<usize> {
    let at = sale(block)?;
    let row = &mut block.rows[at];
    let days = [F::SalesTransactionDate, F::ValidityPeriodStart];
    days.into_iter().find_map(|field| row.set(field, "1999-01-01")).map(|()| at)
}

pub(super) fn cue_outside(block: &mut Block) -> Option<usize> {
    let at = block.used().iter().position(|row| row.code() == "CU01")?;
    block.rows[at].set(F::CueStartTime, "PT90M").map(|()| at)
}

pub(super) fn cue_identity(block: &mut Block) -> Option<usize> {
    let at = block.used().iter().position(|row| row.code() == "CU01")?;
    for field in [F::Isrc, F::Iswc, F::ResourceTitle] {
        block.rows[at].set(field, "")?;
    }
    Some(at)
}

pub(super) fn text_form(block: &mut Block) -> Option<usize> {
    let (at, place) = title(block)?;
    "\u{1102}\u{1169}\u{1105}\u{1162}".clone_into(&mut block.rows[at].cells[place]);
    Some(at)
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
    // A cue names a recording or a work, not both.
    let is_free = |row: &Row| row.code() != "CU01" || row.get(F::Isrc).is_empty();
    let rows = block.used().iter_mut().enumerate().filter(|(_, row)| is_free(row));
    rows.into_iter().find_map(|(at, row)| row.set(F::Iswc, &iswc).map(|()| at))
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
