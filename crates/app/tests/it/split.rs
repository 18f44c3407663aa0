//! A report of several files, in any order and over any number of calls.

use std::collections::BTreeMap;
use std::fs;

use app::Silent;
use app::reports::{Import, import, parts_words, withdraw};
use app::settle::SettleError;
use store::ReportState;

use crate::stage::{NOW, Stage, gzip, report_of};

const FEE: &str = "fee-then-share";

/// Part `number` of three of the scenario's report; each has one sales transaction.
fn part(number: u32) -> String {
    let head = format!("\t{number}\t3\t2021-06-01");
    let text = report_of(FEE).replace("\t1\t1\t2021-06-01", &head);
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let own = match line.starts_with("SR08") {
            true => line.contains(&format!("\tT{number}\t")),
            false => true,
        };
        if own {
            lines.push(line.to_owned());
        }
        if number == 3 && line.contains("\tT2\t") {
            let third = line.replace("\tT2\t", "\tT3\t").replace("300", "500");
            lines.push(third.replace("Paper Boat", "Unknown").replace("00002", "00003"));
        }
    }
    lines.iter().map(|it| format!("{it}\n")).collect()
}

/// Every file of the lake with its bytes.
fn lake(stage: &Stage) -> BTreeMap<String, Vec<u8>> {
    let files = stage.home.store.usage_files().unwrap();
    let read = |it: &store::UsageFile| fs::read(stage.home.lake.root().join(&it.path)).unwrap();
    files.iter().map(|it| (it.path.clone(), read(it))).collect()
}

/// A report as it is shown: id, sums, files, findings.
fn shown(stage: &Stage) -> Vec<String> {
    let store = &stage.home.store;
    let reports = store.reports().unwrap();
    assert_eq!(reports.len(), 1, "{reports:?}");
    let row = &reports[0];
    assert_eq!(row.state, ReportState::Standing);
    let mut lines = vec![format!("{} {} {}", row.id, row.sha256, row.body)];
    lines.extend(store.report_files(&row.id).unwrap().iter().map(|it| format!("{it:?}")));
    lines.extend(store.findings(&row.id).unwrap());
    lines.extend(store.finding_counts(&row.id).unwrap().iter().map(|it| format!("{it:?}")));
    lines
}

#[test]
fn any_order_and_any_calls_give_the_same_report() {
    let mut one = Stage::of(FEE);
    let paths: Vec<_> = (1..=3).map(|it| one.file(&format!("part{it}.tsv"), part(it))).collect();
    let whole = import(&mut one.home, &paths, NOW, &mut Silent).unwrap().remove(0);
    assert_eq!((whole.import, whole.lines), (Import::New, 3));
    let orders: [&[&[u32]]; 8] = [
        &[&[1], &[2], &[3]],
        &[&[1], &[3], &[2]],
        &[&[2], &[1], &[3]],
        &[&[2], &[3], &[1]],
        &[&[3], &[1], &[2]],
        &[&[3], &[2], &[1]],
        &[&[3, 1], &[2]],
        &[&[2], &[1, 2], &[2, 3, 1]],
    ];
    for calls in orders {
        let mut stage = Stage::of(FEE);
        for (at, call) in calls.iter().enumerate() {
            let paths: Vec<_> =
                call.iter().map(|it| stage.file(&format!("part{it}.tsv"), part(*it))).collect();
            let outcome = import(&mut stage.home, &paths, NOW, &mut Silent).unwrap().remove(0);
            let last = at + 1 == calls.len();
            assert_eq!(outcome.import, if last { Import::New } else { Import::Waiting });
            stage = stage.reopened();
        }
        assert_eq!(shown(&stage), shown(&one), "{calls:?}");
        assert_eq!(lake(&stage), lake(&one), "{calls:?}");
    }
}

#[test]
fn a_part_waits_and_is_never_settled() {
    let mut stage = Stage::of(FEE);
    let first = stage.import("first.tsv", part(1));
    assert_eq!((first.import, first.lines), (Import::Waiting, 0));
    assert_eq!(first.reason.as_deref(), Some("1 of 3 here, 2 3 missing"));
    let third = stage.import("third.tsv", part(3));
    assert_eq!(third.report.id, first.report.id);
    let row = stage.home.store.reports().unwrap().remove(0);
    let files = stage.home.store.report_files(&row.id).unwrap();
    assert_eq!(parts_words(&row, &files).as_deref(), Some("2 of 3 here, 2 missing"));
    assert!(matches!(stage.settle("2021-06"), Err(SettleError::Nothing { .. })));
    // The same part again, packed or under another name, changes nothing.
    for (name, bytes) in [("third.tsv", part(3).into_bytes()), ("other.gz", gzip(part(1)))] {
        assert_eq!(stage.import(name, bytes).import, Import::AlreadyHere);
    }
    assert_eq!(stage.home.store.reports().unwrap(), [row]);
    assert!(withdraw(&mut stage.home, &first.report.id).unwrap());
    assert_eq!(stage.home.store.reports().unwrap()[0].state, ReportState::Withdrawn);
    // What was taken back waits no more: its parts have to come again.
    assert_eq!(stage.import("second.tsv", part(2)).import, Import::Waiting);
}

#[test]
fn another_content_of_a_part_is_a_conflict() {
    let mut stage = Stage::of(FEE);
    let first = stage.import("first.tsv", part(1));
    let other = part(1).replace("700", "900");
    for _ in 0..2 {
        let outcome = stage.import("other.tsv", &other);
        assert_eq!(outcome.import, Import::Conflict);
        assert_eq!(outcome.against.as_deref(), Some(first.report.id.as_str()));
        assert!(outcome.reason.unwrap().starts_with("part 1 of 3 is not that of the waiting"));
    }
    // Another number of files is another report under the same id.
    let of_four = part(2).replace("\t2\t3\t2021-06-01", "\t2\t4\t2021-06-01");
    assert_eq!(stage.import("of-four.tsv", of_four).import, Import::Conflict);
    assert_eq!(stage.import("whole.tsv", report_of(FEE)).import, Import::Conflict);
    stage.import("second.tsv", part(2));
    let whole = stage.import("third.tsv", part(3));
    assert_eq!((whole.import, whole.lines), (Import::New, 3));
    // Now that it stands, a part of it is known, and another one is not.
    assert_eq!(stage.import("second.tsv", part(2)).import, Import::AlreadyHere);
    assert_eq!(stage.import("other.tsv", &other).import, Import::Conflict);
    let standing = |it: &&store::ReportRow| it.state == ReportState::Standing;
    assert_eq!(stage.home.store.reports().unwrap().iter().filter(standing).count(), 1);
    let outcome = stage.settle("2021-06").unwrap();
    assert_eq!((outcome.reports.len(), outcome.lines), (1, 3));
}
