//! what a block refers to is in the block.

use finding::{RuleDoc, Severity};

use crate::check::{Block, Out, State};
use crate::table::Target;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-reference-dangling",
    severity: Severity::Error,
    title: "what a block refers to is in the block",
    doc: "TransactedRelease, TransactedResource and UsedResources name a release or a resource \
          of the same block. If it is not there, nobody can say which recording was used: the \
          usages cannot be matched and the money goes to suspense. Ask the sender for the \
          missing record.",
};

pub(super) fn check(_: &State, block: &Block, out: &mut Out<'_>) {
    for pending in block.dangling() {
        let what = match pending.to {
            Target::Release => "release",
            Target::Resource => "resource",
        };
        let finding = DOC.finding(format!("no {what} of this block has this reference"));
        out.report(finding.at(pending.position.clone()).evidence_bytes(&pending.value));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "SU02.02→1→S1→T2→R9→A9→TRUE→0\nRE02→1→R2→D→→A1|A8|A7\nSU02.02→1→S1→T3→R2→→TRUE→0\n\
                     SU02.02→1→S1→T4→→A7→TRUE→0\nAS01.02→1→A7→D7→→T7→→N→→→SoundRecording";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            error dsr-reference-dangling r.tsv:6 SU02.02 cell 5 TransactedRelease: no release of this block has this reference (R9)
            error dsr-reference-dangling r.tsv:6 SU02.02 cell 6 TransactedResource: no resource of this block has this reference (A9)
            error dsr-reference-dangling r.tsv:7 RE02 cell 6 UsedResources: no resource of this block has this reference (A8)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
