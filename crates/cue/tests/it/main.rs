//! Sheets written and read again, and sheets of others.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod foreign;
mod made;
mod round_trip;

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}
