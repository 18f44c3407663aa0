//! an ICPN has the right form and check digit.

use finding::{RuleDoc, Severity};
use ident::Icpn;

use crate::check::{Out, Seen};
use crate::table::Kind;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-icpn-check",
    severity: Severity::Warning,
    title: "an ICPN has the right form and check digit",
    doc: "An ICPN is a UPC, EAN or GTIN of 8, 12, 13 or 14 digits, the last one computed from \
          the others. Spreadsheets round long numbers to zeros and drop leading ones; both show \
          here. Such a code is kept as received and not used for matching.",
};

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    if spec.cells[at].kind != Kind::Icpn {
        return;
    }
    for value in seen.record.cell(at).values().filter(|value| !value.is_empty()) {
        if let Err(fault) = Icpn::parse(&value) {
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
        let lines =
            "RE01.02→1→R2→→→→731453000001\nRE01.02→1→R3→→→→731453000000\nRE01.02→1→R4→→→→8.8E+12";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-icpn-check r.tsv:7 RE01.02 cell 7 ReleaseICPN: not a valid ICPN: check digit 0, expected 1 (731453000000)
            warning dsr-icpn-check r.tsv:8 RE01.02 cell 7 ReleaseICPN: not a valid ICPN: unexpected character at 1 (8.8E+12)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
