//! What a table says of a record and of its cells.

use super::field::Field;

/// What a cell holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The record type itself.
    Code,
    /// Free text, an id or a reference.
    Text,
    /// A whole number.
    Integer,
    /// A decimal number without exponent.
    Decimal,
    /// `TRUE` or `FALSE`.
    Boolean,
    /// An ISO 8601 calendar date.
    Date,
    /// An RFC 3339 date and time.
    DateTime,
    /// An ISO 8601 duration.
    Duration,
    /// An ISRC.
    Isrc,
    /// An ISWC.
    Iswc,
    /// An ICPN.
    Icpn,
    /// A party id: a DPID, or another id with its namespace.
    Party,
    /// An ISO 4217 currency.
    Currency,
    /// A territory code.
    Territory,
    /// A commercial model.
    CommercialModel,
    /// A use type.
    UseType,
    /// A right.
    RightsType,
    /// A type of resource.
    ResourceType,
    /// A type of release.
    ReleaseType,
    /// A type of audio-visual resource.
    VideoType,
    /// The name of a profile.
    Profile,
}

/// Whether a cell must be filled.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Must,
    /// An older version of the record says it must; for this version we only suppose so.
    Presumed,
    /// It may stay empty.
    May,
}

/// One cell of a record type.
#[derive(Copy, Clone, Debug)]
pub struct CellSpec {
    /// Its canonical name.
    pub field: Field,
    /// Its name in this version.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be filled.
    pub need: Need,
    /// Whether it may hold several values.
    pub many: bool,
}

/// One version of a record type.
#[derive(Debug)]
pub struct RecordSpec {
    /// The record type without its version, `SU02`.
    pub code: [u8; 4],
    /// The version: 2 for `SU02.02`, 0 for `SU02`.
    pub version: u8,
    /// The cells in order, the record type first.
    pub cells: &'static [CellSpec],
    index: [u8; Field::COUNT],
}

/// What a reference within a block leads to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A release, or a part of one.
    Release,
    /// A resource.
    Resource,
}

const ABSENT: u8 = u8::MAX;

impl RecordSpec {
    pub(super) const fn new(code: [u8; 4], version: u8, cells: &'static [CellSpec]) -> Self {
        let mut index = [ABSENT; Field::COUNT];
        let mut at: u8 = 0;
        while (at as usize) < cells.len() {
            let field = cells[at as usize].field as usize;
            if index[field] == ABSENT {
                index[field] = at;
            }
            at += 1;
        }
        Self { code, version, cells, index }
    }

    /// The place of a cell in the record, 0-based.
    #[must_use]
    pub const fn index(&self, field: Field) -> Option<usize> {
        match self.index[field as usize] {
            ABSENT => None,
            at => Some(at as usize),
        }
    }

    /// The code as text, `SU02`.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("????")
    }

    /// Whether it is a sales transaction: it says how often something was used.
    #[must_use]
    pub const fn is_sale(&self) -> bool {
        matches!(
            &self.code,
            b"SU01"
                | b"SU02"
                | b"SU03"
                | b"SU04"
                | b"SU05"
                | b"SU06"
                | b"SR01"
                | b"SR02"
                | b"SR03"
                | b"SR04"
                | b"SR05"
                | b"SR06"
                | b"SR08"
        )
    }

    /// What other records of the block can refer to by the reference in this one.
    #[must_use]
    pub const fn defines(&self) -> Option<(Target, Field)> {
        match &self.code {
            b"RE01" | b"RE02" | b"RE03" | b"RE04" => {
                Some((Target::Release, Field::ReleaseReference))
            }
            b"AS01" | b"AS02" | b"AS03" | b"AS04" | b"AS05" | b"AS06" | b"LC01" => {
                Some((Target::Resource, Field::ResourceReference))
            }
            _ => None,
        }
    }

    /// How the first cell names this version: `SU02`, `SU02.02`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.version == 0 {
            self.code().to_owned()
        } else {
            format!("{}.{:02}", self.code(), self.version)
        }
    }
}

const fn cell(field: Field, name: &'static str, kind: Kind, need: Need, many: bool) -> CellSpec {
    CellSpec { field, name, kind, need, many }
}

pub(super) const fn must(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::Must, false)
}

pub(super) const fn must_many(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::Must, true)
}

pub(super) const fn presumed(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::Presumed, false)
}

pub(super) const fn presumed_many(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::Presumed, true)
}

pub(super) const fn may(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::May, false)
}

pub(super) const fn may_many(field: Field, name: &'static str, kind: Kind) -> CellSpec {
    cell(field, name, kind, Need::May, true)
}
