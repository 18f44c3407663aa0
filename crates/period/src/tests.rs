//! Forms of periods, and the calendar under them.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::*;

/// Reads every text and shows the days it means, and the shortest form.
fn check(texts: &[&str], expected: Expect) {
    let mut table = String::new();
    for text in texts {
        let outcome = match Period::parse(text) {
            Ok(period) => {
                format!("[{}, {}) {} days = {period}", period.start(), period.end(), period.days())
            }
            Err(error) => {
                let source = std::error::Error::source(&error);
                let source = source.map_or(String::new(), |source| format!(": {source}"));
                format!("{error}{source}")
            }
        };
        table.push_str(&format!("{text:?}: {outcome}\n"));
    }
    expected.assert_eq(&table);
}

#[test]
fn forms() {
    check(
        &[
            "2021",
            "2021-Q1",
            "2021-Q3",
            "2021-Q4",
            "2021-06",
            "2024-02",
            "2021-06-15",
            "2021-02..2021-10",
            "2020-11..2021-02",
            "2021-02-01..2021-02-15",
        ],
        expect![[r#"
            "2021": [2021-01-01, 2022-01-01) 365 days = 2021
            "2021-Q1": [2021-01-01, 2021-04-01) 90 days = 2021-Q1
            "2021-Q3": [2021-07-01, 2021-10-01) 92 days = 2021-Q3
            "2021-Q4": [2021-10-01, 2022-01-01) 92 days = 2021-Q4
            "2021-06": [2021-06-01, 2021-07-01) 30 days = 2021-06
            "2024-02": [2024-02-01, 2024-03-01) 29 days = 2024-02
            "2021-06-15": [2021-06-15, 2021-06-16) 1 days = 2021-06-15
            "2021-02..2021-10": [2021-02-01, 2021-11-01) 273 days = 2021-02..2021-10
            "2020-11..2021-02": [2020-11-01, 2021-03-01) 120 days = 2020-11..2021-02
            "2021-02-01..2021-02-15": [2021-02-01, 2021-02-16) 15 days = 2021-02-01..2021-02-15
        "#]],
    );
}

#[test]
fn the_shortest_form_is_printed() {
    check(
        &[
            "2021-01..2021-12",
            "2021-01-01..2021-12-31",
            "2021-04..2021-06",
            "2021-05..2021-07",
            "2021-06..2021-06",
            "2021-02-01..2021-02-28",
            "2024-02-01..2024-02-28",
            "2021-06-15..2021-06-15",
            "2020-01..2021-12",
            "2021-01..2021-03",
        ],
        expect![[r#"
            "2021-01..2021-12": [2021-01-01, 2022-01-01) 365 days = 2021
            "2021-01-01..2021-12-31": [2021-01-01, 2022-01-01) 365 days = 2021
            "2021-04..2021-06": [2021-04-01, 2021-07-01) 91 days = 2021-Q2
            "2021-05..2021-07": [2021-05-01, 2021-08-01) 92 days = 2021-05..2021-07
            "2021-06..2021-06": [2021-06-01, 2021-07-01) 30 days = 2021-06
            "2021-02-01..2021-02-28": [2021-02-01, 2021-03-01) 28 days = 2021-02
            "2024-02-01..2024-02-28": [2024-02-01, 2024-02-29) 28 days = 2024-02-01..2024-02-28
            "2021-06-15..2021-06-15": [2021-06-15, 2021-06-16) 1 days = 2021-06-15
            "2020-01..2021-12": [2020-01-01, 2022-01-01) 731 days = 2020-01..2021-12
            "2021-01..2021-03": [2021-01-01, 2021-04-01) 90 days = 2021-Q1
        "#]],
    );
}

#[test]
fn what_is_refused() {
    check(
        &[
            "",
            "21",
            "2021-Q0",
            "2021-Q5",
            "2021-q1",
            "2021-13",
            "2021-00",
            "2021-6",
            "2021-02-29",
            "2021-02-30..2021-03-01",
            "2021-10..2021-02",
            "2021-02-15..2021-02-01",
            "2021-02..2021-03-01",
            "2021..2022",
            "2021-02...2021-03",
            "2021-02..",
            "..",
            "+021-02",
            "9999-12",
            "9999",
            "2021-01-01..9999-12-31",
            "\u{662}\u{660}",
            "2021/06/01",
        ],
        expect![[r#"
            "": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "21": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-Q0": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-Q5": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-q1": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-13": not a period: no such month: 13
            "2021-00": not a period: no such month: 00
            "2021-6": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-02-29": not a period: no such day: 2021-02-29
            "2021-02-30..2021-03-01": not a period: no such day: 2021-02-30
            "2021-10..2021-02": period ends before it starts: 2021-10-01..2021-02-28
            "2021-02-15..2021-02-01": period ends before it starts: 2021-02-15..2021-02-01
            "2021-02..2021-03-01": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021..2022": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-02...2021-03": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021-02..": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "..": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "+021-02": not a period: not a month in the form YYYY-MM
            "9999-12": period has no end within the calendar
            "9999": period has no end within the calendar
            "2021-01-01..9999-12-31": period has no end within the calendar
            "٢٠": not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..
            "2021/06/01": not a period: not a date in the form YYYY-MM-DD
        "#]],
    );
}

fn date(text: &str) -> Date {
    parse_date(text).unwrap()
}

#[test]
fn dates() {
    assert_eq!(date("2021-06-01").to_string(), "2021-06-01");
    assert_eq!(parse_date_compact("20151001"), parse_date("2015-10-01"));
    assert_eq!(Period::parse_date_compact("20151001"), parse_date("2015-10-01"));
    let outcomes =
        ["2021-02-29", "2021-6-1", "20210601", "2021-06-01 ", "2021-06-0\u{e9}", "2021-99-99"]
            .map(|text| parse_date(text).unwrap_err().to_string());
    expect![[r#"
        no such day: 2021-02-29
        not a date in the form YYYY-MM-DD
        not a date in the form YYYY-MM-DD
        not a date in the form YYYY-MM-DD
        not a date in the form YYYY-MM-DD
        no such day: 2021-99-99"#]]
    .assert_eq(&outcomes.join("\n"));
    let outcomes = ["2021-06-01", "20210631", "2021060", ""]
        .map(|text| parse_date_compact(text).unwrap_err().to_string());
    expect![[r#"
        not a date in the form YYYYMMDD
        no such day: 2021-06-31
        not a date in the form YYYYMMDD
        not a date in the form YYYYMMDD"#]]
    .assert_eq(&outcomes.join("\n"));
}

#[test]
fn months() {
    let month = Month::parse("2021-12").unwrap();
    assert_eq!((month.year(), month.month()), (2021, 12));
    assert_eq!(month.next().to_string(), "2022-01");
    assert_eq!(month.next().previous(), month);
    assert_eq!(month.first_day(), date("2021-12-01"));
    assert_eq!(month.period().to_string(), "2021-12");
    assert_eq!(Month::of(date("2021-12-31")), month);
    assert_eq!((Month::new(2021, 13), Month::new(2021, 0)), (None, None));
    assert_eq!("2021-1x".parse::<Month>(), Err(ParseMonthError::Malformed));
}

#[test]
fn the_end_of_the_calendar() {
    let last = Month::of(Date::MAX);
    assert_eq!(last.period().end(), Date::MAX);
    assert_eq!(last.period().days(), 30);
    assert_eq!(last.next().first_day(), Date::MAX);
    assert_eq!(last.next().period().days(), 1);
    assert_eq!(Period::inclusive(Date::MIN, Date::MAX), None);
    let whole = Period::new(Date::MIN, Date::MAX).unwrap();
    assert_eq!(whole.months().count(), 12 * 19999);
    assert_eq!(whole.days(), 7_304_483);
}

#[test]
fn inside_and_across() {
    let period = Period::parse("2021-02..2021-03").unwrap();
    let is_inside = ["2021-01-31", "2021-02-01", "2021-03-31", "2021-04-01"]
        .map(|day| period.contains(date(day)));
    assert_eq!(is_inside, [false, true, true, false]);
    let other = |text| Period::parse(text).unwrap();
    let overlaps =
        ["2021-01", "2021-Q1", "2021-03-31", "2021-04"].map(|text| period.overlaps(other(text)));
    assert_eq!(overlaps, [false, true, true, false]);
    assert_eq!(period.intersection(other("2021-Q2")), None);
    assert_eq!(
        period.intersection(other("2021-03-10..2021-08-09")),
        Some(other("2021-03-10..2021-03-31"))
    );
    assert!(period.covers(other("2021-03")) && !period.covers(other("2021-Q1")));
}

fn any_date() -> impl Strategy<Value = Date> {
    (0_i16..9999, 1_i8..=12, 1_i8..=31)
        .prop_filter_map("a day of the calendar", |(year, month, day)| {
            Date::new(year, month, day).ok()
        })
}

/// Periods of days, and, as often, of whole months.
fn any_period() -> impl Strategy<Value = Period> {
    (any_date(), 0_i64..1500, any::<bool>()).prop_filter_map(
        "in the calendar",
        |(first, days, whole)| {
            let last = first.checked_add(jiff::Span::new().days(days)).ok()?;
            if whole {
                Period::new(first.first_of_month(), Month::of(last).next().first_day())
            } else {
                Period::inclusive(first, last)
            }
        },
    )
}

proptest! {
    #[test]
    fn print_and_parse_round_trip(period in any_period()) {
        prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        prop_assert_eq!(Period::inclusive(period.start(), period.last_day()), Some(period));
    }

    #[test]
    fn dates_are_read_in_both_forms(date in any_date()) {
        let text = date.to_string();
        prop_assert_eq!(parse_date(&text), Ok(date));
        prop_assert_eq!(parse_date_compact(&text.replace('-', "")), Ok(date));
    }

    #[test]
    fn months_tile_the_period(period in any_period()) {
        let mut at = period.start();
        let mut days = 0;
        for month in period.months() {
            let part = month.period().intersection(period).unwrap();
            prop_assert_eq!(part.start(), at);
            at = part.end();
            days += part.days();
        }
        prop_assert_eq!(at, period.end());
        prop_assert_eq!(days, period.days());
    }

    #[test]
    fn overlap_is_a_day_in_both(one in any_period(), shift in -1600_i64..1600, days in 1_i64..900) {
        let later = |date: Date, days| date.saturating_add(jiff::Span::new().days(days));
        let start = later(one.start(), shift);
        let Some(two) = Period::new(start, later(start, days)) else { return Ok(()) };
        prop_assert_eq!(one.overlaps(two), one.intersection(two).is_some());
        prop_assert_eq!(one.overlaps(two), two.overlaps(one));
        prop_assert_eq!(one.covers(two), one.intersection(two) == Some(two));
    }

    #[test]
    fn no_text_panics(text in "[-0-9Q.]{0,22}|\\PC{0,12}") {
        if let Ok(period) = Period::parse(&text) {
            prop_assert!(period.to_string().len() <= text.len());
        }
    }
}
