//! The order of the records of a block.

use finding::Position;

use crate::Record;

/// Where the open block stands: release, then resources with their works and cues, then sales.
#[derive(Default)]
pub(crate) struct Grammar {
    has_release: bool,
    has_resource: bool,
    has_sales: bool,
    /// Line, offset and type of the first record of the block.
    first: (u64, u64, [u8; 4]),
}

impl Grammar {
    /// Takes in a record; what is wrong with its place.
    pub(crate) fn take(&mut self, code: [u8; 4], record: &Record) -> Option<&'static str> {
        if self.first.0 == 0 {
            self.first = (record.line, record.byte, code);
        }
        let is_release = matches!(&code, b"RE01" | b"RE03" | b"RE04");
        let is_resource = code.starts_with(b"AS") || code == *b"LC01";
        let is_sale = matches!(&code[..2], b"SU" | b"RU" | b"LI" | b"ST" | b"ML");
        let fault = if is_sale {
            None
        } else if self.has_sales {
            Some("it belongs before the sales transactions of its block")
        } else if is_release && self.has_resource {
            Some("the release belongs before its resources")
        } else if is_release && self.has_release {
            Some("a second release in one block")
        } else if code.starts_with(b"MW") || code.starts_with(b"CU") {
            (!self.has_resource).then_some("no resource of this block stands before it")
        } else {
            None
        };
        self.has_release |= is_release;
        self.has_resource |= is_resource;
        self.has_sales |= is_sale;
        fault
    }

    /// Where the block begins.
    pub(crate) fn begin(&self) -> Position {
        let (line, byte, code) = self.first;
        let record = String::from_utf8_lossy(&code).into_owned();
        Position { line, byte, record, ..Position::default() }
    }

    /// Whether the block says what was used and never how often.
    pub(crate) const fn is_without_sales(&self) -> bool {
        !self.has_sales
    }
}
