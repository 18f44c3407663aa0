//! Calendar months.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::{Period, date};

/// A month of a year of the Gregorian calendar.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Month {
    year: i16,
    month: i8,
}

/// Why a text is not a month.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseMonthError {
    /// The text has another form.
    #[error("not a month in the form YYYY-MM")]
    Malformed,
    /// The form is right, but a year has no such month.
    #[error("no such month: {month:02}")]
    NoSuchMonth {
        /// Month as given.
        month: i8,
    },
}

impl Month {
    /// The month, or `None` for a year outside -9999 to 9999 or a month outside 1 to 12.
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((-9999..=9999).contains(&year) && (1..=12).contains(&month))
            .then_some(Self { year, month })
    }

    /// The month a day is in.
    #[must_use]
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Reads `2021-06`, and no other form.
    ///
    /// # Errors
    /// [`ParseMonthError`]: another form, or a month outside 1 to 12.
    pub fn parse(text: &str) -> Result<Self, ParseMonthError> {
        let [y1, y2, y3, y4, b'-', m1, m2] = *text.as_bytes() else {
            return Err(ParseMonthError::Malformed);
        };
        let (Some(year), Some(month)) = (date::four([y1, y2, y3, y4]), date::two([m1, m2])) else {
            return Err(ParseMonthError::Malformed);
        };
        Self::new(year, month).ok_or(ParseMonthError::NoSuchMonth { month })
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The month of the year, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// Its first day; beyond the last month of the calendar, 9999-12, the last day there is.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MAX)
    }

    /// The month after it.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month < 12 {
            Self { year: self.year, month: self.month + 1 }
        } else {
            Self { year: self.year.saturating_add(1), month: 1 }
        }
    }

    /// The month before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        if self.month > 1 {
            Self { year: self.year, month: self.month - 1 }
        } else {
            Self { year: self.year.saturating_sub(1), month: 12 }
        }
    }

    /// Its days. Of the last month of the calendar, 9999-12, the last day is missing, because
    /// there is no day after it.
    #[must_use]
    pub fn period(self) -> Period {
        Period::new(self.first_day(), self.next().first_day())
            .unwrap_or_else(Period::last_of_calendar)
    }
}

/// `2021-06`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.month))
    }
}

impl FromStr for Month {
    type Err = ParseMonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
