//! Exchange rates: who stated them, for which day, and how one is found for a day or a month.
//!
//! A rate is used as it is stated, or turned round; where a table has neither, two rates of one day
//! that meet in a third currency make one. Nothing is rounded and nothing is guessed: where a table
//! says nothing, there is no rate.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ident::RateTableId;
use money::{Currency, Ratio};
use period::{Date, Month};

/// The oldest that a rate may be, in days, where its table does not say.
pub const DAYS_MAX: u16 = 7;

/// Rates that somebody states, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTable {
    /// Our own id.
    pub id: RateTableId,
    /// What a reader sees.
    pub title: String,
    /// Who states the rates, and where they stand.
    pub source: String,
    /// How many days old a rate may be that is used: of weekends and holidays there is none.
    pub days_max: u16,
    /// The rates.
    pub rates: Rates,
}

/// Rates by pair of currencies, then by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// For each pair its days in rising order, each once.
    pairs: BTreeMap<(Currency, Currency), Vec<(Date, Ratio)>>,
}

/// Which day's rate counts.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateDay {
    /// The last day of the month of use.
    MonthEnd,
    /// The mean of the month of use.
    MonthAverage,
    /// The last day of the settlement period that the usage belongs to.
    PeriodEnd,
}

impl RateDay {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::MonthEnd, Self::MonthAverage, Self::PeriodEnd];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MonthEnd => "month-end",
            Self::MonthAverage => "month-average",
            Self::PeriodEnd => "period-end",
        }
    }
}

/// The time that a rate is asked for, or stands for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateTime {
    /// A day.
    Day(Date),
    /// The mean of a month.
    Mean(Month),
}

/// `2021-06-30`, or `2021-06` for the mean of a month.
impl fmt::Display for RateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Mean(month) => month.fmt(f),
        }
    }
}

/// A rate that was found.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quote {
    /// How much of the one currency makes one of the other.
    pub rate: Ratio,
    /// The day of the rate, which may be older than the one asked for, or the month of the mean.
    pub time: RateTime,
    /// The third currency in which two rates meet, if the table has none for the pair.
    pub over: Option<Currency>,
}

impl RateTable {
    /// The rate that counts for a time; none if the table says nothing about it.
    pub fn quote(&self, from: Currency, to: Currency, at: RateTime) -> Option<Quote> {
        match at {
            RateTime::Day(day) => self.on(from, to, day),
            RateTime::Mean(month) => self.mean(from, to, month),
        }
    }

    /// Whether a rate up to a day is another one in the other table, or found otherwise.
    pub fn differs_until(&self, other: &Self, day: Date) -> bool {
        let pairs: BTreeSet<_> =
            self.rates.pairs.keys().chain(other.rates.pairs.keys()).copied().collect();
        let until = |rates: &Rates, pair: &(Currency, Currency)| {
            let all = rates.series(pair.0, pair.1);
            all.get(..all.partition_point(|it| it.0 <= day)).unwrap_or_default().to_vec()
        };
        self.days_max != other.days_max
            || pairs.iter().any(|pair| until(&self.rates, pair) != until(&other.rates, pair))
    }

    /// The newest rate of a day or of the few days before it.
    fn on(&self, from: Currency, to: Currency, day: Date) -> Option<Quote> {
        let mut at = Some(day);
        for _ in 0..=self.days_max {
            let this = at?;
            let time = RateTime::Day(this);
            let quote = |over, rate| Some(Quote { rate, time, over });
            if let Some(rate) = self.rates.leg(from, to, this) {
                return quote(None, rate);
            }
            for over in self.rates.thirds(from, to) {
                let legs = self.rates.leg(from, over, this).zip(self.rates.leg(over, to, this));
                if let Some(rate) = legs.and_then(|(one, two)| one.checked_mul(two)) {
                    return quote(Some(over), rate);
                }
            }
            at = this.yesterday().ok();
        }
        None
    }

    /// The mean of a month's rates, as they are stated; what is turned round or meets in a third
    /// currency is so after the mean. A month whose last rates are not known has no mean yet.
    fn mean(&self, from: Currency, to: Currency, month: Month) -> Option<Quote> {
        let time = RateTime::Mean(month);
        if let Some(rate) = self.mean_of(&self.days_of(from, to, month), from, to, month) {
            return Some(Quote { rate, time, over: None });
        }
        self.rates.thirds(from, to).into_iter().find_map(|over| {
            let one = self.days_of(from, over, month);
            let two = self.days_of(over, to, month);
            let both: BTreeSet<Date> = one.intersection(&two).copied().collect();
            let one = self.mean_of(&both, from, over, month)?;
            let two = self.mean_of(&both, over, to, month)?;
            Some(Quote { rate: one.checked_mul(two)?, time, over: Some(over) })
        })
    }

    /// The days of a month that have a rate, as stated for the pair or, if that has none at all, for
    /// the pair turned round.
    fn days_of(&self, from: Currency, to: Currency, month: Month) -> BTreeSet<Date> {
        let days = |from, to| -> BTreeSet<Date> {
            self.rates.of_month(from, to, month).iter().map(|it| it.0).collect()
        };
        let stated = days(from, to);
        if stated.is_empty() { days(to, from) } else { stated }
    }

    fn mean_of(
        &self,
        days: &BTreeSet<Date>,
        from: Currency,
        to: Currency,
        month: Month,
    ) -> Option<Ratio> {
        let mut oldest = month.period().last_day();
        for _ in 0..self.days_max {
            oldest = oldest.yesterday().ok()?;
        }
        if days.last().is_none_or(|newest| *newest < oldest) {
            return None;
        }
        let stated = self.rates.of_month(from, to, month);
        let (rates, turned) = match stated.is_empty() {
            true => (self.rates.of_month(to, from, month), true),
            false => (stated, false),
        };
        let mut own = rates.iter().filter(|it| days.contains(&it.0)).map(|it| it.1);
        let sum = own.try_fold(Ratio::ZERO, Ratio::checked_add)?;
        let count = u128::try_from(days.len()).ok()?;
        let mean = sum.checked_mul(Ratio::new(1, count)?)?;
        if turned { Ratio::new(mean.den(), mean.num()) } else { Some(mean) }
    }
}

impl Rates {
    /// Adds a rate; gives back the one that stood there, which stays.
    pub fn add(
        &mut self,
        (from, to): (Currency, Currency),
        day: Date,
        rate: Ratio,
    ) -> Option<Ratio> {
        let series = self.pairs.entry((from, to)).or_default();
        // Files have the days in order: most are added behind the last.
        if series.last().is_none_or(|last| last.0 < day) {
            series.push((day, rate));
            return None;
        }
        match series.binary_search_by_key(&day, |it| it.0) {
            Ok(at) => series.get(at).map(|it| it.1),
            Err(at) => {
                series.insert(at, (day, rate));
                None
            }
        }
    }

    /// Puts a rate in the place of the one that stands there, if one does.
    pub fn replace(&mut self, (from, to): (Currency, Currency), day: Date, rate: Ratio) {
        if self.add((from, to), day, rate).is_some()
            && let Some(series) = self.pairs.get_mut(&(from, to))
            && let Ok(at) = series.binary_search_by_key(&day, |it| it.0)
            && let Some(known) = series.get_mut(at)
        {
            known.1 = rate;
        }
    }

    /// The rates of each pair, the days in rising order.
    pub fn pairs(&self) -> impl Iterator<Item = (Currency, Currency, &[(Date, Ratio)])> {
        self.pairs.iter().map(|((from, to), series)| (*from, *to, series.as_slice()))
    }

    /// How many rates there are.
    pub fn len(&self) -> usize {
        self.pairs.values().map(Vec::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.values().all(Vec::is_empty)
    }

    fn series(&self, from: Currency, to: Currency) -> &[(Date, Ratio)] {
        self.pairs.get(&(from, to)).map_or(&[], Vec::as_slice)
    }

    fn of_month(&self, from: Currency, to: Currency, month: Month) -> &[(Date, Ratio)] {
        let (series, period) = (self.series(from, to), month.period());
        let place = |day: Date| series.partition_point(|it| it.0 < day);
        series.get(place(period.start())..place(period.end())).unwrap_or_default()
    }

    /// The rate of exactly one day, as it is stated or turned round.
    fn leg(&self, from: Currency, to: Currency, day: Date) -> Option<Ratio> {
        let stated = |from, to| {
            let series = self.series(from, to);
            let at = series.binary_search_by_key(&day, |it| it.0).ok()?;
            series.get(at).map(|it| it.1)
        };
        stated(from, to).or_else(|| stated(to, from).and_then(|it| Ratio::new(it.den(), it.num())))
    }

    /// The currencies that have a rate with both, in the order of their codes.
    fn thirds(&self, from: Currency, to: Currency) -> Vec<Currency> {
        let with = |of: Currency| -> BTreeSet<Currency> {
            let pairs = self.pairs.keys().filter(|it| it.0 == of || it.1 == of);
            pairs.map(|it| if it.0 == of { it.1 } else { it.0 }).collect()
        };
        let (one, two) = (with(from), with(to));
        one.intersection(&two).filter(|it| **it != from && **it != to).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    fn table(rates: &[(&str, &str, &str, &str)]) -> RateTable {
        let mut all = Rates::default();
        for (day, from, to, rate) in rates {
            let day = period::parse_date(day).unwrap();
            let pair = (currency(from), currency(to));
            assert_eq!(all.add(pair, day, Ratio::parse(rate).unwrap()), None);
        }
        RateTable {
            id: RateTableId::parse("ecb").unwrap(),
            title: "Euro".to_owned(),
            source: "made up".to_owned(),
            days_max: DAYS_MAX,
            rates: all,
        }
    }

    /// `rate time over`, or `none`.
    fn ask(table: &RateTable, from: &str, to: &str, at: &str) -> String {
        let time = match period::parse_date(at) {
            Ok(day) => RateTime::Day(day),
            Err(_) => RateTime::Mean(Month::parse(at).unwrap()),
        };
        table.quote(currency(from), currency(to), time).map_or("none".to_owned(), |it| {
            let over = it.over.map_or_else(String::new, |it| format!(" over {it}"));
            format!("{} of {}{over}", it.rate, it.time)
        })
    }

    const JUNE: [(&str, &str, &str, &str); 5] = [
        ("2021-06-29", "EUR", "USD", "1.2"),
        ("2021-06-29", "EUR", "KRW", "1300"),
        ("2021-06-30", "EUR", "USD", "1.25"),
        ("2021-06-30", "EUR", "KRW", "1350"),
        ("2021-06-01", "EUR", "USD", "1.15"),
    ];

    #[test]
    fn a_rate_is_used_as_stated_turned_round_or_over_one_third_currency() {
        let table = table(&JUNE);
        assert_eq!(ask(&table, "EUR", "USD", "2021-06-30"), "5/4 of 2021-06-30");
        assert_eq!(ask(&table, "USD", "EUR", "2021-06-30"), "4/5 of 2021-06-30");
        assert_eq!(ask(&table, "USD", "KRW", "2021-06-30"), "1080 of 2021-06-30 over EUR");
        assert_eq!(ask(&table, "KRW", "USD", "2021-06-29"), "3/3250 of 2021-06-29 over EUR");
        assert_eq!(ask(&table, "USD", "JPY", "2021-06-30"), "none");
    }

    #[test]
    fn a_weekend_takes_the_rate_before_it_and_none_that_is_too_old() {
        let table = table(&JUNE);
        assert_eq!(ask(&table, "EUR", "USD", "2021-07-07"), "5/4 of 2021-06-30");
        assert_eq!(ask(&table, "EUR", "USD", "2021-07-08"), "none");
        assert_eq!(ask(&table, "EUR", "USD", "2021-05-31"), "none");
        // The third currency has no rate with both on a day.
        assert_eq!(ask(&table, "USD", "KRW", "2021-06-05"), "none");
    }

    #[test]
    fn a_mean_is_of_the_rates_as_they_are_stated() {
        let table = table(&JUNE);
        // (1.15 + 1.2 + 1.25) / 3
        assert_eq!(ask(&table, "EUR", "USD", "2021-06"), "6/5 of 2021-06");
        assert_eq!(ask(&table, "USD", "EUR", "2021-06"), "5/6 of 2021-06");
        // Of the two days that have both: 1325 / 1.225
        assert_eq!(ask(&table, "USD", "KRW", "2021-06"), "53000/49 of 2021-06 over EUR");
        assert_eq!(ask(&table, "EUR", "USD", "2021-07"), "none");
    }

    #[test]
    fn a_month_whose_end_is_not_known_has_no_mean() {
        let table = table(&JUNE[4..]);
        assert_eq!(ask(&table, "EUR", "USD", "2021-06"), "none");
    }

    #[test]
    fn a_table_that_only_grew_does_not_differ_before() {
        let (old, mut new) = (table(&JUNE[..2]), table(&JUNE));
        let day = |text| period::parse_date(text).unwrap();
        assert!(old.differs_until(&new, day("2021-06-30")));
        new = table(&[JUNE[0], JUNE[1], JUNE[2]]);
        assert!(!old.differs_until(&new, day("2021-06-29")));
    }
}
