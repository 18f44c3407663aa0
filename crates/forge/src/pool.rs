//! The summary records: a territory, a commercial model, two currencies and a price.

use std::fmt::{self, Display};

use money::{Atoms, Currency};

use crate::{Order, SplitMix64};

/// Territory, its currency, and what that is worth in tenths of a thousandth of the currency of
/// accounting: the won in Korea and its neighbours, the dollar elsewhere.
#[rustfmt::skip]
pub(crate) const TERRITORIES: [(&str, &str, u64); 40] = [
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

pub(crate) const MODELS: [(&str, &str); 4] = [
    ("SubscriptionModel", "OnDemandStream"),
    ("AdvertisementSupportedModel", "NonInteractiveStream"),
    ("SubscriptionModel", "NonInteractiveStream"),
    ("PayAsYouGoModel", "PermanentDownload"),
];

/// Usages in one territory under one model, and what one of them is worth.
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) territory: &'static str,
    pub(crate) model: &'static str,
    pub(crate) use_type: &'static str,
    pub(crate) transaction: Currency,
    pub(crate) accounting: Currency,
    /// One unit of the first currency in the second, in 10^-4.
    pub(crate) rate: u64,
    /// A quarter of the gross price of one usage, in 10^-4 of the currency of transaction; the
    /// service deducts one quarter, so that net is three.
    pub(crate) quarter: u64,
    pub(crate) usages: u64,
}

/// Every pool of the order, in the order of popularity.
///
/// Prices are drawn for all territories, so that a report of fewer has the same ones.
pub(crate) fn pools(order: &Order) -> Vec<Pool> {
    let mut random = SplitMix64::new(order.seed ^ 0x706f_6f6c);
    let mut prices = Vec::with_capacity(TERRITORIES.len());
    for (at, (_, _, rate)) in TERRITORIES.iter().enumerate() {
        // About seven won, or half a cent, whatever the currency of transaction is.
        let aim = if at < IN_WON { 17_500 } else { 13 };
        let quarter = (aim * 10_000 / rate).max(1);
        prices.push([(); 3].map(|()| quarter + random.below(quarter + 1)));
    }
    let mut pools = Vec::new();
    for wanted in &order.territories {
        let place = TERRITORIES.iter().position(|(code, ..)| code == wanted);
        let Some(at) = place else { continue };
        let (territory, transaction, rate) = TERRITORIES[at];
        let accounting = if at < IN_WON { "KRW" } else { "USD" };
        for (model, (name, use_type)) in (0..order.models).zip(MODELS) {
            let quarter = match prices[at].get(usize::try_from(model).unwrap_or(0)) {
                Some(price) => *price,
                // A download is worth a hundred streams.
                None => prices[at][0] * 100,
            };
            pools.push(Pool {
                id: format!("S{}", pools.len() + 1),
                territory,
                model: name,
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

fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a code of ISO 4217")
}

/// An amount in 10^-8 of a unit, printed with eight decimals.
#[derive(Clone, Copy)]
pub(crate) struct Money(pub(crate) u128);

impl Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:08}", self.0 / 100_000_000, self.0 % 100_000_000)
    }
}

impl Money {
    pub(crate) const fn times(self, usages: u64) -> Self {
        Self(self.0 * usages as u128)
    }

    /// Rounded half up to what the currency can pay.
    pub(crate) fn payable(self, currency: Currency) -> Payable {
        let digits = currency.minor_digits().min(8);
        let unit = 10_u128.pow(8 - digits);
        Payable { units: (self.0 + unit / 2) / unit, digits }
    }

    pub(crate) fn atoms(self) -> Atoms {
        let raw = i128::try_from(self.0 * 10_000_000_000);
        Atoms::from_raw(raw.expect("made-up revenue stays below 10^20"))
    }
}

/// An amount of whole minor units.
pub(crate) struct Payable {
    units: u128,
    digits: u32,
}

impl Display for Payable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_u128.pow(self.digits);
        write!(f, "{}", self.units / unit)?;
        match usize::try_from(self.digits) {
            Ok(digits) if digits > 0 => write!(f, ".{:0digits$}", self.units % unit),
            _ => Ok(()),
        }
    }
}

impl Pool {
    /// So many quarters of the price of one usage, in the currency of transaction.
    pub(crate) const fn transaction(&self, quarters: u64) -> Money {
        Money(self.quarter as u128 * quarters as u128 * 10_000)
    }

    /// The same in the currency of accounting; exact, because both factors have four decimals.
    pub(crate) const fn accounting(&self, quarters: u64) -> Money {
        Money(self.quarter as u128 * quarters as u128 * self.rate as u128)
    }

    /// Net revenue of all usages in the currency of accounting.
    pub(crate) fn net(&self) -> Atoms {
        self.accounting(3).times(self.usages).atoms()
    }

    /// What licensors are paid for all usages: a quarter of the gross price.
    pub(crate) fn claims(&self) -> Atoms {
        self.accounting(1).times(self.usages).atoms()
    }

    /// Whether its use type is a download.
    pub(crate) fn is_download(&self) -> bool {
        self.use_type.ends_with("Download")
    }
}

/// A number in 10^-4, printed with four decimals.
pub(crate) fn four_decimals(number: u64) -> impl Display {
    format!("{}.{:04}", number / 10_000, number % 10_000)
}
