//! The lake, from outside.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

#[cfg(unix)]
mod cluster;
mod crash;
mod fixture;
mod place;
mod reduce;
mod verify;
