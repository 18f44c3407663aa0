use expect_test::expect;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr as _;

use super::{cut, padded, step_ms, timeline_svg, timeline_text};
use crate::{Cue, CueSheet, Head, Level, UsageCode};

fn sheet() -> CueSheet {
    let cue = |title: &str, start: u64, end: u64, level| Cue {
        title: title.to_owned(),
        artist: "김소라".to_owned(),
        start_ms: Some(start * 1000),
        length_ms: (end - start) * 1000,
        level,
        code: Some(UsageCode::BackgroundVocal),
        confidence_permille: Some(970),
        ..Cue::default()
    };
    let head =
        Head { title: "강".into(), episode: Some(4), length_ms: 3_900_000, ..Head::default() };
    let mut sheet = CueSheet {
        head,
        cues: vec![
            cue("비와 당신 <remix> & more", 30, 600, Some(Level::Foreground)),
            cue("바람", 500, 900, Some(Level::Background)),
            cue("Sting", 1000, 1003, None),
            Cue { start_ms: None, ..cue("어디선가", 0, 12, None) },
        ],
        doubtful: vec![cue("Maybe", 2000, 2500, None)],
    };
    sheet.number();
    sheet
}

#[test]
fn a_terminal_shows_lanes_marks_and_the_list() {
    expect![[r#"
        강 4: 4 cues, music 14:33 of 1:05:00
        █1█████████       ░
                 ▒2▒▒▒▒▒
                                            ·5········
        ┬──────────┬──────────┬──────────┬──────────┬──────────┬────────────────
        0:00       10:00      20:00      30:00      40:00      50:00
           1  0:30–10:00        BV  97 %    비와 당신 <remix> & more — 김소라
           2  8:20–15:00        BV  97 %    바람 — 김소라
           3  16:40–16:43       BV  97 %    Sting — 김소라
           4  ? +0:12           BV  97 %    어디선가 — 김소라
          ?5  33:20–41:40       BV  97 %    Maybe — 김소라
    "#]]
    .assert_eq(&timeline_text(&sheet(), 72));
}

#[test]
fn a_picture_escapes_what_it_shows() {
    let svg = timeline_svg(&sheet());
    assert!(svg.contains("비와 당신 &lt;remix&gt; &amp; more"));
    assert!(svg.contains("prefers-color-scheme:dark"));
    assert_eq!(svg.matches("<g>").count(), svg.matches("</g>").count());
    // One bar a cue that has a begin.
    assert_eq!(svg.matches("<g>").count(), 4);
}

#[test]
fn steps_are_round() {
    assert_eq!(
        [step_ms(3_900_000, 7), step_ms(90_000, 10), step_ms(90_000_000, 10)],
        [600_000, 10_000, 10_800_000]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

    #[test]
    fn no_line_is_wider_than_asked_for(
        spans in prop::collection::vec((0_u64..9_000_000, 0_u64..900_000, "\\PC{0,40}"), 0..12),
        columns in 60_usize..160,
    ) {
        let cues = spans.into_iter().map(|(start, length_ms, title)| Cue {
            start_ms: Some(start), length_ms, title, ..Cue::default()
        });
        let mut sheet = CueSheet { cues: cues.collect(), ..CueSheet::default() };
        sheet.number();
        let text = timeline_text(&sheet, columns);
        prop_assert!(text.lines().all(|it| it.width() <= columns), "{}", text);
        prop_assert!(timeline_svg(&sheet).ends_with("</svg>\n"));
    }

    #[test]
    fn a_cut_text_fits(text in "\\PC{0,30}", columns in 0_usize..20) {
        prop_assert!(cut(&text, columns).width() <= columns.max(usize::from(columns > 0)));
        prop_assert_eq!(padded(&text, columns).width(), columns);
    }
}
