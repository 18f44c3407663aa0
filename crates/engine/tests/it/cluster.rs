//! Questions have the same answers here and on a cluster.

use testkit::report::Form;

use crate::processes::Processes;
use crate::stage::{home, home_of, run, well};

#[test]
fn income_and_shares_are_the_same_on_a_cluster() {
    let home = home_of(Form::Ugc, 3, 1_000);
    let at = home.path();
    let cluster = Processes::start(2);
    let market = ["--period", "2021-06..2021-08", "--from", "reports", "--format", "json"];
    let share = [&["share", "--repertoire", "two-dramas"][..], &market].concat();
    for question in [
        &["income", "--by", "territory", "--format", "json"][..],
        &["income", "--repertoire", "two-dramas", "--by", "month"],
        &share,
    ] {
        let here = well(at, question);
        let there = well(at, &[question, &["--cluster", &cluster.url]].concat());
        assert_eq!(here.out, there.out, "{question:?}");
        assert_eq!(there.err, "", "{question:?}");
        assert!(here.out.lines().count() > 3, "{}", here.out);
        let nobody = ["--cluster", "df://127.0.0.1:9", "--cluster-deadline", "20"];
        let again = well(at, &[question, &nobody].concat());
        assert!(again.err.contains("not believed, and computed again here"), "{again:?}");
        // What was computed again is told in JSON as well.
        assert_eq!(here.out == again.out, !question.contains(&"json"), "{question:?}");
    }
}

#[test]
fn a_query_gives_the_same_bytes_on_a_cluster() {
    let home = home(3, 1_000);
    let cluster = Processes::start(2);
    // How an answer is written is tried with the first one; Parquet has its types as well.
    let mut forms = &["csv", "json", "arrow", "parquet"][..];
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
        "SELECT * FROM usage_lines WHERE month = '2021-06' AND line < 400",
    ] {
        for form in forms {
            let here = well(home.path(), &["query", sql, "--format", form]);
            let words = ["query", sql, "--format", form, "--cluster", &cluster.url];
            let there = well(home.path(), &words);
            assert!(here.bytes == there.bytes, "{form} of {sql}:\n{}\n{}", here.out, there.out);
        }
        forms = &["parquet"];
        let rows = well(home.path(), &["query", sql, "--format", "csv"]).out;
        assert!(rows.lines().count() > 1, "{sql}: {rows}");
    }
    // A wrapped sum is refused there as well.
    let sql =
        "SELECT sum(CAST(line * 0 + 99999999999999999999 AS DECIMAL(38, 18))) FROM usage_lines";
    let words = ["query", sql, "--cluster", &cluster.url, "--cluster-deadline", "20"];
    let answer = run(home.path(), &words);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.err.contains("refused, not wrapped"), "{}", answer.err);
}
