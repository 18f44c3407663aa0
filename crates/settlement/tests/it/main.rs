//! Settlement against the auditor, against itself, and against sums that people agreed on.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

mod golden;
mod property;
mod split;
