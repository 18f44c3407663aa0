//! no spreadsheet put quotes around a cell.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-spreadsheet-quotes",
    severity: Severity::Warning,
    title: "no spreadsheet put quotes around a cell",
    doc: "A DSR cell is never quoted. Quotes at both ends show that the file went through a \
          spreadsheet, which may also have changed dates and long numbers without a trace. They \
          are taken off for reading and kept in the stored line. Ask the sender for the file as \
          their system made it.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    for (at, cell) in seen.record.cells().enumerate() {
        if cell.is_quoted() {
            let finding = DOC.finding("quotes around a cell");
            out.report(finding.at(seen.at(at)).evidence_bytes(cell.raw()));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "RE01.02→1→R2→→→→→→→\"A \"\"B\"\"\"\nRE01.02→1→R3→→→→→→→the \"real\" one";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-spreadsheet-quotes r.tsv:6 RE01.02 cell 10 ReleaseTitle: quotes around a cell ("A ""B""")
        "#]],
        );
    }
}
