//! the last record is FOOT or SRFO, and it fits the block variant.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-foot-last",
    severity: Severity::Error,
    title: "the last record is FOOT or SRFO, and it fits the block variant",
    doc: "The footer is the only proof that a file was transferred whole. A file without one may \
          have been cut; records behind it belong to nothing. Reports of single-record blocks \
          end in SRFO, all others in FOOT. Ask the sender for the whole file.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if let Some(line) = seen.facts.behind_foot {
        let message = format!("a record behind the footer in line {line}");
        out.report(DOC.finding(message).at(seen.at(0)).evidence(seen.record.code()));
    }
    let Some(profile) = state.profile else { return };
    if seen.facts.role == Role::Foot && seen.record.is(b"SRFO") != profile.single_record {
        let expected = if profile.single_record { "SRFO" } else { "FOOT" };
        let message = format!("a report of {} ends in {expected}", profile.name());
        out.report(DOC.finding(message).at(seen.at(0)).evidence(seen.record.code()));
    }
}

pub(super) fn check_end(state: &State, out: &mut Out<'_>) {
    if state.foot.is_none() {
        out.report(DOC.finding("the file has no footer; it may have been cut"));
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
            "FHEA→1→1\nFFOO→7",
            &expect![[r#"
            error dsr-foot-last r.tsv: the file has no footer; it may have been cut
        "#]],
        );
        check(
            &super::DOC,
            &(report("") + "SY01.02→S2\n"),
            &expect![[r#"
            error dsr-foot-last r.tsv:7 SY01.02 cell 1 RecordType: a record behind the footer in line 6 (SY01.02)
        "#]],
        );
        check(
            &super::DOC,
            &report("").replace("BasicAudioProfile", "BasicAudioProfileSRB"),
            &expect![[r#"
                error dsr-foot-last r.tsv:6 FOOT cell 1 RecordType: a report of BasicAudioProfileSRB ends in SRFO (FOOT)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
