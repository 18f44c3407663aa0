//! Use types of our own, for income that no report of a music service speaks of, and the few heads
//! that income is shown under.

use std::fmt;

/// What a use type of our own is called, where the standard's allowed values have no name for it.
///
/// A usage line holds the text, so that the standard's tokens and these stand in one column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum OwnUseType {
    /// A recording or work put to pictures, by licence.
    SyncLicence,
    /// Any other licence: samples, compilations, games.
    Licence,
    /// Records, discs and tapes sold.
    PhysicalSale,
    /// Shirts, light sticks, photo books: what bears the name and is no music.
    Merchandise,
    /// Money without a use: an advance by a shop, a settlement of a lawsuit, a correction in a lump.
    LumpSum,
}

impl OwnUseType {
    /// Every value, in order.
    pub const ALL: [Self; 5] =
        [Self::SyncLicence, Self::Licence, Self::PhysicalSale, Self::Merchandise, Self::LumpSum];

    /// The token, as a usage line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SyncLicence => "SyncLicence",
            Self::Licence => "Licence",
            Self::PhysicalSale => "PhysicalSale",
            Self::Merchandise => "Merchandise",
            Self::LumpSum => "LumpSum",
        }
    }
}

impl fmt::Display for OwnUseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The head that income of a use type is shown under.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Income {
    /// Streams, with and without choice of the listener.
    Streams,
    /// Downloads and ringtones.
    Downloads,
    /// Music put to pictures.
    Sync,
    /// Other licences.
    Licences,
    /// Physical products.
    Physical,
    /// Merchandise.
    Merchandise,
    /// Broadcast and public performance.
    Performance,
    /// Whatever else, and what a report calls by no name.
    Other,
}

impl Income {
    /// Every head, in the order of a page.
    pub const ALL: [Self; 8] = [
        Self::Streams,
        Self::Downloads,
        Self::Sync,
        Self::Licences,
        Self::Physical,
        Self::Merchandise,
        Self::Performance,
        Self::Other,
    ];

    /// The head of a use type: a token of the standard's allowed values, or one of ours.
    #[must_use]
    pub fn of(use_type: &str) -> Self {
        match use_type {
            "OnDemandStream"
            | "NonInteractiveStream"
            | "ContentInfluencedStream"
            | "TimeInfluencedStream"
            | "ProgrammedContentStream"
            | "Stream"
            | "Podcast"
            | "UserMakeAvailableLabelProvided"
            | "UserMakeAvailableUserProvided"
            | "Webcast"
            | "TetheredDownload"
            | "ConditionalDownload" => Self::Streams,
            "PermanentDownload" | "Download" | "KioskDownload" | "UseAsRingtone"
            | "UseAsRingtune" | "UseAsRingbackTone" | "UseAsRingbackTune" | "UseAsAlertTone" => {
                Self::Downloads
            }
            "SyncLicence" | "Dub" | "DubForAdvertisement" | "DubForMovies" | "DubForTV" => {
                Self::Sync
            }
            "Licence" | "Rent" | "Print" | "UseAsKaraoke" => Self::Licences,
            "PhysicalSale" | "PurchaseAsPhysicalProduct" => Self::Physical,
            "Merchandise" => Self::Merchandise,
            "Broadcast"
            | "Cable"
            | "Simulcast"
            | "Narrowcast"
            | "Perform"
            | "PerformInPublic"
            | "PerformInLivePerformance"
            | "PerformAsMusicOnHold"
            | "PlayInPublic"
            | "Playback"
            | "DubForRadio"
            | "DubForPublicPerformance" => Self::Performance,
            _ => Self::Other,
        }
    }

    /// The token: `streams`, `downloads`, `sync`, `licences`, `physical`, `merchandise`,
    /// `performance` or `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Streams => "streams",
            Self::Downloads => "downloads",
            Self::Sync => "sync",
            Self::Licences => "licences",
            Self::Physical => "physical",
            Self::Merchandise => "merchandise",
            Self::Performance => "performance",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Income {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_use_types_have_heads() {
        let heads: Vec<String> =
            OwnUseType::ALL.iter().map(|it| format!("{it} {}", Income::of(it.as_str()))).collect();
        expect_test::expect![[
            r#"["SyncLicence sync", "Licence licences", "PhysicalSale physical", "Merchandise merchandise", "LumpSum other"]"#
        ]]
        .assert_eq(&format!("{heads:?}"));
    }
}
