//! a record belongs to the profile.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-record-profile",
    severity: Severity::Error,
    title: "a record belongs to the profile of the header",
    doc: "Each profile is written with its own records, and its block variant decides whether a \
          block is one record or several. A sales transaction or summary record of another \
          profile may be counted by one reader and left by the next: ask the sender which \
          profile is meant. Another record of a block is a warning, since it carries no usages.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let (Some(profile), Some(spec)) = (state.profile, seen.facts.spec()) else { return };
    if !matches!(seen.facts.role, Role::Summary | Role::Block) || profile.has_record(spec.code) {
        return;
    }
    let mut finding = DOC.finding(format!("no record of {}", profile.name()));
    if matches!(&spec.code[..2], b"RE" | b"AS" | b"MW" | b"CU" | b"LC" | b"RC") {
        finding.severity = Severity::Warning;
    }
    out.report(finding.at(seen.at(0)).evidence(seen.record.code()));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            &report("SY07→S2\nCU01→1→A1\nRU01→1→S1\nDE07→x\nSR02→S1"),
            &expect![[r#"
                error dsr-record-profile r.tsv:3 SY07 cell 1 RecordType: no record of BasicAudioProfile (SY07)
                warning dsr-record-profile r.tsv:7 CU01 cell 1 RecordType: no record of BasicAudioProfile (CU01)
                error dsr-record-profile r.tsv:8 RU01 cell 1 RecordType: no record of BasicAudioProfile (RU01)
                error dsr-record-profile r.tsv:10 SR02 cell 1 RecordType: no record of BasicAudioProfile (SR02)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
