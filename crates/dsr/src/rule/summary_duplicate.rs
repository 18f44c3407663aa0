//! no two summary records of a type have the same id.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-summary-duplicate",
    severity: Severity::Error,
    title: "no two summary records of a type have the same id",
    doc: "A sales transaction inherits territory, commercial model, currency and revenue from \
          the summary record that it names. When two carry that name, it is not known which; \
          settling on a guess pays the wrong money. Records of different types may describe one \
          summary together. Ask the sender for distinct ids.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if let Some(line) = seen.facts.summary_before {
        let message = format!("the summary record in line {line} has the same id");
        let id = seen.field(Field::SummaryRecordId);
        let place = seen.at_field(Field::SummaryRecordId);
        out.report(DOC.finding(message).at(place).evidence_bytes(id.raw()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "SY01.02→S1→→→SubscriptionModel→→JP→Service→0→→JPY→7\nSY05.03→S1\nSY05.03→S1";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
                error dsr-summary-duplicate r.tsv:3 SY01.02 cell 2 SummaryRecordId: the summary record in line 2 has the same id (S1)
                error dsr-summary-duplicate r.tsv:5 SY05.03 cell 2 SummaryRecordId: the summary record in line 4 has the same id (S1)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
