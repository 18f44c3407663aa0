//! Which cells a record has: static tables by record type and version.
//!
//! The tables hold facts only, the names and the order of cells. A version that no table knows is
//! read with the nearest older table, because newer versions append cells; the caller is told.

mod accounting;
pub(crate) mod avs;
mod field;
mod financial;
mod head;
mod list;
mod received;
mod resource;
mod sales;
mod sales_more;
mod single;
mod single_ugc;
mod single_video;
mod spec;
mod summary;
mod summary_more;
mod summary_royalty;
mod video;
mod work;

pub use field::Field;
pub use spec::{CellSpec, Kind, Need, RecordSpec, Target};

/// All tables.
pub fn tables() -> impl Iterator<Item = &'static RecordSpec> {
    [
        head::TABLE,
        summary::TABLE,
        summary_more::TABLE,
        accounting::TABLE,
        financial::TABLE,
        resource::TABLE,
        work::TABLE,
        sales::TABLE,
        single::TABLE,
        single_ugc::TABLE,
        summary_royalty::TABLE,
        video::TABLE,
        received::TABLE,
        sales_more::TABLE,
        single_video::TABLE,
        list::TABLE,
    ]
    .into_iter()
    .flatten()
}

/// What a first cell names.
#[derive(Copy, Clone, Debug, Default)]
pub enum Lookup {
    /// A record type in exactly this version.
    Exact(&'static RecordSpec),
    /// A known record type in an unknown version, with the nearest table.
    Nearest(&'static RecordSpec),
    /// A record agreed between two parties, `DExx`.
    Deal,
    /// Nothing known.
    #[default]
    Unknown,
}

impl Lookup {
    /// The table to read the record with.
    #[must_use]
    pub const fn spec(self) -> Option<&'static RecordSpec> {
        match self {
            Self::Exact(spec) | Self::Nearest(spec) => Some(spec),
            Self::Deal | Self::Unknown => None,
        }
    }
}

/// Finds the table for a first cell such as `SU02.02`.
#[must_use]
pub fn lookup(first: &[u8]) -> Lookup {
    let Some((code, version)) = split(first) else {
        return Lookup::Unknown;
    };
    let Some(family) = family(code) else {
        return match code {
            [b'D', b'E', _, _] => Lookup::Deal,
            _ => Lookup::Unknown,
        };
    };
    let mut nearest = None;
    for spec in family.iter().filter(|spec| spec.code == *code) {
        if spec.version == version {
            return Lookup::Exact(spec);
        }
        if nearest.is_none() || spec.version < version {
            nearest = Some(spec);
        }
    }
    nearest.map_or(Lookup::Unknown, Lookup::Nearest)
}

/// Finds the table of exactly this name.
#[must_use]
pub fn spec(name: &str) -> Option<&'static RecordSpec> {
    match lookup(name.as_bytes()) {
        Lookup::Exact(spec) => Some(spec),
        _ => None,
    }
}

fn split(first: &[u8]) -> Option<(&[u8; 4], u8)> {
    let (code, rest) = first.split_first_chunk::<4>()?;
    match rest {
        [] => Some((code, 0)),
        [b'.', tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => {
            Some((code, (tens - b'0') * 10 + (ones - b'0')))
        }
        _ => None,
    }
}

fn family(code: &[u8; 4]) -> Option<&'static [RecordSpec]> {
    Some(match code {
        b"HEAD" | b"SRHE" | b"FOOT" | b"SRFO" => head::TABLE,
        b"SY01" | b"SY02" | b"SY03" => summary::TABLE,
        b"SY04" | b"SY05" | b"SY09" | b"SY12" => summary_more::TABLE,
        b"SY06" | b"SY07" | b"SY08" => summary_royalty::TABLE,
        b"SY10" => accounting::TABLE,
        b"SR08" => financial::TABLE,
        b"RE01" | b"RE02" | b"AS01" | b"AS02" => resource::TABLE,
        b"MW01" | b"LC01" | b"LI01" => work::TABLE,
        b"SU01" | b"SU02" | b"SU03" | b"RU01" | b"RU02" | b"ST01" => sales::TABLE,
        b"SR01" | b"SR02" => single::TABLE,
        b"SR03" | b"SR06" => single_ugc::TABLE,
        b"SR04" | b"SR05" => single_video::TABLE,
        b"SU04" | b"SU05" | b"SU06" => sales_more::TABLE,
        b"RE03" | b"AS03" | b"CU01" | b"CU02" => video::TABLE,
        b"RE04" | b"AS04" | b"AS05" | b"AS06" | b"RC01" => received::TABLE,
        b"SY11" | b"ML01" | b"MW02" | b"SR07" => list::TABLE,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_found_by_its_own_name() {
        for spec in tables() {
            let found = lookup(spec.name().as_bytes());
            assert!(
                matches!(found, Lookup::Exact(it) if std::ptr::eq(it, spec)),
                "{}",
                spec.name()
            );
            for (at, cell) in spec.cells.iter().enumerate() {
                // Two cells of one name cannot both be asked for.
                let is_deprecated = cell.field == Field::Deprecated;
                assert!(is_deprecated || spec.index(cell.field) == Some(at), "{}", spec.name());
            }
        }
    }

    #[test]
    fn names_vary_and_the_field_stays() {
        for (name, field, cell) in [
            ("AS01", Field::Isrc, "ISRC"),
            ("SR08", Field::Isrc, "ResourceISRC"),
            ("AS02.03", Field::Isrc, "ResourceISRC"),
            ("RE01", Field::Icpn, "ICPN"),
            ("RE01.02", Field::Icpn, "ReleaseICPN"),
            ("SY01", Field::TotalUsages, "Usages"),
            ("SY01.03", Field::CommercialModel, "CommercialModelType"),
            ("SU02.03", Field::Usages, "NumberOfStreams"),
            ("SR08", Field::Usages, "TotalUsages"),
        ] {
            let spec = spec(name).unwrap();
            assert_eq!(spec.cells[spec.index(field).unwrap()].name, cell, "{name}");
        }
    }

    #[test]
    fn unknown_versions_take_the_nearest_older_table() {
        for (name, expected) in [
            ("SU02.09", "SU02.03"),
            ("SU02.01", "SU02"),
            ("RE02.01", "RE02"),
            ("SY01.04", "SY01.03"),
        ] {
            let Lookup::Nearest(found) = lookup(name.as_bytes()) else { panic!("{name}") };
            assert_eq!(found.name(), expected);
        }
        assert!(matches!(lookup(b"DE07"), Lookup::Deal));
        for unknown in [&b"FHEA"[..], b"", b"SU", b"SU02.2", b"SU02.022", "éé".as_bytes()] {
            assert!(matches!(lookup(unknown), Lookup::Unknown), "{unknown:?}");
        }
    }
}
