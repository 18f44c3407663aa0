//! Our own table: all that a sheet holds, to the millisecond.

use crate::export::decimal;
use crate::table::{Column, Table, number, text};
use crate::{Alternative, Cue, CueSheet, Standing, clock};

/// The columns, as they are written.
const COLUMNS: &[Column] = &[
    number("id", 6),
    text("list", 9),
    text("start", 13),
    text("end", 13),
    text("length", 13),
    text("recording", 18),
    text("title", 28),
    text("artist", 22),
    text("usage", 7),
    text("standing", 11),
    text("confirmed_by", 14),
    text("confirmed_at", 20),
    text("reason", 40),
    text("level", 11),
    number("level_db", 9),
    number("in_ms", 10),
    number("tempo", 10),
    number("pitch_cents", 11),
    number("confidence", 10),
    text("alternatives", 24),
    text("source", 9),
    text("note", 40),
];

/// A sheet as our own table: [`crate::import_table`] reads the same sheet from its CSV, as long as no
/// text has a control character in it.
#[must_use]
pub fn own_table(sheet: &CueSheet) -> Table {
    let head = &sheet.head;
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let head = vec![
        ("production", head.production.clone()),
        ("title", head.title.clone()),
        ("season", count(head.season)),
        ("episode", count(head.episode)),
        ("episode_title", head.episode_title.clone()),
        ("aired", head.aired.map(|it| it.to_string()).unwrap_or_default()),
        ("length", clock(head.length_ms)),
        ("provider", head.provider.clone()),
    ];
    let sure = sheet.cues.iter().map(|it| row(it, "cue"));
    let rows = sure.chain(sheet.doubtful.iter().map(|it| row(it, "doubtful"))).collect();
    Table { head, columns: COLUMNS, rows, marked: false }
}

fn row(cue: &Cue, list: &str) -> Vec<String> {
    let (by, at) = match &cue.standing {
        Standing::Confirmed { by, at } => (by.clone(), at.clone()),
        Standing::Suggested | Standing::Stated => (String::new(), String::new()),
    };
    let time = |it: Option<u64>| it.map(clock).unwrap_or_default();
    let parts = |it: i64, places| decimal(it, places);
    vec![
        cue.id.to_string(),
        list.to_owned(),
        time(cue.start_ms),
        time(cue.end_ms()),
        clock(cue.length_ms),
        cue.recording.clone(),
        cue.title.clone(),
        cue.artist.clone(),
        cue.code.map(|it| it.to_string()).unwrap_or_default(),
        cue.standing.as_str().to_owned(),
        by,
        at,
        cue.reason.clone(),
        cue.level.map_or("", |it| it.as_str()).to_owned(),
        cue.level_tenths_db.map(|it| parts(it.into(), 1)).unwrap_or_default(),
        cue.in_ms.map(|it| it.to_string()).unwrap_or_default(),
        parts(cue.tempo_ppm.into(), 6),
        cue.pitch_cents.to_string(),
        cue.confidence_permille.map(|it| parts(it.into(), 3)).unwrap_or_default(),
        alternatives(&cue.alternatives),
        cue.source.as_str().to_owned(),
        cue.note.clone(),
    ]
}

/// `ZZAAA2100001=0.200;other=0.100`; what divides them is escaped within a label.
fn alternatives(them: &[Alternative]) -> String {
    let one = |it: &Alternative| {
        let label = it.recording.replace('%', "%25").replace(';', "%3B").replace('=', "%3D");
        format!("{label}={}", decimal(it.confidence_permille.into(), 3))
    };
    them.iter().map(one).collect::<Vec<_>>().join(";")
}
