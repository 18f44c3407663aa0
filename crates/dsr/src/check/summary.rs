//! What remains of a file when the validator is through with it.

use std::collections::BTreeMap;

use money::Atoms;

use super::{Keys, State};
use crate::{Footer, Header};

/// How often a rule found something, by severity.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Notes.
    pub notes: u64,
    /// Warnings.
    pub warnings: u64,
    /// Errors.
    pub errors: u64,
}

/// Usages of one summary record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SummaryUsage {
    /// How many summary records carry this id; 0 when sales transactions refer to none.
    pub declared: u64,
    /// What the summary records announce, added up.
    pub announced: Option<Atoms>,
    /// What the sales transactions of this file add up to.
    pub detailed: Atoms,
    /// What they say came back.
    pub returned: Atoms,
    /// Sales transactions of this file.
    pub transactions: u64,
    /// Sales transactions whose number of usages could not be read or added.
    pub unread: u64,
}

/// What a file is, and how often each rule found something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Base name of the file.
    pub file: String,
    /// The header, if there is one.
    pub header: Option<Header>,
    /// The footer, if there is one.
    pub footer: Option<Footer>,
    /// Lines, comment lines and empty lines included.
    pub lines: u64,
    /// Lines that carry data.
    pub records: u64,
    /// Summary records.
    pub summary_records: u64,
    /// Blocks.
    pub blocks: u64,
    /// Sales transactions.
    pub transactions: u64,
    /// Usages by summary record id.
    pub usages: BTreeMap<String, SummaryUsage>,
    /// Findings by rule id.
    pub counts: BTreeMap<&'static str, Count>,
    /// Ids that must be unique over all files of a report.
    pub(crate) block_ids: Keys,
    pub(crate) transaction_ids: Keys,
}

impl Summary {
    pub(super) fn new(state: State, counts: BTreeMap<&'static str, Count>) -> Self {
        let mut usages: BTreeMap<String, SummaryUsage> = BTreeMap::new();
        for (id, pool) in state.pools.iter() {
            usages.insert(String::from_utf8_lossy(id).into_owned(), pool.usage.clone());
        }
        Self {
            file: state.file,
            header: state.header,
            footer: state.foot.map(|foot| foot.footer),
            lines: state.lines,
            records: state.records,
            summary_records: state.summary_records,
            blocks: state.blocks,
            transactions: state.transactions,
            usages,
            counts,
            block_ids: state.blocks_seen,
            transaction_ids: state.transactions_seen,
        }
    }

    /// Findings of that severity, all rules together.
    fn total(&self, of: impl Fn(&Count) -> u64) -> u64 {
        self.counts.values().map(of).sum()
    }

    /// Number of errors.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.total(|count| count.errors)
    }

    /// Number of warnings.
    #[must_use]
    pub fn warnings(&self) -> u64 {
        self.total(|count| count.warnings)
    }

    /// Number of notes.
    #[must_use]
    pub fn notes(&self) -> u64 {
        self.total(|count| count.notes)
    }
}
