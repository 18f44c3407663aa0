//! One file being read: where things stand in it, and what was found wrong.

use std::cell::RefCell;

use finding::{Finding, Position};

pub(super) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    /// Byte at which each line starts.
    lines: Vec<usize>,
    findings: RefCell<Vec<Finding>>,
}

impl<'a> Source<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        Self { file, text, lines, findings: RefCell::default() }
    }

    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn spot(&self, byte: usize, record: &str, key: &str) -> Position {
        let line = self.lines.partition_point(|start| *start <= byte);
        Position {
            file: self.file.to_owned(),
            line: u64::try_from(line).unwrap_or(u64::MAX),
            byte: u64::try_from(byte).unwrap_or(u64::MAX),
            record: record.to_owned(),
            cell: None,
            cell_name: key.to_owned(),
        }
    }

    /// The line a byte stands in, without its end.
    pub(super) fn line_at(&self, byte: usize) -> &'a str {
        let line = self.lines.partition_point(|start| *start <= byte).saturating_sub(1);
        let start = self.lines.get(line).copied().unwrap_or_default();
        self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    pub(super) fn report(&self, finding: Finding) {
        self.findings.borrow_mut().push(finding);
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings.into_inner()
    }
}
