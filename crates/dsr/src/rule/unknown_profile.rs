//! the profile is one of the standard.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-unknown-profile",
    severity: Severity::Error,
    title: "the profile is one of the standard",
    doc: "The profile says which records may come and what they mean. With a name outside of \
          the standard the general rules still run, but nobody knows whose money the amounts \
          are; no usage lines are made. Ask the sender for the profile.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.facts.role != Role::Head || state.records != 1 || state.profile.is_some() {
        return;
    }
    let Some(header) = state.header.as_ref().filter(|header| !header.profile_name.is_empty())
    else {
        return;
    };
    let finding = DOC.finding("not a profile of the standard").at(seen.at_field(Field::Profile));
    out.report(finding.evidence(&header.profile_name));
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
            &report("").replace("BasicAudioProfile", "masterlistprofile"),
            &expect![],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
