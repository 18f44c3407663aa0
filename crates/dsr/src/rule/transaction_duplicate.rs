//! no two sales transactions have the same id.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-transaction-duplicate",
    severity: Severity::Error,
    title: "no two sales transactions have the same id",
    doc: "The sales transaction id is how a line is named in a dispute and how a corrected \
          report replaces it. The same id twice most often means that a line was sent twice and \
          would be paid twice. Compare both lines. In reports on user-generated content, where \
          ids are often counted per block, it is only a warning.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let Some(line) = seen.facts.transaction_before else { return };
    let message = format!("the sales transaction in line {line} has the same id");
    let mut finding = DOC.finding(message).at(seen.at_field(Field::SalesTransactionId));
    if state.is_ugc() {
        finding.severity = Severity::Warning;
    }
    out.report(finding.evidence_bytes(seen.field(Field::SalesTransactionId).raw()));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "SU02.02→1→S1→T1→→A1→TRUE→0";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            error dsr-transaction-duplicate r.tsv:6 SU02.02 cell 4 SalesTransactionId: the sales transaction in line 5 has the same id (T1)
        "#]],
        );
        check(
            &super::DOC,
            &report(lines).replace("BasicAudio", "UGC"),
            &expect![[r#"
            warning dsr-transaction-duplicate r.tsv:6 SU02.02 cell 4 SalesTransactionId: the sales transaction in line 5 has the same id (T1)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
