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
