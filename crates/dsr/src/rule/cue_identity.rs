//! a cue says which music it is, and that once.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-cue-identity",
    severity: Severity::Warning,
    title: "a cue says which music it is, and that once",
    doc: "A cue names a recording by its ISRC, or a work by its ISWC, or at least a title. With \
          none of them its composer cannot be found and is not paid. With both ISRC and ISWC it \
          is not known whether the recording or the work is meant; a recording names its works \
          already, so this is only noted.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if !seen.record.is(b"CU01") {
        return;
    }
    let [isrc, iswc, title] =
        [Field::Isrc, Field::Iswc, Field::ResourceTitle].map(|field| seen.field(field).is_empty());
    if isrc && iswc && title {
        out.report(DOC.finding("neither ISRC nor ISWC nor title").at(seen.here()));
    } else if !isrc && !iswc {
        let mut finding = DOC.finding("a recording and a work in one cue");
        finding.severity = Severity::Note;
        out.report(finding.at(seen.at_field(Field::Iswc)));
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
            &report(
                "CU01→1→A1→→PT9S\nCU01→1→A1→→PT9S→KRA302600001→T0345246801\nCU01→1→A1→→PT9S→→→Title",
            ),
            &expect![[r#"
                warning dsr-cue-identity r.tsv:6 CU01: neither ISRC nor ISWC nor title
                note dsr-cue-identity r.tsv:7 CU01 cell 7 ReferencedCreationISWC: a recording and a work in one cue
            "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
