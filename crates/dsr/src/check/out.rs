//! Where findings go, and how many there were.

use std::collections::BTreeMap;

use finding::{Finding, Severity};

use super::summary::Count;

pub(crate) struct Out<'a> {
    sink: &'a mut dyn FnMut(Finding),
    file: &'a str,
    counts: &'a mut BTreeMap<&'static str, Count>,
}

impl<'a> Out<'a> {
    pub(crate) fn new(
        file: &'a str,
        counts: &'a mut BTreeMap<&'static str, Count>,
        sink: &'a mut dyn FnMut(Finding),
    ) -> Self {
        Self { file, counts, sink }
    }

    /// Counts a finding, names the file in it, and passes it on.
    pub(crate) fn report(&mut self, mut finding: Finding) {
        let count = self.counts.entry(finding.rule).or_default();
        match finding.severity {
            Severity::Note => count.notes += 1,
            Severity::Warning => count.warnings += 1,
            Severity::Error => count.errors += 1,
        }
        self.file.clone_into(&mut finding.position.file);
        (self.sink)(finding);
    }
}
