//! The views, by name, with their columns; they are stable.

use lake::engine::Kind;
use lake::engine::Kind::{Date, Decimal, Int, Text};

/// A view.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Its name.
    pub name: &'static str,
    /// What a row of it is.
    pub meaning: &'static str,
    /// Its columns.
    pub columns: &'static [ViewColumn],
}

/// A column of a view.
#[derive(Clone, Copy, Debug)]
pub struct ViewColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What that means.
    pub meaning: &'static str,
}

const fn column(name: &'static str, kind: Kind, meaning: &'static str) -> ViewColumn {
    ViewColumn { name, kind, meaning }
}

/// The usage lines themselves: the columns of the files, and the month. Their SQL types are those
/// of [the lake](../../guide/reading-the-lake.md).
#[must_use]
pub const fn usage_lines() -> View {
    View { name: "usage_lines", meaning: "A usage line of a report that stands.", columns: LINES }
}

const LINES: &[ViewColumn] = &[
    column("report", Text, "the report"),
    column("file", Int, "which file of the report, from 0"),
    column("line", Int, "line in that file, from 1; 0 for what was announced and not itemised"),
    column("transaction", Text, "sales transaction id"),
    column("sender", Text, "sender; of a chart, its name"),
    column("service", Text, "service"),
    column("territory", Text, "territory code"),
    column("use_type", Text, "use type, an AVS token"),
    column("commercial_model", Text, "commercial model, an AVS token"),
    column("rights_type", Text, "`master`, `work`, `performer`, `unspecified`"),
    column("basis", Text, "`received`, `service-net`, `none`: never add amounts of two bases"),
    column("from", Date, "first day of usage; a word of SQL, so write \"from\""),
    column("until", Date, "the day after the last"),
    column("isrc", Text, "ISRC, as received"),
    column("icpn", Text, "ICPN of the release, as received"),
    column("resource_id", Text, "the sender's own id"),
    column("title", Text, "title, as received"),
    column("artist", Text, "display artist, as received"),
    column("usages", Decimal, "number of usages, exact"),
    column("currency", Text, "ISO 4217 code, null without money: never add two currencies"),
    column("amount", Decimal, "amount, exact"),
    column("unit_price", Decimal, "published price of one unit, null if the report states none"),
    column("price_category", Text, "price category, null if the report states none"),
    column("adjustment", Text, "the sender's type of adjustment, empty for an ordinary line"),
    column("corrects", Text, "the report the line corrects, empty if none"),
    column("subscribed", Text, "month of subscription, `2018-11`, null if the report does not say"),
    column(
        "month",
        Text,
        "month of the first day of usage, `2021-06`; files of others are skipped",
    ),
];

/// The views beside [`usage_lines`].
pub const VIEWS: &[View] = &[
    View {
        name: "reports",
        meaning: "A report, as it came; only those that stand have usage lines.",
        columns: &[
            column("report", Text, "its id"),
            column("kind", Text, "`sales` or `chart`"),
            column("state", Text, "`standing`, `waiting`, `conflict`, `refused` or `withdrawn`"),
            column("sender", Text, "the sender's party id"),
            column("sender_name", Text, "the sender's name"),
            column("message_id", Text, "the sender's id of it"),
            column("profile", Text, "the profile it declares"),
            column("service", Text, "service"),
            column("first_day", Date, "first day of usage"),
            column("end_day", Date, "the day after the last"),
            column("imported_at", Text, "when it was imported"),
            column("settlement", Text, "the settlement it was settled in, null if none"),
        ],
    },
    View {
        name: "usage_files",
        meaning: "A file of usage lines: the manifest of the lake.",
        columns: &[
            column("path", Text, "path within the lake"),
            column("report", Text, "the report"),
            column("month", Text, "month of usage"),
            column("sender", Text, "sender"),
            column("lines", Int, "number of lines"),
            column("bytes", Int, "length of the file"),
            column("sha256", Text, "SHA-256 of the file"),
            column("usages", Decimal, "sum of the usages"),
        ],
    },
    View {
        name: "control_totals",
        meaning: "The sum of the amounts of a file, stated when it was written.",
        columns: &[
            column("path", Text, "path within the lake"),
            column("report", Text, "the report"),
            column("month", Text, "month of usage"),
            column("sender", Text, "sender"),
            column("basis", Text, "`received` or `service-net`"),
            column("currency", Text, "ISO 4217 code"),
            column("amount", Decimal, "the sum"),
        ],
    },
    View {
        name: "findings",
        meaning: "A finding; of a rule that was broken very often, the first ones.",
        columns: &[
            column("report", Text, "the report"),
            column("rule", Text, "the rule: `leitmotif report explain RULE`"),
            column("severity", Text, "`error`, `warning` or `info`"),
            column("file", Text, "the file's name"),
            column("line", Int, "line, from 1"),
            column("byte", Int, "byte within the file, from 0"),
            column("record", Text, "the record's type"),
            column("cell", Text, "the cell's name"),
            column("message", Text, "what is wrong"),
            column("evidence", Text, "what stands there"),
        ],
    },
    View {
        name: "recordings",
        meaning: "A recording of the catalogue.",
        columns: &[
            column("recording", Text, "its id"),
            column("title", Text, "title: the English one, or the first"),
            column("artist", Text, "display artist"),
            column("duration_ms", Int, "length in milliseconds"),
        ],
    },
    View {
        name: "recording_isrcs",
        meaning: "An ISRC of a recording.",
        columns: &[column("recording", Text, "the recording"), column("isrc", Text, "the ISRC")],
    },
    View {
        name: "recording_works",
        meaning: "A work that a recording plays.",
        columns: &[column("recording", Text, "the recording"), column("work", Text, "the work")],
    },
    View {
        name: "recording_productions",
        meaning: "A production that a recording sounds in.",
        columns: &[
            column("recording", Text, "the recording"),
            column("production", Text, "the production"),
            column("usage", Text, "what it is there: `OST`, `BGM`, `insert`"),
            column("confidence", Text, "`low`, `medium` or `high`"),
        ],
    },
    View {
        name: "repertoire_recordings",
        meaning: "A recording that a repertoire of the catalogue holds.",
        columns: &[
            column("repertoire", Text, "the repertoire"),
            column("recording", Text, "the recording"),
        ],
    },
    View {
        name: "matches",
        meaning: "What a line says, and what matching makes of it today; naming it reads all usage \
                  lines once.",
        columns: &[
            column("isrc", Text, "as in `usage_lines`"),
            column("icpn", Text, "as in `usage_lines`"),
            column("resource_id", Text, "as in `usage_lines`"),
            column("title", Text, "as in `usage_lines`"),
            column("artist", Text, "as in `usage_lines`"),
            column("recording", Text, "the recording, null if none"),
            column("product", Text, "the product, null if none"),
        ],
    },
    View {
        name: "works",
        meaning: "A work of the catalogue.",
        columns: &[
            column("work", Text, "its id"),
            column("title", Text, "title: the English one, or the first"),
            column("iswc", Text, "ISWC"),
        ],
    },
    View {
        name: "releases",
        meaning: "A release of the catalogue.",
        columns: &[
            column("release", Text, "its id"),
            column("title", Text, "title: the English one, or the first"),
            column("icpn", Text, "ICPN"),
            column("production", Text, "the production it was made for"),
        ],
    },
    View {
        name: "productions",
        meaning: "A drama, film or show.",
        columns: &[
            column("production", Text, "its id"),
            column("title", Text, "title: the English one, or the first"),
            column("kind", Text, "kind"),
            column("origin", Text, "territory code of origin"),
            column("network", Text, "who aired it"),
        ],
    },
    View {
        name: "parties",
        meaning: "A person, group or organisation.",
        columns: &[
            column("party", Text, "its id"),
            column("name", Text, "name: the English one, or the first"),
            column("kind", Text, "`person`, `group` or `organisation`"),
        ],
    },
    View {
        name: "settlements",
        meaning: "A settlement that was posted.",
        columns: &[
            column("settlement", Text, "its id"),
            column("posted_at", Text, "when it was posted"),
        ],
    },
    View {
        name: "statements",
        meaning: "A statement as issued.",
        columns: &[
            column("settlement", Text, "the settlement"),
            column("account", Text, "the account"),
            column("currency", Text, "ISO 4217 code"),
            column("name", Text, "the account holder's name"),
            column("earned", Decimal, "what was earned"),
            column("payable", Decimal, "what is payable"),
        ],
    },
    View {
        name: "postings",
        meaning: "A posting of the book; an entry's debits equal its credits.",
        columns: &[
            column("settlement", Text, "the settlement; empty for a payment"),
            column("entry", Text, "the entry"),
            column("memo", Text, "what the entry is for"),
            column("account", Text, "the account"),
            column("side", Text, "`debit` or `credit`"),
            column("currency", Text, "ISO 4217 code"),
            column("amount", Decimal, "the amount"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn usage_lines_are_the_columns_of_the_files_and_the_month() {
        let listed: Vec<&str> = usage_lines().columns.iter().map(|it| it.name).collect();
        let schema = usage::schema();
        let mut wanted: Vec<&str> = schema.fields().iter().map(|it| it.name().as_str()).collect();
        wanted.push("month");
        assert_eq!(listed, wanted);
    }

    #[test]
    fn names_are_told_apart() {
        let names: BTreeSet<&str> = VIEWS.iter().map(|it| it.name).collect();
        assert_eq!(names.len(), VIEWS.len());
        for view in VIEWS {
            let columns: BTreeSet<&str> = view.columns.iter().map(|it| it.name).collect();
            assert_eq!(columns.len(), view.columns.len(), "{}", view.name);
        }
    }
}
