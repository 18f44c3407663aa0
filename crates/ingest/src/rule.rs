//! What can keep a record from becoming a usage line.

use finding::{RuleDoc, Severity};

/// Bytes that are no UTF-8.
pub(crate) const ENCODING: RuleDoc = RuleDoc {
    id: "ingest-encoding",
    severity: Severity::Error,
    title: "a line is UTF-8",
    doc: "Names in another encoding cannot be matched, and guessing the encoding spoils them for \
          ever. The line is kept aside byte for byte; ask the sender for the file in UTF-8.",
};

/// A summary record that is missing, ambiguous or unreadable.
pub(crate) const SUMMARY: RuleDoc = RuleDoc {
    id: "ingest-summary",
    severity: Severity::Error,
    title: "a sales transaction has one readable summary record",
    doc: "Territory, commercial model, currency and revenue of a sales transaction stand in its \
          summary record. If that is missing, unreadable, or there twice with different contents, \
          the line has usages but no place and no money; it is kept aside until the sender says \
          which summary record is meant.",
};

/// A number of usages that cannot be read.
pub(crate) const USAGES: RuleDoc = RuleDoc {
    id: "ingest-usages",
    severity: Severity::Error,
    title: "the number of usages is a decimal number",
    doc: "Usages share out the revenue, so a line whose usages cannot be read exactly is kept \
          aside, and its share of the revenue stays unattributed. Numbers with more than 18 \
          decimals, exponents or thousands separators are not read. Ask the sender to correct it.",
};

/// An amount that cannot be read.
pub(crate) const AMOUNT: RuleDoc = RuleDoc {
    id: "ingest-amount",
    severity: Severity::Error,
    title: "an amount is a decimal number of at most 18 decimals",
    doc: "Money is kept exactly or not at all: an amount that is malformed, too precise or too \
          large is not rounded, the record is kept aside. Ask the sender to correct it.",
};

/// A currency that is none.
pub(crate) const CURRENCY: RuleDoc = RuleDoc {
    id: "ingest-currency",
    severity: Severity::Error,
    title: "an amount has a currency of ISO 4217",
    doc: "A number without a currency is no money. The record is kept aside; ask the sender which \
          currency it is in.",
};

/// Usages without any revenue.
pub(crate) const NO_REVENUE: RuleDoc = RuleDoc {
    id: "ingest-no-revenue",
    severity: Severity::Note,
    title: "a summary record states net revenue",
    doc: "Without net revenue the usages are counted, and no money is put on their lines. That is \
          usual for summary records of free offers; otherwise ask the sender.",
};

/// A claim that belongs to nothing.
pub(crate) const CLAIM: RuleDoc = RuleDoc {
    id: "ingest-claim",
    severity: Severity::Error,
    title: "a claim stands behind its sales transaction",
    doc: "In royalty reporting, what a licensor is paid for a sales transaction stands in the claims \
          behind it. A claim that names another one, or stands before any, is money without a \
          recording: it is kept aside with its amount. Ask the sender what it belongs to.",
};

/// A report that tells of no usages.
pub(crate) const NO_SALES: RuleDoc = RuleDoc {
    id: "ingest-no-sales",
    severity: Severity::Note,
    title: "a report tells of usages",
    doc: "A master list says which recordings and works a service knows, so that licensors can claim \
          them. It has no sales transactions: it is checked and kept, no usage lines are made of \
          it, and nothing of it is settled.",
};

/// A row of a chart that cannot be read.
pub(crate) const CHART_ROW: RuleDoc = RuleDoc {
    id: "ingest-chart-row",
    severity: Severity::Error,
    title: "a row of a chart has a date, a title and a number of streams",
    doc: "A row whose columns are not as many as in the first line, whose date is none, or whose \
          streams are no whole number is kept aside: sums over the chart lack it. Look at the row; \
          most often a quote or a comma is missing.",
};

/// All rules of this crate.
pub static RULES: &[RuleDoc] =
    &[ENCODING, SUMMARY, USAGES, AMOUNT, CURRENCY, NO_REVENUE, CLAIM, NO_SALES, CHART_ROW];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page() {
        for rule in RULES {
            assert!(rule.id.starts_with("ingest-") && rule.doc.ends_with('.'), "{}", rule.id);
            assert!(!rule.title.ends_with('.'), "{}", rule.id);
        }
    }
}
