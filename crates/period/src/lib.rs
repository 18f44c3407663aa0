//! Calendar days, months and half-open periods.
//!
//! # Purpose
//!
//! What a report covers, when a term holds and what is settled are runs of days. Here they are
//! read from text, printed, compared and counted, always as half-open: the end is the day after
//! the last, so periods that follow one another neither touch nor leave a gap.
//!
//! # Words
//!
//! - **date**: a day of the Gregorian calendar, without a time of day or a zone.
//! - **month**: a month of a year, `2021-06`.
//! - **period**: days from a start up to, and without, an end; never empty.
//! - **inclusive**: with the last day inside, as people and reports write periods.
//!
//! # Drawing
//!
//! ```text
//!   2021-05-31   2021-06-01  2021-06-02     ...    2021-06-30   2021-07-01
//!  ------------+--------------------------------------------+-------------
//!              [ start               Period                  ) end
//!                first day                         last day
//!
//!  "2021-06" = "2021-06-01..2021-06-30" = [2021-06-01, 2021-07-01)
//! ```
//!
//! # Example
//!
//! ```
//! use period::{Month, Period, parse_date};
//!
//! let quarter = Period::parse("2021-04..2021-06")?;
//! assert_eq!(quarter.to_string(), "2021-Q2");
//! assert_eq!(quarter.days(), 91);
//! assert!(quarter.contains(parse_date("2021-06-30")?));
//! assert!(!quarter.contains(quarter.end()));
//! let months: Vec<String> = quarter.months().map(|month| month.to_string()).collect();
//! assert_eq!(months, ["2021-04", "2021-05", "2021-06"]);
//! assert_eq!(Month::parse("2021-12")?.next().to_string(), "2022-01");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! - `start < end`: a period has at least one day.
//! - For years 0 to 9999, what `Display` prints, `parse` reads as the same value, and it is the
//!   shortest of the forms.
//! - Dates and months are in order of time; periods are in order of start, then of end.
//!
//! # What it does not do
//!
//! It knows no clock and no time zone, no weeks and no financial years, and no period without an
//! end. The last day of the calendar, 9999-12-31, can be an end, but not a last day.

mod date;
mod month;
mod span;
#[cfg(test)]
mod tests;

pub use jiff::civil::Date;

pub use crate::date::{ParseDateError, parse_date, parse_date_compact};
pub use crate::month::{Month, ParseMonthError};
pub use crate::span::{ParsePeriodError, Period};
