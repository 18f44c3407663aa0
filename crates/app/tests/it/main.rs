//! The use cases from outside: stories that an accountant wrote, and what must hold whatever comes.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop where it stands, and says what it skips"
)]

mod audited;
mod bundle;
mod correct;
mod guards;
mod import;
mod late;
mod payments;
mod payout;
mod preview;
mod proof;
mod publish;
mod scenarios;
mod settle;
mod shared;
mod sources;
mod split;
mod stage;
