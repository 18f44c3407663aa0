//! What can be wrong with a cue sheet that somebody delivers.

use finding::{RuleDoc, Severity};

/// A file that is no cue sheet.
pub(crate) const FORM: RuleDoc = RuleDoc {
    id: "cue-form",
    severity: Severity::Error,
    title: "a cue sheet is a table with named columns, WebVTT, an edit decision list or DSR records",
    doc: "A table needs a line that names its columns, with a title, recording or ISRC among them and \
          a duration or times. Without it nobody can say what a cell means. Add the line, or save the \
          sheet as CSV from the program that it was made with.",
};

/// A line that is no cue.
pub(crate) const LINE: RuleDoc = RuleDoc {
    id: "cue-line",
    severity: Severity::Error,
    title: "a line of a cue sheet names its music and says how long it sounds",
    doc: "A cue without a title or recording, without any length, or with a time that cannot be read \
          pays nobody. The line is left out; the others are read. Times are H:MM:SS or M:SS, with a \
          fraction if need be; an end comes after its begin.",
};

/// A usage code that nobody knows.
pub(crate) const CODE: RuleDoc = RuleDoc {
    id: "cue-code",
    severity: Severity::Warning,
    title: "a usage code is one that the societies use",
    doc: "BI, BV, VI, VV, FI, FV, VS, BG, TH, MT, ET, LG and their usual spellings are read. The cue is \
          kept without a code; the word stands in its note. Give it a code before the sheet is sent on.",
};

/// A length that contradicts the times.
pub(crate) const LENGTH: RuleDoc = RuleDoc {
    id: "cue-length",
    severity: Severity::Warning,
    title: "the length of a cue is the distance of its times",
    doc: "Begin and end say one length and the sheet states another, more than a second off. The times \
          count; ask who made the sheet which is right.",
};

/// A cue that does not fit into its programme.
pub(crate) const BEYOND: RuleDoc = RuleDoc {
    id: "cue-beyond",
    severity: Severity::Warning,
    title: "a cue ends before its programme does",
    doc: "The cue ends more than a second after the length that the sheet states for the programme. \
          One of both is wrong: often the times count from another begin, such as 01:00:00.",
};

/// A cell that cannot be read, of a cue that can.
pub(crate) const CELL: RuleDoc = RuleDoc {
    id: "cue-cell",
    severity: Severity::Warning,
    title: "a cell holds what its column is for",
    doc: "The cue is kept without what the cell should say. Numbers are plain decimals, dates \
          2021-06-30, confidences 0 to 1.",
};

/// Every rule about cue sheets.
pub const RULES: &[RuleDoc] = &[FORM, LINE, CODE, LENGTH, BEYOND, CELL];
