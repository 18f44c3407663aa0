//! What the caller records about the files of a report.

use std::collections::BTreeMap;

use money::{Atoms, Currency};
use period::Month;
use usage::Basis;

use crate::LakeError;
use crate::sum::Sum;

/// One file of usage lines: one report, one month, one sender.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileEntry {
    /// Path relative to the root of the lake, with `/` between its parts.
    pub path: String,
    /// Report id.
    pub report: String,
    /// Month of the first day of usage of every line.
    pub month: Month,
    /// Sender, as received.
    pub sender: String,
    /// Number of lines.
    pub lines: u64,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Sum of the usages.
    pub usages: Atoms,
    /// Sums of the amounts that are not [`Basis::NoMoney`].
    pub amounts: Amounts,
}

/// Sums of amounts by what they are and in which currency.
pub type Amounts = BTreeMap<(Basis, Currency), Atoms>;

/// A report whose files are written and safe, but not yet in place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StagedReport {
    /// Report id.
    pub report: String,
    /// Its files, in path order.
    pub files: Vec<FileEntry>,
}

/// Counts and sums of the lines of one file.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tally {
    pub(crate) lines: u64,
    usages: Sum,
    amounts: BTreeMap<(Basis, Currency), Sum>,
}

impl Tally {
    pub(crate) fn add(
        &mut self,
        usages: Atoms,
        basis: Basis,
        currency: Option<Currency>,
        amount: Atoms,
    ) {
        self.add_sum(1, usages, (basis, currency, amount));
    }

    /// Adds what `lines` lines sum to.
    pub(crate) fn add_sum(
        &mut self,
        lines: u64,
        usages: Atoms,
        (basis, currency, amount): (Basis, Option<Currency>, Atoms),
    ) {
        self.lines = self.lines.saturating_add(lines);
        self.usages.add(usages);
        if let (Basis::Received | Basis::ServiceNet, Some(currency)) = (basis, currency) {
            self.amounts.entry((basis, currency)).or_default().add(amount);
        }
    }

    /// Adds what an entry says of its file.
    pub(crate) fn add_entry(&mut self, entry: &FileEntry) {
        self.lines = self.lines.saturating_add(entry.lines);
        self.usages.add(entry.usages);
        for (key, amount) in &entry.amounts {
            self.amounts.entry(*key).or_default().add(*amount);
        }
    }

    pub(crate) fn usages(&self, path: &str) -> Result<Atoms, LakeError> {
        self.usages.total().ok_or_else(|| LakeError::FileOverflow {
            path: path.to_owned(),
            column: usage::column::USAGES,
        })
    }

    pub(crate) fn amounts(&self, path: &str) -> Result<Amounts, LakeError> {
        let overflow =
            || LakeError::FileOverflow { path: path.to_owned(), column: usage::column::AMOUNT };
        self.amounts
            .iter()
            .map(|(key, sum)| Ok((*key, sum.total().ok_or_else(overflow)?)))
            .collect()
    }
}
