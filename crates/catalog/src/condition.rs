//! Where, how and when a term holds.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use ident::{PartyId, ProductionId, ReleaseId};
use period::{Date, Month};

use crate::{Contributor, Payees, Role};

/// The uses a term or licence speaks about. An empty set of words means any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Where.
    pub territories: Territories,
    /// The names that files use for some of these territories, and what each stands for.
    pub territory_groups: BTreeMap<String, BTreeSet<String>>,
    /// Services, as reports describe them; empty means any.
    pub services: BTreeSet<String>,
    /// DDEX use types, spelled exactly; empty means any.
    pub use_types: BTreeSet<String>,
    /// DDEX commercial models, spelled exactly; empty means any.
    pub commercial_models: BTreeSet<String>,
    /// Price categories, as reports have them; empty means any.
    pub price_categories: BTreeSet<String>,
    /// Recordings on one of these releases; empty means any.
    pub releases: BTreeSet<ReleaseId>,
    /// Recordings and products of one of these productions; empty means any.
    pub productions: BTreeSet<ProductionId>,
    /// What the payee has one of these roles in; empty means any.
    pub roles: BTreeSet<Role>,
    /// When the listener subscribed, if that is asked; a use of which it is not known is not meant
    /// then. Both ends are the ends of months.
    pub subscribed: Validity,
    /// When.
    pub period: Validity,
}

/// A use, as far as conditions look at it.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// Territory code.
    pub territory: &'a str,
    /// The service, as the report describes it.
    pub service: &'a str,
    /// DDEX use type.
    pub use_type: &'a str,
    /// DDEX commercial model.
    pub commercial_model: &'a str,
    /// The price category, as the report has it.
    pub price_category: &'a str,
    /// The first day of the sale month.
    pub date: Date,
    /// The month in which the listener subscribed, if it is known.
    pub subscribed: Option<Month>,
    /// What was used.
    pub subject: &'a Subject<'a>,
}

/// What was used, as far as conditions look at it.
#[derive(Clone, Debug, Default)]
pub struct Subject<'a> {
    /// The releases it is on.
    pub releases: Vec<&'a ReleaseId>,
    /// The productions it is linked to.
    pub productions: Vec<&'a ProductionId>,
    /// Who took part in it, and in the works that it records.
    pub contributors: Vec<&'a Contributor>,
    /// How many works the release has that it is on; of several releases the smallest number.
    pub works: Option<u64>,
}

impl<'a> Subject<'a> {
    /// The parties with a role in it, each once, in their order.
    pub fn with_role(&self, role: &Role) -> Vec<&'a PartyId> {
        let mut parties: Vec<&PartyId> = Vec::new();
        for it in self.contributors.iter().filter(|it| it.role == *role) {
            if !parties.contains(&&it.party) {
                parties.push(&it.party);
            }
        }
        parties
    }
}

impl Condition {
    /// Whether a use is spoken about, by a term that pays these payees.
    pub fn matches(&self, of: &Use<'_>, payees: &Payees) -> bool {
        let any = |words: &BTreeSet<String>, word: &str| words.is_empty() || words.contains(word);
        self.territories.contains(of.territory)
            && any(&self.services, of.service)
            && any(&self.use_types, of.use_type)
            && any(&self.commercial_models, of.commercial_model)
            && any(&self.price_categories, of.price_category)
            && self.period.contains(of.date)
            && self.subscribed_in(of.subscribed)
            && (self.releases.is_empty()
                || of.subject.releases.iter().any(|it| self.releases.contains(*it)))
            && (self.productions.is_empty()
                || of.subject.productions.iter().any(|it| self.productions.contains(*it)))
            && (self.roles.is_empty() || self.has_role(of.subject, payees))
    }

    /// Whether it depends on what was used, not only on where, when and how.
    pub fn looks_at_subject(&self) -> bool {
        !(self.releases.is_empty() && self.productions.is_empty() && self.roles.is_empty())
    }

    /// Whether listeners who subscribed in a month are meant.
    pub(crate) fn subscribed_in(&self, month: Option<Month>) -> bool {
        self.subscribed == Validity::ALWAYS
            || month.is_some_and(|it| self.subscribed.contains(it.first_day()))
    }

    /// Which of two conditions without payees comes first, where both match: one that asks when the
    /// listener subscribed, then the later `from`.
    pub(crate) fn precedence(&self, other: &Self) -> Ordering {
        let asks = |it: &Self| it.subscribed != Validity::ALWAYS;
        asks(other).cmp(&asks(self)).then(other.period.from.cmp(&self.period.from))
    }

    fn has_role(&self, subject: &Subject<'_>, payees: &Payees) -> bool {
        let mut in_role = subject.contributors.iter().filter(|it| self.roles.contains(&it.role));
        in_role.any(|it| payees.named().any(|party| it.party == *party))
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
