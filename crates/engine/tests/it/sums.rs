//! Sums are exact or refused.

use expect_test::{Expect, expect};

use crate::stage::{home, run};

fn check(sql: &str, expected: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let answer = run(folder.path(), &["query", sql, "--format", "csv"]);
    let said = if answer.code == 0 { answer.out } else { answer.err };
    expected.assert_eq(&said);
}

/// 200 rows of 1,000,000.00 × share × exchange rate × rate: the built-in sum of this type,
/// `Decimal128(38, 30)`, says −140,282,366.92.
const PRODUCTS: &str = "SELECT CAST(1000000.00 AS DECIMAL(18, 8)) * CAST(1 AS DECIMAL(9, 6)) \
                        * CAST(1 AS DECIMAL(18, 10)) * CAST(1 AS DECIMAL(9, 6)) AS p, value % 2 AS g \
                        FROM generate_series(1, 200)";

#[test]
fn a_sum_of_products_that_would_wrap_is_refused() {
    check(
        &format!("SELECT arrow_typeof(p) AS t, count(*) AS n FROM ({PRODUCTS}) GROUP BY t"),
        expect![[r#"
            t,n
            "Decimal128(38, 30)",200
        "#]],
    );
    check(
        &format!("SELECT sum(p) AS s FROM ({PRODUCTS})"),
        expect![[r#"
        error: Execution error: a sum does not fit Decimal128(38, 30); it is refused, not wrapped: add fewer digits, such as CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards
    "#]],
    );
    check(
        &format!("SELECT g, sum(p) AS s FROM ({PRODUCTS}) GROUP BY g"),
        expect![[r#"
        error: Execution error: a sum does not fit Decimal128(38, 30); it is refused, not wrapped: add fewer digits, such as CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards
    "#]],
    );
    check(
        &format!("SELECT sum(p) OVER () AS s FROM ({PRODUCTS})"),
        expect![[r#"
        error: Execution error: a sum does not fit Decimal128(38, 30); it is refused, not wrapped: add fewer digits, such as CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards
    "#]],
    );
    check(
        &format!("SELECT avg(p) AS s FROM ({PRODUCTS})"),
        expect![[r#"
        error: Execution error: a sum does not fit Decimal128(38, 34); it is refused, not wrapped: add fewer digits, such as CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards
    "#]],
    );
    // As the message says.
    check(
        &format!("SELECT sum(CAST(p AS DECIMAL(38, 8))) AS s FROM ({PRODUCTS})"),
        expect![[r#"
        s
        200000000
    "#]],
    );
    check(
        &format!("SELECT avg(CAST(p AS DECIMAL(38, 8))) AS s FROM ({PRODUCTS})"),
        expect![[r#"
        s
        1000000
    "#]],
    );
}

#[test]
fn whole_numbers_do_not_wrap_either() {
    let most = "SELECT 9223372036854775807 AS x FROM generate_series(1, 2)";
    check(
        &format!("SELECT sum(x) AS s FROM ({most})"),
        expect![[r#"
        error: Execution error: a sum does not fit Int64; it is refused, not wrapped: add fewer digits, such as CAST(… AS DECIMAL(38, 8)), or add first and multiply afterwards
    "#]],
    );
    check(
        "SELECT sum(value) AS s FROM generate_series(1, 1000)",
        expect![[r#"
        s
        500500
    "#]],
    );
}

#[test]
fn partial_sums_may_leave_the_type() {
    let values = "(VALUES (99999999999999999999.0), (99999999999999999999.0), \
                  (-99999999999999999999.0), (NULL)) AS v(x)";
    check(
        &format!("SELECT sum(CAST(x AS DECIMAL(38, 18))) AS s, avg(x) AS a FROM {values}"),
        expect![[r#"
            s,a
            99999999999999999999,33333333333333333333
        "#]],
    );
}

#[test]
fn nothing_sums_to_null_and_a_number_with_a_point_is_exact() {
    check(
        "SELECT sum(CAST(1 AS DECIMAL(9, 2))) AS s FROM reports",
        expect![[r#"
        s
        ""
    "#]],
    );
    check(
        "SELECT 0.1 + 0.2 AS s, sum(0.1) AS t, sum(2.5e0) AS u",
        expect![[r#"
        s,t,u
        0.3,0.1,2.5
    "#]],
    );
}

#[test]
fn sums_with_filters_windows_and_distinct() {
    check(
        "SELECT value % 2 AS g, sum(value * 1.5) FILTER (WHERE value > 3) AS s, \
         sum(DISTINCT value % 3) AS d FROM generate_series(1, 9) GROUP BY g",
        expect![[r#"
            error: This feature is not implemented: sum(DISTINCT …) of exact numbers beside another aggregate: take the distinct rows in a subquery
        "#]],
    );
    check(
        "SELECT value AS v, sum(value * 0.5) OVER \
         (ORDER BY value ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM generate_series(1, 4)",
        expect![[r#"
            v,s
            1,0.5
            2,1.5
            3,2.5
            4,3.5
        "#]],
    );
}

#[test]
fn lines_sum_in_groups_as_they_do_in_the_manifest() {
    let home = home(1, 400);
    let sql = "SELECT sum(l) - (SELECT sum(lines) FROM usage_files) AS d FROM \
               (SELECT title, count(*) AS l FROM usage_lines GROUP BY title)";
    let answer = run(home.path(), &["query", sql, "--format", "csv"]);
    assert_eq!(answer.out, "d\n0\n", "{answer:?}");
}
