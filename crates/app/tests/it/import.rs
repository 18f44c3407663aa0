//! Reports come, come again, come changed, and are taken back.

use std::collections::BTreeSet;
use std::fs;

use app::reports::{Import, ReportError, import, withdraw};
use app::{Silent, reports};
use money::Atoms;
use store::ReportState;

use crate::stage::{NOW, Stage, gzip, report_of};

const FEE: &str = "fee-then-share";

#[test]
fn the_same_report_again_changes_nothing() {
    let mut stage = Stage::of(FEE);
    let text = report_of(FEE);
    let first = stage.import("report.tsv", &text);
    assert_eq!(first.import, Import::New);
    assert_eq!(first.amounts[&("received".to_owned(), "KRW".to_owned())], Atoms::from_units(1000));
    let files = stage.home.store.usage_files().unwrap();
    for (name, bytes) in [
        ("report.tsv", text.clone().into_bytes()),
        ("report.tsv.gz", gzip(&text)),
        ("renamed.tsv", text.clone().into_bytes()),
        ("no-ending", gzip(&text)),
    ] {
        let again = stage.import(name, bytes);
        assert_eq!(again.import, Import::AlreadyHere, "{name}");
        assert_eq!((again.report.id, again.lines), (first.report.id.clone(), first.lines));
        stage.reopen();
    }
    assert_eq!(stage.home.store.reports().unwrap().len(), 1);
    assert_eq!(stage.home.store.usage_files().unwrap(), files);
    stage.settle("2021-06").unwrap();
    assert_eq!(stage.import("report.tsv", &text).import, Import::AlreadyHere);
}

#[test]
fn a_packed_report_is_the_report() {
    let mut plain = Stage::of(FEE);
    let mut packed = Stage::of(FEE);
    plain.import("report.tsv", report_of(FEE));
    let outcome = packed.import("report.tsv.gz", gzip(report_of(FEE)));
    assert_eq!((outcome.import, outcome.quarantined), (Import::New, 0));
    plain.settle("2021-06").unwrap();
    packed.settle("2021-06").unwrap();
    assert_eq!(plain.statements(), packed.statements());
}

#[test]
fn other_content_under_one_id_is_kept_aside_and_shown() {
    let mut stage = Stage::of(FEE);
    let first = stage.import("report.tsv", report_of(FEE));
    let changed = report_of(FEE).replace("700", "70000");
    for _ in 0..2 {
        let second = stage.import("changed.tsv", &changed);
        assert_eq!(second.import, Import::Conflict);
        assert_ne!(second.report.id, first.report.id);
    }
    let states: Vec<_> =
        stage.home.store.reports().unwrap().into_iter().map(|it| (it.id, it.state)).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&(first.report.id.clone(), ReportState::Standing)));
    stage.reopen();
    let outcome = stage.settle("2021-06").unwrap();
    let settled: Vec<_> = outcome.reports.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(settled, [first.report.id.as_str()]);
    let received = outcome.totals.values().next().unwrap().received;
    assert_eq!(received, Atoms::from_units(1000));
    assert_eq!(fs::read_dir(stage.home.store.home().join("received")).unwrap().count(), 2);
}

#[test]
fn what_was_taken_back_can_come_again_and_counts_once() {
    let mut stage = Stage::of(FEE);
    let first = stage.import("report.tsv", report_of(FEE));
    let changed = report_of(FEE).replace("700", "900");
    assert_eq!(stage.import("changed.tsv", &changed).import, Import::Conflict);
    assert!(withdraw(&mut stage.home, &first.report.id).unwrap());
    assert!(!withdraw(&mut stage.home, &first.report.id).unwrap());
    assert!(stage.home.store.usage_files().unwrap().is_empty());
    assert!(stage.settle("2021-06").is_err());
    let again = stage.import("report.tsv", report_of(FEE));
    assert_eq!(again.import, Import::New);
    assert_ne!(again.report.id, first.report.id);
    let outcome = stage.settle("2021-06").unwrap();
    assert_eq!(outcome.lines, 2);
    assert!(!withdraw(&mut stage.home, &again.report.id).unwrap(), "it is settled");
    assert_eq!(stage.home.store.reports().unwrap().len(), 3);
}

#[test]
fn a_line_that_cannot_be_read_is_kept_byte_for_byte() {
    let mut stage = Stage::of(FEE);
    let text = report_of(FEE);
    let mut lines: Vec<Vec<u8>> = text.lines().map(|it| it.as_bytes().to_vec()).collect();
    let sale = lines.iter().position(|it| it.starts_with(b"SR08.01")).unwrap();
    let good = String::from_utf8(lines[sale].clone()).unwrap();
    let mut latin = good.replace("T1", "T7").into_bytes();
    latin.push(0xe9);
    let bad: [Vec<u8>; 6] = [
        good.replace("T1", "T3").replace("700", "7OO").into_bytes(),
        good.replace("T1", "T4").replace("\tS1\t", "\tS9\t").into_bytes(),
        good.replace("T1", "T5").replace("700", "1e3").into_bytes(),
        good.replace("T1", "T6").replace("700", "0.0000000000000000001").into_bytes(),
        latin,
        good.replace("T1", "T8").replace("\t100\t0\t100\t", "\tmany\t0\t\t").into_bytes(),
    ];
    for (at, it) in bad.iter().enumerate() {
        lines.insert(sale + 1 + at, it.clone());
    }
    let file = lines.join(&b'\n');
    let outcome = stage.import("broken.tsv", &file);
    assert_eq!((outcome.import, outcome.quarantined), (Import::New, bad.len()));
    let kept = stage.home.store.quarantine(&outcome.report.id).unwrap();
    let by_line: Vec<&[u8]> = file.split(|it| *it == b'\n').collect();
    for it in &kept {
        let at = usize::try_from(it.line).unwrap() - 1;
        assert_eq!(it.raw, by_line[at], "line {}", it.line);
        assert!(outcome.counts.contains_key(&it.rule), "{} is not counted", it.rule);
    }
    let kept: BTreeSet<_> = kept.into_iter().map(|it| it.raw).collect();
    assert_eq!(kept, bad.into_iter().collect());
    // Every sales transaction is a usage line or quarantined, and the money of both is all of it.
    let sales = lines.iter().filter(|it| it.starts_with(b"SR08.01")).count();
    assert_eq!(usize::try_from(outcome.lines).unwrap() + outcome.quarantined, sales);
    let received = outcome.amounts[&("received".to_owned(), "KRW".to_owned())];
    assert_eq!(received, Atoms::from_units(1000));
    let sha256 = &stage.home.store.report_files(&outcome.report.id).unwrap()[0].sha256;
    assert_eq!(fs::read(stage.home.store.received_path(sha256)).unwrap(), file);
}

#[test]
fn files_of_one_report_belong_together() {
    let mut stage = Stage::of(FEE);
    let text = report_of(FEE);
    let part = |number: u32, keep: &str| {
        let head = format!("\t{number}\t2\t2021-06-01");
        let text = text.replace("\t1\t1\t2021-06-01", &head);
        let sale = |it: &&str| !it.starts_with("SR08.01") || it.contains(keep);
        text.lines().filter(sale).map(|it| format!("{it}\n")).collect::<String>()
    };
    let paths =
        [stage.file("second.tsv", part(2, "\tT2\t")), stage.file("first.tsv", part(1, "\tT1\t"))];
    let alone = import(&mut stage.home, &paths[..1], NOW, &mut Silent);
    assert!(matches!(alone, Err(ReportError::Incomplete { expected: 2, given: 1, .. })));
    let whole = import(&mut stage.home, &paths, NOW, &mut Silent).unwrap();
    assert_eq!((whole.len(), whole[0].lines, whole[0].import), (1, 2, Import::New));
    let turned = [paths[1].clone(), paths[0].clone()];
    let again = import(&mut stage.home, &turned, NOW, &mut Silent).unwrap();
    assert_eq!(again[0].import, Import::AlreadyHere);
    let names: Vec<_> = stage
        .home
        .store
        .report_files(&whole[0].report.id)
        .unwrap()
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["first.tsv", "second.tsv"]);
}

#[test]
fn a_check_keeps_nothing() {
    let stage = Stage::of(FEE);
    let path = stage.file("report.tsv", report_of(FEE));
    let outcome = reports::check(&path).unwrap();
    assert_eq!(outcome.summary.transactions, 2);
    assert!(stage.home.store.reports().unwrap().is_empty());
}
