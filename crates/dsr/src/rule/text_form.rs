//! texts are in one Unicode form.

use finding::{RuleDoc, Severity};
use unicode_normalization::is_nfc;

use crate::check::{Out, Seen, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-text-form",
    severity: Severity::Warning,
    title: "texts are in one Unicode form, NFC",
    doc: "An é or a 한 can be written as one character or as several that look the same. A title \
          that comes in both ways is two titles for whoever compares bytes: matching fails, and \
          one recording has two lines in a statement. Texts are compared in one form here, and \
          kept as they came. Ask the sender to write NFC.",
};

pub(super) fn check(_: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if seen.record.is_ascii() || !may_be_decomposed(seen.record.raw()) {
        return;
    }
    let cells = seen.record.cells().enumerate();
    for (at, cell) in cells.filter(|(_, cell)| !is_nfc(&String::from_utf8_lossy(cell.raw()))) {
        out.report(DOC.finding("not in NFC").at(seen.at(at)).evidence_bytes(cell.raw()));
    }
}

/// Whether there is a combining mark, a single jamo or a voicing mark of kana: anything else that
/// is not NFC is too rare to slow every line down for it.
fn may_be_decomposed(raw: &[u8]) -> bool {
    let marks = memchr::memchr3_iter(0xcc, 0xcd, 0xe1, raw);
    let voicing = memchr::memchr_iter(0xe3, raw);
    marks.chain(voicing).any(|at| {
        matches!(
            raw[at..],
            [0xcc, ..]
                | [0xcd, 0x80..=0xaf, ..]
                | [0xe1, 0x84..=0x87, ..]
                | [0xe3, 0x82, 0x99..=0x9a, ..]
        )
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let title = |text: &str| report("").replace("→Title→", &format!("→{text}→"));
        check(
            &super::DOC,
            &title("Cafe\u{301} \u{1112}\u{1161}\u{11ab}"),
            &expect![[r#"
                warning dsr-text-form r.tsv:3 RE01.02 cell 10 ReleaseTitle: not in NFC (Café 한)
                warning dsr-text-form r.tsv:4 AS02.03 cell 6 ResourceTitle: not in NFC (Café 한)
            "#]],
        );
        check(&super::DOC, &title("x\u{304} 한é が"), &expect![]);
        check(&super::DOC, &report(""), &expect![]);
    }
}
