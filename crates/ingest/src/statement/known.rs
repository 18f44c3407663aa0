//! The source specs that are shipped.

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$((
            concat!($name, ".toml"),
            include_str!(concat!("../../../../data/sources/", $name, ".toml")),
        )),*]
    };
}

/// The specs that are shipped, file names and texts, in the order of their names.
pub static SHIPPED: &[(&str, &str)] = shipped![
    "apple-music",
    "bandcamp",
    "beatport",
    "believe",
    "believe-ru",
    "cd-baby",
    "distrokid-2018",
    "distrokid-2023",
    "distrokid-2026",
    "fuga",
    "itunes",
    "korean-distributor",
    "licence-fees",
    "orchard",
    "prs",
    "publisher-csv",
    "publisher-csv-2",
    "soundcloud",
    "spotify-licensor",
    "tunecore",
    "youtube",
];
