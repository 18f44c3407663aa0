//! The published price of what a sales transaction sold.

use dsr::table::RecordSpec;
use dsr::{Field, Record};
use money::{Atoms, Currency};

use super::block::first;
use super::fault::amount_of;

/// What one unit costs by the report, and which category of prices that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Price {
    /// In the currency of the line.
    pub(super) unit: Option<Atoms>,
    /// In the words of the report.
    pub(super) category: String,
}

/// Cells that state a price in the currency of the summary record, the one that agreements name most
/// often first: the dealer price, the suggested retail price, what was paid without tax.
const PRICES: [Field; 5] = [
    Field::WholesalePriceInCurrencyOfAccounting,
    Field::SuggestedConsumerPriceInCurrencyOfAccounting,
    Field::PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting,
    Field::CalculatedPriceConsumerPaidForResourceExcSalesTax,
    Field::PriceConsumerPaidExcSalesTax,
];

/// The same in the currency of the transaction.
const PRICES_OF_TRANSACTION: [Field; 3] = [
    Field::WholesalePriceInCurrencyOfTransaction,
    Field::SuggestedConsumerPriceInCurrencyOfTransaction,
    Field::PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction,
];

impl Price {
    /// The price of a sales transaction; none if it says nothing of it. `stated` is the currency of the
    /// summary record, `money` that of the line: a price in another one is of no use.
    pub(super) fn of(
        record: &Record,
        spec: &RecordSpec,
        stated: Option<Currency>,
        money: Option<Currency>,
    ) -> Option<Self> {
        let fields = match money == stated {
            true => PRICES.as_slice(),
            false => PRICES_OF_TRANSACTION.as_slice(),
        };
        // A price that is no number has a finding of its own, and nothing is lost with it but itself.
        let price = |field: &Field| {
            let cell = record.field(spec, *field);
            (!cell.is_empty()).then(|| amount_of(cell, *field).ok()).flatten()
        };
        let unit = fields.iter().find_map(price).filter(|it| !it.is_negative() && money.is_some());
        let category = match first(record, spec, Field::PriceRangeType) {
            empty if empty.is_empty() => first(record, spec, Field::PriceType),
            range => range,
        };
        (unit.is_some() || !category.is_empty()).then_some(Self { unit, category })
    }
}
