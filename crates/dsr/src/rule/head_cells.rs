//! the header names message, profile, parts, period and sender.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Role, Seen, State};
use crate::table::{Field, Need};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-head-cells",
    severity: Severity::Error,
    title: "the header names message, profile, parts, period and sender",
    doc: "The sender and the message id together are the identity of a report: by them a file \
          that was received twice is recognised. Period, parts and profile decide how every \
          other record is read. Part x of y must not be beyond y. A report without these cells \
          cannot be booked; ask the sender to repair it.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    let (Role::Head, Some(spec)) = (seen.facts.role, seen.facts.spec()) else { return };
    for (at, cell) in spec.cells.iter().enumerate() {
        if cell.need == Need::Must && seen.record.cell(at).is_empty() {
            out.report(DOC.finding(format!("{} is empty", cell.name)).at(seen.at(at)));
        }
    }
    let Some(header) = &state.header else { return };
    if !header.message_version.is_empty() && !header.message_version.starts_with("dsrf/") {
        let finding = DOC.finding("MessageVersion does not begin with dsrf/");
        out.report(
            finding.at(seen.at_field(Field::MessageVersion)).evidence(&header.message_version),
        );
    }
    if let Some((file, files)) = header.part()
        && (file == 0 || file > files)
    {
        let finding = DOC.finding(format!("file {file} of {files} cannot be"));
        out.report(finding.at(seen.at_field(Field::FileNumber)).evidence(&header.file_number));
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
            "HEAD→ID1→UgcProfile→1.1\n",
            &expect![[r#"
            error dsr-head-cells r.tsv:1 HEAD cell 5 MessageId: MessageId is empty
            error dsr-head-cells r.tsv:1 HEAD cell 6 MessageCreatedDateTime: MessageCreatedDateTime is empty
            error dsr-head-cells r.tsv:1 HEAD cell 7 FileNumber: FileNumber is empty
            error dsr-head-cells r.tsv:1 HEAD cell 8 NumberOfFiles: NumberOfFiles is empty
            error dsr-head-cells r.tsv:1 HEAD cell 9 UsageStartDate: UsageStartDate is empty
            error dsr-head-cells r.tsv:1 HEAD cell 10 UsageEndDate: UsageEndDate is empty
            error dsr-head-cells r.tsv:1 HEAD cell 11 SenderPartyId: SenderPartyId is empty
            error dsr-head-cells r.tsv:1 HEAD cell 12 SenderName: SenderName is empty
            error dsr-head-cells r.tsv:1 HEAD cell 2 MessageVersion: MessageVersion does not begin with dsrf/ (ID1)
        "#]],
        );
        check(
            &super::DOC,
            &report("").replace("Z→1→1→", "Z→3→2→"),
            &expect![[r#"
            error dsr-head-cells r.tsv:1 HEAD cell 7 FileNumber: file 3 of 2 cannot be (3)
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
