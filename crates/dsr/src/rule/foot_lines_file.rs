//! the footer counts the lines of the file.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-lines-file",
    severity: Severity::Error,
    title: "the footer counts the lines of the file",
    doc: "The count takes in every line: comment lines, empty lines and the footer itself. A \
          file with fewer lines was cut or edited on its way, one with more had lines added. Do \
          not book it; ask the sender for the file again.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let Some(foot) = &state.foot else { return };
    let Some(stated) = foot.footer.lines_in_file else { return };
    if stated != state.lines {
        let message = format!("the file has this many lines: {}", state.lines);
        out.report(
            DOC.finding(message)
                .at(foot.at(Field::NumberOfLinesInFile))
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
            &report("").replace("FOOT→6→6", "FOOT→7→6"),
            &expect![[r#"
            error dsr-foot-lines-file r.tsv:6 FOOT cell 2 NumberOfLinesInFile: the file has this many lines: 6 (7)
        "#]],
        );
        check(&super::DOC, &report("# comment\n\n"), &expect![]);
    }
}
