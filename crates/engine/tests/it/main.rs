//! Both programs from outside, side by side as users have them, and a cluster of real processes.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod between;
mod cluster;
mod processes;
mod query;
mod settle;
mod stage;
mod sums;
