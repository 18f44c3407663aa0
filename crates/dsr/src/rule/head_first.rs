//! the first record is HEAD or SRHE, and there is only one.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-head-first",
    severity: Severity::Error,
    title: "the first record is HEAD or SRHE, and there is only one",
    doc: "Without a header nobody knows which profile, period and service a file is about, and a \
          file cut at its beginning looks like this too. A second header means that files were \
          glued together. Ask the sender for the whole file, one header each.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let is_head = seen.facts.role == Role::Head;
    let message = match (state.records, is_head) {
        (1, false) => "the file does not begin with HEAD",
        (2.., true) => "a second header",
        _ => return,
    };
    out.report(DOC.finding(message).at(seen.at(0)).evidence_bytes(seen.record.cell(0).raw()));
}

pub(super) fn check_end(state: &State, out: &mut Out<'_>) {
    if state.records == 0 {
        out.report(DOC.finding("the file has no records"));
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
            "FHEA→1→1\n",
            &expect![[r#"
            error dsr-head-first r.tsv:1 FHEA cell 1: the file does not begin with HEAD (FHEA)
        "#]],
        );
        check(
            &super::DOC,
            "# nothing\n\n",
            &expect![[r#"
            error dsr-head-first r.tsv: the file has no records
        "#]],
        );
        check(
            &super::DOC,
            &report("HEAD→dsrf/1.1"),
            &expect![[r#"
            error dsr-head-first r.tsv:6 HEAD cell 1 RecordType: a second header (HEAD)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
