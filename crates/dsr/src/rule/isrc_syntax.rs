//! an ISRC has the form of an ISRC.

use finding::{RuleDoc, Severity};
use ident::Isrc;

use crate::check::{Out, Seen};
use crate::table::Kind;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-isrc-syntax",
    severity: Severity::Warning,
    title: "an ISRC has the form of an ISRC",
    doc: "An ISRC has two letters, three letters or digits, and seven digits. It has no check \
          digit, so a form that fits is no proof; but one that does not fit matches no \
          recording, and the line can only be matched by title and artist. Ask the sender for \
          the right code.",
};

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    if spec.cells[at].kind != Kind::Isrc {
        return;
    }
    for value in seen.record.cell(at).values().filter(|value| !value.is_empty()) {
        if let Err(fault) = Isrc::parse(&value) {
            out.report(DOC.finding(fault.to_string()).at(seen.at(at)).evidence(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "AS01.02→1→A2→D2→KRA30260000X|KRA302600001→T2→→N→→→SoundRecording";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-isrc-syntax r.tsv:6 AS01.02 cell 5 ResourceISRC: not a valid ISRC: unexpected character at 11 (KRA30260000X)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
