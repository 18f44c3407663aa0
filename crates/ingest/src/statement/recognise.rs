//! Which source a file is of, by its header.

use sheet::{Encoding, Limits, Packing, ReadError, Row, Rows, TextRows, packing};

use super::layout::Columns;
use super::open::{Open, head, workbook};
use super::spec::SourceSpec;
use crate::IngestError;

/// The specs whose header is in the first rows of a file, in their order.
///
/// # Errors
/// [`IngestError`] when the file cannot be read.
pub fn recognise<'a>(
    specs: impl IntoIterator<Item = &'a SourceSpec>,
    name: &str,
    open: Open<'_>,
) -> Result<Vec<&'a SourceSpec>, IngestError> {
    let failed = |source| IngestError::Open { file: name.to_owned(), source };
    let head = head(open).map_err(failed)?;
    if packing(&head) == Packing::Plain {
        let known = Encoding::of_mark(&head).or_else(|| Encoding::of_zeros(&head));
        let fits = |spec: &&SourceSpec| match known {
            Some(it) => starts_so(spec, it, &head),
            None => spec.encodings().iter().any(|it| starts_so(spec, *it, &head)),
        };
        return Ok(specs.into_iter().filter(fits).collect());
    }
    let unread = |source| IngestError::Sheet { file: name.to_owned(), source };
    let mut book = workbook(name, open, Limits::default()).map_err(unread)?;
    let mut found = Vec::new();
    for spec in specs {
        for sheet in book.sheets().iter().filter(|it| spec.takes_sheet(it)) {
            if has_header(spec, &mut book.rows(sheet).map_err(unread)?).map_err(unread)? {
                found.push(spec);
                break;
            }
        }
    }
    Ok(found)
}

/// Whether a text in this encoding begins with the header.
pub(super) fn starts_so(spec: &SourceSpec, encoding: Encoding, head: &[u8]) -> bool {
    let mut rows = TextRows::new("", head, spec.form(encoding), Limits::default());
    has_header(spec, &mut rows).unwrap_or(false)
}

/// Whether the first rows hold the header of the spec's table.
pub(super) fn has_header(spec: &SourceSpec, rows: &mut dyn Rows) -> Result<bool, ReadError> {
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
