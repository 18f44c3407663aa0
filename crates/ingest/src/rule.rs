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

/// A row that cannot be cut into the cells of its columns.
pub(crate) const STATEMENT_FORM: RuleDoc = RuleDoc {
    id: "ingest-statement-form",
    severity: Severity::Error,
    title: "a row of a statement has the cells that its columns ask for",
    doc: "A row with bytes of another encoding, a quote that is never closed, more cells than columns \
          or more bytes than any row should have cannot be read by its columns without guessing. It \
          is kept aside byte for byte. Most often a delimiter stands in a title without quotes: mend \
          that row with the sender, or say in the source spec which encoding it is.",
};

/// A column that is not there, or there twice.
pub(crate) const STATEMENT_COLUMN: RuleDoc = RuleDoc {
    id: "ingest-statement-column",
    severity: Severity::Warning,
    title: "a statement has each column of its source spec once",
    doc: "A field whose column is missing stays empty; of two columns with one name the first is read. \
          The source may have changed its layout: compare with the spec, and write `Name#2` there \
          where the second is meant. For amount, usages and currency this is no finding: such a file \
          is refused.",
};

/// A row without a readable day.
pub(crate) const STATEMENT_PERIOD: RuleDoc = RuleDoc {
    id: "ingest-statement-period",
    severity: Severity::Error,
    title: "a row of a statement says when the usage was",
    doc: "Rates hold by the day of use, so a row whose day or month cannot be read in a form of the \
          source spec is kept aside. Add the form to the spec, or give the period with `--period`.",
};

/// A date of subscription that cannot be read.
pub(crate) const STATEMENT_SUBSCRIBED: RuleDoc = RuleDoc {
    id: "ingest-statement-subscribed",
    severity: Severity::Error,
    title: "a date of subscription can be read",
    doc: "Rates may depend on when the listener subscribed, so a row whose date of subscription is \
          there and cannot be read is kept aside; an empty cell says nothing and is no fault. Add the \
          form to `subscribed_forms` of the source spec, or put words into days with `map`.",
};

/// Money that nobody can be paid for.
pub(crate) const STATEMENT_IDENTITY: RuleDoc = RuleDoc {
    id: "ingest-statement-identity",
    severity: Severity::Error,
    title: "a row of a statement names what was used",
    doc: "A row with money and without a title, an artist or any identifier is most often a sum, and \
          would count the money twice. It is kept aside. If it is one, add a skip rule to the source \
          spec; if it is income, name it there with a constant title.",
};

/// A use that the spec has no token for.
pub(crate) const STATEMENT_USE_TYPE: RuleDoc = RuleDoc {
    id: "ingest-statement-use-type",
    severity: Severity::Warning,
    title: "the source spec knows what use a row is",
    doc: "No rule of the source spec gives this row a use type, so the line has none, and terms that \
          ask for one do not hold for it. Add a rule to the spec.",
};

/// A price that is no number.
pub(crate) const STATEMENT_PRICE: RuleDoc = RuleDoc {
    id: "ingest-statement-price",
    severity: Severity::Warning,
    title: "the price of a unit is a number",
    doc: "The cell of the price of one unit is not a number in the spec's form. The line is kept without \
          a price, so a royalty on the price asks the price list of the catalogue. Correct the number \
          form of the spec, or enter the price there.",
};

/// A stated total that is not the sum.
pub(crate) const STATEMENT_TOTAL: RuleDoc = RuleDoc {
    id: "ingest-statement-total",
    severity: Severity::Error,
    title: "a total is the sum of the rows above it",
    doc: "A row of totals is never a usage line; it is compared with the exact sum of the rows above, \
          rounded once to the decimals it states. Where they differ, rows are missing, doubled or \
          misread, the quarantined among them: find out before anybody is paid.",
};

/// What begins like a total, and is none.
pub(crate) const STATEMENT_TOTAL_ROW: RuleDoc = RuleDoc {
    id: "ingest-statement-total-row",
    severity: Severity::Error,
    title: "a row that begins like a total is one",
    doc: "The row begins with a word for a total, the source spec has no rule for it, and it does not \
          state the sum of the rows above. It is kept aside, because to count it could double the \
          money. Add a skip rule to the spec, or rename the recording.",
};

/// A row behind the end of the table.
pub(crate) const STATEMENT_REST: RuleDoc = RuleDoc {
    id: "ingest-statement-rest",
    severity: Severity::Error,
    title: "after the end of the table there are no lines",
    doc: "The source spec says where the table ends, and behind that stands a row that could be a line \
          of it. It is kept aside: if the table goes on, the rule that ends it is wrong.",
};

/// A part of a delivery that is not read.
pub(crate) const STATEMENT_UNREAD: RuleDoc = RuleDoc {
    id: "ingest-statement-unread",
    severity: Severity::Warning,
    title: "every worksheet and every file of an archive is a statement",
    doc: "Of a workbook one worksheet is read, the first that has the header, and of an archive the \
          files that a source spec knows. What is left aside is named here: look whether there is \
          money in it, and write a spec for it if so.",
};

/// Data of persons that was left out.
pub(crate) const STATEMENT_PERSONAL: RuleDoc = RuleDoc {
    id: "ingest-statement-personal",
    severity: Severity::Note,
    title: "a statement names no buyers",
    doc: "The source spec says which columns hold data of persons. Their cells are emptied before \
          anything is kept: the copy in `received` has none of it, and the hash of the file as it came \
          is recorded beside the copy's. Keep or delete the original by your own rules.",
};

/// A rate that cannot be read.
pub(crate) const RATE_CELL: RuleDoc = RuleDoc {
    id: "ingest-rate-cell",
    severity: Severity::Error,
    title: "an exchange rate is a decimal above zero, of a day and two currencies",
    doc: "A cell of a file of exchange rates, its day or one of its currencies cannot be read. The rate \
          is left out and the others are taken; look at the file, and enter what is missing by hand.",
};

/// A rate that stands twice.
pub(crate) const RATE_TWICE: RuleDoc = RuleDoc {
    id: "ingest-rate-twice",
    severity: Severity::Warning,
    title: "a pair of currencies has one rate a day",
    doc: "A file of exchange rates states another rate for the same pair and day further up. The first \
          one is taken; look which of them is right.",
};

/// All rules of this crate.
pub static RULES: &[RuleDoc] = &[
    ENCODING,
    SUMMARY,
    USAGES,
    AMOUNT,
    CURRENCY,
    NO_REVENUE,
    CLAIM,
    NO_SALES,
    CHART_ROW,
    RATE_CELL,
    RATE_TWICE,
    STATEMENT_FORM,
    STATEMENT_COLUMN,
    STATEMENT_PERIOD,
    STATEMENT_SUBSCRIBED,
    STATEMENT_IDENTITY,
    STATEMENT_USE_TYPE,
    STATEMENT_PRICE,
    STATEMENT_TOTAL,
    STATEMENT_TOTAL_ROW,
    STATEMENT_REST,
    STATEMENT_UNREAD,
    STATEMENT_PERSONAL,
];

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
