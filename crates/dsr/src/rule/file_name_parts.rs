//! the file name agrees with the header.

use finding::Position;
use finding::{RuleDoc, Severity};

use crate::check::{Out, State};
use crate::file_name::FileName;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-file-name-parts",
    severity: Severity::Warning,
    title: "the file name agrees with the header",
    doc: "The name of a file repeats recipient, sender, period, part x of y and time of its \
          header. A difference means that a file was renamed, or that one name was given to \
          another report, and then a report may be booked twice or not at all. Only names that \
          begin with DSR_ are compared, since parties may agree on others. Trust the header.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let (Some(name), Some(header)) = (FileName::parse(&state.file), &state.header) else { return };
    let mut differ = |what: &str, named: &str, stated: &str| {
        let message = format!("the name says {what} {named}, the header {stated}");
        out.report(DOC.finding(message).at(Position::default()).evidence(&state.file));
    };
    if let (Some(named), Some(stated)) = (name.part, header.part())
        && named != stated
    {
        let [named, stated] = [named, stated].map(|(file, files)| format!("{file} of {files}"));
        differ("file", &named, &stated);
    }
    if let (Some(named), Some((first, last))) = (name.period, header.usage_days())
        && (named.start() != first || named.last_day() != last)
    {
        differ("period", &name.period_text, &format!("{first} to {last}"));
    }
    for (what, named, stated) in [
        ("recipient", &name.recipient, &header.recipient_party_id),
        ("sender", &name.sender, &header.sender_party_id),
    ] {
        let stated = stated.trim_start_matches("DPID::");
        if named.starts_with("PADPIDA") && stated.starts_with("PADPIDA") && named != stated {
            differ(what, named, stated);
        }
    }
    let stated: String = header.created.chars().filter(|c| c.is_alphanumeric()).take(15).collect();
    let named: String = name.created.chars().take(15).collect();
    if stated.len() == 15 && named.len() == 15 && stated != named {
        differ("time", &name.created, &header.created);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    fn named(name: &str, expected: &expect_test::Expect) {
        let text = report("").replace('→', "\t");
        let mut seen = String::new();
        crate::check(name, text.as_bytes(), &mut |finding| {
            if finding.rule == super::DOC.id {
                seen += &format!("{}: {}\n", finding.severity, finding.message);
            }
        })
        .unwrap();
        expected.assert_eq(&seen);
    }

    #[test]
    fn fires() {
        check(&super::DOC, &report(""), &expect![]);
        named(
            "in/DSR_PADPIDA0000000002B_PADPIDA0000000001A_Service_2026-01_KR_1of1_20260203T040506.tsv",
            &expect![],
        );
        named(
            "DSR_PADPIDA0000000002X_PADPIDA0000000001X_Service_2026-02_KR_1of2_20260203T040507.tsv",
            &expect![[r#"
                warning: the name says file 1 of 2, the header 1 of 1
                warning: the name says period 2026-02, the header 2026-01-01 to 2026-01-31
                warning: the name says recipient PADPIDA0000000002X, the header PADPIDA0000000002B
                warning: the name says sender PADPIDA0000000001X, the header PADPIDA0000000001A
                warning: the name says time 20260203T040507, the header 2026-02-03T04:05:06Z
            "#]],
        );
        named(
            "DSR_a_b_c_2026-01-01--2026-01-31__2of2_x.tsv",
            &expect![[r#"
            warning: the name says file 2 of 2, the header 1 of 1
        "#]],
        );
    }
}
