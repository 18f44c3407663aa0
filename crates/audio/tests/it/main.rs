//! Sound files as they come: in order, bent, and by rate.

mod formats;
mod strangers;

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}

/// A file of `tests/data`.
fn file(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name))
        .expect("it is kept beside the tests")
}
