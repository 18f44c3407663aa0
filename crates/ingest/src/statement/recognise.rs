//! Whether a file is a statement of a source, by its header.

use sheet::{ReadError, Row, Rows};

use super::layout::Columns;
use super::spec::SourceSpec;

/// Whether the first rows hold the header of the spec's table.
///
/// # Errors
/// [`ReadError`] when the source fails.
pub fn is_statement_of(spec: &SourceSpec, rows: &mut dyn Rows) -> Result<bool, ReadError> {
    let mut row = Row::default();
    for _ in 0..spec.table.within {
        if !rows.read(&mut row)? {
            return Ok(false);
        }
        if row.fault.is_none() && Columns::of(&row, spec).fit(spec) {
            return Ok(true);
        }
    }
    Ok(false)
}
