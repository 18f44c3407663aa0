//! lines end in LF.

use finding::{RuleDoc, Severity};

use crate::Record;
use crate::check::{Out, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-crlf",
    severity: Severity::Note,
    title: "lines end in LF",
    doc: "Both LF and CR LF are allowed. CR LF is noted once, because it often tells that a file \
          was opened and saved on its way; see also the rules on quotes and on the number of \
          cells.",
};

pub(super) fn check(state: &State, record: &Record, out: &mut Out<'_>) {
    if state.crlf_lines == 1 && record.ending == crate::Ending::CrLf {
        out.report(DOC.finding("lines end in CR LF").at(super::line(record)));
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
            &report("").replace('\n', "\r\n"),
            &expect![[r#"
            note dsr-crlf r.tsv:1: lines end in CR LF
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
