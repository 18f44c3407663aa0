//! Where, how and when a term holds.

use std::collections::BTreeSet;

use period::Date;

/// The uses a term or licence speaks about. An empty set of words means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Where.
    pub territories: Territories,
    /// DDEX use types, spelled exactly; empty means any.
    pub use_types: BTreeSet<String>,
    /// DDEX commercial models, spelled exactly; empty means any.
    pub commercial_models: BTreeSet<String>,
    /// When.
    pub period: Validity,
}

impl Condition {
    /// Whether a use is spoken about. `date` is the first day of the sale month.
    pub fn matches(
        &self,
        territory: &str,
        use_type: &str,
        commercial_model: &str,
        date: Date,
    ) -> bool {
        self.territories.contains(territory)
            && (self.use_types.is_empty() || self.use_types.contains(use_type))
            && (self.commercial_models.is_empty()
                || self.commercial_models.contains(commercial_model))
            && self.period.contains(date)
    }
}

/// A set of territories, by the codes reports use (ISO 3166-1 alpha-2, or `Worldwide`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Territories {
    /// Everywhere.
    #[default]
    All,
    /// Nowhere but here; never empty when read from a file.
    Only(BTreeSet<String>),
    /// Everywhere but here; never empty when read from a file.
    AllExcept(BTreeSet<String>),
}

impl Territories {
    /// Whether a territory is in the set. Codes are compared as they are.
    pub fn contains(&self, territory: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(these) => these.contains(territory),
            Self::AllExcept(these) => !these.contains(territory),
        }
    }

    /// The codes that are named.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::All => None,
            Self::Only(these) | Self::AllExcept(these) => Some(these),
        }
        .into_iter()
        .flatten()
        .map(String::as_str)
    }
}

/// A stretch of days that may be open at either end: `[from, before)`.
///
/// Files say `from` and `until`, both being days that still count; `before` is the day after `until`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day; `None` means since ever.
    pub from: Option<Date>,
    /// First day no longer in it; `None` means without end.
    pub before: Option<Date>,
}

impl Validity {
    /// Without beginning or end.
    pub const ALWAYS: Self = Self { from: None, before: None };

    /// Whether the day is in it.
    pub fn contains(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.before.is_none_or(|before| date < before)
    }

    /// The last day in it, as people write it.
    pub fn last_day(&self) -> Option<Date> {
        self.before.and_then(|before| before.yesterday().ok())
    }
}
