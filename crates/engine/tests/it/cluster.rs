//! The same settlement here, on a cluster, and on a cluster that loses an executor.

use std::path::Path;
use std::thread::{sleep, spawn};
use std::time::Instant;

use crate::stage::{Processes, copy, home, run, well};

const REPORTS: u64 = 12;
const LINES: u64 = 1_500;

/// Settles a copy of a home; returns everything that was decided, and what was said.
fn settle(home: &Path, cluster: Option<&str>) -> (Vec<u8>, String) {
    let copy = copy(home);
    let at = copy.path();
    let mut words = vec!["settle", "2021-06..2022-05", "--format", "json"];
    if let Some(url) = cluster {
        words.extend([
            "--cluster",
            url,
            "--cluster-deadline",
            "20",
            "--cluster-task-bytes",
            "30000",
        ]);
    }
    let said = well(at, &words).err;
    (decided(at), said)
}

/// The canonical bytes of every statement, and the whole book.
fn decided(at: &Path) -> Vec<u8> {
    let list = well(at, &["statement", "list", "--format", "json"]).out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    let mut bytes = Vec::new();
    for statement in list.as_array().unwrap() {
        let [settlement, account, currency] =
            ["settlement", "account", "currency"].map(|it| statement[it].as_str().unwrap());
        let words = ["statement", "show", settlement, account, "--currency", currency];
        bytes.extend(well(at, &[&words[..], &["--as", "json"]].concat()).bytes);
    }
    assert!(list.as_array().unwrap().len() > 20);
    let book = "SELECT * FROM postings";
    bytes.extend(well(at, &["query", book, "--format", "csv"]).bytes);
    bytes
}

#[test]
fn a_cluster_settles_the_same_bytes() {
    let home = home(REPORTS, LINES);
    let (here, said) = settle(home.path(), None);
    assert_eq!(said, "");
    let mut cluster = Processes::start(2);
    let begin = Instant::now();
    let (there, said) = settle(home.path(), Some(&cluster.url));
    let whole = begin.elapsed();
    assert_eq!(said, "", "nothing had to be computed again");
    assert!(here == there, "other bytes on the cluster");

    // Ten moments from the first to the last of a run; a few of them unless all are asked for.
    let all = std::env::var_os("LEITMOTIF_KILL_MOMENTS").is_some();
    for moment in if all { (0..10).collect() } else { vec![1, 4] } {
        cluster = Processes::start(2);
        let url = cluster.url.clone();
        let delay = whole.mul_f64(f64::from(moment) / 10.0);
        let killer = spawn(move || {
            sleep(delay);
            cluster.kill(0);
            cluster
        });
        let begin = Instant::now();
        let (there, said) = settle(home.path(), Some(&url));
        let again = said.lines().filter(|it| it.contains("computed again")).count();
        eprintln!(
            "executor killed after {delay:.1?} of {whole:.1?}: {:.1?}, {again} partitions computed \
             again here",
            begin.elapsed()
        );
        assert!(here == there, "other bytes, executor killed after {delay:?}: {said}");
        drop(killer.join().unwrap());
    }
}

#[test]
fn without_a_scheduler_it_is_computed_here_and_said() {
    let home = home(1, 200);
    let (here, _) = settle(home.path(), None);
    let (there, said) = settle(home.path(), Some("df://127.0.0.1:9"));
    assert!(here == there);
    assert!(said.contains("not believed, and computed again here"), "{said}");
    let answer = run(home.path(), &["settle", "2021-06", "--cluster", "http://somewhere"]);
    assert!(answer.err.contains("a cluster is df://HOST:PORT"), "{answer:?}");
}

#[test]
fn a_query_gives_the_same_bytes_on_a_cluster() {
    let home = home(3, 1_000);
    let cluster = Processes::start(2);
    for sql in [
        "SELECT territory, currency, sum(usages) AS usages, sum(amount) AS amount, count(*) AS n, \
         avg(amount) AS mean FROM usage_lines GROUP BY territory, currency",
        "SELECT r.artist, sum(l.amount) AS amount FROM usage_lines l \
         JOIN recording_isrcs i USING (isrc) JOIN recordings r USING (recording) \
         WHERE l.currency = 'KRW' GROUP BY r.artist",
        "SELECT report, count(*) AS n FROM usage_lines WHERE isrc NOT IN \
         (SELECT isrc FROM recording_isrcs) GROUP BY report",
        "SELECT title, amount FROM usage_lines ORDER BY amount DESC, title, line LIMIT 25",
        "SELECT count(*) AS n, (SELECT count(*) FROM recordings) AS m FROM usage_lines, reports",
        "SELECT DISTINCT artist FROM usage_lines UNION ALL SELECT artist FROM recordings",
        "SELECT * FROM usage_lines WHERE month = '2021-06' AND line < 100",
    ] {
        for form in ["csv", "json", "parquet", "arrow"] {
            let here = well(home.path(), &["query", sql, "--format", form]);
            let words = ["query", sql, "--format", form, "--cluster", &cluster.url];
            let there = well(home.path(), &words);
            assert!(here.bytes == there.bytes, "{form} of {sql}:\n{}\n{}", here.out, there.out);
            assert!(here.bytes.len() > 8, "{sql}: {}", here.out);
        }
    }
    // A wrapped sum is refused there as well.
    let sql =
        "SELECT sum(CAST(line * 0 + 99999999999999999999 AS DECIMAL(38, 18))) FROM usage_lines";
    let words = ["query", sql, "--cluster", &cluster.url, "--cluster-deadline", "20"];
    let answer = run(home.path(), &words);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.err.contains("refused, not wrapped"), "{}", answer.err);
}
