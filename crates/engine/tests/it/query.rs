//! Questions, their forms, and what is not answered.

use expect_test::{Expect, expect};

use crate::stage::{home, run, well};

#[test]
fn every_form_has_the_same_rows() {
    let home = home(2, 300);
    let at = home.path();
    let sql = "SELECT currency, sum(amount) AS amount, count(*) AS n FROM usage_lines \
               WHERE line > 0 GROUP BY currency";
    let check = |form: &str, expected: Expect| {
        expected.assert_eq(&well(at, &["query", sql, "--format", form]).out);
    };
    check(
        "table",
        expect![[r#"
            +----------+-------------------+-----+
            | currency | amount            | n   |
            +----------+-------------------+-----+
            | KRW      | 16365120.41833926 | 343 |
            | USD      | 8488.1608611      | 258 |
            +----------+-------------------+-----+
        "#]],
    );
    check(
        "csv",
        expect![[r#"
            currency,amount,n
            KRW,16365120.41833926,343
            USD,8488.1608611,258
        "#]],
    );
    check(
        "json",
        expect![[r#"
            [{"currency":"KRW","amount":"16365120.41833926","n":343},{"currency":"USD","amount":"8488.1608611","n":258}]
        "#]],
    );
    for (form, magic) in [("parquet", &b"PAR1"[..]), ("arrow", b"ARROW1")] {
        let path = at.join(form);
        let out = path.to_str().unwrap();
        let piped = well(at, &["query", sql, "--format", form]).bytes;
        well(at, &["query", sql, "--format", form, "--out", out]);
        assert!(piped.starts_with(magic) && piped == std::fs::read(&path).unwrap(), "{form}");
    }
}

#[test]
fn sums_of_the_lines_are_the_control_totals() {
    let home = home(3, 500);
    let sql = "SELECT count(*) AS differing FROM \
               (SELECT report, month, sender, basis, currency, sum(amount) AS amount \
                FROM usage_lines WHERE basis <> 'none' GROUP BY ALL) l \
               FULL JOIN \
               (SELECT report, month, sender, basis, currency, sum(amount) AS amount \
                FROM control_totals GROUP BY ALL) t \
               USING (report, month, sender, basis, currency) \
               WHERE l.amount IS DISTINCT FROM t.amount";
    let out = well(home.path(), &["query", sql, "--format", "csv"]).out;
    assert_eq!(out, "differing\n0\n");
}

#[test]
fn every_view_answers() {
    let home = home(1, 200);
    let at = home.path();
    well(at, &["settle", "2021-06"]);
    let listed = well(at, &["query", "--views"]).out;
    let views: Vec<&str> = listed.lines().filter_map(|it| it.strip_prefix("## ")).collect();
    assert!(views.len() > 15, "{views:?}");
    for view in views {
        let sql = format!("SELECT * FROM {view}");
        let answer = well(at, &["query", &sql, "--format", "csv"]);
        let section = listed.split("\n## ").find(|it| it.lines().next() == Some(view)).unwrap();
        let columns: Vec<&str> =
            section.lines().filter_map(|it| it.strip_prefix("| `")?.split('`').next()).collect();
        assert_eq!(answer.out.lines().next().unwrap(), columns.join(","), "{view}");
    }
    let shown = well(at, &["query", "SHOW TABLES", "--format", "csv"]).out;
    assert!(shown.contains("usage_lines") && shown.contains("matches"), "{shown}");
    well(at, &["query", "EXPLAIN SELECT * FROM reports"]);
    well(at, &["query", "DESCRIBE findings"]);
}

#[test]
fn a_file_that_the_manifest_does_not_name_does_not_exist() {
    let home = home(1, 200);
    let at = home.path();
    let count = || well(at, &["query", "SELECT count(*) FROM usage_lines", "--format", "csv"]).out;
    let before = count();
    let month = at.join("leitmotif-data/lake/usage/month=2021-06");
    let sender = std::fs::read_dir(&month).unwrap().next().unwrap().unwrap().path();
    let file = std::fs::read_dir(&sender).unwrap().next().unwrap().unwrap().path();
    // Not a name of the lake's, so that no sweep takes it away.
    std::fs::copy(&file, sender.join("stray.parquet")).unwrap();
    assert_eq!(count(), before);
}

#[test]
fn only_what_reads_is_answered() {
    let home = home(1, 200);
    let at = home.path();
    std::fs::write(at.join("secret.csv"), "a\n1\n").unwrap();
    let csv = at.join("secret.csv");
    let outside = format!("SELECT * FROM '{}'", csv.display());
    let made = format!("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '{}'", csv.display());
    let copied = format!("COPY (SELECT 1) TO '{}'", at.join("out.csv").display());
    for sql in [
        "DROP TABLE reports",
        "CREATE TABLE t AS SELECT 1",
        "CREATE VIEW v AS SELECT 1",
        "INSERT INTO reports SELECT * FROM reports",
        "DELETE FROM reports",
        "SET datafusion.sql_parser.parse_float_as_decimal = false",
        "SELECT 1; SELECT 2",
        "EXPLAIN ANALYZE INSERT INTO reports SELECT * FROM reports",
        "SELECT * INTO t FROM reports",
        "SELECT * FROM read_csv('secret.csv')",
        &outside,
        &made,
        &copied,
    ] {
        let answer = run(at, &["query", sql]);
        assert_eq!(answer.code, 1, "{sql}: {answer:?}");
        assert!(answer.err.starts_with("error: the statement is refused"), "{sql}: {answer:?}");
    }
    assert!(!at.join("out.csv").exists());
}

#[test]
fn without_the_engine_it_is_told_where_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["query", "SELECT 1"];
    let answer = std::process::Command::new(
        std::path::Path::new(crate::stage::ENGINE).with_file_name("leitmotif"),
    )
    .args(words)
    .current_dir(folder.path())
    .env("LEITMOTIF_ENGINE", folder.path().join("nowhere"))
    .output();
    // Built by the other tests; whoever runs this one alone has it after the first run.
    let Ok(answer) = answer else { return };
    let said = String::from_utf8(answer.stderr).unwrap();
    assert!(said.contains("cargo build --release -p engine"), "{said}");
}

#[test]
fn other_commands_have_no_csv() {
    let home = home(1, 50);
    let answer = run(home.path(), &["settle", "--format", "csv"]);
    assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{answer:?}");
}
