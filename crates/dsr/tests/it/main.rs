//! The validator over the sample files that are public, where they are at hand.
//!
//! The samples may not be handed on, so they are not in this repository.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test")]

mod property;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};

fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dsr");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no samples in {}", folder.display());
    None
}

/// Findings that are not about the format come in full, the others as counts.
fn check(name: &str, expected: &Expect) {
    let Some(folder) = samples() else { return };
    let file = File::open(folder.join(name)).unwrap();
    let mut text = String::new();
    let summary = dsr::check(name, BufReader::new(file), &mut |finding| {
        if !FORMAT.contains(&finding.rule) {
            text += &format!(
                "{} {} {} {} {}: {} ({})\n",
                finding.severity,
                finding.rule,
                finding.position.line,
                finding.position.record,
                finding.position.cell_name,
                finding.message,
                finding.evidence
            );
        }
    })
    .unwrap();
    for (rule, count) in &summary.counts {
        text += &format!("{rule} {}/{}/{}\n", count.errors, count.warnings, count.notes);
    }
    for (id, usage) in &summary.usages {
        let announced = usage.announced.map_or_else(String::new, |usages| usages.to_string());
        text += &format!("{id}: {announced} announced, {} detailed\n", usage.detailed);
    }
    text +=
        &format!("{} lines, {} records, {} blocks", summary.lines, summary.records, summary.blocks);
    expected.assert_eq(&text);
}

/// Errors, warnings and notes by rule.
fn count(name: &str, expected: &Expect) {
    let Some(folder) = samples() else { return };
    let file = File::open(folder.join(name)).unwrap();
    let summary = dsr::check(name, BufReader::new(file), &mut |_| {}).unwrap();
    let counts = summary
        .counts
        .iter()
        .map(|(rule, count)| format!("{rule} {}/{}/{}", count.errors, count.warnings, count.notes));
    expected.assert_eq(&counts.collect::<Vec<_>>().join("\n"));
}

const FORMAT: &[&str] = &["dsr-cell-count", "dsr-spreadsheet-quotes", "dsr-crlf"];

const ORFIUM: &str = "orfium_ddex_samples/DSR_PADPIDA";
const GOOGLE: &str = "ddexnet_dsrf/DSR_";

#[test]
fn sample_1_reconciles() {
    check(
        &format!(
            "{ORFIUM}00123456743_PADPIDA0123456766K_UnlimitedMusicMonthly_2020-06-01--2020-06-30__1of1_20200703T075930.tsv"
        ),
        &expect![[r#"
            warning dsr-no-final-newline 33  : the last line has no end ()
            dsr-cell-count 0/27/0
            dsr-crlf 0/0/1
            dsr-no-final-newline 0/1/0
            dsr-spreadsheet-quotes 0/2/0
            S1: 3160 announced, 3160 detailed
            33 lines, 27 records, 3 blocks"#]],
    );
}

#[test]
fn sample_2_has_four_defects() {
    check(
        &format!(
            "{ORFIUM}2015999999X_PADPIDA2015999999X_AdFunded_2015-08-01--2015-08-31__1of1_20151123T182957.tsv"
        ),
        &expect![[r#"
            warning dsr-icpn-check 9 RE01.02 ReleaseICPN: not a valid ICPN: check digit 0, expected 1 (731453000000)
            error dsr-summary-dangling 11 SU02.02 SummaryRecordId: no summary record before this line has this id (SY1)
            warning dsr-icpn-check 12 RE01.02 ReleaseICPN: not a valid ICPN: check digit 0, expected 1 (731453000000)
            error dsr-summary-dangling 14 SU02.02 SummaryRecordId: no summary record before this line has this id (SY1)
            warning dsr-icpn-check 15 RE01.02 ReleaseICPN: not a valid ICPN: check digit 0, expected 1 (731453000000)
            error dsr-summary-dangling 17 SU02.02 SummaryRecordId: no summary record before this line has this id (SY1)
            error dsr-foot-blocks-report 18 FOOT NumberOfBlocksInReport: the file alone has this many blocks: 3 (94)
            error dsr-usages-sum 8 SY02.03 TotalUsages: 100 usages announced, 0 in the sales transactions; 3 more under ids that no summary record has (100)
            warning dsr-no-final-newline 18  : the last line has no end ()
            dsr-cell-count 0/9/0
            dsr-crlf 0/0/1
            dsr-foot-blocks-report 1/0/0
            dsr-icpn-check 0/3/0
            dsr-no-final-newline 0/1/0
            dsr-spreadsheet-quotes 0/1/0
            dsr-summary-dangling 3/0/0
            dsr-usages-sum 1/0/0
            1: 100 announced, 0 detailed
            SY1:  announced, 3 detailed
            18 lines, 12 records, 3 blocks"#]],
    );
}

#[test]
fn user_generated_content_with_a_repeated_summary_id() {
    check(
        &format!("{GOOGLE}TEST_YouTube_AdSupport-music_2015-Q4_IS_1of1_20160121T150926.tsv"),
        &expect![[r#"
            error dsr-summary-duplicate 11 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            error dsr-summary-duplicate 12 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            error dsr-summary-duplicate 13 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            warning dsr-cell-type 17 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 17 SU03.01 ValidityPeriodEnd: a date without hyphens (20151231)
            warning dsr-transaction-duplicate 22 SU03.01 SalesTransactionId: the sales transaction in line 17 has the same id (U1)
            warning dsr-cell-type 22 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 22 SU03.01 ValidityPeriodEnd: a date without hyphens (20151231)
            warning dsr-transaction-duplicate 27 SU03.01 SalesTransactionId: the sales transaction in line 17 has the same id (U1)
            warning dsr-cell-type 27 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 27 SU03.01 ValidityPeriodEnd: a date without hyphens (20151002)
            warning dsr-cell-type 29 SU03.01 ValidityPeriodStart: a date without hyphens (20151003)
            warning dsr-cell-type 29 SU03.01 ValidityPeriodEnd: a date without hyphens (20151003)
            warning dsr-cell-type 31 SU03.01 ValidityPeriodStart: a date without hyphens (20151004)
            warning dsr-cell-type 31 SU03.01 ValidityPeriodEnd: a date without hyphens (20151203)
            warning dsr-cell-type 33 SU03.01 ValidityPeriodStart: a date without hyphens (20151204)
            warning dsr-cell-type 33 SU03.01 ValidityPeriodEnd: a date without hyphens (20151230)
            warning dsr-usages-sum 13 SY02.01 Usages: 27059772 usages announced, 10210 in the sales transactions (27059772)
            dsr-cell-count 0/3/0
            dsr-cell-type 0/12/0
            dsr-summary-duplicate 3/0/0
            dsr-transaction-duplicate 0/2/0
            dsr-usages-sum 0/1/0
            1: 27059772 announced, 10210 detailed
            35 lines, 27 records, 3 blocks"#]],
    );
}

#[test]
fn user_generated_content_with_a_wrong_line_count() {
    check(
        &format!("{GOOGLE}TEST2_YouTube_AdSupport-music_2015-Q4_IS_1of1_20160121T150926.tsv"),
        &expect![[r#"
            error dsr-summary-duplicate 11 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            error dsr-summary-duplicate 12 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            error dsr-summary-duplicate 13 SY02.01 SummaryRecordId: the summary record in line 10 has the same id (1)
            warning dsr-cell-type 17 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 17 SU03.01 ValidityPeriodEnd: a date without hyphens (20151231)
            warning dsr-transaction-duplicate 21 SU03.01 SalesTransactionId: the sales transaction in line 17 has the same id (U1)
            warning dsr-cell-type 21 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 21 SU03.01 ValidityPeriodEnd: a date without hyphens (20151231)
            warning dsr-transaction-duplicate 26 SU03.01 SalesTransactionId: the sales transaction in line 17 has the same id (U1)
            warning dsr-cell-type 26 SU03.01 ValidityPeriodStart: a date without hyphens (20151001)
            warning dsr-cell-type 26 SU03.01 ValidityPeriodEnd: a date without hyphens (20151002)
            warning dsr-cell-type 28 SU03.01 ValidityPeriodStart: a date without hyphens (20151003)
            warning dsr-cell-type 28 SU03.01 ValidityPeriodEnd: a date without hyphens (20151003)
            warning dsr-cell-type 30 SU03.01 ValidityPeriodStart: a date without hyphens (20151004)
            warning dsr-cell-type 30 SU03.01 ValidityPeriodEnd: a date without hyphens (20151203)
            warning dsr-cell-type 32 SU03.01 ValidityPeriodStart: a date without hyphens (20151204)
            warning dsr-cell-type 32 SU03.01 ValidityPeriodEnd: a date without hyphens (20151230)
            error dsr-foot-lines-file 34 FOOT NumberOfLinesInFile: the file has this many lines: 34 (35)
            error dsr-foot-lines-report 34 FOOT NumberOfLinesInReport: the file alone has this many lines: 34 (35)
            warning dsr-usages-sum 13 SY02.01 Usages: 27059772 usages announced, 10210 in the sales transactions (27059772)
            dsr-cell-count 0/3/0
            dsr-cell-type 0/12/0
            dsr-foot-lines-file 1/0/0
            dsr-foot-lines-report 1/0/0
            dsr-summary-duplicate 3/0/0
            dsr-transaction-duplicate 0/2/0
            dsr-usages-sum 0/1/0
            1: 27059772 announced, 10210 detailed
            34 lines, 26 records, 3 blocks"#]],
    );
}

#[test]
fn stubs() {
    let stub = format!("{GOOGLE}PADPIDA2014999999Z_PADPIDA2014111801Y_AdSupport_2015-02_AU_");
    count(
        &format!("{stub}1of1_20140617T092522.tsv"),
        &expect![[r#"
            dsr-avs-value 0/2/0
            dsr-block-grammar 0/1/0
            dsr-cell-count 0/5/0
            dsr-cell-type 1/0/0
            dsr-foot-lines-file 1/0/0
            dsr-head-cells 7/0/0
            dsr-mandatory-cell 15/0/0"#]],
    );
    count(
        &format!("{stub}1of1_20150723T092522.tsv"),
        &expect![[r#"
            dsr-avs-value 0/2/0
            dsr-block-grammar 0/1/0
            dsr-cell-count 0/5/0
            dsr-foot-lines-file 1/0/0
            dsr-head-cells 9/0/0
            dsr-mandatory-cell 15/0/0"#]],
    );
    count(
        &format!("{stub}1of2_20150723T092522.tsv"),
        &expect![[r#"
            dsr-avs-value 0/2/0
            dsr-block-grammar 0/1/0
            dsr-cell-count 0/5/0
            dsr-foot-lines-file 1/0/0
            dsr-head-cells 9/0/0
            dsr-mandatory-cell 15/0/0"#]],
    );
    count(
        &format!("{stub}2of2_20150723T092522.tsv"),
        &expect![[r#"
            dsr-avs-value 0/2/0
            dsr-block-grammar 0/1/0
            dsr-cell-count 0/5/0
            dsr-foot-lines-file 1/0/0
            dsr-head-cells 9/0/0
            dsr-mandatory-cell 15/0/0"#]],
    );
}

#[test]
fn no_report_at_all() {
    count(
        "ddexnet_dsrf/test_file_parser.tsv",
        &expect![[r#"
        dsr-avs-value 0/2/0
        dsr-cell-count 0/3/0
        dsr-foot-last 1/0/0
        dsr-head-first 1/0/0
        dsr-mandatory-cell 13/0/0
        dsr-unknown-record 0/0/2"#]],
    );
    count(
        "ddexnet_dsrf/test_file_parser.tsv.gz",
        &expect![[r#"
        dsr-foot-last 1/0/0
        dsr-head-first 1/0/0
        dsr-no-final-newline 0/1/0
        dsr-not-utf8 2/0/0
        dsr-unknown-record 0/0/2"#]],
    );
}
