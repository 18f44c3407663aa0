//! Days, months, quarters and years as sources write them.

use period::{Date, Month, Period};
use serde::Deserialize;

/// A form such as `YYYY-MM-DD`, `MMM YY` or `YYYY년 M월`.
///
/// `YYYY` and `YY` (of this century) are the year, `MM` and `M` the month in two or in one or two
/// digits, `MMM` and `MMMM` its English name, short and long, `DD` and `D` the day, `Q` the
/// quarter, `2` or `Q2`; an asterisk at the end is whatever follows, a time of day for instance. Every
/// other character stands for itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::statement) struct DayForm {
    parts: Vec<Part>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Part {
    Year4,
    Year2,
    Month2,
    Month1,
    MonthShort,
    MonthLong,
    Day2,
    Day1,
    Quarter,
    Rest,
    Literal(char),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl TryFrom<String> for DayForm {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some(first) = rest.chars().next() {
            let run = rest.chars().take_while(|it| *it == first).count();
            let part = match (first, run) {
                ('Y', 4) => Part::Year4,
                ('Y', 2) => Part::Year2,
                ('M', 1) => Part::Month1,
                ('M', 2) => Part::Month2,
                ('M', 3) => Part::MonthShort,
                ('M', 4) => Part::MonthLong,
                ('D', 1) => Part::Day1,
                ('D', 2) => Part::Day2,
                ('Q', 1) => Part::Quarter,
                ('Y' | 'M' | 'D', _) => {
                    return Err(format!("{text:?} has a part of a date too much"));
                }
                ('*', _) if rest.len() == 1 => Part::Rest,
                (other, _) => Part::Literal(other),
            };
            let taken = if matches!(part, Part::Literal(_)) { 1 } else { run };
            parts.push(part);
            rest = rest.split_at_checked(taken * first.len_utf8()).map_or("", |it| it.1);
        }
        if !parts.iter().any(|it| matches!(it, Part::Year4 | Part::Year2)) {
            return Err(format!("{text:?} has no year"));
        }
        Ok(Self { parts })
    }
}

#[derive(Default)]
struct Found {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    quarter: Option<i8>,
}

impl DayForm {
    /// The days that a text names, or `None` where it has another form or names no day.
    pub(in crate::statement) fn read(&self, text: &str) -> Option<Period> {
        let mut rest = text.trim();
        let mut found = Found::default();
        for part in &self.parts {
            rest = part.take(rest, &mut found)?;
        }
        if !rest.is_empty() {
            return None;
        }
        let year = found.year?;
        match found {
            Found { month: Some(month), day: Some(day), .. } => {
                let day = Date::new(year, month, day).ok()?;
                Period::inclusive(day, day)
            }
            Found { month: Some(month), .. } => Month::new(year, month).map(Month::period),
            Found { quarter: Some(quarter), .. } => {
                let last = quarter.checked_mul(3)?;
                let first = Month::new(year, last.checked_sub(2)?)?;
                Period::new(first.first_day(), Month::new(year, last)?.next().first_day())
            }
            _ => {
                let (first, last) = (Month::new(year, 1)?, Month::new(year, 12)?);
                Period::new(first.first_day(), last.next().first_day())
            }
        }
    }
}

impl Part {
    /// Takes this part off the text and returns the rest.
    fn take<'a>(self, text: &'a str, found: &mut Found) -> Option<&'a str> {
        let number = |least: usize, most: usize| {
            let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let (digits, rest) = text.split_at_checked(count).filter(|_| count >= least)?;
            Some((digits.parse::<i16>().ok()?, rest))
        };
        let small = |least: usize, most: usize| {
            let (value, rest) = number(least, most)?;
            Some((i8::try_from(value).ok()?, rest))
        };
        match self {
            Self::Year4 => number(4, 4).map(|(it, rest)| (found.year = Some(it), rest).1),
            Self::Year2 => {
                number(2, 2).map(|(it, rest)| (found.year = it.checked_add(2000), rest).1)
            }
            Self::Month2 => small(2, 2).map(|(it, rest)| (found.month = Some(it), rest).1),
            Self::Month1 => small(1, 2).map(|(it, rest)| (found.month = Some(it), rest).1),
            Self::Day2 => small(2, 2).map(|(it, rest)| (found.day = Some(it), rest).1),
            Self::Day1 => small(1, 2).map(|(it, rest)| (found.day = Some(it), rest).1),
            Self::Quarter => {
                let digits = text.strip_prefix(['Q', 'q']).unwrap_or(text);
                let (digit, rest) = digits.split_at_checked(1)?;
                found.quarter = digit.parse().ok().filter(|it| (1..=4).contains(it));
                found.quarter.map(|_| rest)
            }
            Self::MonthShort | Self::MonthLong => {
                let (number, name) = (1_i8..).zip(MONTHS).find_map(|(number, name)| {
                    let name = if self == Self::MonthShort { name.get(..3)? } else { name };
                    let head = text.get(..name.len())?;
                    head.eq_ignore_ascii_case(name).then_some((number, name))
                })?;
                found.month = Some(number);
                text.get(name.len()..)
            }
            Self::Rest => Some(""),
            Self::Literal(it) => text.strip_prefix(it),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(form: &str, text: &str, expected: &str) {
        let form = DayForm::try_from(form.to_owned()).unwrap();
        let read = form.read(text).map_or_else(|| "none".to_owned(), |it| it.to_string());
        assert_eq!(read, expected, "{form:?} {text:?}");
    }

    #[test]
    fn forms() {
        check("YYYY-MM-DD", "2024-02-29", "2024-02-29");
        check("YYYY-MM-DD", "2023-02-29", "none");
        check("YYYY-MM", "2024-06", "2024-06");
        check("MM/DD/YYYY", "06/30/2024", "2024-06-30");
        check("M/D/YYYY*", "6/3/2024 12:00:00 AM", "2024-06-03");
        check("MMM YY", "Jun 24", "2024-06");
        check("MMMM YYYY", "june 2024", "2024-06");
        check("YYYY년 M월", "2024년 6월", "2024-06");
        check("YYYYMM", "202406", "2024-06");
        check("Q YYYY", "Q2 2024", "2024-Q2");
        check("YYYY-Q", "2024-2", "2024-Q2");
        check("YYYY-Q", "2024-Q5", "none");
        check("YYYY", "2024", "2024");
        check("YYYY-MM", "2024-13", "none");
        check("YYYY-MM", "2024-06-01", "none");
        check("YYYY-MM", "２０２４-06", "none");
        check("YYYY", "9999", "9999-01-01..9999-12-30");
        assert!(DayForm::try_from("MM-DD".to_owned()).is_err());
        assert!(DayForm::try_from("YYYYY".to_owned()).is_err());
    }
}
