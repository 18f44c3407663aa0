use expect_test::{Expect, expect};

use super::{Act, DecideError, Decision, Review};
use crate::{Cue, CueSheet, UsageCode};

fn cue(recording: &str, start: u64, end: u64) -> Cue {
    let recording = recording.to_owned();
    Cue { recording, start_ms: Some(start), length_ms: end - start, ..Cue::default() }
}

fn sheet(cues: Vec<Cue>, doubtful: Vec<Cue>) -> CueSheet {
    let mut sheet = CueSheet { cues, doubtful, ..CueSheet::default() };
    sheet.number();
    sheet
}

fn by_kim(act: Act) -> Decision {
    let [by, at, why] = ["kim", "2026-11-26", ""].map(str::to_owned);
    Decision { by, at, why, act }
}

fn review() -> Review {
    Review::new(sheet(
        vec![cue("A", 0, 100), cue("B", 50, 200), cue("A", 300, 400)],
        vec![cue("C", 220, 280)],
    ))
}

fn shown(sheet: &CueSheet) -> String {
    let line = |it: &Cue, list: &str| {
        let code = it.code.map_or("--", UsageCode::as_str);
        let (start, end) = it.span().unwrap_or_default();
        format!("{list}{} {} {start}-{end} {code} {}\n", it.id, it.recording, it.standing.as_str())
    };
    let sure = sheet.cues.iter().map(|it| line(it, ""));
    sure.chain(sheet.doubtful.iter().map(|it| line(it, "?"))).collect()
}

fn check(acts: Vec<Act>, expect: Expect) {
    let mut review = review();
    for act in acts {
        review.decide(by_kim(act)).unwrap();
    }
    expect.assert_eq(&shown(&review.now()));
    let text = serde_json::to_string(&review).unwrap();
    assert_eq!(serde_json::from_str::<Review>(&text).unwrap(), review);
}

#[test]
fn what_is_decided_holds_until_it_is_taken_back() {
    check(
        vec![
            Act::Confirm(4),
            Act::Code(1, UsageCode::VisualVocal),
            Act::Reject(2),
            Act::Move(3, 290, 410),
            Act::Reject(1),
            Act::Undo,
        ],
        expect![[r#"
            1 A 0-100 VV confirmed
            4 C 220-280 -- confirmed
            3 A 290-410 -- confirmed
        "#]],
    );
}

#[test]
fn a_number_is_never_given_twice() {
    check(
        vec![
            Act::Add(Box::new(cue("D", 1, 2))),
            Act::Undo,
            Act::Add(Box::new(cue("E", 3, 4))),
            Act::Code(6, UsageCode::Logo),
        ],
        expect![[r#"
            1 A 0-100 -- suggested
            6 E 3-4 LG confirmed
            2 B 50-200 -- suggested
            3 A 300-400 -- suggested
            ?4 C 220-280 -- suggested
        "#]],
    );
}

#[test]
fn a_new_search_keeps_what_people_said() {
    let found = sheet(
        vec![cue("A", 5, 110), cue("B", 55, 190), cue("D", 500, 600)],
        vec![cue("A", 310, 390), cue("C", 220, 280)],
    );
    check(
        vec![
            Act::Move(1, 2, 98),
            Act::Reject(2),
            Act::Add(Box::new(cue("E", 700, 800))),
            Act::Detected(Box::new(found)),
        ],
        expect![[r#"
            1 A 2-98 -- confirmed
            6 D 500-600 -- suggested
            5 E 700-800 -- confirmed
            ?7 C 220-280 -- suggested
            ?8 A 310-390 -- suggested
        "#]],
    );
}

#[test]
fn moving_takes_the_place_in_the_recording_along() {
    let at = Cue { in_ms: Some(1000), tempo_ppm: 1_040_000, ..cue("A", 500, 900) };
    let mut review = Review::new(sheet(vec![at], vec![]));
    review.decide(by_kim(Act::Move(1, 400, 900))).unwrap();
    assert_eq!(review.now().cues[0].in_ms, Some(896));
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |act| review().decide(by_kim(act)).unwrap_err();
    assert_eq!(refused(Act::Confirm(9)), DecideError::NoCue { id: 9 });
    assert_eq!(refused(Act::Move(1, 5, 5)), DecideError::Backwards { start_ms: 5, end_ms: 5 });
    assert_eq!(refused(Act::Recording(1, String::new())), DecideError::NoRecording);
    assert_eq!(refused(Act::Add(Box::default())), DecideError::NoRecording);
    assert_eq!(refused(Act::Undo), DecideError::NothingToUndo);
}
