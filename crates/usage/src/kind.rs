//! The two closed vocabularies of a usage line.

use std::fmt;
use std::str::FromStr;

/// What the amount on a usage line is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    /// Money that reached us.
    Received,
    /// Net revenue of the service for this usage: not our money.
    ServiceNet,
    /// The line carries usage only.
    NoMoney,
}

impl Basis {
    /// Every value, in order.
    pub const ALL: [Self; 3] = [Self::Received, Self::ServiceNet, Self::NoMoney];

    /// The token: `received`, `service-net` or `none`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::ServiceNet => "service-net",
            Self::NoMoney => "none",
        }
    }

    /// Reads a token, spelled exactly.
    ///
    /// # Errors
    /// [`ParseTokenError`] when `text` is no token of this vocabulary.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == text)
            .ok_or(ParseTokenError { vocabulary: "basis" })
    }
}

/// Which right the money of a usage line belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RightsType {
    /// The right in the recording.
    Master,
    /// The right in the work.
    Work,
    /// The right of the performers.
    Performer,
    /// The report does not say.
    Unspecified,
}

impl RightsType {
    /// Every value, in order.
    pub const ALL: [Self; 4] = [Self::Master, Self::Work, Self::Performer, Self::Unspecified];

    /// The token: `master`, `work`, `performer` or `unspecified`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Master => "master",
            Self::Work => "work",
            Self::Performer => "performer",
            Self::Unspecified => "unspecified",
        }
    }

    /// Reads a token, spelled exactly.
    ///
    /// # Errors
    /// [`ParseTokenError`] when `text` is no token of this vocabulary.
    pub fn parse(text: &str) -> Result<Self, ParseTokenError> {
        Self::ALL
            .into_iter()
            .find(|value| value.as_str() == text)
            .ok_or(ParseTokenError { vocabulary: "rights type" })
    }
}

/// A text that is no token of the vocabulary it was read for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a {vocabulary} token")]
pub struct ParseTokenError {
    /// The vocabulary: `basis` or `rights type`.
    pub vocabulary: &'static str,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Basis {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for RightsType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for RightsType {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}
