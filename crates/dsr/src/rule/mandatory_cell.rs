//! a cell that must be filled is filled.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};
use crate::table::Need;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-mandatory-cell",
    severity: Severity::Error,
    title: "a cell that must be filled is filled",
    doc: "What the standard makes mandatory is what a reader relies on. An empty one is an error \
          where the schema of this very version says so, and a warning where only an older \
          version does. Lines without ids, usages or references cannot be booked; ask the \
          sender.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    if seen.facts.role == Role::Head {
        return;
    }
    for (at, cell) in spec.cells.iter().enumerate() {
        if cell.need == Need::May || !seen.record.cell(at).is_empty() {
            continue;
        }
        let mut finding = DOC.finding(format!("{} is empty", cell.name));
        if cell.need == Need::Presumed {
            finding.severity = Severity::Warning;
        }
        out.report(finding.at(seen.at(at)));
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
            &report("SU02.02→1→S1→→→A1→TRUE→0\nRU01→1→S1→→5"),
            &expect![[r#"
            warning dsr-mandatory-cell r.tsv:6 SU02.02 cell 4 SalesTransactionId: SalesTransactionId is empty
            error dsr-mandatory-cell r.tsv:7 RU01 cell 4 DspReleaseId: DspReleaseId is empty
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
