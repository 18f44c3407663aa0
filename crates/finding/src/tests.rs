//! How findings look, and what evidence keeps.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::*;

fn check(finding: &Finding, expected: Expect) {
    expected.assert_eq(&finding.to_string());
}

fn position() -> Position {
    Position {
        file: "DSR_x.tsv".into(),
        line: 13,
        byte: 1024,
        record: "SU02.02".into(),
        cell: Some(3),
        cell_name: "SummaryRecordId".into(),
    }
}

fn finding() -> Finding {
    Finding::new("dsr-sy-dangling", Severity::Error, "no such summary record")
}

#[test]
fn shown_as_far_as_the_place_is_known() {
    check(
        &finding().at(position()).evidence("SR9"),
        expect![
            "error dsr-sy-dangling DSR_x.tsv:13 SU02.02 cell 3 SummaryRecordId: no such summary record (SR9)"
        ],
    );
    check(
        &finding().at(position()),
        expect![
            "error dsr-sy-dangling DSR_x.tsv:13 SU02.02 cell 3 SummaryRecordId: no such summary record"
        ],
    );
    check(
        &finding().at(Position { cell: None, cell_name: String::new(), ..position() }),
        expect!["error dsr-sy-dangling DSR_x.tsv:13 SU02.02: no such summary record"],
    );
    check(
        &finding().at(Position::of_file("DSR_x.tsv")),
        expect!["error dsr-sy-dangling DSR_x.tsv: no such summary record"],
    );
    check(&finding(), expect!["error dsr-sy-dangling -: no such summary record"]);
}

#[test]
fn hidden_characters_are_shown() {
    check(
        &finding().at(Position { file: "a\nb.tsv".into(), ..position() }).evidence(
            "\u{1b}[2J\r\n\t\0 caf\u{e9} \u{c544}\u{c774}\u{c720} \u{202e}gpj\u{200b}\u{feff}\\n",
        ),
        expect![[
            r#"error dsr-sy-dangling a\nb.tsv:13 SU02.02 cell 3 SummaryRecordId: no such summary record (\u{1b}[2J\r\n\t\u{0} café 아이유 \u{202e}gpj\u{200b}\u{feff}\n)"#
        ]],
    );
}

#[test]
fn evidence_is_cut_between_characters() {
    let whole = "\u{d55c}".repeat(EVIDENCE_CHARS_MAX);
    assert_eq!(finding().evidence(&whole).evidence, whole);
    let cut = finding().evidence(format!("{whole}x")).evidence;
    assert_eq!(cut, format!("{}\u{2026}", "\u{d55c}".repeat(EVIDENCE_CHARS_MAX - 1)));
    let bytes = finding().evidence_bytes(b"Beyonc\xe9\xff!").evidence;
    assert_eq!(bytes, "Beyonc\u{fffd}\u{fffd}!");
}

#[test]
fn severities_are_in_order() {
    assert!(Severity::Note < Severity::Warning && Severity::Warning < Severity::Error);
    let rule = RuleDoc { id: "r", severity: Severity::Warning, title: "title", doc: "Paragraph." };
    expect![[r#"
        r (warning): title

        Paragraph."#]]
    .assert_eq(&rule.to_string());
    assert_eq!(rule.finding("m"), Finding::new("r", Severity::Warning, "m"));
}

proptest! {
    #[test]
    fn always_one_line_and_never_too_long(bytes in proptest::collection::vec(any::<u8>(), 0..1200), text in "\\PC{0,300}|.{0,300}") {
        for finding in [finding().evidence_bytes(&bytes), finding().evidence(&text)] {
            prop_assert!(finding.evidence.chars().count() <= EVIDENCE_CHARS_MAX);
            prop_assert!(!finding.to_string().chars().any(char::is_control));
        }
        let short: String = text.chars().take(EVIDENCE_CHARS_MAX).collect();
        prop_assert_eq!(finding().evidence(&short).evidence, short);
        // Bytes and text agree wherever the bytes are text.
        let lossy = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(finding().evidence_bytes(&bytes), finding().evidence(lossy));
    }
}
