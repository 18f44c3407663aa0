//! Calendar days as text.

use jiff::civil::Date;

/// Why a text is not a calendar day.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDateError {
    /// The text has another form.
    #[error("not a date in the form {form}")]
    Malformed {
        /// The form it should have.
        form: &'static str,
    },
    /// The form is right, but the calendar has no such day.
    #[error("no such day: {year:04}-{month:02}-{day:02}")]
    NoSuchDay {
        /// Year as given.
        year: i16,
        /// Month as given.
        month: i8,
        /// Day as given.
        day: i8,
    },
}

/// Reads a calendar day in the extended form of ISO 8601, `2021-06-01`, and no other.
///
/// # Errors
/// [`ParseDateError`]: another form, or a day the calendar does not have.
pub fn parse_date(text: &str) -> Result<Date, ParseDateError> {
    let form = "YYYY-MM-DD";
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return Err(ParseDateError::Malformed { form });
    };
    day([y1, y2, y3, y4], [m1, m2], [d1, d2], form)
}

/// Reads a calendar day in the basic form of ISO 8601, `20151001`, and no other.
///
/// # Errors
/// [`ParseDateError`]: another form, or a day the calendar does not have.
pub fn parse_date_compact(text: &str) -> Result<Date, ParseDateError> {
    let form = "YYYYMMDD";
    let [y1, y2, y3, y4, m1, m2, d1, d2] = *text.as_bytes() else {
        return Err(ParseDateError::Malformed { form });
    };
    day([y1, y2, y3, y4], [m1, m2], [d1, d2], form)
}

fn day(
    year: [u8; 4],
    month: [u8; 2],
    day: [u8; 2],
    form: &'static str,
) -> Result<Date, ParseDateError> {
    let (Some(year), Some(month), Some(day)) = (four(year), two(month), two(day)) else {
        return Err(ParseDateError::Malformed { form });
    };
    Date::new(year, month, day).map_err(|_| ParseDateError::NoSuchDay { year, month, day })
}

/// The number four ASCII digits write.
pub(crate) fn four(digits: [u8; 4]) -> Option<i16> {
    let [d1, d2, d3, d4] = digits;
    Some(i16::from(two([d1, d2])?) * 100 + i16::from(two([d3, d4])?))
}

/// The number two ASCII digits write.
pub(crate) fn two(digits: [u8; 2]) -> Option<i8> {
    digits.iter().try_fold(0_i8, |number, digit| match digit {
        b'0'..=b'9' => i8::try_from(digit - b'0').ok().map(|digit| number * 10 + digit),
        _ => None,
    })
}
