//! A cluster's answers are checked, never believed. The engine here is a script that hands over
//! prepared answers, right ones and tampered ones.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch, UInt64Array};
use arrow_schema::{Field, Schema};
use expect_test::{Expect, expect};
use lake::engine::{Cluster, ClusterCells, Engine};
use lake::{FileEntry, Filter, Lake};
use money::Atoms;
use parquet::arrow::ArrowWriter;
use period::Date;
use usage::{CELL_COLUMNS, Identity, Line, LineBatch, Target};

use crate::fixture::{import, lake, line, picture};

const SAYS_DONE: &str = r#"printf '{"task":0,"attempts":1,"failed":null}\n'"#;

fn resolve(identity: Identity<'_>) -> Target {
    identity.unmatched()
}

/// Three lines of June, in two reports.
fn lines() -> [Vec<Line>; 2] {
    let other = Line { report: "ffffffffffffffff".to_owned(), title: "Rain".to_owned(), ..line(3) };
    [vec![line(1), line(2)], vec![other]]
}

/// What an honest cluster answers; every line is a sum of its own, which sums to the same cells.
fn answer(lines: &[Line], path: &Path) {
    let mut writer: Option<ArrowWriter<File>> = None;
    for lines in lines.chunk_by(|a, b| a.report == b.report) {
        let batch = sums(lines);
        let open =
            || ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
        writer.get_or_insert_with(open).write(&batch).unwrap();
    }
    writer.unwrap().close().unwrap();
}

fn sums(lines: &[Line]) -> RecordBatch {
    let mut batch = LineBatch::new(&lines[0].report);
    for line in lines {
        batch.push(line).unwrap();
    }
    let batch = batch.finish().unwrap();
    let column = |name: &&'static str| (*name, Arc::clone(batch.column_by_name(name).unwrap()));
    let count = |of: fn(&Line) -> u64| -> ArrayRef {
        Arc::new(lines.iter().map(|line| Some(of(line))).collect::<UInt64Array>())
    };
    let counts = [("lines", count(|_| 1)), ("last_line", count(|line| line.line))];
    let columns: Vec<(&str, ArrayRef)> = CELL_COLUMNS.iter().map(column).chain(counts).collect();
    let field = |(name, column): &(&str, ArrayRef)| {
        let nullable = ["currency", "unit_price", "price_category", "subscribed"].contains(name);
        Field::new(*name, column.data_type().clone(), nullable)
    };
    let schema = Schema::new(columns.iter().map(field).collect::<Vec<_>>());
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(schema), columns).unwrap()
}

/// A program that copies `answers/*` to where answers are wanted, and then does `then`.
fn engine(folder: &Path, then: &str) -> Engine {
    let program = folder.join("engine.sh");
    let script = format!(
        "#!/bin/sh\nrequest=$(cat)\nout=$(printf '%s' \"$request\" | \
         sed 's/.*\"out\":\"\\([^\"]*\\)\".*/\\1/')\ncp {}/answers/* \"$out\"/\n{then}\n",
        folder.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Engine::at(program).unwrap()
}

fn sum(lake: &Lake, files: &[FileEntry], engine: &Engine) -> ClusterCells {
    let usual = Cluster::new("df://nowhere:1".to_owned());
    let cluster = Cluster { deadline_s: 1, attempts: 1, ..usual };
    lake.cells_on(engine, &cluster, files, &mut resolve).unwrap()
}

/// Whatever the engine does, the cells are those of the lake's own sums; `expected` is what was
/// not believed.
fn check_talk(tamper: impl FnOnce(&mut Vec<Line>), then: &str, expected: Expect) {
    let (folder, lake) = lake();
    let [first, second] = lines();
    let mut files = import(&lake, &first);
    files.extend(import(&lake, &second));
    let mut answered: Vec<Line> = first.into_iter().chain(second).collect();
    tamper(&mut answered);
    fs::create_dir(folder.path().join("answers")).unwrap();
    answer(&answered, &folder.path().join("answers/0.parquet"));
    let outcome = sum(&lake, &files, &engine(folder.path(), then));
    let again = |it: &lake::engine::Again| format!("{} {}: {}\n", it.report, it.month, it.reason);
    expected.assert_eq(&outcome.again.iter().map(again).collect::<String>());
    let own = lake.cells(&files, &Filter::all(), &mut resolve).unwrap();
    assert_eq!(outcome.cells, own, "{}", picture(&outcome.cells));
    let left: Vec<_> = fs::read_dir(lake.root().join("staging")).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

fn check(tamper: impl FnOnce(&mut Vec<Line>), expected: Expect) {
    check_talk(tamper, SAYS_DONE, expected);
}

#[test]
fn an_honest_answer_is_taken() {
    check(|_| (), expect![]);
}

#[test]
fn an_amount_that_is_off_by_one_atom() {
    check(
        |lines| lines[0].amount = Atoms::from_raw(lines[0].amount.raw() + 1),
        expect![[r#"
            00112233aabbccdd 2021-06: expected received KRW 2, got received KRW 2.000000000000000001
        "#]],
    );
}

#[test]
fn an_amount_in_another_currency_or_of_another_basis() {
    check(
        |lines| lines[2].basis = usage::Basis::ServiceNet,
        expect![[r#"
            ffffffffffffffff 2021-06: expected received KRW 1, got service-net KRW 1
        "#]],
    );
    check(
        |lines| lines[2].currency = money::Currency::parse("USD").ok(),
        expect![[r#"
            ffffffffffffffff 2021-06: expected received KRW 1, got received USD 1
        "#]],
    );
}

#[test]
fn usages_that_are_off() {
    check(
        |lines| lines[1].usages = Atoms::ZERO,
        expect![[r#"
            00112233aabbccdd 2021-06: expected 2 usages, got 1
        "#]],
    );
}

#[test]
fn a_row_is_missing_or_comes_twice() {
    check(
        |lines| drop(lines.remove(0)),
        expect![[r#"
            00112233aabbccdd 2021-06: expected 2 lines, got 1
        "#]],
    );
    check(
        |lines| lines.extend(lines.clone().into_iter().rev()),
        expect![[r#"
            00112233aabbccdd 2021-06: expected 2 lines, got 4
            ffffffffffffffff 2021-06: expected 1 lines, got 2
        "#]],
    );
}

#[test]
fn a_row_in_another_month_spoils_the_whole_answer() {
    check(
        |lines| lines.push(Line { from: Date::constant(2021, 7, 1), ..line(9) }),
        expect![[r#"
            00112233aabbccdd 2021-06: its answer speaks of report 00112233aabbccdd, 2021-07, PADPIDA2013021901W as well
            ffffffffffffffff 2021-06: its answer speaks of report 00112233aabbccdd, 2021-07, PADPIDA2013021901W as well
        "#]],
    );
}

#[test]
fn an_engine_that_fails_dies_or_says_nothing() {
    check_talk(
        |_| (),
        r#"printf '{"task":0,"attempts":3,"failed":"nobody there"}\n'"#,
        expect![[r#"
            00112233aabbccdd 2021-06: nobody there
            ffffffffffffffff 2021-06: nobody there
        "#]],
    );
    check_talk(
        |_| (),
        "echo 'error: out of memory' >&2; exit 1",
        expect![[r#"
            00112233aabbccdd 2021-06: out of memory
            ffffffffffffffff 2021-06: out of memory
        "#]],
    );
    check_talk(
        |_| (),
        "true",
        expect![[r#"
            00112233aabbccdd 2021-06: the engine ended before it answered
            ffffffffffffffff 2021-06: the engine ended before it answered
        "#]],
    );
}

#[test]
fn an_engine_that_hangs_is_stopped() {
    check_talk(
        |_| (),
        "exec sleep 600",
        expect![[r#"
            00112233aabbccdd 2021-06: no answer within 2 s
            ffffffffffffffff 2021-06: no answer within 2 s
        "#]],
    );
}

#[test]
fn an_answer_that_is_no_parquet_or_not_there() {
    check_talk(
        |_| (),
        &format!("echo no > \"$out\"/0.parquet; {SAYS_DONE}"),
        expect![[r#"
            00112233aabbccdd 2021-06: its answer cannot be read: EOF: Parquet file too small. Size is 3 but need 8
            ffffffffffffffff 2021-06: its answer cannot be read: EOF: Parquet file too small. Size is 3 but need 8
        "#]],
    );
    check_talk(
        |_| (),
        &format!("rm \"$out\"/0.parquet; {SAYS_DONE}"),
        expect![[r#"
            00112233aabbccdd 2021-06: its answer cannot be read: No such file or directory (os error 2)
            ffffffffffffffff 2021-06: its answer cannot be read: No such file or directory (os error 2)
        "#]],
    );
}

#[test]
fn no_files_need_no_engine() {
    let (folder, lake) = lake();
    let outcome = sum(&lake, &[], &engine(folder.path(), "exit 1"));
    assert!(outcome.cells.is_empty() && outcome.again.is_empty());
}
