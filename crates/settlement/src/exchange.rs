//! What was received to the currency that an agreement settles in.

use std::collections::BTreeMap;

use catalog::{Agreement, Quote, RateDay, RateTime};
use ident::RateTableId;
use money::Currency;
use period::{Month, Period};
use usage::Context;

use crate::divide::last;
use crate::fold::origin;
use crate::index::AgreementIndex;
use crate::outcome::{Exchange, Route, Settlement, at};

/// What becomes of money under an agreement.
pub(crate) enum Becomes {
    /// It stays what it is.
    Itself,
    /// It becomes another currency.
    Other(Exchange),
    /// It should, and no rate is known.
    Unknown,
}

/// Finds rates, each once, and the routes that they make.
pub(crate) struct Exchanges<'a> {
    index: &'a AgreementIndex<'a>,
    origins: &'a [Period],
    quotes: BTreeMap<(&'a RateTableId, RateTime, [Currency; 2]), Option<Quote>>,
    routes: BTreeMap<(u32, Exchange), u32>,
}

impl<'a> Exchanges<'a> {
    pub(crate) const fn new(index: &'a AgreementIndex<'a>, origins: &'a [Period]) -> Self {
        Self { index, origins, quotes: BTreeMap::new(), routes: BTreeMap::new() }
    }

    /// What the money of a context becomes under an agreement.
    pub(crate) fn of(&mut self, agreement: &'a Agreement, context: &Context) -> Becomes {
        let (Some(wanted), Some(from)) = (&agreement.settled_in, context.currency) else {
            return Becomes::Itself;
        };
        let (to, table) = (wanted.currency, &wanted.rates);
        if from == to {
            return Becomes::Itself;
        }
        let Some(time) = self.time(wanted.rate_day, context.month) else {
            return Becomes::Unknown;
        };
        let index = self.index;
        let quote = self.quotes.entry((table, time, [from, to])).or_insert_with(|| {
            // A rate that is too fine for its 128 bits is none.
            index.rates(table).and_then(|it| it.quote(from, to, time))
        });
        quote.map_or(Becomes::Unknown, |quote| {
            Becomes::Other(Exchange { to, quote, table: table.clone() })
        })
    }

    /// The time whose rate counts for usage of a month.
    fn time(&self, day: RateDay, month: Month) -> Option<RateTime> {
        Some(match day {
            RateDay::MonthEnd => RateTime::Day(month.period().last_day()),
            RateDay::MonthAverage => RateTime::Mean(month),
            RateDay::PeriodEnd => RateTime::Day(origin(self.origins, month).yesterday().ok()?),
        })
    }

    /// The number of the route that is a given one and then an exchange.
    pub(crate) fn route(
        &mut self,
        route: u32,
        exchange: Exchange,
        outcome: &mut Settlement,
    ) -> u32 {
        *self.routes.entry((route, exchange)).or_insert_with_key(|(route, exchange)| {
            let licence = at(&outcome.routes, *route).and_then(|it| it.licence.clone());
            outcome.routes.push(Route { licence, exchange: Some(exchange.clone()) });
            last(outcome.routes.len())
        })
    }
}
