//! Dates as days since 1970-01-01, the number a `Date32` column holds.

use std::time::Duration;

use period::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);
const DAY_SECONDS: i64 = 86_400;

/// Days from 1970-01-01 to `date`.
pub(crate) fn days_of(date: Date) -> i32 {
    let days = date.duration_since(EPOCH).as_secs() / DAY_SECONDS;
    i32::try_from(days).expect("a date is within four million days of the epoch")
}

/// The date `days` after 1970-01-01; `None` outside the years -9999 to 9999.
pub(crate) fn date_of(days: i32) -> Option<Date> {
    let distance = Duration::from_secs(u64::from(days.unsigned_abs()) * DAY_SECONDS.unsigned_abs());
    let moved = if days < 0 { EPOCH.checked_sub(distance) } else { EPOCH.checked_add(distance) };
    moved.ok()
}
