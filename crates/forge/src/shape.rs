//! Which records a profile is written with, by its version.

use dsr::{Profile, Purpose};

use crate::ForgeError;

/// The records of one version of a profile.
#[derive(Debug)]
pub(crate) struct Shape {
    purpose: Purpose,
    single_record: bool,
    pub(crate) version: &'static str,
    pub(crate) summary: &'static str,
    /// Records of a block before its sales transactions.
    pub(crate) before: &'static [&'static str],
    /// Record of a sales transaction that is no download.
    pub(crate) sale: &'static str,
    /// Record of one that is.
    pub(crate) download: &'static str,
    /// Records behind each sales transaction.
    pub(crate) behind: &'static [&'static str],
}

/// A line of the table below.
macro_rules! shape {
    ($purpose:ident $single:literal $version:literal $summary:literal
        [$($before:literal)*] $sale:literal / $download:literal [$($behind:literal)*]) => {
        Shape {
            purpose: Purpose::$purpose,
            single_record: $single,
            version: $version,
            summary: $summary,
            before: &[$($before),*],
            sale: $sale,
            download: $download,
            behind: &[$($behind),*],
        }
    };
}

/// Every shape; the versions of a profile from old to new.
///
/// The newest version of a profile other than Basic Audio is written with the newest records whose
/// cells are known.
#[rustfmt::skip]
static SHAPES: &[Shape] = &[
    shape!(BasicAudio false "1.0" "SY01" ["RE01" "AS01" "MW01"] "SU02" / "SU01" []),
    shape!(BasicAudio false "1.1" "SY01" ["RE01" "AS02.01"] "SU02" / "SU01" []),
    shape!(BasicAudio false "1.2" "SY01.01" ["RE01" "AS02.02"] "SU02" / "SU01" []),
    shape!(BasicAudio false "1.3" "SY01.02" ["RE01.02" "AS02.03"] "SU02.02" / "SU01.02" []),
    shape!(BasicAudio false "1.4" "SY01.03" ["AS02.03"] "SU02.03" / "SU01.02" []),
    shape!(BasicAudio true "1.2" "SY01.01" [] "SR02" / "SR01" []),
    shape!(BasicAudio true "1.3" "SY01.02" [] "SR02.01" / "SR01.01" []),
    shape!(BasicAudio true "1.4" "SY01.03" [] "SR02.01" / "SR01.01" []),
    shape!(Ugc false "1.0" "SY02" ["AS01" "MW01" "RU01"] "SU03" / "SU03" ["LI01"]),
    shape!(Ugc false "1.1" "SY02.01" ["AS02.01" "RU01"] "SU03.01" / "SU03.01" ["LI01.01"]),
    shape!(Ugc false "1.2" "SY02.02" ["AS02.02" "RU01.01"] "SU03.02" / "SU03.02" ["LI01.02"]),
    shape!(Ugc false "1.3" "SY02.03" ["AS02.03"] "SU03.02" / "SU03.02" []),
    shape!(Ugc true "1.2" "SY02.02" [] "SR03" / "SR03" []),
    shape!(Ugc true "1.3" "SY02.03" [] "SR03.01" / "SR03.01" []),
    shape!(AudioVisual false "1.0" "SY06" ["RE03" "AS03" "CU01" "CU01"] "SU04" / "SU04" []),
    shape!(AudioVisual false "1.1" "SY06.01" ["RE03.01" "AS03.01" "CU01" "CU01"]
        "SU04.01" / "SU04.01" []),
    shape!(AudioVisual false "1.3" "SY06.02" ["RE03.02" "AS03.02" "CU01.01" "CU01.01" "CU02"]
        "SU04.02" / "SU04.02" []),
    shape!(AudioVisual true "1.1" "SY06.01" [] "SR05" / "SR04" []),
    shape!(AudioVisual true "1.3" "SY06.02" [] "SR05.01" / "SR04.01" []),
    shape!(RoyaltyReporting false "1.0" "SY07" ["AS02.01" "RU01"] "SU03.01" / "SU03.01" ["LI01.01"]),
    shape!(RoyaltyReporting false "1.1" "SY07.01" ["AS02.03" "RU01.02"] "SU03.02" / "SU03.02"
        ["LI01.03"]),
    shape!(Financial true "1.0" "SY10" [] "SR08" / "SR08" []),
    shape!(Financial true "1.1" "SY10.01" [] "SR08.01" / "SR08.01" []),
    shape!(RadioBroadcast false "1.0" "SY08" ["AS02.01"] "SU05" / "SU05" []),
    shape!(RadioBroadcast false "1.1" "SY08.02" ["AS02.03"] "SU05.01" / "SU05.01" []),
    shape!(MasterList false "1.0" "SY11" ["AS02.03"] "ML01" / "ML01" []),
    shape!(MasterList false "1.1" "SY11.01" ["AS02.03" "MW02"] "ML01.01" / "ML01.01" []),
    shape!(MasterList true "1.0" "SY11" [] "SR07" / "SR07" []),
    shape!(MasterList true "1.1" "SY11.01" [] "SR07.01" / "SR07.01" []),
];

fn of(profile: Profile) -> impl Iterator<Item = &'static Shape> {
    SHAPES.iter().filter(move |it| {
        it.purpose == profile.purpose && it.single_record == profile.single_record
    })
}

/// The versions of a profile that can be made, from old to new; none for a profile without that
/// block variant.
#[must_use]
pub fn versions(profile: Profile) -> Vec<&'static str> {
    of(profile).map(|it| it.version).collect()
}

/// Every profile that can be made.
#[must_use]
pub fn profiles() -> Vec<Profile> {
    let mut profiles: Vec<Profile> = SHAPES
        .iter()
        .map(|it| Profile { purpose: it.purpose, single_record: it.single_record })
        .collect();
    profiles.dedup();
    profiles
}

pub(crate) fn find(profile: Profile, version: &str) -> Result<&'static Shape, ForgeError> {
    of(profile).find(|it| it.version == version).ok_or_else(|| ForgeError::Version {
        profile: profile.name(),
        version: version.to_owned(),
        known: versions(profile).join(", "),
    })
}
