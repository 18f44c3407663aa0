//! Made-up sheets.

use cue::{Alternative, Cue, CueSheet, Head, Level, Source, Standing, UsageCode};
use proptest::prelude::*;

/// Texts as titles are, with all that a format may trip over, and no control characters.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        "비와 당신",
        "a,b;c\"d\"",
        "=1+1",
        "-5",
        "'=x",
        "''",
        "<b>&amp; --> x</b>",
        "%3D=;",
        "* USAGE: BV",
        "@",
        "x: y",
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "[\\PC&&[^\\p{Z}\\p{C}]]{1,12}",
    ]
}

/// A text that is not empty.
pub(crate) fn name() -> impl Strategy<Value = String> {
    text().prop_map(|it| if it.is_empty() { "x".to_owned() } else { it })
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        Just(Standing::Suggested),
        Just(Standing::Stated),
        (text(), text()).prop_map(|(by, at)| Standing::Confirmed { by, at }),
    ]
}

fn alternatives() -> impl Strategy<Value = Vec<Alternative>> {
    let one = (name(), 0_u16..=1000).prop_map(|(recording, confidence_permille)| Alternative {
        recording,
        confidence_permille,
    });
    prop::collection::vec(one, 0..3)
}

/// A cue with everything.
pub(crate) fn cue() -> impl Strategy<Value = Cue> {
    let what = (name(), text(), text(), alternatives());
    let times =
        (prop::option::of(0_u64..5_000_000), 0_u64..300_000, prop::option::of(-9_000_i64..400_000));
    let sound = (
        prop::option::of(-900_i32..200),
        prop::option::of(prop::sample::select(Level::ALL.to_vec())),
        500_000_u32..2_000_000,
        -500_i32..500,
        prop::option::of(0_u16..=1000),
    );
    let said = (
        prop::option::of(prop::sample::select(UsageCode::ALL.to_vec())),
        standing(),
        prop::sample::select(Source::ALL.to_vec()),
        text(),
        text(),
    );
    (what, times, sound, said).prop_map(|(what, times, sound, said)| Cue {
        id: 0,
        recording: what.0,
        title: what.1,
        artist: what.2,
        alternatives: what.3,
        start_ms: times.0,
        length_ms: times.1,
        in_ms: times.2,
        level_tenths_db: sound.0,
        level: sound.1,
        tempo_ppm: sound.2,
        pitch_cents: sound.3,
        confidence_permille: sound.4,
        code: said.0,
        standing: said.1,
        source: said.2,
        reason: said.3,
        note: said.4,
    })
}

/// A sheet with everything; a programme of no length tells of no cue beyond it.
pub(crate) fn sheet() -> impl Strategy<Value = CueSheet> {
    let head =
        (name(), name(), text(), text(), prop::option::of(1_u16..99), prop::option::of(1_u16..99));
    let cues = prop::collection::vec(cue(), 0..6);
    (head, cues, prop::collection::vec(cue(), 0..3), any::<bool>()).prop_map(
        |(head, cues, doubtful, aired)| {
            let mut sheet = CueSheet {
                head: Head {
                    production: head.0,
                    title: head.1,
                    episode_title: head.2,
                    provider: head.3,
                    season: head.4,
                    episode: head.5,
                    aired: aired.then(|| period::parse_date("2016-12-02").unwrap()),
                    length_ms: 6_000_000,
                },
                cues,
                doubtful,
            };
            sheet.number();
            sheet
        },
    )
}
