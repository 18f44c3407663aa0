//! The sheet that ASCAP and BMI ask for.
//!
//! What they ask for is public: the programme's head; and of each cue its place, title, usage, length,
//! writers and publishers with their society and share. The names and order of the columns are ours,
//! after sheets that composers publish; it is not the upload template of `RapidCue`, which asks for
//! the same in its own cells. Time in and time out are ours too: they let the sheet be read back exactly.

use crate::table::{Column, Table, number, text};
use crate::{Credit, CueSheet, Lookup, clock, clock::short};

const COLUMNS: &[Column] = &[
    number("Seq #", 6),
    text("Cue Title", 28),
    text("Usage", 7),
    text("Duration", 10),
    text("Time In", 13),
    text("Time Out", 13),
    text("Composer", 24),
    text("Role", 6),
    text("Composer Affiliation", 12),
    text("Composer IPI", 14),
    text("Composer Share", 10),
    text("Publisher", 24),
    text("Publisher Affiliation", 12),
    text("Publisher IPI", 14),
    text("Publisher Share", 10),
    text("Artist", 22),
    text("ISRC", 14),
    text("ISWC", 14),
    text("Recording", 18),
];

/// A sheet as the societies of the United States ask for it.
///
/// A cue has a row, and one more for each further writer or publisher. Shares of writers and of publishers each add up to 100; where the
/// catalogue does not tell them, they are left empty, not guessed.
#[must_use]
pub fn pro_table(sheet: &CueSheet, lookup: &Lookup<'_>) -> Table {
    let head = &sheet.head;
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let mut rows = Vec::new();
    for (at, cue) in (1..).zip(&sheet.cues) {
        let at: u32 = at;
        let credits = lookup.credits(cue);
        let title = if cue.title.is_empty() { &credits.title } else { &cue.title };
        let artist = if cue.artist.is_empty() { &credits.artist } else { &cue.artist };
        let time = |it: Option<u64>| it.map(clock).unwrap_or_default();
        let lines = credits.writers.len().max(credits.publishers.len()).max(1);
        for line in 0..lines {
            let first = |it: String| if line == 0 { it } else { String::new() };
            let writer = cells(credits.writers.get(line));
            let [publisher, _, affiliation, ipi, share] = cells(credits.publishers.get(line));
            let mut row = vec![
                first(at.to_string()),
                first(title.clone()),
                first(cue.code.map(|it| it.to_string()).unwrap_or_default()),
                first(short(cue.length_ms)),
                first(time(cue.start_ms)),
                first(time(cue.end_ms())),
            ];
            row.extend(writer);
            row.extend([publisher, affiliation, ipi, share]);
            row.extend([
                first(artist.clone()),
                first(credits.isrc.clone()),
                first(credits.iswcs.join(" ")),
                first(cue.recording.clone()),
            ]);
            rows.push(row);
        }
    }
    let head = vec![
        ("Series / Film Title", head.title.clone()),
        ("Production Id", head.production.clone()),
        ("Season", count(head.season)),
        ("Episode Number", count(head.episode)),
        ("Episode Title", head.episode_title.clone()),
        ("Air Date", head.aired.map(|it| it.to_string()).unwrap_or_default()),
        ("Show Length", clock(head.length_ms)),
        ("Music Length", clock(sheet.music_ms())),
        ("Prepared By", head.provider.clone()),
    ];
    Table { head, columns: COLUMNS, rows, marked: true }
}

/// Name, role, society, IPI and share.
fn cells(credit: Option<&Credit>) -> [String; 5] {
    let Some(Credit { name, role, society, ipi, share }) = credit else {
        return Default::default();
    };
    [name, role, society, ipi, share].map(Clone::clone)
}
