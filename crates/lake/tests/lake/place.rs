//! Round trip, and where files lie.

use std::ops::ControlFlow;

use expect_test::{Expect, expect};
use lake::{Filter, Lake, LakeError};
use period::{Date, Period};
use usage::{Basis, Line};

use crate::fixture::{REPORT, import, lake, line, stage, tree};

fn read(lake: &Lake, files: &[lake::FileEntry], filter: &Filter) -> Vec<Line> {
    let mut lines = Vec::new();
    lake.lines(files, filter, &mut |line| {
        lines.push(line);
        ControlFlow::Continue(())
    })
    .unwrap();
    lines
}

fn months() -> Vec<Line> {
    let mut lines: Vec<Line> = (1..=12).map(line).collect();
    for line in &mut lines {
        line.from = Date::constant(2021, if line.line % 2 == 0 { 6 } else { 5 }, 1);
    }
    lines
}

#[test]
fn lines_come_back() {
    let (_folder, lake) = lake();
    let mut lines: Vec<Line> = (1..=9000).map(line).collect();
    lines[77].title = "x".repeat(1 << 20);
    let files = import(&lake, &lines);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].lines, 9000);
    assert!(read(&lake, &files, &Filter::all()) == lines);
    assert_eq!(lake.verify(&files).unwrap(), []);
}

#[test]
fn files_lie_by_month_and_sender() {
    let (_folder, lake) = lake();
    let files = import(&lake, &months());
    expect![[r#"
        staging/
        usage/
        usage/month=2021-05/
        usage/month=2021-05/sender=PADPIDA2013021901W/
        usage/month=2021-05/sender=PADPIDA2013021901W/00112233aabbccdd-0.parquet
        usage/month=2021-06/
        usage/month=2021-06/sender=PADPIDA2013021901W/
        usage/month=2021-06/sender=PADPIDA2013021901W/00112233aabbccdd-1.parquet"#]]
    .assert_eq(&tree(lake.root()).join("\n"));
    let entry = &files[0];
    expect!["usage/month=2021-05/sender=PADPIDA2013021901W/00112233aabbccdd-0.parquet 2021-05 PADPIDA2013021901W lines 6 usages 6 amounts {(Received, Currency(KRW)): Atoms(6000000000000000000)}"].assert_eq(&format!(
        "{} {} {} lines {} usages {} amounts {:?}",
        entry.path, entry.month, entry.sender, entry.lines, entry.usages, entry.amounts
    ));
}

#[test]
fn a_period_is_read_alone() {
    let (_folder, lake) = lake();
    let files = import(&lake, &months());
    let june = read(&lake, &files, &Filter::period(Period::parse("2021-06").unwrap()));
    assert_eq!(june.iter().map(|line| line.line).collect::<Vec<_>>(), [2, 4, 6, 8, 10, 12]);
    let late = Period::parse("2021-05-02..2021-05-31").unwrap();
    assert_eq!(read(&lake, &files, &Filter::period(late)), []);
    assert_eq!(read(&lake, &files, &Filter::report("other")), []);
    assert_eq!(read(&lake, &files, &Filter::report(REPORT)).len(), 12);
}

#[test]
fn a_visit_may_stop() {
    let (_folder, lake) = lake();
    let files = import(&lake, &months());
    let mut seen = 0;
    lake.lines(&files, &Filter::all(), &mut |_| {
        seen += 1;
        if seen == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    assert_eq!(seen, 7);
}

#[test]
fn more_partitions_than_may_be_open() {
    let (_folder, lake) = lake();
    let lines: Vec<Line> = (0..140)
        .map(|number| {
            let mut line = line(number);
            let sender = number % 70;
            line.sender = format!("sender {sender}");
            line
        })
        .collect();
    let files = import(&lake, &lines);
    assert!(files.len() >= 70);
    assert_eq!(files.iter().map(|entry| entry.lines).sum::<u64>(), 140);
    let mut found = read(&lake, &files, &Filter::all());
    found.sort_by_key(|line| line.line);
    assert_eq!(found, lines);
    assert_eq!(lake.verify(&files).unwrap(), []);
}

#[test]
fn a_report_has_a_limited_number_of_files() {
    let (_folder, lake) = lake();
    let mut writer = lake.begin(REPORT).unwrap();
    let refused = (0..5000_u16).find_map(|number| {
        let from = Date::constant(1000 + i16::try_from(number).unwrap(), 1, 1);
        // lines that are refused open files too, and nothing has to be forced to disk
        let bad = Line { from, currency: None, ..line(number.into()) };
        match writer.push(&bad) {
            Err(LakeError::Line { .. }) => None,
            other => Some((number, other)),
        }
    });
    assert!(matches!(refused, Some((1024, Err(LakeError::TooManyFiles { .. })))), "{refused:?}");
}

#[test]
fn an_empty_report_has_no_files() {
    let (_folder, lake) = lake();
    assert_eq!(import(&lake, &[]), []);
    assert_eq!(tree(lake.root()), ["staging/", "usage/"]);
}

#[test]
fn hostile_senders_stay_inside() {
    let (folder, lake) = lake();
    let long = "é".repeat(5000);
    let senders =
        ["../../x", "", "/etc/passwd", "a/b", "a\\b", "..", "con\0", "=%2e", "가수", &long];
    let lines: Vec<Line> = senders
        .iter()
        .zip(1..)
        .map(|(sender, number)| Line { sender: (*sender).to_owned(), ..line(number) })
        .collect();
    let files = import(&lake, &lines);
    expect![[r#"
        usage/month=2021-06/sender=_/00112233aabbccdd-1.parquet
        usage/month=2021-06/sender=__/00112233aabbccdd-5.parquet
        usage/month=2021-06/sender=__/00112233aabbccdd-8.parquet
        usage/month=2021-06/sender=__2e/00112233aabbccdd-7.parquet
        usage/month=2021-06/sender=________________________________________________________________/00112233aabbccdd-9.parquet
        usage/month=2021-06/sender=______x/00112233aabbccdd-0.parquet
        usage/month=2021-06/sender=_etc_passwd/00112233aabbccdd-2.parquet
        usage/month=2021-06/sender=a_b/00112233aabbccdd-3.parquet
        usage/month=2021-06/sender=a_b/00112233aabbccdd-4.parquet
        usage/month=2021-06/sender=con_/00112233aabbccdd-6.parquet"#]]
        .assert_eq(&files.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>().join("\n"));
    let outside = tree(folder.path());
    assert!(outside.iter().all(|path| path.starts_with("lake/")), "{outside:?}");
    let mut found = read(&lake, &files, &Filter::all());
    found.sort_by_key(|line| line.line);
    assert_eq!(found, lines);
    assert_eq!(lake.verify(&files).unwrap(), []);
}

#[test]
fn hostile_report_ids_are_refused() {
    let (_folder, lake) = lake();
    for report in ["", "..", "../x", "a/b", "a b", "a.b", "é", &"a".repeat(65)] {
        assert!(matches!(lake.begin(report), Err(LakeError::ReportId { .. })), "{report}");
    }
}

fn check_path(path: &str, refused: bool) {
    let (_folder, lake) = lake();
    let mut files = import(&lake, &[line(1)]);
    files[0].path = path.to_owned();
    let found = lake.verify(&files);
    assert_eq!(matches!(found, Err(LakeError::Path { .. })), refused, "{path}: {found:?}");
    if refused {
        assert!(matches!(lake.sweep(&files), Err(LakeError::Path { .. })), "{path}");
    }
}

#[test]
fn hostile_manifest_paths_are_refused() {
    check_path("usage/month=2021-06/sender=x/a-0.parquet", false);
    check_path("usage/month=2021-06/sender=x/../a-0.parquet", true);
    check_path("/usage/month=2021-06/sender=x/a-0.parquet", true);
    check_path("../usage/month=2021-06/sender=x/a-0.parquet", true);
    check_path("usage/month=../sender=x/a-0.parquet", true);
    check_path("usage/month=2021-06/sender=x\\y/a-0.parquet", true);
    check_path("usage/month=2021-06/sender=x/a.parquet", true);
    check_path("", true);
}

fn check_refused(change: impl FnOnce(&mut Line), expected: Expect) {
    let (_folder, lake) = lake();
    let mut writer = lake.begin(REPORT).unwrap();
    let mut bad = line(7);
    change(&mut bad);
    let error = writer.push(&bad).unwrap_err();
    let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    expected.assert_eq(&format!("{error} {source}"));
    writer.push(&line(8)).unwrap();
    let staged = writer.finish().unwrap();
    lake.commit(&staged).unwrap();
    assert_eq!(read(&lake, &staged.files, &Filter::all()), [line(8)]);
    assert_eq!(lake.verify(&staged.files).unwrap(), []);
}

#[test]
fn a_refused_line_leaves_the_writer_usable() {
    check_refused(
        |line| line.report = "other".to_owned(),
        expect!["line 7 belongs to report other "],
    );
    check_refused(
        |line| line.basis = Basis::NoMoney,
        expect!["usage line refused line 7 has an amount but its basis is none"],
    );
    check_refused(
        |line| {
            line.sender = "alone".to_owned();
            line.currency = None;
        },
        expect!["usage line refused line 7 has an amount but no currency"],
    );
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    let (_folder, lake) = lake();
    let first = stage(&lake, &months());
    let second = stage(&lake, &months());
    assert_eq!(first, second);
}
