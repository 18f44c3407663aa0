//! days lie within the usage period of the header.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};
use crate::table::Field;
use crate::value::calendar_day;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-period-outside",
    severity: Severity::Error,
    title: "days lie within the usage period of the header",
    doc: "The periods of summary records and the days of sales transactions lie within the period \
          of the header. A summary record outside is counted in another month than the report \
          says. A single sales transaction outside is a warning: late sales are reported like \
          that, and the rate of the day of sale applies to them. Ask the sender if there are many.",
};

/// The cells that hold days of usage; other days (of a release, of a deal) may be any.
const DAYS: [Field; 7] = [
    Field::SubPeriodStartDate,
    Field::SubPeriodEndDate,
    Field::ReportingPeriodStartDate,
    Field::ReportingPeriodEndDate,
    Field::ValidityPeriodStart,
    Field::ValidityPeriodEnd,
    Field::SalesTransactionDate,
];

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if !matches!(seen.facts.role, Role::Summary | Role::Block) {
        return;
    }
    for field in DAYS {
        let cell = seen.field(field);
        if cell.is_empty() || state.is_within_days(cell.raw()) {
            continue;
        }
        let Some((first, last)) = state.days else { return };
        let Some(day) = calendar_day(&cell.text()) else { continue };
        if day < first || day > last {
            let mut finding = DOC.finding(format!("not from {first} to {last}"));
            if seen.facts.role == Role::Block {
                finding.severity = Severity::Warning;
            }
            out.report(finding.at(seen.at_field(field)).evidence_bytes(cell.raw()));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            &report(
                "SY05.03→S1→→→→→→→→→→→→→→→→→→→→2026-01-01→2026-02-01\n\
                 SU03→1→T9→S1→D→1→0→20251231→2026-01-31\nRE01.02→1→R2→→→→→→→→→→→→→1999-01-01",
            ),
            &expect![[r#"
                error dsr-period-outside r.tsv:3 SY05.03 cell 23 SubPeriodEndDate: not from 2026-01-01 to 2026-01-31 (2026-02-01)
                warning dsr-period-outside r.tsv:7 SU03 cell 8 ValidityPeriodStart: not from 2026-01-01 to 2026-01-31 (20251231)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
