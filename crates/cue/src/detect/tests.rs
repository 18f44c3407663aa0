use std::collections::BTreeMap;

use catalog::Catalog;
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Rules, detect};
use crate::{Cue, CueSheet, Head, Heard, Level, Lookup, UsageCode, clock, parse_clock};

const PARTIES: &str = r#"
[[party]]
id = "kim"
kind = "person"
names = { ko = "김소라", en = "Kim Sora" }
ipi = "00014107338"
"#;
const WORKS: &str = r#"
[[work]]
id = "rain-work"
titles = { ko = "비" }
contributors = [{ party = "kim", role = "C" }, { party = "kim", role = "A" }]
"#;
const PRODUCTIONS: &str = r#"
[[production]]
id = "river"
kind = "drama"
origin = "KR"
titles = { ko = "강" }
"#;
const RECORDINGS: &str = r#"
[[recording]]
id = "rain"
isrc = ["ZZAAA2100001"]
titles = { ko = "비" }
artist = "김소라"
works = ["rain-work"]
productions = [{ production = "river", use = "OST", confidence = "high" }]

[[recording]]
id = "rain-inst"
titles = { ko = "비 (Inst.)" }
artist = "김소라"
works = ["rain-work"]

[[recording]]
id = "river-theme"
titles = { ko = "강의 테마" }
artist = "김소라"
productions = [{ production = "river", use = "theme", confidence = "high" }]
"#;

fn catalogue() -> Catalog {
    let files = [
        ("parties.toml", PARTIES),
        ("works.toml", WORKS),
        ("productions.toml", PRODUCTIONS),
        ("recordings.toml", RECORDINGS),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (catalogue, findings) = catalog::read_files(&BTreeMap::from(files));
    assert!(findings.is_empty(), "{findings:?}");
    catalogue
}

fn found(heard: &[Heard]) -> CueSheet {
    let head = Head { production: "river".into(), length_ms: 3_600_000, ..Head::default() };
    let catalogue = catalogue();
    detect(head, heard, &Lookup::new(&catalogue, &["ko"]), &Rules::default())
}

/// `recording start-end in level confidence`, times in seconds.
fn heard(text: &str) -> Vec<Heard> {
    let one = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let ms = |text: &str| parse_clock(text).unwrap();
        let (start, end) = words[1].split_once('-').unwrap();
        Heard {
            recording: words[0].to_owned(),
            start_ms: ms(start),
            end_ms: ms(end),
            in_ms: i64::try_from(ms(words[2])).unwrap(),
            level_db: words[3].parse().ok(),
            confidence: words[4].parse().unwrap(),
            z: words[4].parse::<f32>().unwrap() * 10.0,
            ..Heard::default()
        }
    };
    text.trim().lines().map(one).collect()
}

fn check(text: &str, expect: Expect) {
    let sheet = found(&heard(text));
    let line = |cue: &Cue, list: &str| {
        let (start, end) = cue.span().unwrap();
        let level = cue.level.map_or("-", Level::as_str);
        let code = cue.code.map_or("--", UsageCode::as_str);
        let Cue { id, recording, reason, note, .. } = cue;
        let at = format!("{}-{}", clock(start), clock(end));
        format!("{list}{id} {recording} {at} {level} {code} ({reason}) {note}\n")
    };
    let sure = sheet.cues.iter().map(|it| line(it, ""));
    let lines: String = sure.chain(sheet.doubtful.iter().map(|it| line(it, "?"))).collect();
    expect.assert_eq(&lines);
}

#[test]
fn one_cue_under_talk_is_one_and_a_repeat_is_another() {
    check(
        "ZZAAA2100001 600-620 10 -12 0.9
         ZZAAA2100001 625-640 35.1 -18 0.7
         ZZAAA2100001 645-660 10 -12 0.8
         ZZAAA2100001 700-720 65 -12 0.8",
        expect![[r#"
            1 ZZAAA2100001 0:10:00.000-0:10:40.000 background BV (its work has an author of words) heard in 2 pieces, 5000 ms between them unheard
            2 ZZAAA2100001 0:10:45.000-0:11:00.000 background BV (its work has an author of words) 
            3 ZZAAA2100001 0:11:40.000-0:12:00.000 background BV (its work has an author of words) 
        "#]],
    );
}

#[test]
fn what_overlaps_stays_and_what_is_unsure_is_told() {
    check(
        "rain 600-640 10 -12 0.9
         rain-inst 610-650 0 2 0.9
         rain 605-635 90 -12 0.6
         rain 900-910 10 -12 0.3
         rain 950-950 10 -12 0.9
         stranger 1000-1010 0 - 0.9",
        expect![[r#"
            1 rain 0:10:00.000-0:10:40.000 background BV (its work has an author of words) 
            2 rain-inst 0:10:10.000-0:10:50.000 foreground BI (its title says instrumental; it is in front: look whether somebody is seen to make it) 
            3 stranger 0:16:40.000-0:16:50.000 - BG (the catalogue does not say whether it is sung) 
            ?4 rain 0:10:05.000-0:10:35.000 background BV (its work has an author of words) the same recording is heard more surely at the same time, from another place in it
            ?5 rain 0:15:00.000-0:15:10.000 background BV (its work has an author of words) less sure than asked for
            ?6 rain 0:15:50.000-0:15:50.000 - BV (its work has an author of words) it has no length
        "#]],
    );
}

#[test]
fn the_theme_opens_and_closes() {
    check(
        "river-theme 30-60 0 3 0.9
         river-theme 1800-1830 0 -12 0.9
         river-theme 3480-3500 0 -12 0.9
         rain 3540-3598 0 4 0.9",
        expect![[r#"
            1 river-theme 0:00:30.000-0:01:00.000 foreground MT (the production's theme, in its first minutes) 
            2 river-theme 0:30:00.000-0:30:30.000 background TH (the production's theme) 
            3 river-theme 0:58:00.000-0:58:20.000 background ET (the production's theme, in its last minutes) 
            4 rain 0:59:00.000-0:59:58.000 foreground ET (it sounds in front until the programme ends) 
        "#]],
    );
}

#[test]
fn credits_come_from_the_catalogue() {
    let catalogue = catalogue();
    let lookup = Lookup::new(&catalogue, &["en", "ko"]);
    let cue = Cue { recording: "rain".into(), ..Cue::default() };
    let credits = lookup.credits(&cue);
    assert_eq!((credits.title.as_str(), credits.isrc.as_str()), ("비", "ZZAAA2100001"));
    let writers: Vec<_> =
        credits.writers.iter().map(|it| format!("{} {} {}", it.name, it.role, it.ipi)).collect();
    assert_eq!(writers, ["Kim Sora C 00014107338", "Kim Sora A 00014107338"]);
    assert_eq!(lookup.identity("ZZ-AAA-21-00001"), "rain");
    assert_eq!(lookup.identity("nobody's"), "nobody's");
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let name = prop::sample::select(vec!["rain", "river-theme", "x"]);
    let times = (0_u64..4_000_000, 0_u64..200_000, -5_000_i64..300_000);
    let odd = prop::sample::select(vec![1.0_f64, 0.96, f64::NAN, 0.0, -1.0, f64::INFINITY]);
    let sure = prop::sample::select(vec![0.1_f32, 0.5, 0.9, f32::NAN, 7.0]);
    (name, times, odd, sure, prop::option::of(-60.0_f32..10.0)).prop_map(
        |(recording, (start_ms, length, in_ms), tempo, confidence, level_db)| Heard {
            recording: recording.to_owned(),
            start_ms,
            end_ms: start_ms + length,
            in_ms,
            tempo,
            confidence,
            level_db,
            z: confidence * 10.0,
            ..Heard::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

    /// Nothing that was heard is lost, whatever the numbers are, and the order of the matches does not
    /// matter.
    #[test]
    fn all_that_was_heard_is_in_the_sheet(heard in prop::collection::vec(any_heard(), 0..20)) {
        let sheet = found(&heard);
        for it in &heard {
            let covers = |cue: &&Cue| cue.recording == it.recording
                && cue.span().is_some_and(|(a, b)| a <= it.start_ms && it.end_ms <= b);
            prop_assert!(sheet.cues.iter().chain(&sheet.doubtful).any(|cue| covers(&cue)));
        }
        let sure = |it: &Cue| it.confidence_permille.is_some_and(|it| it >= 500);
        prop_assert!(sheet.cues.iter().all(sure));
    }
}
