//! a sales transaction names a release or a resource.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-reference-missing",
    severity: Severity::Error,
    title: "a sales transaction names a release or a resource",
    doc: "One of TransactedRelease and TransactedResource must be filled. Without either, the \
          line says how often something was used but not what. It cannot be matched; ask the \
          sender.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.has(Field::TransactedResource)
        && seen.has(Field::TransactedRelease)
        && seen.field(Field::TransactedResource).is_empty()
        && seen.field(Field::TransactedRelease).is_empty()
    {
        let finding = DOC.finding("neither TransactedRelease nor TransactedResource is filled");
        out.report(finding.at(seen.here()).evidence_bytes(seen.record.raw()));
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
            &report("SU02.02→1→S1→T2→→→TRUE→0"),
            &expect![[r#"
            error dsr-reference-missing r.tsv:6 SU02.02: neither TransactedRelease nor TransactedResource is filled (SU02.02\t1\tS1\tT2\t\t\tTRUE\t0\t\t\t)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
