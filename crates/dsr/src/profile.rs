//! Profiles: what a report is for, and which block variant it uses.

/// What a report is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Basic Audio: all usages of an audio service.
    BasicAudio,
    /// User-generated content.
    Ugc,
    /// Financial reporting to record companies.
    Financial,
    /// Audio-visual services.
    AudioVisual,
    /// Royalty reporting to direct licensors.
    RoyaltyReporting,
    /// Radio broadcasts.
    RadioBroadcast,
    /// Exchange of lists for matching.
    MasterList,
}

/// Record types without their versions.
type Codes = &'static [&'static [u8; 4]];

/// A profile as the header names it.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Profile {
    /// What the report is for.
    pub purpose: Purpose,
    /// Whether every block is one record; then the file ends in `SRFO`.
    pub single_record: bool,
}

impl Profile {
    /// Reads the Profile cell; letter case is tolerated, because schemas and files disagree.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let (base, single_record) = match lower.strip_suffix("srb") {
            Some(base) => (base, true),
            None => (lower.as_str(), false),
        };
        let purpose = match base {
            "basicaudioprofile" => Purpose::BasicAudio,
            "ugcprofile" => Purpose::Ugc,
            "financialreportingtorecordcompaniesprofile" => Purpose::Financial,
            "audiovisualprofile" => Purpose::AudioVisual,
            "royaltyreportingprofile" => Purpose::RoyaltyReporting,
            "radiobroadcastprofile" => Purpose::RadioBroadcast,
            "masterlistprofile" => Purpose::MasterList,
            _ => return None,
        };
        Some(Self { purpose, single_record })
    }

    /// Whether its reports tell of usages; a master list tells of a catalogue only.
    #[must_use]
    pub const fn has_sales(self) -> bool {
        !matches!(self.purpose, Purpose::MasterList)
    }

    /// Whether a summary record, or a record of a block, belongs to the profile.
    ///
    /// What the standard adds for all profiles (licensors' claims, resources as received) is in
    /// every one; deals may add any `DExx`, which is not asked here.
    #[must_use]
    pub fn has_record(self, code: [u8; 4]) -> bool {
        let (summaries, in_blocks, single): (Codes, Codes, Codes) = match self.purpose {
            Purpose::BasicAudio => (
                &[b"SY01", b"SY02", b"SY03", b"SY04", b"SY05", b"SY06", b"SY12"],
                &[
                    b"RE01", b"RE02", b"RE04", b"AS01", b"AS02", b"AS04", b"AS05", b"AS06",
                    b"MW01", b"MW02", b"RC01", b"LC01", b"SU01", b"SU02",
                ],
                &[b"SR01", b"SR02"],
            ),
            Purpose::Ugc => (
                &[b"SY01", b"SY02", b"SY03", b"SY04", b"SY05", b"SY09"],
                &[
                    b"RE01", b"RE02", b"AS01", b"AS02", b"AS04", b"LC01", b"MW01", b"RU01",
                    b"RU02", b"SU03", b"LI01", b"ST01",
                ],
                &[b"SR03", b"SR06"],
            ),
            Purpose::AudioVisual => (
                &[b"SY01", b"SY02", b"SY04", b"SY05", b"SY06"],
                &[
                    b"RE02", b"RE03", b"AS03", b"CU01", b"CU02", b"SU01", b"SU02", b"SU03",
                    b"SU04", b"SU06",
                ],
                &[b"SR04", b"SR05"],
            ),
            Purpose::RoyaltyReporting => (
                &[b"SY07"],
                &[
                    b"RE01", b"AS01", b"AS02", b"MW01", b"LC01", b"RU01", b"RU02", b"SU03",
                    b"LI01", b"ST01",
                ],
                &[],
            ),
            Purpose::Financial => (&[b"SY10"], &[], &[b"SR08"]),
            Purpose::RadioBroadcast => {
                (&[b"SY08"], &[b"RE01", b"AS01", b"AS02", b"MW01", b"SU05"], &[])
            }
            Purpose::MasterList => {
                (&[b"SY11"], &[b"RE01", b"AS01", b"AS02", b"MW01", b"MW02", b"ML01"], &[b"SR07"])
            }
        };
        summaries.contains(&&code)
            || if self.single_record { single.contains(&&code) } else { in_blocks.contains(&&code) }
    }

    /// The spelling of the Profile cell.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match (self.purpose, self.single_record) {
            (Purpose::BasicAudio, false) => "BasicAudioProfile",
            (Purpose::BasicAudio, true) => "BasicAudioProfileSRB",
            (Purpose::Ugc, false) => "UGCProfile",
            (Purpose::Ugc, true) => "UGCProfileSRB",
            (Purpose::Financial, false) => "FinancialReportingToRecordCompaniesProfile",
            (Purpose::Financial, true) => "FinancialReportingToRecordCompaniesProfileSRB",
            (Purpose::AudioVisual, false) => "AudioVisualProfile",
            (Purpose::AudioVisual, true) => "AudioVisualProfileSRB",
            (Purpose::RoyaltyReporting, false) => "RoyaltyReportingProfile",
            (Purpose::RoyaltyReporting, true) => "RoyaltyReportingProfileSRB",
            (Purpose::RadioBroadcast, false) => "RadioBroadcastProfile",
            (Purpose::RadioBroadcast, true) => "RadioBroadcastProfileSRB",
            (Purpose::MasterList, false) => "MasterListProfile",
            (Purpose::MasterList, true) => "MasterListProfileSRB",
        }
    }
}
