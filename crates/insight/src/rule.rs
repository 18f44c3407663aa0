//! What can be wrong with files of published figures.

use finding::{RuleDoc, Severity};

pub(crate) const HEADER: RuleDoc = RuleDoc {
    id: "market-header-unknown",
    severity: Severity::Error,
    title: "not a table of market totals",
    doc: "The first line names other columns than one of the formats, or the format leaves out \
          territory and period and the caller gave none. Nothing is read.",
};
pub(crate) const LINE: RuleDoc = RuleDoc {
    id: "market-line-malformed",
    severity: Severity::Error,
    title: "a line of market totals cannot be read",
    doc: "A line has another number of cells than the header, or a value or period of wrong form. \
          The line is left out.",
};
pub(crate) const VALUE_ABSENT: RuleDoc = RuleDoc {
    id: "market-value-absent",
    severity: Severity::Note,
    title: "a market total without a value",
    doc: "The line names a metric but gives no value. The line is left out.",
};
pub(crate) const ANCHORS: RuleDoc = RuleDoc {
    id: "anchor-file-malformed",
    severity: Severity::Error,
    title: "not a file of anchors",
    doc: "The file is not TOML, or has a key nobody reads, or lacks one. Nothing is read.",
};
pub(crate) const ANCHOR: RuleDoc = RuleDoc {
    id: "anchor-malformed",
    severity: Severity::Error,
    title: "an anchor cannot be read",
    doc: "A value, period or scope has a wrong form, a denominator is zero, or an id is used \
          twice. The anchor is left out.",
};

/// Every rule of this crate, by id.
pub const RULES: &[RuleDoc] = &[ANCHORS, ANCHOR, HEADER, LINE, VALUE_ABSENT];
