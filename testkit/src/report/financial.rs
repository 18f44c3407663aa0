//! The report to record companies: `SY10.01` and `SR08.01`.

use dsr::Field as F;

use super::draw::{Pick, Sale};
use super::label;
use super::pool::{Money, Pool};
use super::row::Row;
use super::{Order, days, offer};

/// Usages of the whole service for each of ours.
const MARKET: u64 = 50;

pub(super) fn summary(row: &mut Row, pool: &Pool, order: &Order) {
    row.start("SY10.01");
    offer(row, pool);
    days(row, order, F::ReportingPeriodStartDate, F::ReportingPeriodEndDate);
    row.set(F::TotalUsages, pool.usages * MARKET);
    row.set(F::AllocatedUsages, pool.usages);
    row.set(F::Returns, 0);
    row.set(F::MusicUsagePercentage, 100);
    row.set(F::CurrencyOfAccounting, pool.accounting);
    row.set(F::DateOfCurrencyExchange, order.month.period().last_day());
    row.set(F::RightsControllerMarketShare, 100 / MARKET);
    let [gross, deducted, net] = [4, 1, 3].map(|quarters| {
        [pool.transaction(quarters), pool.accounting(quarters)].map(|it| it.times(pool.usages))
    });
    for ([here, there], of_all, in_transaction, in_accounting) in [
        (
            gross,
            MARKET,
            F::GrossRevenueInCurrencyOfTransaction,
            F::GrossRevenueInCurrencyOfAccounting,
        ),
        (
            deducted,
            MARKET,
            F::DeductionsInCurrencyOfTransaction,
            F::DeductionsInCurrencyOfAccounting,
        ),
        (net, MARKET, F::NetRevenueInCurrencyOfTransaction, F::NetRevenueInCurrencyOfAccounting),
        (
            gross,
            1,
            F::AllocatedRevenueInCurrencyOfTransaction,
            F::AllocatedRevenueInCurrencyOfAccounting,
        ),
        (
            net,
            1,
            F::AllocatedNetRevenueInCurrencyOfTransaction,
            F::AllocatedNetRevenueInCurrencyOfAccounting,
        ),
        (
            net,
            1,
            F::FinalTotalAmountInCurrencyOfTransaction,
            F::FinalTotalAmountInCurrencyOfAccounting,
        ),
    ] {
        row.set(in_transaction, here.times(of_all));
        row.set(in_accounting, there.times(of_all));
    }
    row.set(F::DeductionType, "UserDefined");
    row.set(F::SubscriptionFeeInCurrencyOfAccounting, Money(0));
}

pub(super) fn sale(
    row: &mut Row,
    number: u64,
    pick: &Pick,
    sale: &Sale,
    pool: &Pool,
    order: &Order,
) {
    row.start("SR08.01");
    row.set(F::SalesTransactionId, format_args!("T{number}"));
    row.set(F::DspReleaseId, format_args!("melody:album:{}", pick.number / 12));
    row.set(F::DspResourceId, format_args!("melody:track:{}", pick.number));
    if pick.has_isrc {
        row.set(F::Isrc, crate::music::isrc(pick.number));
    }
    row.set(F::ResourceType, "SoundRecording");
    row.set(F::ResourceTitle, label::title(pick.number));
    row.set(F::ResourceDisplayArtistName, label::artist(pick.number));
    row.set(F::SummaryRecordId, &pool.id);
    row.set(F::SalesTransactionDate, format_args!("{}-{:02}", order.month, sale.day));
    row.set(F::Usages, sale.usages);
    row.set(F::Returns, 0);
    row.set(F::NetUsage, sale.usages);
    row.set(F::RightShare, 100);
    row.set(F::CalculatedUnitPriceInCurrencyOfTransaction, pool.transaction(4));
    row.set(F::CalculatedUnitPriceInCurrencyOfAccounting, pool.accounting(4));
    let usages = sale.usages;
    row.set(F::AllocatedRevenueInCurrencyOfTransaction, pool.transaction(4).times(usages));
    row.set(F::AllocatedRevenueInCurrencyOfAccounting, pool.accounting(4).times(usages));
    row.set(F::AllocatedNetRevenueInCurrencyOfTransaction, pool.transaction(3).times(usages));
    row.set(F::AllocatedNetRevenueInCurrencyOfAccounting, pool.accounting(3).times(usages));
    row.set(F::CopyrightObligationWithDsp, "FALSE");
}
