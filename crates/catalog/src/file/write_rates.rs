//! Writes tables of exchange rates.

use money::Ratio;

use super::page::Page;
use crate::RateTable;
use crate::rates::DAYS_MAX;

pub(super) fn rate_table(p: &mut Page, table: &RateTable) {
    p.table("rate_table");
    p.string("id", &table.id);
    p.string("title", &table.title);
    p.string("source", &table.source);
    if table.days_max != DAYS_MAX {
        p.bare("days_max", table.days_max);
    }
    for (from, to, series) in table.rates.pairs() {
        p.table("rate_table.pair");
        p.string("from", from);
        p.string("to", to);
        p.rows("rates", series.iter().map(|(day, rate)| format!("{day} {}", decimal(*rate))));
    }
}

/// A rate as it was stated: a decimal. Its denominator divides a power of ten.
fn decimal(rate: Ratio) -> String {
    let (whole, mut rest) = (rate.num() / rate.den(), rate.num() % rate.den());
    let mut text = whole.to_string();
    if rest > 0 {
        text.push('.');
    }
    while rest > 0 {
        rest *= 10;
        text.push_str(&(rest / rate.den()).to_string());
        rest %= rate.den();
    }
    text
}
