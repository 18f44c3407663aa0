//! an ISWC has the right form and check digit.

use finding::{RuleDoc, Severity};
use ident::Iswc;

use crate::check::{Out, Seen};
use crate::table::Kind;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-iswc-check",
    severity: Severity::Warning,
    title: "an ISWC has the right form and check digit",
    doc: "The last digit of an ISWC is computed from the others, so that a slip of the keyboard \
          shows. A code that fails names another work or none. It is kept as received and not \
          used for matching.",
};

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    if spec.cells[at].kind != Kind::Iswc {
        return;
    }
    for value in seen.record.cell(at).values().filter(|value| !value.is_empty()) {
        if let Err(fault) = Iswc::parse(&value) {
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
        let lines = "MW01.02→1→W1→T0345246801→Good\nMW01.02→1→W2→T0345246802→Bad";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-iswc-check r.tsv:7 MW01.02 cell 4 MusicalWorkISWC: not a valid ISWC: check digit 2, expected 1 (T0345246802)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
