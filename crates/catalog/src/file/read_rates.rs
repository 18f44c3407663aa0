//! Reads tables of exchange rates.

use ident::RateTableId;
use money::{Currency, Ratio};
use period::Date;

use super::fields::Fields;
use super::read_music::{Read, id};
use super::shape::read_day;
use crate::rates::DAYS_MAX;
use crate::rule::RATE_DUPLICATE;
use crate::{EntryKind, RateTable, Rates};

/// The most digits that a rate has before its point, and behind it: so exact means of a month and
/// quotients of them fit 128 bits.
const DIGITS_MAX: usize = 12;

pub(super) fn rate_table(mut f: Fields<'_, '_>) -> Read<RateTable> {
    f.require(&["id", "title", "source"]);
    let id = id(&mut f, EntryKind::RateTable, RateTableId::parse);
    let title = f.text("title");
    let source = f.text("source");
    let days_max = f.small_number("days_max").unwrap_or(DAYS_MAX);
    let mut rates = Rates::default();
    for (pair, series) in f.tables("pair", pair) {
        for (day, rate) in series {
            if rates.add(pair, day, rate).is_some() {
                let message = format!("{} to {} has two rates for {day}", pair.0, pair.1);
                f.report(&RATE_DUPLICATE, f.spot("pair"), message, &day.to_string());
            }
        }
    }
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let table = || Some(RateTable { id: id?, title: title?, source: source?, days_max, rates });
    (name, table())
}

type Pair = ((Currency, Currency), Vec<(Date, Ratio)>);

fn pair(mut f: Fields<'_, '_>) -> Option<Pair> {
    f.require(&["from", "to", "rates"]);
    let from = f.parsed("from", Currency::parse);
    let to = f.parsed("to", Currency::parse);
    if from.is_some() && from == to {
        f.refuse("to", "must be another currency than from".to_owned());
    }
    let series = f.list("rates", row);
    f.finish();
    Some(((from?, to?), series))
}

/// `2021-06-30 1.1884`.
fn row(text: &str) -> Result<(Date, Ratio), &'static str> {
    let (day, rate) =
        text.split_once(' ').ok_or("must be a day and a rate, such as \"2021-06-30 1.1884\"")?;
    let day = read_day(day).ok_or("must begin with a day such as 2021-06-30")?;
    Ok((day, exchange_rate(rate)?))
}

/// Reads an exchange rate: a decimal above zero, of at most twelve digits before its point and behind.
///
/// # Errors
/// What is wrong with it, in words.
pub fn exchange_rate(text: &str) -> Result<Ratio, &'static str> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    if !(digits(whole) && digits(decimals)) {
        return Err("a rate is a decimal such as 1.1884");
    }
    let is_long = |digits: &str| digits.len() > DIGITS_MAX;
    if is_long(whole.trim_start_matches('0')) || is_long(decimals.trim_end_matches('0')) {
        return Err("a rate has at most twelve digits before its point, and twelve behind");
    }
    match Ratio::parse(text) {
        Ok(rate) if rate.is_zero() => Err("a rate must be above zero"),
        Ok(rate) => Ok(rate),
        Err(_) => Err("a rate is a decimal such as 1.1884"),
    }
}
