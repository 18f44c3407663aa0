//! What to make.

use dsr::{Profile, Purpose};
use period::Month;

use crate::pool::{MODELS, TERRITORIES};
use crate::{Defect, ForgeError, shape};

/// What to make; the same order gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// What the report is for, and its block variant.
    pub profile: Profile,
    /// Version of the profile, `1.4`.
    pub version: String,
    /// Where all numbers come from.
    pub seed: u64,
    /// Sales transactions; in a master list, its entries.
    pub lines: u64,
    /// The month of usage.
    pub month: Month,
    /// Recordings that the most popular ones are drawn from, at most 5,000,000.
    pub recordings: u64,
    /// Territories, the most popular one first.
    pub territories: Vec<String>,
    /// How many commercial models each territory has, from 1 to 4.
    pub models: u64,
    /// Over how many files the report is split.
    pub files: u32,
    /// Id of the message; made from the order when empty.
    pub message_id: String,
    /// What shall be wrong with it, and how often.
    pub defects: Vec<(&'static Defect, u64)>,
}

impl Order {
    /// A clean report in one file, in the newest version of its profile: 40 territories, three
    /// commercial models, 20,000 recordings, June 2021.
    ///
    /// # Panics
    /// Never: June 2021 is a month.
    #[must_use]
    pub fn new(profile: Profile, seed: u64, lines: u64) -> Self {
        let version = shape::versions(profile).last().copied().unwrap_or_default();
        Self {
            profile,
            version: version.to_owned(),
            seed,
            lines,
            month: Month::new(2021, 6).expect("June 2021"),
            recordings: 20_000,
            territories: TERRITORIES.iter().map(|(code, ..)| (*code).to_owned()).collect(),
            models: 3,
            files: 1,
            message_id: String::new(),
            defects: Vec::new(),
        }
    }

    /// Whether it can be made.
    pub(crate) fn validate(&self) -> Result<(), ForgeError> {
        shape::find(self.profile, &self.version)?;
        let unknown = |code: &&String| !TERRITORIES.iter().any(|(known, ..)| known == code);
        if let Some(code) = self.territories.iter().find(unknown) {
            return Err(ForgeError::Territory { code: code.clone() });
        }
        let bounds = [
            ("territories", self.territories.len() as u64, 1, TERRITORIES.len() as u64),
            ("models", self.models, 1, MODELS.len() as u64),
            ("recordings", self.recordings, 0, 5_000_000),
            ("files", u64::from(self.files), 1, if self.profile.single_record { 1 } else { 9_999 }),
        ];
        for (what, value, min, max) in bounds {
            if value < min || value > max {
                return Err(ForgeError::Bounds { what, value, min, max });
            }
        }
        Ok(())
    }

    pub(crate) fn is_financial(&self) -> bool {
        self.profile.purpose == Purpose::Financial
    }

    pub(crate) fn is_list(&self) -> bool {
        self.profile.purpose == Purpose::MasterList
    }

    /// Id of the message.
    pub(crate) fn message(&self) -> String {
        if !self.message_id.is_empty() {
            return self.message_id.clone();
        }
        let letter = match self.profile.purpose {
            Purpose::BasicAudio => 'B',
            Purpose::Ugc => 'U',
            Purpose::Financial => 'F',
            Purpose::AudioVisual => 'V',
            Purpose::RoyaltyReporting => 'R',
            Purpose::RadioBroadcast => 'A',
            Purpose::MasterList => 'M',
        };
        format!("made-up-{letter}-{:x}-{}", self.seed, self.lines)
    }

    /// When it was made, RFC 3339.
    pub(crate) fn created(&self) -> String {
        format!("{}-15T04:05:06Z", self.month.next())
    }

    /// The name of one of its files, as the standard makes it from the header.
    #[must_use]
    pub fn file_name(&self, file: u32) -> String {
        self.name_of(&format!("{file}of{}", self.files), &self.created())
    }

    pub(crate) fn name_of(&self, part: &str, created: &str) -> String {
        let created = created.replace(['-', ':', 'Z'], "");
        let territory = match self.territories.as_slice() {
            [one] => one.as_str(),
            _ => "Worldwide",
        };
        format!("DSR_{RECIPIENT}_{SENDER}_Melody_{}_{territory}_{part}_{created}.tsv", self.month)
    }
}

/// Party id of the sender of every report.
pub const SENDER: &str = "PADPIDA0000000001A";
/// Party id of its recipient.
pub const RECIPIENT: &str = "PADPIDA0000000002B";
