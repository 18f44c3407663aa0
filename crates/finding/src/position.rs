//! Where in a delivery a finding is.

use std::fmt;

use crate::shown::Shown;

/// A place in a file: the file, down to the cell as far as it is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct Position {
    /// Base name of the file; empty if it has none.
    pub file: String,
    /// Line in the file, from 1; 0 for the whole file.
    pub line: u64,
    /// Offset of the record's first byte in the file, from 0.
    pub byte: u64,
    /// Kind of the record, `SU02.03`; empty if it has none.
    pub record: String,
    /// Cell in the record, from 1; `None` for the whole record.
    pub cell: Option<u16>,
    /// Name of the cell, `SummaryRecordId`; empty if it is not known.
    pub cell_name: String,
}

impl Position {
    /// A whole file.
    #[must_use]
    pub fn of_file(file: impl Into<String>) -> Self {
        Self { file: file.into(), ..Self::default() }
    }
}

/// `DSR_x.tsv:13 SU02.02 cell 3 SummaryRecordId`; parts that are not known are left out.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = if self.file.is_empty() { "-" } else { &self.file };
        write!(f, "{}", Shown(file))?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.record.is_empty() {
            write!(f, " {}", Shown(&self.record))?;
        }
        if let Some(cell) = self.cell {
            write!(f, " cell {cell}")?;
        }
        if !self.cell_name.is_empty() {
            write!(f, " {}", Shown(&self.cell_name))?;
        }
        Ok(())
    }
}
