//! Both programs from outside, side by side as users have them, and a cluster of real processes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop where it stands, and says what it measured"
)]

mod cluster;
mod query;
mod stage;
mod sums;
