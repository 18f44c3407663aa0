//! A sheet in Korean, with what KOMCA distributes broadcast music by.
//!
//! KOMCA distributes theme, background and signal music of dramas by broadcast time and by what the
//! music contributes. No form of its cue sheet is published that we know of: the columns here are the
//! ones that the public rules speak of, under the words they use, and the rest is ours.

use crate::table::{Column, Table, number, text};
use crate::{Credit, CueSheet, Lookup, UsageCode, clock, clock::short};

const COLUMNS: &[Column] = &[
    number("순번", 6),
    text("음악명", 28),
    text("가수", 22),
    text("작사자", 20),
    text("작곡자", 20),
    text("편곡자", 20),
    text("음악구분", 10),
    text("사용형태", 12),
    text("시작시간", 13),
    text("종료시간", 13),
    text("사용시간", 10),
    text("ISRC", 14),
    text("ISWC", 14),
    text("음원", 18),
];

/// A sheet in Korean columns.
#[must_use]
pub fn komca_table(sheet: &CueSheet, lookup: &Lookup<'_>) -> Table {
    let head = &sheet.head;
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let row = |(at, cue): (u32, &crate::Cue)| {
        let credits = lookup.credits(cue);
        let names = |roles: &[&str]| {
            let of = |it: &&Credit| roles.contains(&it.role.as_str());
            let mut names: Vec<&str> = Vec::new();
            for it in credits.writers.iter().filter(of) {
                if !names.contains(&it.name.as_str()) {
                    names.push(&it.name);
                }
            }
            names.join(" / ")
        };
        let own = |own: &str, known: &str| if own.is_empty() { known } else { own }.to_owned();
        let time = |it: Option<u64>| it.map(clock).unwrap_or_default();
        vec![
            at.to_string(),
            own(&cue.title, &credits.title),
            own(&cue.artist, &credits.artist),
            names(&["A", "CA", "AD", "SA", "TR"]),
            names(&["C", "CA"]),
            names(&["AR", "SR"]),
            cue.code.map_or("", group).to_owned(),
            cue.code.map_or("", UsageCode::korean).to_owned(),
            time(cue.start_ms),
            time(cue.end_ms()),
            short(cue.length_ms),
            credits.isrc.clone(),
            credits.iswcs.join(" "),
            cue.recording.clone(),
        ]
    };
    let rows = (1..).zip(&sheet.cues).map(row).collect();
    let head = vec![
        ("프로그램명", head.title.clone()),
        ("작품 ID", head.production.clone()),
        ("시즌", count(head.season)),
        ("회차", count(head.episode)),
        ("부제", head.episode_title.clone()),
        ("방송일", head.aired.map(|it| it.to_string()).unwrap_or_default()),
        ("방송시간", clock(head.length_ms)),
        ("음악시간", clock(sheet.music_ms())),
        ("작성자", head.provider.clone()),
    ];
    Table { head, columns: COLUMNS, rows, marked: true }
}

/// The three groups of KOMCA's rules (theme, signal, background), and music in the picture.
const fn group(code: UsageCode) -> &'static str {
    match code {
        UsageCode::Theme => "주제음악",
        UsageCode::MainTitle | UsageCode::EndTitle | UsageCode::Logo => "시그널음악",
        UsageCode::BackgroundInstrumental | UsageCode::BackgroundVocal | UsageCode::Background => {
            "배경음악"
        }
        UsageCode::VisualInstrumental
        | UsageCode::VisualVocal
        | UsageCode::FeaturedInstrumental
        | UsageCode::FeaturedVocal
        | UsageCode::VisualSource => "일반음악",
    }
}
