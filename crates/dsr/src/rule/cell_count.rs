//! a record has all its cells and no more.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Lookup;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-cell-count",
    severity: Severity::Warning,
    title: "a record has all its cells and no more",
    doc: "Every record carries all its cells, also empty ones. Spreadsheets strip empty cells at \
          the end, or pad all lines to the longest; both are understood. Cells beyond the last \
          one that do hold something are an error: the record has another version than it says, \
          or a TAB got into a text.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let (spec, exact) = match seen.facts.lookup {
        Lookup::Exact(spec) => (spec, true),
        Lookup::Nearest(spec) => (spec, false),
        _ => return,
    };
    let (has, expected) = (seen.record.len(), spec.cells.len());
    if has < expected {
        let finding =
            DOC.finding(format!("{has} cells of {expected}; the last ones were stripped"));
        return out.report(finding.at(seen.here()));
    }
    if has == expected || !exact {
        return;
    }
    match (expected..has).find(|at| !seen.record.cell(*at).is_empty()) {
        None => {
            let finding = DOC.finding(format!("padded from {expected} to {has} cells"));
            out.report(finding.at(seen.here()));
        }
        Some(at) => {
            let message = format!("there should be {expected} cells, and this one is not empty");
            let mut finding = DOC.finding(message).at(seen.at(at));
            finding.severity = Severity::Error;
            out.report(finding.evidence_bytes(seen.record.cell(at).raw()));
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "!RE02→1→R2→D→\n!RE02→1→R2→D→→A1→→\n!RE02→1→R2→D→→A1→→x\n!RE02.07→1→R2→D→→A1→x";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-cell-count r.tsv:6 RE02: 5 cells of 6; the last ones were stripped
            warning dsr-cell-count r.tsv:7 RE02: padded from 6 to 8 cells
            error dsr-cell-count r.tsv:8 RE02 cell 8: there should be 6 cells, and this one is not empty (x)
        "#]],
        );
    }
}
