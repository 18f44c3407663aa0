//! the records of a block stand in their order.

use finding::{RuleDoc, Severity};

use crate::check::{Block, Out, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-block-grammar",
    severity: Severity::Error,
    title: "the records of a block stand in their order",
    doc: "A block is one release at most, then its resources, each followed by its works or cues, \
          then the sales transactions. A reader that goes line by line relies on it: what comes \
          too late is tied to nothing. Here the whole block is looked at before its lines are \
          made, so nothing is lost; another reader may pay otherwise. A block without any sales \
          transaction is a warning. Ask the sender to keep the order.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if let Some(message) = state.misplaced {
        out.report(DOC.finding(message).at(seen.at(0)).evidence(seen.record.code()));
    }
}

pub(super) fn check_end(state: &State, block: &Block, out: &mut Out<'_>) {
    let is_single = state.profile.is_none_or(|profile| profile.single_record);
    if !is_single && block.grammar.is_without_sales() {
        let mut finding = DOC.finding("a block without sales transactions");
        finding.severity = Severity::Warning;
        out.report(finding.at(block.grammar.begin()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "AS02.03→1→A2→D2→→Title→→Artist→→PT3M→SoundRecording\nMW01→2→W→→Title\n\
                     AS01→2→A1→D→→T→→A→→PT3M→SoundRecording\nRE01→2→R1→D→→→→A→→T\n\
                     SU02.02→2→S1→T2→→A1→TRUE→0\nRE01→3→R1→D→→→→A→→T\nRE01→3→R2→D→→→→A→→T";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
                error dsr-block-grammar r.tsv:6 AS02.03 cell 1 RecordType: it belongs before the sales transactions of its block (AS02.03)
                error dsr-block-grammar r.tsv:7 MW01 cell 1 RecordType: no resource of this block stands before it (MW01)
                error dsr-block-grammar r.tsv:9 RE01 cell 1 RecordType: the release belongs before its resources (RE01)
                error dsr-block-grammar r.tsv:12 RE01 cell 1 RecordType: a second release in one block (RE01)
                warning dsr-block-grammar r.tsv:11 RE01: a block without sales transactions
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
