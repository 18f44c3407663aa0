use catalog::Catalog;
use expect_test::expect;
use proptest::prelude::*;

use super::{Tolerance, compare};
use crate::{Alternative, Comparison, Cue, CueSheet, Lookup, UsageCode};

/// `recording start-end code`, times in seconds; `?` before a length for a begin that is not told.
fn sheet(text: &str) -> CueSheet {
    let one = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |it: &str| it.parse::<u64>().unwrap() * 1000;
        let (start_ms, length_ms) = match words[1].split_once('-') {
            Some((start, end)) => (Some(number(start)), number(end) - number(start)),
            None => (None, number(&words[1][1..])),
        };
        let recording = words[0].trim_start_matches('~').to_owned();
        let (recording, title) = if words[0].starts_with('~') {
            (String::new(), recording)
        } else {
            (recording.clone(), recording)
        };
        let code = words.get(2).and_then(|it| UsageCode::parse(it));
        Cue { start_ms, length_ms, recording, title, code, ..Cue::default() }
    };
    let cues = text.trim().lines().map(one).collect();
    let mut sheet = CueSheet { cues, ..CueSheet::default() };
    sheet.number();
    sheet
}

fn compared(found: &CueSheet, delivered: &CueSheet) -> Comparison {
    let catalog = Catalog::default();
    compare(found, delivered, &Lookup::new(&catalog, &[]), Tolerance::default())
}

#[test]
fn what_was_forgotten_and_what_is_not_heard() {
    let mut found = sheet(
        "rain 10-70 BV
         rain 100-130 BI
         wind 200-230 BI
         sun 300-320 BI
         moon 400-430 BG
         sea 500-520 BI
         sea 530-560 BI",
    );
    found.doubtful.push(Cue { id: 90, ..found.cues[0].clone() });
    let delivered = sheet(
        "~Rain 12-69 VV
         rain 105-130 BV
         storm 199-231 BI
         moon ?45 VS
         sea 500-560 BI
         star 700-730 BI",
    );
    let comparison = compared(&found, &delivered);
    expect![[r#"
        Heard, and not on the delivered sheet: 1 (0:20)
          4/–          5:00    0:20  sun

        On the delivered sheet, and not heard: 1 (0:30)
          –/5         11:40    0:30  star

        Other music heard than delivered: 1 (0:32)
          3/3          3:20    0:32  wind (delivered: storm)

        On both sheets, but not alike: 3 (2:15)
          2/2          1:40    0:30  rain                          begins 5.0 s later, BV instead…
          5/6          6:40    0:45  moon                          15.0 s longer
          7/4          8:50    1:00  sea                           begins 30.0 s earlier

        Heard as a part of a longer delivered cue: 1 (0:20)
          6/4          8:20    0:20  sea

        Agreed: 1
          heard                3:40
          delivered            4:09
          both                 2:42
          heard only           0:58
          delivered only       1:27
    "#]]
    .assert_eq(&comparison.to_text(90));
    assert!(comparison.to_json().contains(r#""verdict":"other-recording""#));
}

#[test]
fn what_it_may_be_is_no_other() {
    let mut found = sheet("rain 10-70");
    let it = Alternative { recording: "rain-inst".to_owned(), confidence_permille: 300 };
    found.cues[0].alternatives.push(it);
    let comparison = compared(&found, &sheet("rain-inst 10-70"));
    assert_eq!(comparison.sums.both_ms, 60_000);
    assert_eq!(comparison.rows.len(), 1);
}

fn any_sheet() -> impl Strategy<Value = CueSheet> {
    let name = prop::sample::select(vec!["rain", "wind", "sun", ""]);
    let one = (name, prop::option::of(0_u64..500_000), 0_u64..60_000);
    prop::collection::vec(one, 0..12).prop_map(|cues| {
        let cues = cues.into_iter().map(|(name, start_ms, length_ms)| Cue {
            recording: name.to_owned(),
            title: format!("t{name}"),
            start_ms,
            length_ms,
            ..Cue::default()
        });
        let mut sheet = CueSheet { cues: cues.collect(), ..CueSheet::default() };
        sheet.number();
        sheet
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

    #[test]
    fn every_cue_has_one_row_and_the_sums_close(found in any_sheet(), delivered in any_sheet()) {
        let it = compared(&found, &delivered);
        let length = |sheet: &CueSheet| sheet.cues.iter().map(|it| it.length_ms).sum::<u64>();
        prop_assert_eq!(it.sums.found_ms, length(&found));
        prop_assert_eq!(it.sums.delivered_ms, length(&delivered));
        prop_assert_eq!(it.rows.iter().filter(|it| it.found.is_some()).count(), found.cues.len());
        let same = compared(&found, &found);
        prop_assert!(same.rows.iter().all(|it| it.verdict == super::Verdict::Agreed));
        prop_assert_eq!(same.sums.found_only_ms, 0);
    }
}
