//! the footer counts the summary records.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-summaries",
    severity: Severity::Error,
    title: "the footer counts the summary records",
    doc: "Summary records carry the revenue. If one is missing, so is the money of a territory \
          or of a commercial model, and nothing else in the file would show it. Ask the sender \
          for the file again.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let Some(foot) = &state.foot else { return };
    let Some(stated) = foot.footer.summary_records else { return };
    if stated != state.summary_records {
        let message = format!("the file has this many summary records: {}", state.summary_records);
        out.report(
            DOC.finding(message)
                .at(foot.at(Field::NumberOfSummaryRecords))
                .evidence(stated.to_string()),
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
            &report("").replace("FOOT→6→6→1", "FOOT→6→6→2"),
            &expect![[r#"
            error dsr-foot-summaries r.tsv:6 FOOT cell 4 NumberOfSummaryRecords: the file has this many summary records: 1 (2)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
