//! The report to societies and publishers: `SY01.03`, `AS02.03` and `SU02.03`.

use dsr::Field as F;

use super::draw::{Pick, Sale};
use super::pool::Pool;
use super::row::Row;
use super::{Order, label, offer};

pub(super) fn summary(row: &mut Row, pool: &Pool, order: &Order) {
    row.start("SY01.03");
    offer(row, pool);
    row.set(F::TotalUsages, pool.usages);
    row.set(F::Subscribers, 1 + pool.usages / 300);
    row.set(F::CurrencyOfReporting, pool.accounting);
    row.set(F::NetRevenue, pool.accounting(3).times(pool.usages));
    row.set(F::DateOfCurrencyExchange, order.month.period().last_day());
}

pub(super) fn resource(row: &mut Row, block: u64, pick: &Pick) {
    row.start("AS02.03");
    row.set(F::BlockId, block);
    row.set(F::ResourceReference, "A1");
    row.set(F::DspResourceId, format_args!("melody:track:{}", pick.number));
    if pick.has_isrc {
        row.set(F::Isrc, crate::music::isrc(pick.number));
    }
    row.set(F::ResourceTitle, label::title(pick.number));
    row.set(F::ResourceDisplayArtistName, label::artist(pick.number));
    row.set(F::Duration, format_args!("PT3M{}S", pick.number % 60));
    row.set(F::ResourceType, "SoundRecording");
    row.set(F::ComposerAuthorName, format_args!("Composer {}", pick.number % 900));
    row.set(F::IsMasterRecording, "TRUE");
}

pub(super) fn sale(row: &mut Row, block: u64, number: u64, sale: &Sale, pool: &Pool) {
    row.start("SU02.03");
    row.set(F::BlockId, block);
    row.set(F::SummaryRecordId, &pool.id);
    row.set(F::SalesTransactionId, format_args!("T{number}"));
    row.set(F::TransactedResource, "A1");
    row.set(F::IsRoyaltyBearing, "TRUE");
    row.set(F::Usages, sale.usages);
}
