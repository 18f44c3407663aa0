//! The same settlement here, on a cluster, on one that loses an executor, and on one that answers
//! wrongly.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::array::{Array as _, ArrayRef, AsArray as _, Decimal128Array};
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::Decimal128Type;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::between::Between;
use crate::processes::Processes;
use crate::stage::{ENGINE, copy, home, run, run_beside, well};

const REPORTS: u64 = 12;
const LINES: u64 = 1_500;

/// Settles a copy of a home; returns everything that was decided, and what was said.
fn settle(engine: &Path, home: &Path, cluster: Option<&str>) -> (Vec<u8>, String) {
    let copy = copy(home);
    let at = copy.path();
    let mut words = vec!["settle", "2021-06..2022-05", "--format", "json"];
    if let Some(url) = cluster {
        words.extend(["--cluster", url, "--cluster-deadline", "20"]);
        words.extend(["--cluster-task-bytes", "30000"]);
    }
    let answer = run_beside(engine, at, &words);
    assert_eq!(answer.code, 0, "{}", answer.err);
    (decided(at), answer.err)
}

fn settle_here(home: &Path) -> Vec<u8> {
    let (decided, said) = settle(Path::new(ENGINE), home, None);
    assert_eq!(said, "");
    decided
}

/// The canonical bytes of every statement, and the whole book.
fn decided(at: &Path) -> Vec<u8> {
    let list = well(at, &["statement", "list", "--format", "json"]).out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let list = list.as_array().unwrap();
    assert!(list.len() > 20);
    let mut bytes = Vec::new();
    for statement in list {
        let [settlement, account, currency] =
            ["settlement", "account", "currency"].map(|it| statement[it].as_str().unwrap());
        let words = ["statement", "show", settlement, account, "--currency", currency];
        bytes.extend(well(at, &[&words[..], &["--as", "json"]].concat()).bytes);
    }
    let book = "SELECT * FROM postings";
    bytes.extend(well(at, &["query", book, "--format", "csv"]).bytes);
    bytes
}

/// Ten moments from the first to the last task of a reduction; two of them unless all are asked
/// for with `LEITMOTIF_KILL_MOMENTS`.
fn moments() -> Vec<usize> {
    match std::env::var_os("LEITMOTIF_KILL_MOMENTS") {
        Some(_) => (0..10).collect(),
        None => vec![0, 4],
    }
}

#[test]
fn a_cluster_settles_the_same_bytes() {
    let home = home(REPORTS, LINES);
    let here = settle_here(home.path());
    let cluster = Processes::start(2);
    let between = Between::counting();
    let (there, said) = settle(&between.program, home.path(), Some(&cluster.url));
    assert_eq!(said, "", "nothing had to be computed again");
    assert!(here == there, "other bytes on the cluster");
    let tasks = between.answers().len();
    assert!(tasks >= 10, "{tasks} tasks have no ten moments");

    for moment in moments() {
        let cluster = Processes::start(2);
        let after = tasks * moment / 10;
        let between = Between::ending(cluster.executor(moment % 2), after);
        let begin = Instant::now();
        let (there, said) = settle(&between.program, home.path(), Some(&cluster.url));
        let sent_again = between.answers().iter().filter(|it| it["attempts"] != 1).count();
        let again = said.lines().filter(|it| it.contains("computed again")).count();
        eprintln!(
            "executor killed after {after} of {tasks} tasks: {:.1?}, {sent_again} tasks sent again, \
             {again} partitions computed again here",
            begin.elapsed()
        );
        assert!(here == there, "other bytes, executor killed after {after} tasks: {said}");
    }
}

#[test]
fn without_a_scheduler_it_is_computed_here_and_said() {
    let home = home(1, 200);
    let here = settle_here(home.path());
    let (there, said) = settle(Path::new(ENGINE), home.path(), Some("df://127.0.0.1:9"));
    assert!(here == there);
    assert!(said.contains("not believed, and computed again here"), "{said}");
    let answer = run(home.path(), &["settle", "2021-06", "--cluster", "http://somewhere"]);
    assert!(answer.err.contains("a cluster is df://HOST:PORT"), "{answer:?}");
}

#[test]
fn an_answer_that_was_changed_is_not_believed() {
    let home = home(3, LINES);
    let here = settle_here(home.path());
    let cluster = Processes::start(2);
    let between = Between::tampering();
    let (there, said) = settle(&between.program, home.path(), Some(&cluster.url));
    assert_eq!(said, "");
    assert!(here == there);

    // An atom too much; a sum left out; a sum twice. Each in another report's answer.
    let changes: [fn(RecordBatch) -> RecordBatch; 3] = [
        atom_too_much,
        |sums: RecordBatch| sums.slice(1, sums.num_rows() - 1),
        |sums| concat_batches(&sums.schema(), [&sums, &sums.slice(0, 1)]).unwrap(),
    ];
    let mut reports = BTreeSet::new();
    for file in std::fs::read_dir(between.kept()).unwrap() {
        let file = file.unwrap();
        let sums = read(&file.path());
        if sums.num_rows() > 0
            && let Some(change) = changes.get(reports.len())
            && reports.insert(report(&sums))
        {
            write(&between.tampered().join(file.file_name()), &change(sums));
        }
    }
    assert_eq!(reports.len(), changes.len());
    let (there, said) = settle(&between.program, home.path(), Some(&cluster.url));
    assert!(here == there, "{said}");
    assert_eq!(said.lines().count(), changes.len(), "{said}");
    for report in reports {
        assert!(said.contains(&format!("computed again here: report {report}, ")), "{said}");
    }
    assert_eq!(said.matches(" lines, got ").count(), 2, "{said}");
    let amounts = said.lines().find(|it| !it.contains(" lines, got ")).unwrap();
    assert!(amounts.contains("0000000001"), "{said}");
}

fn report(sums: &RecordBatch) -> String {
    let reports = sums.column_by_name("report").unwrap().as_any_dictionary();
    let first = reports.normalized_keys()[0];
    reports.values().as_string::<i32>().value(first).to_owned()
}

fn atom_too_much(sums: RecordBatch) -> RecordBatch {
    let at = sums.schema().index_of("amount").unwrap();
    let amounts = sums.column(at).as_primitive::<Decimal128Type>();
    let data_type = amounts.data_type().clone();
    let paid = amounts.values().iter().position(|it| *it != 0).unwrap();
    let one_more = |(row, atoms): (usize, &i128)| atoms + i128::from(row == paid);
    let changed: Decimal128Array =
        amounts.values().iter().enumerate().map(one_more).map(Some).collect();
    let mut columns: Vec<ArrayRef> = sums.columns().to_vec();
    columns[at] = Arc::new(changed.with_data_type(data_type));
    RecordBatch::try_new(sums.schema(), columns).unwrap()
}

fn read(path: &Path) -> RecordBatch {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let schema = Arc::clone(reader.schema());
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

fn write(path: &Path, sums: &RecordBatch) {
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), sums.schema(), None).unwrap();
    writer.write(sums).unwrap();
    writer.close().unwrap();
}
