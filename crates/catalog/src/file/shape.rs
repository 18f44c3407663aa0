//! What single words of a file look like.

use ident::TermId;
use period::Date;

/// A day such as `2021-06-01`.
pub(super) fn read_day(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let digits = |part: &str, len| part.len() == len && part.bytes().all(|b| b.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A word like our own ids.
pub(super) fn is_slug(text: &str) -> bool {
    TermId::parse(text).is_ok()
}

/// A plain BCP 47 shape: `ko`, `zh-Hant`, `ko-Latn`.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// A country code, ISO 3166-1 alpha-2.
pub(super) fn country(text: &str) -> Result<String, &'static str> {
    let code = text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase());
    if code { Ok(text.to_owned()) } else { Err("must be a country code such as KR") }
}
