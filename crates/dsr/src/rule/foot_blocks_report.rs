//! the footer counts the blocks of the report.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-blocks-report",
    severity: Severity::Error,
    title: "the footer counts the blocks of the report",
    doc: "In a report of one file, the blocks of the report are the blocks of the file. In a \
          report of several files the report cannot have fewer blocks than one of its files. A \
          difference means that a file is missing or that the sender counts something else; ask.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let Some(foot) = &state.foot else { return };
    let Some(stated) = foot.footer.blocks_in_report else { return };
    let whole = state.header.as_ref().is_none_or(crate::Header::is_whole);
    if stated != state.blocks && (whole || stated < state.blocks) {
        let message = format!("the file alone has this many blocks: {}", state.blocks);
        out.report(
            DOC.finding(message)
                .at(foot.at(Field::NumberOfBlocksInReport))
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
            &report("").replace("→1→1→1\n", "→1→1→94\n"),
            &expect![[r#"
                error dsr-foot-blocks-report r.tsv:6 FOOT cell 6 NumberOfBlocksInReport: the file alone has this many blocks: 1 (94)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
