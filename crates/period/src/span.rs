//! Half-open runs of calendar days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::date::{four, two};
use crate::{Month, ParseDateError, ParseMonthError, parse_date, parse_date_compact};

/// Calendar days from a first one up to, and without, an end: `[start, end)`. Never empty.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Period {
    start: Date,
    end: Date,
}

/// Why a text is not a period.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParsePeriodError {
    /// The text has none of the forms.
    #[error("not a period: YYYY, YYYY-Qn, YYYY-MM, YYYY-MM-DD, or two months or days with ..")]
    Malformed,
    /// One of the months.
    #[error("not a period")]
    Month(#[from] ParseMonthError),
    /// One of the days.
    #[error("not a period")]
    Date(#[from] ParseDateError),
    /// The last day is before the first.
    #[error("period ends before it starts: {first}..{last}")]
    Backwards {
        /// First day.
        first: Date,
        /// Last day.
        last: Date,
    },
    /// The last day is the last of the calendar, 9999-12-31, which no day follows.
    #[error("period has no end within the calendar")]
    Endless,
}

impl Period {
    /// The days from `start` up to, and without, `end`; `None` where that is no day at all.
    #[must_use]
    pub fn new(start: Date, end: Date) -> Option<Self> {
        (start < end).then_some(Self { start, end })
    }

    /// The days from the first to the last, both inside; `None` where the last is before the
    /// first, or is 9999-12-31, which no day follows.
    #[must_use]
    pub fn inclusive(first: Date, last: Date) -> Option<Self> {
        Self::new(first, last.tomorrow().ok()?)
    }

    /// Reads `2021`, `2021-Q3`, `2021-06`, `2021-06-01`, `2021-02..2021-10` (both months inside)
    /// or `2021-02-01..2021-02-15` (both days inside).
    ///
    /// # Errors
    /// [`ParsePeriodError`]: none of these forms, no such month or day, backwards, or endless.
    pub fn parse(text: &str) -> Result<Self, ParsePeriodError> {
        if let Some((first, last)) = text.split_once("..") {
            return match (first.len(), last.len()) {
                (7, 7) => between_months(Month::parse(first)?, Month::parse(last)?),
                (10, 10) => between_days(parse_date(first)?, parse_date(last)?),
                _ => Err(ParsePeriodError::Malformed),
            };
        }
        match *text.as_bytes() {
            [y1, y2, y3, y4] => months(four([y1, y2, y3, y4]), 1, 12),
            [y1, y2, y3, y4, b'-', b'Q', quarter @ b'1'..=b'4'] => {
                let first = two([b'0', quarter]).map_or(1, |quarter| quarter * 3 - 2);
                months(four([y1, y2, y3, y4]), first, first + 2)
            }
            [_, _, _, _, b'-', b'0'..=b'9', b'0'..=b'9'] => {
                let month = Month::parse(text)?;
                between_months(month, month)
            }
            [_, _, _, _, _, _, _, _, _, _] => {
                let day = parse_date(text)?;
                between_days(day, day)
            }
            _ => Err(ParsePeriodError::Malformed),
        }
    }

    /// Reads a day of a validity period in a sales report, `20151001`; [`parse_date_compact`].
    ///
    /// # Errors
    /// [`ParseDateError`]: another form, or a day the calendar does not have.
    pub fn parse_date_compact(text: &str) -> Result<Date, ParseDateError> {
        parse_date_compact(text)
    }

    /// The first day.
    #[must_use]
    pub const fn start(self) -> Date {
        self.start
    }

    /// The day after the last.
    #[must_use]
    pub const fn end(self) -> Date {
        self.end
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.end.yesterday().expect("a day before the end is the start or later")
    }

    /// Whether the day is inside.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        self.start <= date && date < self.end
    }

    /// Whether every day of the other period is inside.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether any day is in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The days that are in both; `None` where there is none.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }

    /// The number of days, at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        let hours = self.start.duration_until(self.end).as_hours();
        u32::try_from(hours / 24).expect("a period ends after it starts, within 20000 years")
    }

    /// The months that have a day inside, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        let last = Month::of(self.last_day());
        std::iter::successors(Some(Month::of(self.start)), |month| Some(month.next()))
            .take_while(move |month| *month <= last)
    }

    /// The last period there is, of one day: what 9999-12 shrinks to is never below it.
    pub(crate) fn last_of_calendar() -> Self {
        Self { start: Date::MAX.yesterday().unwrap_or(Date::MIN), end: Date::MAX }
    }
}

/// The months of one year, from one to another, both inside.
fn months(year: Option<i16>, first: i8, last: i8) -> Result<Period, ParsePeriodError> {
    let month = |month| year.and_then(|year| Month::new(year, month));
    match (month(first), month(last)) {
        (Some(first), Some(last)) => between_months(first, last),
        _ => Err(ParsePeriodError::Malformed),
    }
}

/// Both months inside.
fn between_months(first: Month, last: Month) -> Result<Period, ParsePeriodError> {
    between_days(first.first_day(), last.first_day().last_of_month())
}

/// Both days inside.
fn between_days(first: Date, last: Date) -> Result<Period, ParsePeriodError> {
    if last < first {
        return Err(ParsePeriodError::Backwards { first, last });
    }
    Period::inclusive(first, last).ok_or(ParsePeriodError::Endless)
}

/// The shortest of the forms [`Period::parse`] reads.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (self.start, self.last_day());
        if first.day() != 1 || self.end.day() != 1 {
            return match self.days() {
                1 => f.pad(&first.to_string()),
                _ => f.pad(&format!("{first}..{last}")),
            };
        }
        let (from, until) = (Month::of(first), Month::of(last));
        let text = if from == until {
            from.to_string()
        } else if from.year() != until.year() {
            format!("{from}..{until}")
        } else {
            match (from.month(), until.month()) {
                (1, 12) => format!("{:04}", from.year()),
                (month @ (1 | 4 | 7 | 10), last) if last == month + 2 => {
                    format!("{:04}-Q{}", from.year(), last / 3)
                }
                _ => format!("{from}..{until}"),
            }
        };
        f.pad(&text)
    }
}

impl FromStr for Period {
    type Err = ParsePeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
