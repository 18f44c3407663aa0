//! What stands in a cell, by its field: the same meaning in every record and version.

use dsr::Field as F;
use dsr::table::RecordSpec;

use crate::draw::{Pick, Sale};
use crate::name;
use crate::pool::{Money, Pool, four_decimals};
use crate::row::Row;
use crate::{Order, SENDER};

/// Usages of the whole service for each of ours, in a financial report.
const MARKET: u64 = 50;

/// What a record is about.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) order: &'a Order,
    pub(crate) pool: &'a Pool,
    /// Number of the block.
    pub(crate) block: u64,
    /// Number of the sales transaction.
    pub(crate) number: u64,
    pub(crate) pick: Pick,
    /// None in a summary record.
    pub(crate) sale: Option<Sale>,
    /// How many records of its type came before it in the block.
    pub(crate) repeat: u64,
}

impl About<'_> {
    fn usages(&self) -> u64 {
        self.sale.map_or(self.pool.usages, |sale| sale.usages)
    }
}

/// Writes a whole record.
pub(crate) fn fill(row: &mut Row, name: &'static str, about: &About<'_>) {
    let spec = row.start(name);
    for cell in &spec.cells[1..] {
        let done = offer(row, cell.field, about)
            .or_else(|| counts(row, cell.field, about))
            .or_else(|| amounts(row, cell.field, about));
        if done.is_none() && about.sale.is_some() {
            let _ = ids(row, cell.field, about)
                .or_else(|| names(row, cell.field, spec, about))
                .or_else(|| transaction(row, cell.field, about));
        }
    }
    row.fill_required();
}

/// What a summary record says of a service, and whom a line refers to.
fn offer(row: &mut Row, field: F, about: &About<'_>) -> Option<()> {
    let (pool, order) = (about.pool, about.order);
    let days = order.month.period();
    match field {
        F::SummaryRecordId => row.set(field, &pool.id),
        F::CurrencyOfReporting | F::CurrencyOfAccounting => row.set(field, pool.accounting),
        _ if about.sale.is_some() => None,
        F::CommercialModel => row.set(field, pool.model),
        F::UseType => row.set(field, pool.use_type),
        F::Territory => row.set(field, pool.territory),
        F::ServiceDescription => row.set(field, "Melody"),
        F::CurrencyOfTransaction => row.set(field, pool.transaction),
        F::ExchangeRate => row.set(field, four_decimals(pool.rate)),
        F::ExchangeRateSource => row.set(field, "made up"),
        F::DateOfCurrencyExchange | F::ReportingPeriodEndDate => row.set(field, days.last_day()),
        F::ReportingPeriodStartDate => row.set(field, days.start()),
        _ => None,
    }
}

/// How often.
fn counts(row: &mut Row, field: F, about: &About<'_>) -> Option<()> {
    let usages = about.usages();
    let market = if about.order.is_financial() && about.sale.is_none() { MARKET } else { 1 };
    match field {
        F::TotalUsages => row.set(field, usages * market),
        F::Usages | F::NetUsage | F::AllocatedUsages | F::UsageForPrioritisation => {
            row.set(field, usages)
        }
        F::PercentileForPrioritisation => row.set(field, 1 + about.pick.number % 100),
        F::Returns => row.set(field, 0),
        F::Subscribers => row.set(field, 1 + usages / 300),
        F::MusicUsagePercentage | F::RightShare | F::RightsTypePercentage => row.set(field, 100),
        F::RightsControllerMarketShare => row.set(field, 100 / MARKET),
        F::ListenerHours => row.set(field, usages / 20),
        _ => None,
    }
}

/// How much: the service deducts a quarter; the whole service has `MARKET` times what is ours.
fn amounts(row: &mut Row, field: F, about: &About<'_>) -> Option<()> {
    let usages = about.usages();
    let here = |quarters| about.pool.transaction(quarters).times(usages);
    let there = |quarters| about.pool.accounting(quarters).times(usages);
    match field {
        F::NetRevenue | F::AllocatedNetRevenue => return row.set(field, there(3)),
        F::AllocatedRevenue => return row.set(field, there(4)),
        F::AllocatedAmount => return row.set(field, there(1)),
        _ if !about.order.is_financial() => return None,
        _ => {}
    }
    let (in_transaction, in_accounting) = (about.pool.transaction, about.pool.accounting);
    match field {
        F::AllocatedRevenueInCurrencyOfTransaction => row.set(field, here(4)),
        F::AllocatedRevenueInCurrencyOfAccounting => row.set(field, there(4)),
        F::AllocatedNetRevenueInCurrencyOfTransaction => row.set(field, here(3)),
        F::AllocatedNetRevenueInCurrencyOfAccounting => row.set(field, there(3)),
        F::CalculatedUnitPriceInCurrencyOfTransaction => row.set(field, about.pool.transaction(4)),
        F::CalculatedUnitPriceInCurrencyOfAccounting => row.set(field, about.pool.accounting(4)),
        _ if about.sale.is_some() => None,
        F::GrossRevenueInCurrencyOfTransaction => row.set(field, here(4).times(MARKET)),
        F::GrossRevenueInCurrencyOfAccounting => row.set(field, there(4).times(MARKET)),
        F::DeductionType => row.set(field, "UserDefined"),
        F::DeductionsInCurrencyOfTransaction => row.set(field, here(1).times(MARKET)),
        F::DeductionsInCurrencyOfAccounting => row.set(field, there(1).times(MARKET)),
        F::NetRevenueInCurrencyOfTransaction => row.set(field, here(3).times(MARKET)),
        F::NetRevenueInCurrencyOfAccounting => row.set(field, there(3).times(MARKET)),
        F::SubscriptionFeeInCurrencyOfAccounting => row.set(field, Money(0)),
        F::FinalTotalAmountInCurrencyOfTransaction => {
            row.set(field, here(3).payable(in_transaction))
        }
        F::FinalTotalAmountInCurrencyOfAccounting => {
            row.set(field, there(3).payable(in_accounting))
        }
        _ => None,
    }
}

/// Which block, release, resource and work.
fn ids(row: &mut Row, field: F, about: &About<'_>) -> Option<()> {
    let number = about.pick.number;
    match field {
        F::BlockId => row.set(field, about.block),
        F::ReleaseReference => row.set(field, "R1"),
        F::ResourceReference | F::TransactedResource => row.set(field, "A1"),
        F::MusicalWorkReference => row.set(field, "W1"),
        F::DspReleaseId => row.set(field, format_args!("melody:album:{}", number / 12)),
        F::DspResourceId => row.set(field, format_args!("melody:track:{number}")),
        F::DspWorkId => row.set(field, format_args!("melody:work:{number}")),
        F::Isrc if about.pick.has_isrc && about.repeat == 0 => row.set(field, name::isrc(number)),
        F::Iswc if about.repeat > 0 => row.set(field, name::iswc(number)),
        F::RightsController => row.set(field, "A label (made up)"),
        F::RightsControllerWorkId => row.set(field, format_args!("work-{number}")),
        F::RightsType => row.set(field, "PerformingRight"),
        F::CueSheetDataProviderName => row.set(field, "A broadcaster (made up)"),
        _ => None,
    }
}

/// What they are called.
fn names(row: &mut Row, field: F, spec: &RecordSpec, about: &About<'_>) -> Option<()> {
    let number = about.pick.number;
    let is_video = spec.index(F::VideoType).is_some() || spec.code == *b"RE03";
    match field {
        F::ResourceTitle if is_video => row.set(field, format_args!("제{}회", 1 + number % 16)),
        F::ReleaseTitle if is_video => row.set(field, name::drama(number)),
        F::SeriesTitle => row.set(field, name::drama(number)),
        F::VideoType => row.set(field, "Episode"),
        F::ReleaseType => row.set(field, if is_video { "Episode" } else { "Single" }),
        F::Duration if is_video => row.set(field, format_args!("PT70M{}S", number % 60)),
        F::CueStartTime => row.set(field, format_args!("PT{}M30.5S", 2 + 20 * about.repeat)),
        F::CueDuration => row.set(field, format_args!("PT{}S", 20 + number % 100)),
        F::ResourceTitle | F::ReleaseTitle | F::WorkTitle => row.set(field, name::title(number)),
        F::ResourceDisplayArtistName | F::ReleaseDisplayArtistName => {
            row.set(field, name::artist(number))
        }
        F::ComposerAuthorName => row.set(field, format_args!("Composer {}", number % 900)),
        F::Duration => row.set(field, format_args!("PT3M{}S", number % 60)),
        F::ResourceType => row.set(field, "SoundRecording"),
        F::IsMasterRecording => row.set(field, "TRUE"),
        F::NumberOfTransactedResources => row.set(field, 1),
        _ => None,
    }
}

/// What happened.
fn transaction(row: &mut Row, field: F, about: &About<'_>) -> Option<()> {
    let days = about.order.month.period();
    match field {
        F::SalesTransactionId | F::ParentSalesTransactionId => {
            row.set(field, format_args!("T{}", about.number))
        }
        F::SalesTransactionDate => {
            let day = about.sale.map_or(1, |sale| sale.day);
            row.set(field, format_args!("{}-{day:02}", about.order.month))
        }
        F::IsRoyaltyBearing => row.set(field, "TRUE"),
        F::SalesUpgrade | F::CopyrightObligationWithDsp => row.set(field, "FALSE"),
        F::ValidityPeriodStart => row.set(field, days.start()),
        F::ValidityPeriodEnd => row.set(field, days.last_day()),
        _ => None,
    }
}

/// The first record of a file.
pub(crate) fn head(row: &mut Row, order: &Order, file: u32) {
    row.start("HEAD");
    let days = order.month.period();
    let cells: [(F, &dyn std::fmt::Display); 14] = [
        (F::MessageVersion, &"dsrf/1.1/1.4.1/1.3"),
        (F::Profile, &order.profile.name()),
        (F::ProfileVersion, &order.version),
        (F::MessageId, &order.message()),
        (F::MessageCreatedDateTime, &order.created()),
        (F::FileNumber, &file),
        (F::NumberOfFiles, &order.files),
        (F::UsageStartDate, &days.start()),
        (F::UsageEndDate, &days.last_day()),
        (F::SenderPartyId, &SENDER),
        (F::SenderName, &"Melody (made up)"),
        (F::ServiceDescription, &"Melody"),
        (F::RecipientPartyId, &crate::RECIPIENT),
        (F::RecipientName, &"A label (made up)"),
    ];
    for (field, value) in cells {
        row.set(field, value).expect("a header has these cells");
    }
}
