//! People and organisations, and the parts they play.

use std::fmt;

use envelope::Recipient;
use ident::{Dpid, Ipi, Isni, PartyId};
use money::Ratio;

use crate::{Payment, Texts, Validity};

/// A person, group or organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Our own id.
    pub id: PartyId,
    /// What it is.
    pub kind: PartyKind,
    /// Its names by language; at least one.
    pub names: Texts,
    /// In which language it reads its statements: a tag of BCP 47, e.g. `ko`.
    pub language: Option<String>,
    /// IPI name number (CISAC).
    pub ipi: Option<Ipi>,
    /// ISNI (ISO 27729).
    pub isni: Option<Isni>,
    /// DDEX party id.
    pub dpid: Option<Dpid>,
    /// The society that collects for it, as cue sheets and registrations call it: `KOMCA`, `BMI`.
    pub society: Option<String>,
    /// To whom its receipts are sealed in a bundle.
    pub receipt_key: Option<Recipient>,
    /// Whom its money goes to, after what is kept back from it: the members of a band, the heirs of an
    /// estate. Empty if it is paid itself.
    pub members: Vec<Member>,
    /// How it is paid.
    pub payment: Payment,
}

/// A member of a party, with its part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub party: PartyId,
    /// Its part, in proportion to those of the others that are members on the same day.
    pub weight: u64,
    /// Since when, until when: the last day of a period decides.
    pub period: Validity,
}

/// What a party is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// One human being.
    Person,
    /// Several people under one name.
    Group,
    /// A company, society or public body.
    Organisation,
}

impl PartyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Person, Self::Group, Self::Organisation];

    /// The word used in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Group => "group",
            Self::Organisation => "organisation",
        }
    }
}

/// A party and the role it has in a work or recording.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contributor {
    /// Who.
    pub party: PartyId,
    /// As what.
    pub role: Role,
    /// Its share of the whole, where that is known. It pays nobody: agreements do. Cue sheets and
    /// registrations tell it.
    pub share: Option<Ratio>,
}

/// A role: an open list of words, CISAC codes for works and DDEX words for recordings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Role(String);

impl Role {
    /// The roles CISAC defines for works.
    pub const OF_WORKS: [&'static str; 12] =
        ["A", "AD", "AM", "AR", "C", "CA", "E", "PA", "SA", "SE", "SR", "TR"];

    /// Takes a word of ASCII letters and digits that starts with a letter, 1 to 60 long.
    pub fn parse(text: &str) -> Option<Self> {
        let word = (1..=60).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric());
        word.then(|| Self(text.to_owned()))
    }

    /// The word.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether CISAC defines it for works.
    pub fn is_of_works(&self) -> bool {
        Self::OF_WORKS.contains(&self.as_str())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
