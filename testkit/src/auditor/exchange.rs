//! What an agreement's currency makes of what came in.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{Agreement, Catalog, RateDay, RateTable};
use money::Currency;
use num_bigint::BigInt;
use num_rational::BigRational;
use period::{Date, Month, Period};
use usage::CellKey;

use super::number::{half_even, rational, whole};

/// The rates of one day or the means of one month, by pair.
type Known = BTreeMap<(Currency, Currency), BigRational>;

/// The currency that a cell is divided in, and what it is worth there.
#[derive(Clone, Debug)]
pub(super) struct Exchange {
    pub(super) currency: Currency,
    rate: BigRational,
}

impl Exchange {
    /// Rounded once, half to even.
    pub(super) fn of(&self, received: &BigInt) -> BigInt {
        half_even(&(&self.rate * whole(received.clone())))
    }
}

/// How a cell's money is exchanged: not at all, or by a rate; an error where no rate is known.
pub(super) fn exchange(
    catalog: &Catalog,
    origins: &[Period],
    agreement: &Agreement,
    key: &CellKey,
) -> Result<Option<Exchange>, ()> {
    let (Some(wanted), Some(from)) = (&agreement.settled_in, key.context.currency) else {
        return Ok(None);
    };
    let to = wanted.currency;
    if from == to {
        return Ok(None);
    }
    let table = catalog.rate_tables.get(&wanted.rates).ok_or(())?;
    let month = key.context.month;
    let rate = match wanted.rate_day {
        RateDay::MonthEnd => on(table, from, to, month.period().last_day()),
        RateDay::PeriodEnd => {
            on(table, from, to, origins[super::origin(origins, month)].last_day())
        }
        RateDay::MonthAverage => mean(table, from, to, month),
    };
    let exchange = |rate| Some(Exchange { currency: to, rate });
    rate.map(exchange).ok_or(())
}

/// Day by day back from the one that is asked for.
fn on(table: &RateTable, from: Currency, to: Currency, day: Date) -> Option<BigRational> {
    let mut day = day;
    for _ in 0..=table.days_max {
        let mut known = Known::new();
        for (one, two, series) in table.rates.pairs() {
            for (_, rate) in series.iter().filter(|it| it.0 == day) {
                known.insert((one, two), rational(*rate));
            }
        }
        if let Some(rate) = straight(&known, from, to) {
            return Some(rate);
        }
        for third in currencies(&known) {
            let legs = (straight(&known, from, third), straight(&known, third, to));
            if let (Some(one), Some(two)) = legs {
                return Some(one * two);
            }
        }
        day = day.yesterday().ok()?;
    }
    None
}

/// As stated, or turned round.
fn straight(known: &Known, from: Currency, to: Currency) -> Option<BigRational> {
    let turned = || known.get(&(to, from)).map(BigRational::recip);
    known.get(&(from, to)).cloned().or_else(turned)
}

fn currencies(known: &Known) -> BTreeSet<Currency> {
    known.keys().flat_map(|(one, two)| [*one, *two]).collect()
}

/// The mean of a month's rates of the pair, or the quotient of two means over the days that have both.
fn mean(table: &RateTable, from: Currency, to: Currency, month: Month) -> Option<BigRational> {
    let own = |pair: (Currency, Currency)| -> BTreeMap<Date, BigRational> {
        let all = table.rates.pairs().filter(|it| (it.0, it.1) == pair).flat_map(|it| it.2);
        let of_month = all.filter(|it| Month::of(it.0) == month);
        of_month.map(|(day, rate)| (*day, rational(*rate))).collect()
    };
    // The rates of a pair, and whether they are those of the pair turned round.
    let stated = |from: Currency, to: Currency| match own((from, to)) {
        none if none.is_empty() => (own((to, from)), true),
        some => (some, false),
    };
    let mean = |(rates, turned): &(BTreeMap<Date, BigRational>, bool), days: &BTreeSet<Date>| {
        let newest = days.last()?;
        let last = month.period().last_day();
        let age = last.since(*newest).ok()?.get_days();
        if age > i32::from(table.days_max) {
            return None;
        }
        let sum = days.iter().fold(whole(0), |sum, day| sum + &rates[day]);
        let mean = sum / whole(BigInt::from(days.len()));
        Some(if *turned { mean.recip() } else { mean })
    };
    let all = |it: &(BTreeMap<Date, BigRational>, bool)| -> BTreeSet<Date> {
        it.0.keys().copied().collect()
    };
    let direct = stated(from, to);
    if let Some(rate) = mean(&direct, &all(&direct)) {
        return Some(rate);
    }
    let named: BTreeSet<Currency> =
        table.rates.pairs().flat_map(|(one, two, _)| [one, two]).collect();
    named.into_iter().filter(|it| *it != from && *it != to).find_map(|third| {
        let (one, two) = (stated(from, third), stated(third, to));
        let both: BTreeSet<Date> = all(&one).intersection(&all(&two)).copied().collect();
        Some(mean(&one, &both)? * mean(&two, &both)?)
    })
}
