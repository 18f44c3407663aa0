//! the records of a block stand together.

use finding::{RuleDoc, Severity};

use crate::check::{BlockFact, Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-block-contiguous",
    severity: Severity::Error,
    title: "the records of a block stand together",
    doc: "A block is read as one: its references point to releases and resources of the same \
          block. A record that comes back to a block after another one began has lost these, and \
          its usages cannot be tied to anything. Sort the file by block, or ask the sender to.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if let BlockFact::Again(line) = seen.facts.block
        && !super::opens_block(seen.record)
    {
        let message = format!("the block began in line {line}, and another one began since");
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
        let lines = "AS01.02→2→A2→D2→→T2→→N→→→SoundRecording\nSU02.02→1→S1→T9→→A1→TRUE→0";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            error dsr-block-contiguous r.tsv:7 SU02.02 cell 2 BlockId: the block began in line 3, and another one began since (1)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
