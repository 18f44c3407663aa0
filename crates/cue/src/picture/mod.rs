//! A sheet as a picture of its programme: what sounds when, for a page and for a terminal.

mod svg;
mod terminal;

use unicode_width::UnicodeWidthStr as _;

pub use svg::timeline_svg;
pub use terminal::timeline_text;

use crate::CueSheet;

/// How long the axis is: the programme, or up to the last cue where its length is not told.
fn axis_ms(sheet: &CueSheet) -> u64 {
    let all = sheet.cues.iter().chain(&sheet.doubtful);
    let last = all.filter_map(crate::Cue::end_ms).max().unwrap_or(0);
    sheet.head.length_ms.max(last).max(1)
}

/// A distance between marks on the axis so that there are at most so many of them.
fn step_ms(axis_ms: u64, marks_max: u64) -> u64 {
    const STEPS: [u64; 11] = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800];
    let fits = |it: &u64| axis_ms / (it * 1000) <= marks_max;
    let hours = || (1..).map(|it| it * 3600).find(fits).unwrap_or(u64::MAX / 1000);
    STEPS.into_iter().find(fits).unwrap_or_else(hours) * 1000
}

/// A text cut to so many columns, of which Hangul takes two; what is cut ends in `…`.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let text = crate::table::plain(text);
    if text.width() <= columns {
        return text;
    }
    let mut out = String::new();
    for letter in text.chars() {
        // Whole texts are measured: letters that join are not as wide as their parts.
        out.push(letter);
        if out.width() >= columns {
            out.pop();
            break;
        }
    }
    if columns > 0 { out + "…" } else { String::new() }
}

/// A text cut or filled to so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let space = columns.saturating_sub(text.width());
    text + &" ".repeat(space)
}

#[cfg(test)]
mod tests;
