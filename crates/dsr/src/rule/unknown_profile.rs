//! the profile is one of the standard, and its records are known here.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-unknown-profile",
    severity: Severity::Error,
    title: "the profile is one of the standard, and its records are known here",
    doc: "The profile says which records may come and what they mean. A name outside of the \
          standard is an error. A profile of the standard that is not covered here is only \
          noted: general rules run, its own records are kept raw and take part in no sum.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.role != Role::Head || state.records != 1 {
        return;
    }
    let Some(header) = &state.header else { return };
    let mut finding = match state.profile {
        Some(profile) if profile.is_covered() => return,
        Some(_) => DOC.finding("the records of this profile are not covered and kept raw"),
        None if header.profile_name.is_empty() => return,
        None => DOC.finding("not a profile of the standard"),
    };
    if state.profile.is_some() {
        finding.severity = Severity::Note;
    }
    out.report(finding.at(seen.at_field(Field::Profile)).evidence(&header.profile_name));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            &report("").replace("BasicAudioProfile", "BasicProfile"),
            &expect![[r#"
            error dsr-unknown-profile r.tsv:1 HEAD cell 3 Profile: not a profile of the standard (BasicProfile)
        "#]],
        );
        check(
            &super::DOC,
            &report("").replace("BasicAudioProfile", "MasterListProfile"),
            &expect![[r#"
                note dsr-unknown-profile r.tsv:1 HEAD cell 3 Profile: the records of this profile are not covered and kept raw (MasterListProfile)
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
