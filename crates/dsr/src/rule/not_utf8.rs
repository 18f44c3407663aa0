//! a line is UTF-8.

use finding::{RuleDoc, Severity};

use crate::Record;
use crate::check::{Out, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-not-utf8",
    severity: Severity::Error,
    title: "a line is UTF-8",
    doc: "The standard fixes UTF-8. Bytes that are none come from a file in another encoding, \
          and guessing which one spoils names for ever. The line is kept byte for byte; it is \
          not booked. Ask the sender to export in UTF-8.",
};

pub(super) fn check(_: &State, record: &Record, out: &mut Out<'_>) {
    if record.is_utf8() {
        return;
    }
    let good = std::str::from_utf8(record.raw()).map_or_else(|fault| fault.valid_up_to(), str::len);
    let message = format!("not UTF-8 from byte {} of the line", good + 1);
    let shown = record.raw().get(good.saturating_sub(20)..).unwrap_or_default();
    out.report(DOC.finding(message).at(super::line(record)).evidence_bytes(shown));
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        crate::rule::fixture::check_bytes(
            &super::DOC,
            b"HEAD\tcaf\xe9 au lait\n",
            &expect![[r#"
            error dsr-not-utf8 r.tsv:1: not UTF-8 from byte 9 of the line (HEAD\tcaf� au lait)
        "#]],
        );
        check(&super::DOC, &report("# é"), &expect![]);
    }
}
