//! the usage period of the header runs forwards and lies in the past.

use finding::{RuleDoc, Severity};
use period::parse_date;

use crate::check::{Out, Role, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-head-period",
    severity: Severity::Error,
    title: "the usage period of the header runs forwards and lies in the past",
    doc: "The period decides in which month usages and money are counted, and which agreements \
          apply. Its last day must not be before its first, and a report cannot be made before \
          its period began. Ask the sender which period is meant; do not guess.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.role != Role::Head || state.records != 1 {
        return;
    }
    let Some(header) = &state.header else { return };
    let Some((first, last)) = header.usage_days() else { return };
    if last < first {
        let finding = DOC.finding(format!("the last day of usage is before the first, {first}"));
        out.report(finding.at(seen.at_field(Field::UsageEndDate)).evidence(&header.usage_end));
    }
    let created = header.created.get(..10).and_then(|day| parse_date(day).ok());
    if created.is_some_and(|created| created < first) {
        let finding = DOC.finding(format!("made before the first day of usage, {first}"));
        out.report(
            finding.at(seen.at_field(Field::MessageCreatedDateTime)).evidence(&header.created),
        );
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
            &report("").replace("2026-01-31", "2025-01-31"),
            &expect![[r#"
            error dsr-head-period r.tsv:1 HEAD cell 10 UsageEndDate: the last day of usage is before the first, 2026-01-01 (2025-01-31)
        "#]],
        );
        check(
            &super::DOC,
            &report("").replace("2026-02-03T", "2025-02-03T"),
            &expect![[r#"
            error dsr-head-period r.tsv:1 HEAD cell 6 MessageCreatedDateTime: made before the first day of usage, 2026-01-01 (2025-02-03T04:05:06Z)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
