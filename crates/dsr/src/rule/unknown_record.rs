//! the record type, or its version, is not known.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Lookup;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-unknown-record",
    severity: Severity::Note,
    title: "the record type, or its version, is not known",
    doc: "A record that no table describes is kept as it is and takes part in no sum. A version \
          newer than the tables is read with the newest older table, because newer versions \
          append cells. Look whether it carries money or usages; if so, the table must be added. \
          Records agreed between two parties, DE and two characters, are legal anywhere and \
          never reported here.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let message = match seen.facts.lookup {
        Lookup::Unknown => "not a record type of the standard; kept raw".to_owned(),
        Lookup::Nearest(spec) => {
            format!("a version that is not known, read with the table of {}", spec.name())
        }
        Lookup::Exact(_) | Lookup::Deal => return,
    };
    out.report(DOC.finding(message).at(seen.at(0)).evidence_bytes(seen.record.cell(0).raw()));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            &report("XX99→1\nSY02.09→S2\nDE07→anything\nCU01.01→1"),
            &expect![[r#"
            note dsr-unknown-record r.tsv:3 SY02.09 cell 1 RecordType: a version that is not known, read with the table of SY02.03 (SY02.09)
            note dsr-unknown-record r.tsv:7 XX99 cell 1: not a record type of the standard; kept raw (XX99)
        "#]],
        );
    }
}
