//! the footer counts the lines of the report.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-lines-report",
    severity: Severity::Error,
    title: "the footer counts the lines of the report",
    doc: "In a report of one file, the lines of the report are the lines of the file. In a \
          report of several files only the whole can be compared, but the report cannot have \
          fewer lines than one of its files. A difference means that a file is missing or was \
          changed; ask the sender.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let Some(foot) = &state.foot else { return };
    let Some(stated) = foot.footer.lines_in_report else { return };
    let whole = state.header.as_ref().is_none_or(crate::Header::is_whole);
    if stated != state.lines && (whole || stated < state.lines) {
        let message = format!("the file alone has this many lines: {}", state.lines);
        out.report(
            DOC.finding(message)
                .at(foot.at(Field::NumberOfLinesInReport))
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
            &report("").replace("FOOT→6→6", "FOOT→6→7"),
            &expect![[r#"
            error dsr-foot-lines-report r.tsv:6 FOOT cell 3 NumberOfLinesInReport: the file alone has this many lines: 6 (7)
        "#]],
        );
        let part = report("").replace("Z→1→1→", "Z→1→2→");
        check(&super::DOC, &part.replace("FOOT→6→6", "FOOT→6→7"), &expect![]);
        check(
            &super::DOC,
            &part.replace("FOOT→6→6", "FOOT→6→5"),
            &expect![[r#"
            error dsr-foot-lines-report r.tsv:6 FOOT cell 3 NumberOfLinesInReport: the file alone has this many lines: 6 (5)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
