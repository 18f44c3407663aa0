//! Canonical cell names: one name for a cell, whatever a version of a record calls it.

macro_rules! fields {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// A cell by its meaning, the same over all records and versions that carry it.
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field {
            $(#[doc = concat!("`", $text, "`.")] $name),+
        }

        impl Field {
            /// All fields.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// How many fields there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The canonical name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                const NAMES: &[&str] = &[$($text),+];
                NAMES[self as usize]
            }

            /// The field of that canonical name.
            #[must_use]
            pub fn by_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|field| field.name() == name)
            }
        }
    };
}

fields! {
    RecordType = "RecordType", MessageVersion = "MessageVersion", Profile = "Profile",
    ProfileVersion = "ProfileVersion", MessageId = "MessageId",
    MessageCreatedDateTime = "MessageCreatedDateTime", FileNumber = "FileNumber",
    NumberOfFiles = "NumberOfFiles", UsageStartDate = "UsageStartDate",
    UsageEndDate = "UsageEndDate", SenderPartyId = "SenderPartyId", SenderName = "SenderName",
    ServiceDescription = "ServiceDescription", RecipientPartyId = "RecipientPartyId",
    RecipientName = "RecipientName", RepresentedRepertoire = "RepresentedRepertoire",
    NumberOfLinesInFile = "NumberOfLinesInFile", NumberOfLinesInReport = "NumberOfLinesInReport",
    NumberOfSummaryRecords = "NumberOfSummaryRecords",
    NumberOfBlocksInFile = "NumberOfBlocksInFile",
    NumberOfBlocksInReport = "NumberOfBlocksInReport", SummaryRecordId = "SummaryRecordId",
    DistributionChannel = "DistributionChannel",
    DistributionChannelDpid = "DistributionChannelDPID", CommercialModel = "CommercialModel",
    UseType = "UseType", Territory = "Territory", TotalUsages = "TotalUsages",
    Subscribers = "Subscribers", CurrencyOfReporting = "CurrencyOfReporting",
    NetRevenue = "NetRevenue", IndirectValue = "IndirectValue",
    CurrencyOfTransaction = "CurrencyOfTransaction", ExchangeRate = "ExchangeRate",
    ExchangeRateSource = "ExchangeRateSource", DateOfCurrencyExchange = "DateOfCurrencyExchange",
    TotalPlaybackDuration = "TotalPlaybackDuration", Users = "Users",
    RightsController = "RightsController", RightsControllerPartyId = "RightsControllerPartyId",
    AllocatedUsages = "AllocatedUsages", AllocatedRevenue = "AllocatedRevenue",
    AllocatedNetRevenue = "AllocatedNetRevenue", RightsType = "RightsType",
    ContentCategory = "ContentCategory", RightsTypePercentage = "RightsTypePercentage",
    RightsControllerMarketShare = "RightsControllerMarketShare",
    ConsumerPaidUnitPrice = "ConsumerPaidUnitPrice",
    FreeOrTrialSubscribers = "FreeOrTrialSubscribers", SubscriberType = "SubscriberType",
    SubPeriodStartDate = "SubPeriodStartDate", SubPeriodEndDate = "SubPeriodEndDate",
    TotalUsagesInSubPeriod = "TotalUsagesInSubPeriod",
    TotalUsagesInReportingPeriod = "TotalUsagesInReportingPeriod",
    MusicUsagePercentage = "MusicUsagePercentage", Deprecated = "Deprecated",
    ParentSummaryRecordId = "ParentSummaryRecordId", NumberOfReleases = "NumberOfReleases",
    PreviewAvailable = "PreviewAvailable", ViewerHours = "ViewerHours",
    ViewingHours = "ViewingHours", ReportingPeriodStartDate = "ReportingPeriodStartDate",
    ReportingPeriodEndDate = "ReportingPeriodEndDate", ActiveSubscribers = "ActiveSubscribers",
    PromotionalActivity = "PromotionalActivity", OfferType = "OfferType", Quality = "Quality",
    Returns = "Returns", CurrencyOfAccounting = "CurrencyOfAccounting",
    GrossRevenueInCurrencyOfTransaction = "GrossRevenueInCurrencyOfTransaction",
    GrossRevenueInCurrencyOfAccounting = "GrossRevenueInCurrencyOfAccounting",
    CalculationType = "CalculationType", CalculationValue = "CalculationValue",
    DeductionType = "DeductionType",
    DeductionsInCurrencyOfTransaction = "DeductionsInCurrencyOfTransaction",
    DeductionsInCurrencyOfAccounting = "DeductionsInCurrencyOfAccounting",
    NetRevenueInCurrencyOfTransaction = "NetRevenueInCurrencyOfTransaction",
    NetRevenueInCurrencyOfAccounting = "NetRevenueInCurrencyOfAccounting",
    AllocatedRevenueInCurrencyOfTransaction = "AllocatedRevenueInCurrencyOfTransaction",
    AllocatedRevenueInCurrencyOfAccounting = "AllocatedRevenueInCurrencyOfAccounting",
    AllocatedNetRevenueInCurrencyOfTransaction = "AllocatedNetRevenueInCurrencyOfTransaction",
    AllocatedNetRevenueInCurrencyOfAccounting = "AllocatedNetRevenueInCurrencyOfAccounting",
    SubscriptionFeeInCurrencyOfTransaction = "SubscriptionFeeInCurrencyOfTransaction",
    SubscriptionFeeInCurrencyOfAccounting = "SubscriptionFeeInCurrencyOfAccounting",
    UsageIndependentFeeType = "UsageIndependentFeeType",
    UsageIndependentFeeInCurrencyOfTransaction = "UsageIndependentFeeInCurrencyOfTransaction",
    UsageIndependentFeeInCurrencyOfAccounting = "UsageIndependentFeeInCurrencyOfAccounting",
    FinalTotalAmountInCurrencyOfTransaction = "FinalTotalAmountInCurrencyOfTransaction",
    FinalTotalAmountInCurrencyOfAccounting = "FinalTotalAmountInCurrencyOfAccounting",
    TotalCostOfContentInCurrencyOfReporting = "TotalCostOfContentInCurrencyOfReporting",
    PerformanceRoyaltiesInCurrencyOfReporting = "PerformanceRoyaltiesInCurrencyOfReporting",
    BlockId = "BlockId", ReleaseReference = "ReleaseReference", DspReleaseId = "DspReleaseId",
    ProprietaryReleaseId = "ProprietaryReleaseId", CatalogNumber = "CatalogNumber", Icpn = "ICPN",
    ReleaseDisplayArtistName = "ReleaseDisplayArtistName",
    ReleaseDisplayArtistPartyId = "ReleaseDisplayArtistPartyId", ReleaseTitle = "ReleaseTitle",
    ReleaseSubTitle = "ReleaseSubTitle", ReleaseType = "ReleaseType", LabelName = "LabelName",
    PLine = "PLine", DataProviderName = "DataProviderName", ReleaseDate = "ReleaseDate",
    DspSubReleaseId = "DspSubReleaseId", ProprietarySubReleaseId = "ProprietarySubReleaseId",
    UsedResources = "UsedResources", ResourceReference = "ResourceReference",
    DspResourceId = "DspResourceId", Isrc = "ISRC", ResourceTitle = "ResourceTitle",
    ResourceSubTitle = "ResourceSubTitle",
    ResourceDisplayArtistName = "ResourceDisplayArtistName",
    ResourceDisplayArtistPartyId = "ResourceDisplayArtistPartyId", Duration = "Duration",
    ResourceType = "ResourceType", IsMasterRecording = "IsMasterRecording",
    IsSubjectToOwnershipConflict = "IsSubjectToOwnershipConflict",
    LastConflictCheck = "LastConflictCheck", Iswc = "ISWC",
    ComposerAuthorName = "ComposerAuthorName", ComposerAuthorPartyId = "ComposerAuthorPartyId",
    ArrangerName = "ArrangerName", ArrangerPartyId = "ArrangerPartyId",
    MusicPublisherName = "MusicPublisherName", MusicPublisherPartyId = "MusicPublisherPartyId",
    WorkContributorName = "WorkContributorName",
    WorkContributorPartyId = "WorkContributorPartyId", ProprietaryWorkId = "ProprietaryWorkId",
    DspWorkId = "DspWorkId", WorkTitle = "WorkTitle", WorkSubTitle = "WorkSubTitle",
    ParentLicensorDataRecordId = "ParentLicensorDataRecordId",
    ParentMasterlistId = "ParentMasterlistId", SalesTransactionId = "SalesTransactionId",
    TransactedRelease = "TransactedRelease", TransactedResource = "TransactedResource",
    IsRoyaltyBearing = "IsRoyaltyBearing", SalesUpgrade = "SalesUpgrade", Usages = "Usages",
    PriceConsumerPaidExcSalesTax = "PriceConsumerPaidExcSalesTax",
    PlaybackDuration = "PlaybackDuration", ValidityPeriodStart = "ValidityPeriodStart",
    ValidityPeriodEnd = "ValidityPeriodEnd", ParentResourceReference = "ParentResourceReference",
    ReleaseUrl = "ReleaseURL", RightsControllerWorkId = "RightsControllerWorkId",
    RightShare = "RightShare", AllocatedAmount = "AllocatedAmount",
    ParentSalesTransactionId = "ParentSalesTransactionId",
    LicensorDataRecordId = "LicensorDataRecordId", ReleaseDataProvider = "ReleaseDataProvider",
    NumberOfTransactedResources = "NumberOfTransactedResources",
    CalculatedPriceConsumerPaidForResourceExcSalesTax = "CalculatedPriceConsumerPaidForResourceExcSalesTax",
    Grid = "GRid", LabelReleaseId = "LabelReleaseId",
    ReleaseContextReleaseGrid = "ReleaseContextReleaseGRid", Isan = "ISAN",
    LabelResourceId = "LabelResourceId", ProprietaryResourceId = "ProprietaryResourceId",
    ResourceContextReleaseGrid = "ResourceContextReleaseGRid",
    SalesTransactionDate = "SalesTransactionDate", NetUsage = "NetUsage",
    WholesalePriceInCurrencyOfTransaction = "WholesalePriceInCurrencyOfTransaction",
    WholesalePriceInCurrencyOfAccounting = "WholesalePriceInCurrencyOfAccounting",
    SuggestedConsumerPriceInCurrencyOfTransaction = "SuggestedConsumerPriceInCurrencyOfTransaction",
    SuggestedConsumerPriceInCurrencyOfAccounting = "SuggestedConsumerPriceInCurrencyOfAccounting",
    PriceType = "PriceType", PriceRangeType = "PriceRangeType",
    PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction = "PriceConsumerPaidExcSalesTaxInCurrencyOfTransaction",
    PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting = "PriceConsumerPaidExcSalesTaxInCurrencyOfAccounting",
    CalculatedUnitPriceInCurrencyOfTransaction = "CalculatedUnitPriceInCurrencyOfTransaction",
    CalculatedUnitPriceInCurrencyOfAccounting = "CalculatedUnitPriceInCurrencyOfAccounting",
    CopyrightObligationWithDsp = "CopyrightObligationWithDSP",
}
