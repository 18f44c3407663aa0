//! Statements that name buyers: a copy without them.

use std::io::{self, Write};

use sheet::{Row, Rows};

use super::layout::Columns;
use super::spec::SourceSpec;
use crate::IngestError;

/// Writes a statement anew, in UTF-8, with the cells of the spec's personal columns empty; returns
/// the number of cells that were emptied.
///
/// A row that does not fit the header could have them anywhere: none of its cells is kept, and one
/// cell says so. Such a row is quarantined on reading.
///
/// # Errors
/// [`IngestError`] when the source fails or the copy cannot be written.
pub fn write_without_persons(
    spec: &SourceSpec,
    name: &str,
    rows: &mut dyn Rows,
    to: &mut dyn Write,
) -> Result<u64, IngestError> {
    let failed = |source| IngestError::Sheet { file: name.to_owned(), source };
    let unwritten = |source| IngestError::Open { file: name.to_owned(), source };
    let mut row = Row::default();
    let mut personal: Option<(Vec<usize>, usize)> = None;
    let mut emptied = 0_u64;
    while rows.read(&mut row).map_err(failed)? {
        let columns = Columns::of(&row, spec);
        let mut cells: Vec<&str> = row.cells().collect();
        let told;
        if row.fault.is_none() && columns.fit(spec) {
            let places = spec.file.personal.iter().flat_map(|it| all_places(&columns, it));
            personal = Some((places.collect(), columns.width));
        } else if let Some((places, width)) = &personal {
            let surplus = cells.iter().skip(*width).any(|it| !it.trim().is_empty());
            if row.fault.is_some() || surplus || (cells.len() < *width && !row.is_blank()) {
                told = format!("[{} cells not kept: they do not fit the header]", cells.len());
                cells = vec![told.as_str()];
            } else {
                for place in places {
                    if let Some(cell) = cells.get_mut(*place).filter(|it| !it.is_empty()) {
                        *cell = "";
                        emptied += 1;
                    }
                }
            }
        }
        write_row(spec, &cells, to).map_err(unwritten)?;
    }
    Ok(emptied)
}

/// Every column of this name.
fn all_places(columns: &Columns, name: &str) -> Vec<usize> {
    let numbered = (1..).map_while(|it| columns.place(&format!("{name}#{it}")));
    numbered.collect()
}

fn write_row(spec: &SourceSpec, cells: &[&str], to: &mut dyn Write) -> io::Result<()> {
    let form = spec.form(sheet::Encoding::Utf8);
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            write!(to, "{}", form.delimiter)?;
        }
        let special = |it: char| it == form.delimiter || matches!(it, '"' | '\n' | '\r');
        match form.quotes && cell.contains(special) {
            true => write!(to, "\"{}\"", cell.replace('"', "\"\""))?,
            // Without quotes no cell can hold a delimiter or a line end.
            false => to.write_all(cell.as_bytes())?,
        }
    }
    to.write_all(b"\n")
}
