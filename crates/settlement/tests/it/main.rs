//! Settlement against the auditor, against itself, and against sums that people agreed on.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod exchange;
mod golden;
mod property;
mod split;
mod story;
mod terms;

/// How many cases a property is asked for: `LEITMOTIF_CASES`, or so few that the suite stays quick.
fn cases(few: u32) -> u32 {
    std::env::var("LEITMOTIF_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(few)
}
