//! What is known of one record when the rules see it.

use finding::Position;

use crate::table::{Field, Lookup, RecordSpec};
use crate::{Cell, Record};

/// What a record is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Head,
    Foot,
    Summary,
    /// Part of a block.
    Block,
    /// Nothing the tables know.
    Other,
}

/// How a record stands to the blocks before it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockFact {
    /// It belongs to none, or to the current one, or it opens a new one.
    Fits,
    /// It names a block that was closed before; that one began in this line.
    Again(u64),
}

#[derive(Copy, Clone, Debug)]
pub(crate) struct Facts {
    pub(crate) lookup: Lookup,
    pub(crate) role: Role,
    pub(crate) block: BlockFact,
    /// Line of a footer before this record.
    pub(crate) behind_foot: Option<u64>,
    /// Line of another summary record with the same id.
    pub(crate) summary_before: Option<u64>,
    /// It refers to a summary record that is not there.
    pub(crate) summary_missing: bool,
    /// Line of another record with the same sales transaction id.
    pub(crate) transaction_before: Option<u64>,
}

impl Facts {
    pub(crate) const fn spec(&self) -> Option<&'static RecordSpec> {
        self.lookup.spec()
    }
}

/// A record together with what is known of it.
pub(crate) struct Seen<'a> {
    pub(crate) record: &'a Record,
    pub(crate) facts: Facts,
}

impl Seen<'_> {
    pub(crate) fn here(&self) -> Position {
        self.record.position("", None)
    }

    /// The cell at a place, 0-based.
    pub(crate) fn at(&self, cell: usize) -> Position {
        self.record.position("", Some(cell))
    }

    /// The cell of a field; the whole record when it has none.
    pub(crate) fn at_field(&self, field: Field) -> Position {
        let cell = self.facts.spec().and_then(|spec| spec.index(field));
        self.record.position("", cell)
    }

    /// The cell of a field; empty when the record has none.
    pub(crate) fn field(&self, field: Field) -> Cell<'_> {
        self.facts.spec().map_or_else(Cell::default, |spec| self.record.field(spec, field))
    }

    /// Whether the table has that cell.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.facts.spec().is_some_and(|spec| spec.index(field).is_some())
    }
}
