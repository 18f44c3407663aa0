//! Keeps panics of code that is not ours inside.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// The code gave up; what it worked on must not be used again.
#[derive(Debug)]
pub(crate) struct GaveUp;

/// Calls decoders; a panic of theirs is an answer.
pub(crate) fn guarded<T>(ask: impl FnOnce() -> T) -> Result<T, GaveUp> {
    catch_unwind(AssertUnwindSafe(ask)).map_err(|_| GaveUp)
}
