//! First and last records of a file: HEAD, SRHE, FOOT, SRFO.

use super::field::Field as F;
use super::spec::Kind as K;
use super::spec::{RecordSpec, may, may_many, must};

pub(super) static TABLE: &[RecordSpec] = &[
    RecordSpec::new(
        *b"FOOT",
        0,
        &[
            must(F::RecordType, "RecordType", K::Code),
            must(F::NumberOfLinesInFile, "NumberOfLinesInFile", K::Integer),
            may(F::NumberOfLinesInReport, "NumberOfLinesInReport", K::Integer),
            must(F::NumberOfSummaryRecords, "NumberOfSummaryRecords", K::Integer),
            must(F::NumberOfBlocksInFile, "NumberOfBlocksInFile", K::Integer),
            may(F::NumberOfBlocksInReport, "NumberOfBlocksInReport", K::Integer),
        ],
    ),
    RecordSpec::new(
        *b"HEAD",
        0,
        &[
            must(F::RecordType, "RecordType", K::Code),
            must(F::MessageVersion, "MessageVersion", K::Text),
            must(F::Profile, "Profile", K::Profile),
            must(F::ProfileVersion, "ProfileVersion", K::Text),
            must(F::MessageId, "MessageId", K::Text),
            must(F::MessageCreatedDateTime, "MessageCreatedDateTime", K::DateTime),
            must(F::FileNumber, "FileNumber", K::Integer),
            must(F::NumberOfFiles, "NumberOfFiles", K::Integer),
            must(F::UsageStartDate, "UsageStartDate", K::Date),
            must(F::UsageEndDate, "UsageEndDate", K::Date),
            must(F::SenderPartyId, "SenderPartyId", K::Party),
            must(F::SenderName, "SenderName", K::Text),
            may(F::ServiceDescription, "ServiceDescription", K::Text),
            may(F::RecipientPartyId, "RecipientPartyId", K::Party),
            may(F::RecipientName, "RecipientName", K::Text),
            may_many(F::RepresentedRepertoire, "RepresentedRepertoire", K::Text),
        ],
    ),
    RecordSpec::new(
        *b"SRFO",
        0,
        &[
            must(F::RecordType, "RecordType", K::Code),
            must(F::NumberOfLinesInReport, "NumberOfLinesInReport", K::Integer),
            must(F::NumberOfSummaryRecords, "NumberOfSummaryRecords", K::Integer),
        ],
    ),
    RecordSpec::new(
        *b"SRHE",
        0,
        &[
            must(F::RecordType, "RecordType", K::Code),
            must(F::MessageVersion, "MessageVersion", K::Text),
            must(F::Profile, "Profile", K::Profile),
            must(F::ProfileVersion, "ProfileVersion", K::Text),
            must(F::MessageId, "MessageId", K::Text),
            must(F::MessageCreatedDateTime, "MessageCreatedDateTime", K::DateTime),
            must(F::FileNumber, "FileNumber", K::Integer),
            must(F::NumberOfFiles, "NumberOfFiles", K::Integer),
            must(F::UsageStartDate, "UsageStartDate", K::Date),
            must(F::UsageEndDate, "UsageEndDate", K::Date),
            must(F::SenderPartyId, "SenderPartyId", K::Party),
            must(F::SenderName, "SenderName", K::Text),
            may(F::ServiceDescription, "ServiceDescription", K::Text),
            may(F::RecipientPartyId, "RecipientPartyId", K::Party),
            may(F::RecipientName, "RecipientName", K::Text),
            may_many(F::RepresentedRepertoire, "RepresentedRepertoire", K::Text),
        ],
    ),
];
