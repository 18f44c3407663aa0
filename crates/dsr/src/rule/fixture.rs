//! Small reports for the tests of the rules; `→` stands for TAB.

use expect_test::Expect;
use finding::RuleDoc;

use crate::table::lookup;

const BASE: &str = "\
HEAD→dsrf/1.1/1.4.1/1.3→BasicAudioProfile→1.3→M1→2026-02-03T04:05:06Z→1→1→2026-01-01→2026-01-31→\
PADPIDA0000000001A→Sender→Service→PADPIDA0000000002B→Recipient
SY01.02→S1→→→SubscriptionModel→OnDemandStream→KR→Service→10→→KRW→1000
RE01.02→1→R1→P1→→→→Artist→→Title
AS02.03→1→A1→D1→KRA302600001→Title→→Artist→→PT3M→SoundRecording
SU02.02→1→S1→T1→→A1→TRUE→10";

/// A report without any finding, with more lines before its footer, which counts them.
///
/// Records are filled up to their number of cells, unless they begin with `!`. Summary records
/// among the lines go behind the one that is there.
pub(crate) fn report(more: &str) -> String {
    let (summaries, others): (Vec<&str>, Vec<&str>) =
        more.lines().partition(|line| line.starts_with("SY"));
    let mut lines: Vec<String> = BASE.lines().map(fill).collect();
    let behind = lines.split_off(2);
    lines.extend(summaries.iter().map(|line| fill(line)));
    lines.extend(behind);
    lines.extend(others.iter().map(|line| fill(line)));
    let mut blocks: Vec<&str> = lines
        .iter()
        .filter(|line| ["RE", "AS", "SU", "MW", "RU"].iter().any(|code| line.starts_with(code)))
        .filter_map(|line| line.split('→').nth(1))
        .collect();
    blocks.sort_unstable();
    blocks.dedup();
    let (count, blocks) = (lines.len() + 1, blocks.len());
    let summaries = summaries.len() + 1;
    lines.push(format!("FOOT→{count}→{count}→{summaries}→{blocks}→{blocks}\n"));
    lines.join("\n")
}

fn fill(line: &str) -> String {
    if let Some(literal) = line.strip_prefix('!') {
        return literal.to_owned();
    }
    let has = line.split('→').count();
    let first = line.split('→').next().unwrap_or_default();
    let cells = lookup(first.as_bytes()).spec().map_or(has, |spec| spec.cells.len());
    line.to_owned() + &"→".repeat(cells.saturating_sub(has))
}

/// Runs the validator over a text and compares the findings of one rule.
pub(crate) fn check(doc: &RuleDoc, text: &str, expected: &Expect) {
    check_bytes(doc, text.replace('→', "\t").as_bytes(), expected);
}

pub(crate) fn check_bytes(doc: &RuleDoc, bytes: &[u8], expected: &Expect) {
    let mut seen = String::new();
    crate::check("r.tsv", bytes, &mut |finding| {
        if finding.rule == doc.id {
            seen += &format!("{finding}\n");
        }
    })
    .unwrap();
    expected.assert_eq(&seen);
}

#[test]
fn the_base_report_has_no_finding() {
    let mut seen = Vec::new();
    let text = report("").replace('→', "\t");
    let summary =
        crate::check("r.tsv", text.as_bytes(), &mut |f| seen.push(f.to_string())).unwrap();
    assert_eq!(seen, Vec::<String>::new());
    assert_eq!(
        (summary.lines, summary.records, summary.blocks, summary.transactions),
        (6, 6, 1, 1)
    );
}
