//! no two blocks have the same id.

use finding::{RuleDoc, Severity};

use crate::check::{BlockFact, Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-block-unique",
    severity: Severity::Error,
    title: "no two blocks have the same id",
    doc: "Block ids are unique over the report. Two blocks of one id cannot be told apart in a \
          question to the sender, and merging them would mix their references. Both are read; \
          ask the sender to number them anew.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if let BlockFact::Again(line) = seen.facts.block
        && super::opens_block(seen.record)
    {
        let message = format!("another block of this id began in line {line}");
        let id = seen.field(Field::BlockId);
        out.report(DOC.finding(message).at(seen.at_field(Field::BlockId)).evidence_bytes(id.raw()));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines =
            "AS01.02→2→A2→D2→→T2→→N→→→SoundRecording\nAS01.02→1→A1→D1→→T1→→N→→→SoundRecording";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            error dsr-block-unique r.tsv:7 AS01.02 cell 2 BlockId: another block of this id began in line 3 (1)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
