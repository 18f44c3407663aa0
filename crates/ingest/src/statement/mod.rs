//! Statements of sources (shops, distributors, societies) to usage lines, by a spec that says how
//! each source writes. No code knows a source.
//!
//! ```text
//!  spec (TOML) ─┐             ┌─▶ usage line
//!  rows ────────┴─▶ each row ─┼─▶ skipped, with its kind: preamble, header, total, payout ...
//!                             └─▶ quarantined, with the rule
//! ```

mod compose;
mod known;
mod layout;
mod open;
mod personal;
mod read;
mod recognise;
mod spec;
mod territory;
#[cfg(test)]
mod tests;
mod total;

pub use self::known::SHIPPED;
pub use self::open::{Open, Way, open_statement, tell_unread_member};
pub use self::personal::write_without_persons;
pub use self::read::{Statement, Told, ingest_statement};
pub use self::recognise::recognise;
pub use self::spec::{Evidence, Head, SourceSpec, SpecError};
pub use self::total::agrees;

/// A column's name for comparison: white space in one blank, small letters, no byte order mark.
fn key(name: &str) -> String {
    let bare = name.trim_start_matches('\u{feff}').to_lowercase();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}
