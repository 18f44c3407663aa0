//! The forms of values, as the types of the tables name them.

use money::{Atoms, ParseAtomsError};
use period::{Date, parse_date, parse_date_compact};

/// A calendar day in the extended form of ISO 8601, or in its basic form.
#[must_use]
pub fn calendar_day(text: &str) -> Option<Date> {
    let text = text.trim();
    parse_date(text).or_else(|_| parse_date_compact(text)).ok()
}

/// A decimal number, exact; a sign in front and blanks around are tolerated.
///
/// # Errors
/// [`ParseAtomsError`]: the text is empty, malformed, too precise or too large; 38 digits with 18 of
/// them behind the point is what a column of usage lines holds.
pub fn decimal(text: &str) -> Result<Atoms, ParseAtomsError> {
    let text = text.trim();
    let atoms = match text.strip_prefix('+') {
        Some(rest) if !rest.starts_with('-') => Atoms::parse(rest),
        _ => Atoms::parse(text),
    }?;
    match atoms.raw().unsigned_abs() < 10_u128.pow(38) {
        true => Ok(atoms),
        false => Err(ParseAtomsError::TooLarge),
    }
}

/// `TRUE` or `FALSE` in any letter case, `1` or `0`.
#[must_use]
pub fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ if text.eq_ignore_ascii_case("true") => Some(true),
        _ if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn is_integer(text: &str) -> bool {
    let body = unsigned(text);
    !body.is_empty() && digits(body)
}

pub(crate) fn is_decimal(text: &str) -> bool {
    let body = unsigned(text);
    let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
    digits(whole) && digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

/// RFC 3339, the offset optional.
pub(crate) fn is_date_time(text: &str) -> bool {
    let Some((day, time)) = text.split_once(['T', ' ']) else {
        return false;
    };
    if parse_date(day).is_err() {
        return false;
    }
    let (clock, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let offset_fits = match offset.as_bytes() {
        [] | [b'Z' | b'z'] => true,
        [b'+' | b'-', rest @ ..] => is_clock(rest, 2),
        _ => false,
    };
    is_clock(clock.as_bytes(), 3) && !fraction.is_empty() && digits(fraction) && offset_fits
}

/// `hh:mm` or `hh:mm:ss` by the number of parts.
fn is_clock(text: &[u8], parts: usize) -> bool {
    let limits = [b"23", b"59", b"60"];
    text.split(|byte| *byte == b':').count() == parts
        && text.split(|byte| *byte == b':').zip(limits).all(|(part, limit)| {
            part.len() == 2 && part.iter().all(u8::is_ascii_digit) && part <= &limit[..]
        })
}

/// ISO 8601: `PnYnMnDTnHnMnS`, the last number may have decimals; times of cues leave the P away.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(body) = text.strip_prefix('P').or_else(|| text.starts_with('T').then_some(text))
    else {
        return false;
    };
    let (days, time) = match body.split_once('T') {
        Some((_, "")) => return false,
        Some((days, time)) => (days, time),
        None => (body, ""),
    };
    !(days.is_empty() && time.is_empty()) && units(days, "YMWD") && units(time, "HMS")
}

/// An ISO 8601 duration in milliseconds, finer ones cut; days and longer units are not read, since
/// no recording has any.
///
/// ```
/// assert_eq!(dsr::value::duration_ms("PT1M30.5S"), Some(90_500));
/// assert_eq!(dsr::value::duration_ms("T1M30.5S"), Some(90_500));
/// assert_eq!(dsr::value::duration_ms("90"), None);
/// ```
#[must_use]
pub fn duration_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    // Cue sheets leave the P away.
    let time = text.strip_prefix('P').unwrap_or(text).strip_prefix('T')?;
    if time.is_empty() || !units(time, "HMS") {
        return None;
    }
    let (mut ms, mut rest) = (0_u64, time);
    while let Some(at) = rest.find(['H', 'M', 'S']) {
        let unit: i128 = match rest.as_bytes()[at] {
            b'H' => 3_600_000,
            b'M' => 60_000,
            _ => 1_000,
        };
        let raw = Atoms::parse(&rest[..at]).ok()?.raw().checked_mul(unit)? / Atoms::ONE.raw();
        ms = ms.checked_add(u64::try_from(raw).ok()?)?;
        rest = &rest[at + 1..];
    }
    Some(ms)
}

fn units(text: &str, mut allowed: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let Some(place) = allowed.find(&rest[at..=at]) else {
            return false;
        };
        if at == 0 || !is_decimal(&rest[..at]) || rest.starts_with(['+', '-']) {
            return false;
        }
        allowed = &allowed[place + 1..];
        rest = &rest[at + 1..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Forms = [(fn(&str) -> bool, &'static [&'static str]); 5];

    #[test]
    fn forms() {
        let yes: Forms = [
            (is_integer, &["0", "-12", "+3", "18446744073709551616"]),
            (is_decimal, &["0", "-1.50", ".5", "5.", "10"]),
            (
                is_date_time,
                &["2020-07-03T07:59:30Z", "2020-07-03T07:59:30.123+09:00", "2020-07-03T07:59:30"],
            ),
            (is_duration, &["PT2M44S", "PT199S", "PT0H0M0S", "P1DT2H", "P3W", "PT1.5S"]),
            (|text| calendar_day(text).is_some(), &["2020-02-29", "20151001"]),
        ];
        let no: Forms = [
            (is_integer, &["", "1.0", "1e5", "1,000", "-", " 1"]),
            (is_decimal, &["", ".", "NaN", "1e5", "1.2.3", "1,5"]),
            (
                is_date_time,
                &[
                    "2020-07-03",
                    "2020-07-03T25:00:00Z",
                    "2020-07-03T07:59Z",
                    "2020-13-03T07:59:30Z",
                ],
            ),
            (is_duration, &["", "P", "PT", "2:44", "PT5X", "PT5", "PT1S2M", "P-1D", "PTé"]),
            (|text| calendar_day(text).is_some(), &["2021-02-29", "2020-6-1", "2020-06", ""]),
        ];
        for (form, texts) in yes {
            assert_eq!(texts.iter().filter(|text| !form(text)).count(), 0, "{texts:?}");
        }
        for (form, texts) in no {
            assert_eq!(texts.iter().filter(|text| form(text)).count(), 0, "{texts:?}");
        }
    }
}
