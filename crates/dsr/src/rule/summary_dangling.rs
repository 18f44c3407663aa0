//! every summary record id that is used was declared before.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-summary-dangling",
    severity: Severity::Error,
    title: "every summary record id that is used was declared before",
    doc: "A sales transaction inherits territory, commercial model, currency and revenue from \
          the summary record that it names. If there is none of that id, the line has usages but \
          no place and no money. It is kept aside. Ask the sender which summary record is meant; \
          do not guess, even if there is only one.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.summary_missing {
        let id = seen.field(Field::SummaryRecordId);
        let place = seen.at_field(Field::SummaryRecordId);
        let finding = DOC.finding("no summary record before this line has this id");
        out.report(finding.at(place).evidence_bytes(id.raw()));
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
            &report("SU02.02→1→SY1→T2→→A1→TRUE→3"),
            &expect![[r#"
            error dsr-summary-dangling r.tsv:6 SU02.02 cell 3 SummaryRecordId: no summary record before this line has this id (SY1)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
