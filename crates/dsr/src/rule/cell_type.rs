//! numbers, dates, times and booleans have the form of their type.

use std::borrow::Cow;

use finding::{RuleDoc, Severity};
use period::{parse_date, parse_date_compact};

use crate::check::{Out, Seen};
use crate::table::Kind;
use crate::value::{boolean, decimal, is_date_time, is_decimal, is_duration, is_integer};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-cell-type",
    severity: Severity::Error,
    title: "numbers, dates, times and booleans have the form of their type",
    doc: "A number with thousands separators, an exponent or a decimal comma is read differently \
          by different readers, so it is read by none. Dates are ISO 8601 with hyphens; the form \
          without hyphens is understood and only a warning. Such a line is not booked but kept \
          aside; ask the sender to correct it.",
};

enum Form {
    Good,
    Doubtful(&'static str),
    Bad(&'static str),
}

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    let (cell, kind) = (seen.record.cell(at), spec.cells[at].kind);
    if spec.cells[at].many {
        for value in cell.values().filter(|value| !value.is_empty()) {
            report(seen, at, kind, &value, out);
        }
    } else {
        let text: Cow<'_, str> = cell.text();
        report(seen, at, kind, &text, out);
    }
}

fn report(seen: &Seen<'_>, at: usize, kind: Kind, text: &str, out: &mut Out<'_>) {
    let (message, severity) = match form(kind, text) {
        Form::Good => return,
        Form::Doubtful(message) => (message, Severity::Warning),
        Form::Bad(message) => (message, Severity::Error),
    };
    let mut finding = DOC.finding(message).at(seen.at(at)).evidence(text);
    finding.severity = severity;
    out.report(finding);
}

fn form(kind: Kind, text: &str) -> Form {
    let (good, message) = match kind {
        Kind::Integer => (is_integer(text), "not a whole number"),
        Kind::Decimal if !is_decimal(text) => (false, "not a decimal number"),
        Kind::Decimal => (decimal(text).is_ok(), "more digits than an amount can hold"),
        Kind::Boolean => (boolean(text).is_some(), "neither TRUE nor FALSE"),
        Kind::Duration => (is_duration(text), "not an ISO 8601 duration"),
        Kind::DateTime => (is_date_time(text), "not an RFC 3339 date and time"),
        Kind::Date if parse_date_compact(text).is_ok() => {
            return Form::Doubtful("a date without hyphens");
        }
        Kind::Date => (parse_date(text).is_ok() || is_date_time(text), "not a calendar day"),
        _ => return Form::Good,
    };
    if good { Form::Good } else { Form::Bad(message) }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let bad = "SU02.02→1→S1→T2→→A1→yes→1,000→1e3\nRU01→1→S1→v|w→5|x\n\
                   SU03.02→1→T3→S1→x→0→0→20260101→2026-1-31\nRE01.02→1→R2→→→→→→→→→→→→→2026-02-30";
        check(
            &super::DOC,
            &report(bad),
            &expect![[r#"
            error dsr-cell-type r.tsv:6 SU02.02 cell 7 IsRoyaltyBearing: neither TRUE nor FALSE (yes)
            error dsr-cell-type r.tsv:6 SU02.02 cell 8 NumberOfStreams: not a decimal number (1,000)
            error dsr-cell-type r.tsv:6 SU02.02 cell 9 PriceConsumerPaidExcSalesTax: not a decimal number (1e3)
            error dsr-cell-type r.tsv:7 RU01 cell 5 Usages: not a whole number (x)
            warning dsr-cell-type r.tsv:8 SU03.02 cell 8 ValidityPeriodStart: a date without hyphens (20260101)
            error dsr-cell-type r.tsv:8 SU03.02 cell 9 ValidityPeriodEnd: not a calendar day (2026-1-31)
            error dsr-cell-type r.tsv:9 RE01.02 cell 16 ReleaseDate: not a calendar day (2026-02-30)
        "#]],
        );
        check(
            &super::DOC,
            &report("").replace("2026-02-03T04:05:06Z", "yesterday"),
            &expect![[r#"
            error dsr-cell-type r.tsv:1 HEAD cell 6 MessageCreatedDateTime: not an RFC 3339 date and time (yesterday)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
