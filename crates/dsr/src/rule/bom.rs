//! no byte order mark stands before the first record.

use finding::{RuleDoc, Severity};

use crate::Record;
use crate::check::{Out, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-bom",
    severity: Severity::Note,
    title: "no byte order mark stands before the first record",
    doc: "UTF-8 needs no byte order mark, and a reader that does not expect one takes it for a \
          part of the first record. It is skipped here and kept in the stored bytes.",
};

pub(super) fn check(_: &State, record: &Record, out: &mut Out<'_>) {
    if record.has_bom() {
        out.report(DOC.finding("the file begins with a byte order mark").at(super::line(record)));
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
            &format!("\u{feff}{}", report("")),
            &expect![[r#"
            note dsr-bom r.tsv:1: the file begins with a byte order mark
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
