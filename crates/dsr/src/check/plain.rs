//! Records in which no rule about single cells can find anything: nearly all of them.
//!
//! What is plain is a part of what is right: a record that is not plain may still be without fault,
//! and then the rules say so, only slower.

use ident::{Icpn, Isrc, Iswc};
use money::Currency;

use crate::Record;
use crate::table::{Kind, Lookup, Need, avs};
use crate::value::{is_date_time, is_duration};

/// A number with so few digits fits every column.
const DIGITS_MAX: usize = 18;

/// Whether every cell is there, filled where it must be, without quotes, and of its type.
pub(crate) fn is_plain(record: &Record) -> bool {
    let Lookup::Exact(spec) = record.lookup() else { return false };
    if record.len() != spec.cells.len() || !record.is_utf8() {
        return false;
    }
    spec.cells.iter().enumerate().all(|(at, cell)| match record.cell(at).raw() {
        [] => cell.need == Need::May,
        [b'"', ..] => false,
        raw => fits(cell.kind, raw),
    })
}

pub(super) fn fits(kind: Kind, raw: &[u8]) -> bool {
    match kind {
        Kind::Code | Kind::Text => true,
        Kind::Integer => raw.len() <= DIGITS_MAX && raw.iter().all(u8::is_ascii_digit),
        Kind::Decimal => is_decimal(raw),
        Kind::Boolean => matches!(raw, b"TRUE" | b"FALSE"),
        Kind::Isrc => text(raw).is_some_and(|text| Isrc::parse(text).is_ok()),
        Kind::Iswc => text(raw).is_some_and(|text| Iswc::parse(text).is_ok()),
        Kind::Icpn => text(raw).is_some_and(|text| Icpn::parse(text).is_ok()),
        // A party id with its namespace is worth a look.
        Kind::Party => text(raw).is_some_and(|text| !text.contains("::")),
        Kind::Date => is_day(raw),
        Kind::Duration => text(raw).is_some_and(is_duration),
        Kind::DateTime => text(raw).is_some_and(is_date_time),
        Kind::Currency => text(raw).is_some_and(|text| Currency::parse(text).is_ok()),
        Kind::CommercialModel => has(avs::COMMERCIAL_MODELS, raw),
        Kind::UseType => has(avs::USE_TYPES, raw),
        Kind::RightsType => has(avs::RIGHTS_TYPES, raw),
        Kind::ResourceType => has(avs::RESOURCE_TYPES, raw),
        Kind::ReleaseType => has(avs::RELEASE_TYPES, raw),
        Kind::VideoType => has(avs::VIDEO_TYPES, raw),
        Kind::Territory => has(avs::TERRITORIES, raw),
        _ => false,
    }
}

fn is_decimal(raw: &[u8]) -> bool {
    let points = raw.iter().filter(|byte| **byte == b'.').count();
    let digits = raw.iter().filter(|byte| byte.is_ascii_digit()).count();
    points <= 1 && (1..=DIGITS_MAX).contains(&digits) && points + digits == raw.len()
}

/// A day as every year has it, with hyphens.
fn is_day(raw: &[u8]) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = raw else { return false };
    let number = |a: &u8, b: &u8| (a.wrapping_sub(b'0')) * 10 + b.wrapping_sub(b'0');
    [y1, y2, y3, y4, m1, m2, d1, d2].iter().all(|byte| byte.is_ascii_digit())
        && (1..=days_of(number(m1, m2))).contains(&number(d1, d2))
}

/// How many days a month has in every year; none if there is no such month.
const fn days_of(month: u8) -> u8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// The text, if it says what it looks like.
fn text(raw: &[u8]) -> Option<&str> {
    std::str::from_utf8(raw).ok().filter(|text| !text.contains(['\\', '|']))
}

fn has(list: &[&str], raw: &[u8]) -> bool {
    list.binary_search_by(|known| known.as_bytes().cmp(raw)).is_ok()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;
    use crate::Ending;

    fn check(cells: &[&str], expected: &Expect) {
        let raw = cells.join("\t").into_bytes();
        let plain = is_plain(&Record::new(1, 0, raw, Ending::Lf));
        expected.assert_eq(if plain { "plain" } else { "a look" });
    }

    #[test]
    fn what_is_plain() {
        let head = ["SU02.02", "1", "S1", "T1", "", "A1", "TRUE"];
        let tail = ["", "", "", "", ""];
        let su02 = crate::table::spec("SU02.02").unwrap().cells.len();
        let line = |usages| {
            let mut cells = head.to_vec();
            cells.push(usages);
            cells.extend(tail);
            cells.resize(su02, "");
            cells
        };
        check(&line("12"), &expect!["plain"]);
        check(&line("12.5"), &expect!["plain"]);
        check(&line("1234567890123456789"), &expect!["a look"]);
        check(&line("1e5"), &expect!["a look"]);
        check(&line("\"12\""), &expect!["a look"]);
        check(&line(""), &expect!["a look"]);
        check(&line("."), &expect!["a look"]);
        check(&line("-1"), &expect!["a look"]);
    }

    #[test]
    fn days_that_every_year_has() {
        let days =
            ["2021-01-31", "2021-04-30", "2021-04-31", "2020-02-29", "2021-13-01", "2021-1-01"];
        assert_eq!(
            days.map(|day| is_day(day.as_bytes())),
            [true, true, false, false, false, false]
        );
    }
}
