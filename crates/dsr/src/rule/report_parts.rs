//! The files of a report belong together and are all there.

use std::collections::BTreeSet;

use finding::{Finding, Position, RuleDoc, Severity};
use money::Atoms;

use super::{block_unique, transaction_duplicate};
use crate::{Header, Purpose, Summary};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-report-parts",
    severity: Severity::Error,
    title: "the files of a report belong together and are all there",
    doc: "All files of a report carry one message id of one sender, each number from 1 to the \
          number of files is there once, and the totals of the last file's footer and of the \
          summary records are those of all files together. A missing file is missing usages: \
          do not book the report before it is whole.",
};

/// Compares the files of one report, which [`crate::check`] went through one by one.
///
/// A report of one file has nothing to compare, unless its header says that there are more.
pub fn check_parts(files: &[Summary], sink: &mut dyn FnMut(Finding)) {
    let headers: Vec<(&Summary, &Header)> =
        files.iter().filter_map(|file| Some((file, file.header.as_ref()?))).collect();
    let Some((_, first)) = headers.first().copied() else { return };
    let count = headers.iter().filter_map(|(_, header)| Some(header.part()?.1)).max().unwrap_or(1);
    if files.len() == 1 && count <= 1 {
        return;
    }
    let mut report = |file: &str, message: String, evidence: &str| {
        let finding = DOC.finding(message).at(Position::of_file(file)).evidence(evidence);
        sink(finding);
    };
    let mut numbers = BTreeSet::new();
    for (file, header) in &headers {
        for (what, named, expected) in [
            ("message id", &header.message_id, &first.message_id),
            ("sender", &header.sender_party_id, &first.sender_party_id),
            ("number of files", &header.number_of_files, &first.number_of_files),
        ] {
            if named != expected {
                report(
                    &file.file,
                    format!("another {what} than the first file, {expected}"),
                    named,
                );
            }
        }
        if let Some((number, _)) = header.part()
            && !numbers.insert(number)
        {
            report(&file.file, format!("file {number} is there twice"), &header.file_number);
        }
    }
    // No sane report has more files; the number is the sender's.
    for number in (1..=count.min(10_000)).filter(|number| !numbers.contains(number)) {
        report("", format!("file {number} of {count} is missing"), &first.message_id);
    }
    totals(files, &mut report);
    unique(files, sink);
}

/// Block ids and sales transaction ids are unique over the whole report, not only in a file.
fn unique(files: &[Summary], sink: &mut dyn FnMut(Finding)) {
    let purpose = |file: &Summary| file.header.as_ref()?.profile().map(|it| it.purpose);
    for (at, file) in files.iter().enumerate() {
        for earlier in &files[..at] {
            let blocks = file.block_ids.shared(&earlier.block_ids);
            let sales = file.transaction_ids.shared(&earlier.transaction_ids);
            // There they count up within a block only.
            let is_ugc = purpose(file) == Some(Purpose::Ugc);
            for (doc, what, shared) in [
                (&block_unique::DOC, "block ids", blocks),
                (&transaction_duplicate::DOC, "sales transaction ids", sales),
            ] {
                if shared.count == 0 || (is_ugc && what != "block ids") {
                    continue;
                }
                let (line, there) = shared.lines;
                let message = format!(
                    "{} {what} are in {} already; the first one there in line {there}",
                    shared.count, earlier.file
                );
                let place = Position { line, ..Position::of_file(&file.file) };
                sink(doc.finding(message).at(place));
            }
        }
    }
}

fn totals(files: &[Summary], report: &mut dyn FnMut(&str, String, &str)) {
    for file in files {
        let Some(footer) = &file.footer else { continue };
        for (what, stated, counted) in [
            ("lines", footer.lines_in_report, files.iter().map(|file| file.lines).sum::<u64>()),
            ("blocks", footer.blocks_in_report, files.iter().map(|file| file.blocks).sum()),
        ] {
            if let Some(stated) = stated.filter(|stated| *stated != counted) {
                let message = format!("all files together have this many {what}: {counted}");
                report(&file.file, message, &stated.to_string());
            }
        }
    }
    let ids: BTreeSet<&String> = files.iter().flat_map(|file| file.usages.keys()).collect();
    for id in ids {
        let of_id = || files.iter().filter_map(|file| file.usages.get(id));
        // Every file repeats the summary records.
        let Some(announced) = of_id().filter_map(|usage| usage.announced).max() else { continue };
        let detailed = Atoms::checked_sum(of_id().map(|usage| usage.detailed));
        let returned = Atoms::checked_sum(of_id().map(|usage| usage.returned));
        let net = detailed.zip(returned).and_then(|(all, back)| all.checked_sub(back));
        if detailed != Some(announced) && net != Some(announced) {
            let detailed = detailed.unwrap_or_default();
            let message = format!(
                "{announced} usages announced, {detailed} in the sales transactions of all files"
            );
            report("", message, id);
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::rule::fixture::report;

    fn check(files: &[String], expected: &Expect) {
        let mut summaries = Vec::new();
        for (at, text) in files.iter().enumerate() {
            let text = text.replace('→', "\t");
            let name = format!("{}.tsv", at + 1);
            summaries.push(crate::check(&name, text.as_bytes(), &mut |_| {}).unwrap());
        }
        let mut seen = String::new();
        crate::check_parts(&summaries, &mut |finding| seen += &format!("{finding}\n"));
        expected.assert_eq(&seen);
    }

    #[test]
    fn fires() {
        let part = |number: &str| {
            let text = report("").replace("Z→1→1→", &format!("Z→{number}→2→"));
            text.replace("→10→→KRW", "→20→→KRW").replace("FOOT→6→6→1→1→1", "FOOT→6→12→1→1→2")
        };
        check(&[report("")], &expect![]);
        // Every file has blocks and sales transactions of its own.
        let other = |text: String| {
            let text = text.replace("→1→R1→", "→2→R1→").replace("→1→A1→", "→2→A1→");
            text.replace("→1→S1→T1→", "→2→S1→T9→")
        };
        check(&[part("1"), other(part("2"))], &expect![]);
        check(
            &[part("2")],
            &expect![[r#"
            error dsr-report-parts -: file 1 of 2 is missing (M1)
            error dsr-report-parts 1.tsv: all files together have this many lines: 6 (12)
            error dsr-report-parts 1.tsv: all files together have this many blocks: 1 (2)
            error dsr-report-parts -: 20 usages announced, 10 in the sales transactions of all files (S1)
        "#]],
        );
        check(
            &[part("1"), other(part("2")).replace("→T9→", "→T1→")],
            &expect![[r#"
            error dsr-transaction-duplicate 2.tsv:5: 1 sales transaction ids are in 1.tsv already; the first one there in line 5
        "#]],
        );
        check(
            &[part("1"), part("1").replace("→M1→", "→M2→")],
            &expect![[r#"
                error dsr-report-parts 2.tsv: another message id than the first file, M1 (M2)
                error dsr-report-parts 2.tsv: file 1 is there twice (1)
                error dsr-report-parts -: file 2 of 2 is missing (M1)
                error dsr-block-unique 2.tsv:3: 1 block ids are in 1.tsv already; the first one there in line 3
                error dsr-transaction-duplicate 2.tsv:5: 1 sales transaction ids are in 1.tsv already; the first one there in line 5
            "#]],
        );
    }
}
