//! the footer counts the blocks of the file.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-blocks-file",
    severity: Severity::Error,
    title: "the footer counts the blocks of the file",
    doc: "A difference means that blocks were lost or added on the way, or that two blocks carry \
          one id. Do not book the file; ask the sender for it again.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let Some(foot) = &state.foot else { return };
    let Some(stated) = foot.footer.blocks_in_file else { return };
    if stated != state.blocks {
        let message = format!("the file has this many blocks: {}", state.blocks);
        out.report(
            DOC.finding(message)
                .at(foot.at(Field::NumberOfBlocksInFile))
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
            &report("").replace("→1→1→1\n", "→1→2→1\n"),
            &expect![[r#"
            error dsr-foot-blocks-file r.tsv:6 FOOT cell 5 NumberOfBlocksInFile: the file has this many blocks: 1 (2)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
