//! What came of a file, beside its usage lines.

use std::collections::BTreeMap;

use dsr::Header;
use money::{Amount, Atoms, Currency};
use period::Period;
use usage::{Basis, Line};

/// The revenue that a summary record announces, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Summary record id.
    pub summary: String,
    /// Territory.
    pub territory: String,
    /// Commercial model.
    pub commercial_model: String,
    /// Use type of the summary record; single lines may have another.
    pub use_type: String,
    /// Service description.
    pub service: String,
    /// Currency of the revenue.
    pub currency: Option<Currency>,
    /// Net revenue, if it is stated.
    pub net_revenue: Option<Atoms>,
    /// Usages announced, if they are.
    pub total_usages: Option<Atoms>,
    /// Usages of the lines, returns taken off.
    pub detailed_usages: Atoms,
    /// Revenue on the lines; the rest belongs to usages that the report does not detail.
    pub attributed_revenue: Atoms,
}

/// A record that was not read into a usage line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Line number.
    pub line: u64,
    /// Its bytes; those of a chart are the fields, joined anew.
    pub raw: Vec<u8>,
    /// Rule that says why.
    pub reason: &'static str,
    /// Money on it, if it could be read.
    pub amount: Option<Amount>,
    /// Usages on it, if they could be read.
    pub usages: Option<Atoms>,
}

/// What came of a file: control totals, pools, and what was kept aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ingested {
    /// Header of a report.
    pub header: Option<Header>,
    /// From the first to the last day of any usage line.
    pub period: Option<Period>,
    /// Usage lines.
    pub lines: u64,
    /// Usages of all lines.
    pub usages: Atoms,
    /// Amounts of all lines, by currency and basis.
    pub amounts: BTreeMap<(Currency, Basis), Atoms>,
    /// Summary records with an id of their own.
    pub summaries: u64,
    /// Their revenue, in the order of their ids.
    pub pools: Vec<Pool>,
    /// Records that are no usage lines although they should be.
    pub quarantined: Vec<Quarantined>,
}

impl Ingested {
    /// Adds a line to the totals; false, and nothing added, beyond the range.
    pub(crate) fn count(&mut self, line: &Line) -> bool {
        let Some(usages) = self.usages.checked_add(line.usages) else { return false };
        if let Some(currency) = line.currency {
            let sum = self.amounts.entry((currency, line.basis)).or_default();
            let Some(amount) = sum.checked_add(line.amount) else { return false };
            *sum = amount;
        }
        self.usages = usages;
        self.lines += 1;
        let (start, end) = self.period.map_or((line.from, line.until), |p| {
            (p.start().min(line.from), p.end().max(line.until))
        });
        self.period = Period::new(start, end);
        true
    }
}
