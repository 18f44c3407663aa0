//! The summary records: a territory, a commercial model, two currencies and a price.

use std::fmt::{self, Display};

use money::{Atoms, Currency};

use super::Order;
use crate::SplitMix64;
use crate::generate::currency;

/// Territory, its currency, and what that is worth in tenths of a thousandth of the currency of
/// accounting: the won in Korea and its neighbours, the dollar elsewhere.
#[rustfmt::skip]
const TERRITORIES: [(&str, &str, u64); 40] = [
    ("KR", "KRW", 10_000), ("JP", "JPY", 91_234), ("TW", "TWD", 412_345), ("HK", "HKD", 1_703_001),
    ("SG", "SGD", 9_871_203), ("TH", "THB", 367_117), ("VN", "VND", 567), ("ID", "IDR", 861),
    ("PH", "PHP", 237_419), ("MY", "MYR", 2_841_777), ("IN", "INR", 159_313),
    ("AU", "AUD", 8_893_331), ("NZ", "NZD", 8_211_907), ("US", "USD", 10_000),
    ("CA", "CAD", 7_411), ("MX", "MXN", 503), ("BR", "BRL", 1_817), ("AR", "ARS", 107),
    ("CL", "CLP", 13), ("CO", "COP", 3), ("PE", "PEN", 2_663), ("GB", "GBP", 12_734),
    ("DE", "EUR", 10_912), ("FR", "EUR", 10_912), ("ES", "EUR", 10_912), ("IT", "EUR", 10_912),
    ("NL", "EUR", 10_912), ("SE", "SEK", 957), ("NO", "NOK", 943), ("DK", "DKK", 1_463),
    ("FI", "EUR", 10_912), ("PL", "PLN", 2_531), ("PT", "EUR", 10_912), ("IE", "EUR", 10_912),
    ("BE", "EUR", 10_912), ("AT", "EUR", 10_912), ("CH", "CHF", 11_307), ("CZ", "CZK", 433),
    ("TR", "TRY", 309), ("ZA", "ZAR", 549),
];

/// How many of them account in won.
const IN_WON: usize = 13;

const MODELS: [(&str, &str); 3] = [
    ("SubscriptionModel", "OnDemandStream"),
    ("AdvertisementSupportedModel", "NonInteractiveStream"),
    ("SubscriptionModel", "NonInteractiveStream"),
];

/// How many pools there are.
pub(super) const COUNT: usize = TERRITORIES.len() * MODELS.len();

/// Usages in one territory under one model, and what one of them is worth.
pub(super) struct Pool {
    pub(super) id: String,
    pub(super) territory: &'static str,
    pub(super) model: &'static str,
    pub(super) use_type: &'static str,
    pub(super) transaction: Currency,
    pub(super) accounting: Currency,
    /// One unit of the first currency in the second, in 10^-4.
    pub(super) rate: u64,
    /// A quarter of the gross price of one usage, in 10^-4 of the currency of transaction; the
    /// service deducts one quarter, so that net is three.
    pub(super) quarter: u64,
    pub(super) usages: u64,
}

/// Every pool, in the order of popularity.
pub(super) fn pools(order: &Order) -> Vec<Pool> {
    let mut random = SplitMix64::new(order.seed ^ 0x706f_6f6c);
    let mut pools = Vec::with_capacity(COUNT);
    for (at, (territory, transaction, rate)) in TERRITORIES.into_iter().enumerate() {
        let accounting = if at < IN_WON { "KRW" } else { "USD" };
        for (model, use_type) in MODELS {
            // About seven won, or half a cent, whatever the currency of transaction is.
            let aim = if at < IN_WON { 17_500 } else { 13 };
            let quarter = (aim * 10_000 / rate).max(1);
            let quarter = quarter + random.below(quarter + 1);
            pools.push(Pool {
                id: format!("S{}", pools.len() + 1),
                territory,
                model,
                use_type,
                transaction: currency(transaction),
                accounting: currency(accounting),
                rate,
                quarter,
                usages: 0,
            });
        }
    }
    pools
}

/// An amount in 10^-8 of a unit, printed with eight decimals.
#[derive(Clone, Copy)]
pub(super) struct Money(pub(super) u128);

impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:08}", self.0 / 100_000_000, self.0 % 100_000_000)
    }
}

impl Money {
    pub(super) const fn times(self, usages: u64) -> Self {
        Self(self.0 * usages as u128)
    }
}

impl Pool {
    /// So many quarters of the price of one usage, in the currency of transaction.
    pub(super) const fn transaction(&self, quarters: u64) -> Money {
        Money(self.quarter as u128 * quarters as u128 * 10_000)
    }

    /// The same in the currency of accounting; exact, because both factors have four decimals.
    pub(super) const fn accounting(&self, quarters: u64) -> Money {
        Money(self.quarter as u128 * quarters as u128 * self.rate as u128)
    }

    /// Net revenue of all usages in the currency of accounting.
    pub(super) fn net(&self) -> Atoms {
        let raw = i128::try_from(self.accounting(3).times(self.usages).0 * 10_000_000_000);
        Atoms::from_raw(raw.expect("net revenue stays below 10^20"))
    }
}

/// A number in 10^-4, printed with four decimals.
pub(super) fn four_decimals(number: u64) -> impl Display {
    format!("{}.{:04}", number / 10_000, number % 10_000)
}
