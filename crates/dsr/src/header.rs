//! The first and the last record of a file.

use period::{Date, Period};

use crate::table::{Field, RecordSpec};
use crate::value::calendar_day;
use crate::{Profile, Record};

/// The first record, cell by cell as received; the methods interpret.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Header {
    /// Version of the standard's parts, `dsrf/1.1/1.4.1/1.3`.
    pub message_version: String,
    /// Name of the profile.
    pub profile_name: String,
    /// Version of the profile.
    pub profile_version: String,
    /// Id of the message, unique for its sender.
    pub message_id: String,
    /// When it was made.
    pub created: String,
    /// Number of this file, from 1.
    pub file_number: String,
    /// Number of files of the report.
    pub number_of_files: String,
    /// First day of usage.
    pub usage_start: String,
    /// Last day of usage.
    pub usage_end: String,
    /// Party id of the sender.
    pub sender_party_id: String,
    /// Name of the sender.
    pub sender_name: String,
    /// The service the report is about.
    pub service_description: String,
    /// Party id of the recipient.
    pub recipient_party_id: String,
    /// Name of the recipient.
    pub recipient_name: String,
    /// Whose repertoire is reported.
    pub represented_repertoire: Vec<String>,
}

impl Header {
    /// Reads a HEAD or SRHE record; cells that are not there are empty.
    #[must_use]
    pub fn read(record: &Record, spec: &RecordSpec) -> Self {
        let text = |field| record.field(spec, field).text().into_owned();
        Self {
            message_version: text(Field::MessageVersion),
            profile_name: text(Field::Profile),
            profile_version: text(Field::ProfileVersion),
            message_id: text(Field::MessageId),
            created: text(Field::MessageCreatedDateTime),
            file_number: text(Field::FileNumber),
            number_of_files: text(Field::NumberOfFiles),
            usage_start: text(Field::UsageStartDate),
            usage_end: text(Field::UsageEndDate),
            sender_party_id: text(Field::SenderPartyId),
            sender_name: text(Field::SenderName),
            service_description: text(Field::ServiceDescription),
            recipient_party_id: text(Field::RecipientPartyId),
            recipient_name: text(Field::RecipientName),
            represented_repertoire: record
                .field(spec, Field::RepresentedRepertoire)
                .values()
                .map(std::borrow::Cow::into_owned)
                .collect(),
        }
    }

    /// The profile, if it is known.
    #[must_use]
    pub fn profile(&self) -> Option<Profile> {
        Profile::parse(&self.profile_name)
    }

    /// Number of this file and number of files, if both are numbers.
    #[must_use]
    pub fn part(&self) -> Option<(u32, u32)> {
        Some((self.file_number.trim().parse().ok()?, self.number_of_files.trim().parse().ok()?))
    }

    /// Whether the report is one file; also when the header does not say.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.part().is_none_or(|(_, files)| files <= 1)
    }

    /// First and last day of usage, if both are days.
    #[must_use]
    pub fn usage_days(&self) -> Option<(Date, Date)> {
        Some((calendar_day(&self.usage_start)?, calendar_day(&self.usage_end)?))
    }

    /// The days of usage as a period; `None` also when they are in the wrong order.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        let (first, last) = self.usage_days()?;
        Period::inclusive(first, last)
    }
}

/// The counts of the last record; `None` where a cell is empty or no number.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub struct Footer {
    /// Lines of this file, comment lines and empty lines included.
    pub lines_in_file: Option<u64>,
    /// Lines of all files of the report.
    pub lines_in_report: Option<u64>,
    /// Summary records.
    pub summary_records: Option<u64>,
    /// Blocks of this file.
    pub blocks_in_file: Option<u64>,
    /// Blocks of all files of the report.
    pub blocks_in_report: Option<u64>,
}

impl Footer {
    /// Reads a FOOT or SRFO record.
    #[must_use]
    pub fn read(record: &Record, spec: &RecordSpec) -> Self {
        let count = |field| record.field(spec, field).text().trim().parse().ok();
        Self {
            lines_in_file: count(Field::NumberOfLinesInFile),
            lines_in_report: count(Field::NumberOfLinesInReport),
            summary_records: count(Field::NumberOfSummaryRecords),
            blocks_in_file: count(Field::NumberOfBlocksInFile),
            blocks_in_report: count(Field::NumberOfBlocksInReport),
        }
    }
}
