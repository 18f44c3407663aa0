//! Cue sheets that others made. A line that cannot be read is told in a finding, and the rest goes on.

mod dsr_report;
mod edl;
mod own;
mod row;
mod table;
mod vtt;
mod words;

use finding::{Finding, Position};

use crate::rule::FORM;
use crate::{CueSheet, FrameRate};

pub use dsr_report::import_dsr;
pub use edl::import_edl;
pub use table::import_table;
pub use vtt::import_vtt;

/// A sheet that was read, and what is wrong or doubtful in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// What could be read.
    pub sheet: CueSheet,
    /// What is wrong or doubtful, in the order of the file.
    pub findings: Vec<Finding>,
}

/// The most cues that are read from a sheet; a programme has some dozens.
pub const CUES_MAX: usize = 20_000;

/// Reads a sheet of whatever form, told by its first bytes: WebVTT, an edit decision list, DSR records
/// (the cues of the first programme; [`import_dsr`] has them all), a workbook, or a table.
///
/// `rate` is that of an edit decision list, which does not tell it.
#[must_use]
pub fn import(name: &str, bytes: &[u8], rate: FrameRate) -> Imported {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let begins = |it: &str| {
        let head = start.get(..it.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(it.as_bytes())
    };
    if begins("WEBVTT") {
        import_vtt(name, bytes)
    } else if begins("TITLE:") || begins("FCM:") {
        import_edl(name, bytes, rate)
    } else if begins("HEAD\t") || begins("AS03") || begins("#HEAD") {
        let (mut sheets, findings) = import_dsr(name, bytes);
        let sheet = if sheets.is_empty() { CueSheet::default() } else { sheets.swap_remove(0) };
        Imported { sheet, findings }
    } else {
        import_table(name, bytes)
    }
}

/// The finding for a file that is no sheet of the form that was asked for.
fn no_form(name: &str, why: &str) -> Finding {
    FORM.finding(why).at(Position::of_file(name))
}

/// The place of a line.
fn at(name: &str, line: u64) -> Position {
    Position { line, ..Position::of_file(name) }
}
