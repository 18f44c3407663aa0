//! What a scheduler or an executor says while it runs.

use std::io::{Write as _, stderr};

use log::{LevelFilter, Log, Metadata, Record};

struct Stderr;

impl Log for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::max_level()
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            drop(writeln!(stderr(), "{} {}: {}", record.level(), record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

/// Reads the name of a level.
pub(crate) fn level(name: &str) -> Result<LevelFilter, String> {
    name.parse().map_err(|_| "off, error, warn, info, debug or trace".to_owned())
}

/// Lets messages of a level, and graver ones, out on standard error.
pub(crate) fn begin(level: LevelFilter) {
    if log::set_logger(&Stderr).is_ok() {
        log::set_max_level(level);
    }
}
