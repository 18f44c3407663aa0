//! What came of a file, beside its usage lines.

use std::collections::BTreeMap;

use dsr::Header;
use money::{Amount, Atoms, Currency};
use period::{Date, Period};
use usage::{Basis, Line, Row};

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
        let money = line.currency.map(|currency| (currency, line.basis, line.amount));
        self.add(line.usages, money, (line.from, line.until))
    }

    /// As [`Ingested::count`], for a line in parts.
    pub(crate) fn count_row(&mut self, row: &Row<'_>) -> bool {
        let offer = row.offer;
        let money = offer.currency.map(|currency| (currency, offer.basis, row.amount));
        self.add(row.usages, money, (offer.from, offer.until))
    }

    fn add(
        &mut self,
        usages: Atoms,
        money: Option<(Currency, Basis, Atoms)>,
        (from, until): (Date, Date),
    ) -> bool {
        let Some(usages) = self.usages.checked_add(usages) else { return false };
        if let Some((currency, basis, amount)) = money {
            let sum = self.amounts.entry((currency, basis)).or_default();
            let Some(amount) = sum.checked_add(amount) else { return false };
            *sum = amount;
        }
        self.usages = usages;
        self.lines += 1;
        if self.period.is_none_or(|it| from < it.start() || it.end() < until) {
            let (start, end) =
                self.period.map_or((from, until), |it| (it.start().min(from), it.end().max(until)));
            self.period = Period::new(start, end);
        }
        true
    }
}
