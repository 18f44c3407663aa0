//! a record has no more cells than can be told apart.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-cell-limit",
    severity: Severity::Error,
    title: "a record has no more cells than can be told apart",
    doc: "More than 512 cells in one record is no DSR record of any version. The cells beyond \
          the limit stay together in the last one, so that nothing is lost, but nothing of them \
          is interpreted. Look at the line; most often a line end was lost.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.record.is_overfull() {
        let finding = DOC.finding(format!("more than {} cells", seen.record.len()));
        out.report(finding.at(seen.here()).evidence_bytes(seen.record.raw()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let line = format!("!DE01{}", "→".repeat(512));
        check(
            &super::DOC,
            &report(&line),
            &expect![[r#"
            error dsr-cell-limit r.tsv:6 DE01: more than 512 cells (DE01\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t…)
        "#]],
        );
        check(&super::DOC, &report(&line.replacen('→', "", 1)), &expect![]);
    }
}
