//! Public samples, where they are at hand, through the whole crate.

#![expect(clippy::unwrap_used, clippy::print_stdout, clippy::use_debug, reason = "a test")]

mod fuzz;
mod guide;
mod statements;

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use expect_test::{Expect, expect};
use ingest::{Chart, Ingested, Source, ingest_chart, ingest_dsr};
use money::Atoms;

fn at_hand(folder: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no samples in {}", folder.display());
    None
}

fn totals(outcome: &Ingested, faults: &[String]) -> String {
    let mut seen = format!(
        "{} lines, {} usages, {} aside, in {}\n",
        outcome.lines,
        outcome.usages,
        outcome.quarantined.len(),
        outcome.period.map_or_else(|| "no period".to_owned(), |period| period.to_string())
    );
    for ((currency, basis), amount) in &outcome.amounts {
        seen += &format!("{currency} {basis} {amount}\n");
    }
    seen + &faults.join("\n")
}

fn check(name: &str, expected: &Expect) {
    let Some(folder) = at_hand("../../../shared/data/dsr") else { return };
    let source = Source { report: "r", file: 0, name };
    let (mut faults, mut sum) = (Vec::new(), Atoms::ZERO);
    let outcome = ingest_dsr(
        &source,
        &mut || File::open(folder.join(name)).map(BufReader::new),
        &mut |row| sum = sum.checked_add(row.amount).unwrap(),
        &mut |finding| {
            let place = finding.position.line;
            faults.push(format!(
                "{} {place}: {} ({})",
                finding.rule, finding.message, finding.evidence
            ));
        },
    )
    .unwrap();
    assert_eq!(Some(sum), Atoms::checked_sum(outcome.amounts.values().copied()));
    expected.assert_eq(&totals(&outcome, &faults));
}

#[test]
fn the_revenue_of_sample_1_is_shared_out_whole() {
    check(
        "orfium_ddex_samples/DSR_PADPIDA00123456743_PADPIDA0123456766K_UnlimitedMusicMonthly_2020-06-01--2020-06-30__1of1_20200703T075930.tsv",
        &expect![[r#"
            15 lines, 3160 usages, 0 aside, in 2020-06
            GBP service-net 5000
        "#]],
    );
}

#[test]
fn sample_2_has_no_line_that_can_be_booked() {
    check(
        "orfium_ddex_samples/DSR_PADPIDA2015999999X_PADPIDA2015999999X_AdFunded_2015-08-01--2015-08-31__1of1_20151123T182957.tsv",
        &expect![[r#"
            0 lines, 0 usages, 3 aside, in no period
            ingest-summary 11: no summary record of this id (SY1)
            ingest-summary 14: no summary record of this id (SY1)
            ingest-summary 17: no summary record of this id (SY1)"#]],
    );
}

#[test]
fn user_generated_content() {
    let name = |test| {
        format!(
            "ddexnet_dsrf/DSR_{test}_YouTube_AdSupport-music_2015-Q4_IS_1of1_20160121T150926.tsv"
        )
    };
    check(
        &name("TEST"),
        &expect![[r#"
            0 lines, 0 usages, 6 aside, in no period
            ingest-summary 17: several summary records of this id, and they differ (1)
            ingest-summary 22: several summary records of this id, and they differ (1)
            ingest-summary 27: several summary records of this id, and they differ (1)
            ingest-summary 29: several summary records of this id, and they differ (1)
            ingest-summary 31: several summary records of this id, and they differ (1)
            ingest-summary 33: several summary records of this id, and they differ (1)"#]],
    );
    check(
        &name("TEST2"),
        &expect![[r#"
            6 lines, 10210 usages, 0 aside, in 2015-Q4
            USD service-net 7
        "#]],
    );
}

#[test]
fn a_chart_of_2021() {
    let Some(folder) = at_hand("../../data/kr-2021") else { return };
    let chart = Chart {
        report: "r",
        file: 0,
        name: "daily.csv",
        chart: "South Korea Daily Top 200",
        service: "Spotify",
        territory: "KR",
    };
    let mut text = String::new();
    File::open(folder.join(chart.name)).unwrap().read_to_string(&mut text).unwrap();
    let mut faults = Vec::new();
    let outcome = ingest_chart(&chart, text.as_bytes(), &mut |_| {}, &mut |finding| {
        faults.push(finding.to_string());
    })
    .unwrap();
    expect![[r#"
        1370 lines, 130617741 usages, 0 aside, in 2021-02-01..2021-10-06
    "#]]
    .assert_eq(&totals(&outcome, &faults));
}
