//! A witness in a folder, and the asking of one.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod asking;
mod folder;
mod log;
mod stranger;
