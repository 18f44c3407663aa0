//! The door, knocked at over real sockets.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cosigning;
mod visitors;
