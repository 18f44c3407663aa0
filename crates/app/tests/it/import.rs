//! Reports come, come again, come changed, and are taken back.

use std::collections::BTreeSet;
use std::fs;

use app::reports::{Import, import, import_chart, withdraw};
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
        stage = stage.reopened();
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
    stage = stage.reopened();
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
fn a_correction_counts_once_the_first_is_taken_back() {
    let mut stage = Stage::of(FEE);
    let first = stage.import("report.tsv", report_of(FEE));
    let changed = report_of(FEE).replace("700", "900");
    assert_eq!(stage.import("changed.tsv", &changed).import, Import::Conflict);
    assert!(withdraw(&mut stage.home, &first.report.id).unwrap());
    let corrected = stage.import("changed.tsv", &changed);
    assert_eq!((corrected.import, corrected.lines), (Import::New, 2));
    let outcome = stage.settle("2021-06").unwrap();
    assert_eq!(outcome.totals.values().next().unwrap().received, Atoms::from_units(1200));
}

#[test]
fn what_was_refused_can_come_as_often_as_it_likes() {
    let mut stage = Stage::of(FEE);
    for _ in 0..4 {
        let path = stage.file("junk.tsv", b"no report at all\n");
        let outcomes = import(&mut stage.home, &[path], NOW, &mut Silent).unwrap();
        assert_eq!(outcomes[0].import, Import::Refused);
    }
    for _ in 0..3 {
        let path = stage.file("report.tsv", report_of(FEE));
        let outcomes = import(&mut stage.home, &[path], NOW, &mut Silent).unwrap();
        assert_eq!(outcomes[0].import, Import::New);
        assert!(withdraw(&mut stage.home, &outcomes[0].report.id).unwrap());
    }
}

#[test]
fn one_file_named_twice_is_one_report() {
    let mut stage = Stage::of(FEE);
    let path = stage.file("report.tsv", report_of(FEE));
    let outcomes = import(&mut stage.home, &[path.clone(), path], NOW, &mut Silent).unwrap();
    let imports: Vec<_> = outcomes.iter().map(|it| (it.import, it.lines)).collect();
    assert_eq!(imports, [(Import::New, 2), (Import::AlreadyHere, 2)]);
}

#[test]
fn a_chart_counts_once_whatever_its_file_is_called() {
    let mut stage = Stage::new();
    let text = "date,song,artist,streams\n2021-06-01,Rain,Kim,2587\n";
    let mut chart = |name: &str, bytes: &[u8]| {
        let path = stage.file(name, bytes);
        import_chart(&mut stage.home, &path, "KR", "daily", NOW).unwrap()
    };
    assert_eq!(chart("daily.csv", text.as_bytes()).import, Import::New);
    assert_eq!(chart("daily.csv", text.as_bytes()).import, Import::AlreadyHere);
    let packed = chart("daily.csv.gz", &gzip(text));
    assert_ne!(packed.import, Import::New, "the same chart counts twice");
    assert_eq!(stage.home.store.usage_files().unwrap().len(), 1);
}

#[test]
fn the_same_sales_under_another_id_do_not_count_again() {
    let mut stage = Stage::of(FEE);
    stage.import("report.tsv", report_of(FEE));
    let again = report_of(FEE).replace("made-up-fee", "sent-again");
    let again = stage.import("again.tsv", again);
    assert_eq!(again.import, Import::Conflict);
    assert!(again.reason.unwrap().contains("made-up-fee"));
    let outcome = stage.settle("2021-06").unwrap();
    assert_eq!(outcome.totals.values().next().unwrap().received, Atoms::from_units(1000));
}

#[test]
fn a_check_keeps_nothing() {
    let stage = Stage::of(FEE);
    let path = stage.file("report.tsv", report_of(FEE));
    let outcome = reports::check(&path).unwrap();
    assert_eq!(outcome.summary.transactions, 2);
    assert!(stage.home.store.reports().unwrap().is_empty());
}
