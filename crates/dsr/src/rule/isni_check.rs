//! an ISNI has the right form and check digit.

use finding::{RuleDoc, Severity};
use ident::Isni;

use crate::check::{Out, Seen};
use crate::table::Kind;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-isni-check",
    severity: Severity::Warning,
    title: "an ISNI has the right form and check digit",
    doc: "A party id may be an ISNI, written with its namespace as ISNI::0000000109201181. Its \
          last character is computed from the others. An id that fails names another person or \
          none; it is kept as received. Ask the sender, or look the party up by name.",
};

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    if spec.cells[at].kind != Kind::Party {
        return;
    }
    for value in seen.record.cell(at).values() {
        let Some(Err(fault)) = value.strip_prefix("ISNI::").map(Isni::parse) else { continue };
        out.report(DOC.finding(fault.to_string()).at(seen.at(at)).evidence(value));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "RE01.02→1→R2→→→→→Name→ISNI::0000000109201181\nRE01.02→1→R3→→→→→Name→ISNI::0000000109201182\n\
                     RE01.02→1→R4→→→→→Name→PADPIDA0000000001A";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-isni-check r.tsv:7 RE01.02 cell 9 ReleaseDisplayArtistPartyId: not a valid ISNI: check digit 2, expected 1 (ISNI::0000000109201182)
        "#]],
        );
    }
}
