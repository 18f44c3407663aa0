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
pub(crate) const TABLE: RuleDoc = RuleDoc {
    id: "preview-row-malformed",
    severity: Severity::Error,
    title: "a row of right shares or recordings cannot be read",
    doc: "A row has no ISRC, no payee or no share of right form, or a share that has no denominator \
          below 10^18 in common with the others. The row is left out, and what it would have given \
          stays unshared.",
};
pub(crate) const SHARES_OVER_WHOLE: RuleDoc = RuleDoc {
    id: "preview-shares-over-whole",
    severity: Severity::Error,
    title: "more right shares than there is",
    doc: "The right shares of a recording come to more than 1. None of them counts: what it earned \
          stays unshared until the table is put right.",
};

pub(crate) const LOG_COLUMN: RuleDoc = RuleDoc {
    id: "listening-column-unknown",
    severity: Severity::Note,
    title: "a column of a listening log that means nothing here",
    doc: "The header of a listening log names a column besides listener, artist, recording, isrc, \
          plays, searched, day and fee. The column is not read.",
};
pub(crate) const LOG_ROW: RuleDoc = RuleDoc {
    id: "listening-row-malformed",
    severity: Severity::Error,
    title: "a row of a listening log cannot be read",
    doc: "A row of a listening log has another number of cells than the header, no listener, no \
          artist or recording where there is a column for it, a name of more than 256 bytes, a \
          malformed ISRC, day or fee, a number of plays that is none from 0 to 1,000,000,000, or \
          more searched plays than plays. The row is left out.",
};
pub(crate) const LOG_FEE: RuleDoc = RuleDoc {
    id: "listening-fee-unclear",
    severity: Severity::Warning,
    title: "a listener with two fees",
    doc: "Two rows of a listening log say that one listener pays different fees. The larger one \
          counts.",
};

/// Every rule of this crate, by id.
pub const RULES: &[RuleDoc] = &[
    ANCHORS,
    ANCHOR,
    HEADER,
    LINE,
    VALUE_ABSENT,
    TABLE,
    SHARES_OVER_WHOLE,
    LOG_COLUMN,
    LOG_ROW,
    LOG_FEE,
];
