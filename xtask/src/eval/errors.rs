//! Which cues a system missed and which matches are false, one a line, for whoever wants to know why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::score::segments::shared;
use super::truth::{Answer, Cue, Made, Match};

/// Columns of the list.
const HEAD: &str = "what\tfile\trecording\tfrom_s\tto_s\tin_s\tkind\tlevel_db\tconfidence\tinstead";

/// The list of a system's errors on a kind of file, with tabs between columns.
pub(super) fn list(made: &[Made], answers: &[Answer]) -> String {
    let by_file: BTreeMap<&str, &Answer> =
        answers.iter().map(|it| (super::score::name(&it.file), it)).collect();
    let mut text = format!("{HEAD}\n");
    for made in made {
        let Some(answer) = by_file.get(super::score::name(&made.file)) else { continue };
        for cue in made.cues.iter().filter(|cue| !answer.matches.iter().any(|it| fits(cue, it))) {
            missed(&mut text, made, cue, &answer.matches);
        }
        for told in answer.matches.iter().filter(|it| !made.cues.iter().any(|cue| fits(cue, it))) {
            wrong(&mut text, made, told);
        }
    }
    text
}

fn fits(cue: &Cue, told: &Match) -> bool {
    cue.recording == told.recording && at_once(cue, told)
}

fn at_once(cue: &Cue, told: &Match) -> bool {
    shared((cue.start_ms, cue.end_ms), (told.start_ms, told.end_ms)) > 0
}

fn missed(text: &mut String, made: &Made, cue: &Cue, matches: &[Match]) {
    let instead: Vec<&str> =
        matches.iter().filter(|it| at_once(cue, it)).map(|it| it.recording.as_str()).collect();
    let span = span(cue.start_ms, cue.end_ms, Some(cue.in_ms));
    let (kind, level) = (&cue.kind, cue.level_db);
    let (file, name) = (&made.file, &cue.recording);
    let instead = instead.join(" ");
    let _ = writeln!(text, "missed\t{file}\t{name}\t{span}\t{kind}\t{level}\t\t{instead}");
}

fn wrong(text: &mut String, made: &Made, told: &Match) {
    let instead: Vec<&str> =
        made.cues.iter().filter(|cue| at_once(cue, told)).map(|it| it.recording.as_str()).collect();
    let span = span(told.start_ms, told.end_ms, told.in_ms);
    let confidence = told.confidence.map_or_else(String::new, |it| format!("{it:.3}"));
    let (file, name, instead) = (&made.file, &told.recording, instead.join(" "));
    let _ = writeln!(text, "false\t{file}\t{name}\t{span}\t\t\t{confidence}\t{instead}");
}

fn span(start_ms: u64, end_ms: u64, in_ms: Option<i64>) -> String {
    let seconds = |ms: f64| format!("{:.2}", ms / 1000.0);
    let place = in_ms.map_or_else(String::new, |it| seconds(it as f64));
    format!("{}\t{}\t{place}", seconds(start_ms as f64), seconds(end_ms as f64))
}

#[cfg(test)]
mod tests {
    use super::{Answer, Cue, Made, Match, list};

    #[test]
    fn another_recording_is_both_missed_and_false() {
        let cue = Cue {
            recording: "a".to_owned(),
            start_ms: 1_000,
            end_ms: 9_000,
            kind: "background".to_owned(),
            level_db: -10.0,
            ..Cue::default()
        };
        let told = Match {
            recording: "b".to_owned(),
            start_ms: 2_000,
            end_ms: 9_500,
            confidence: Some(0.5),
            ..Match::default()
        };
        let made = Made { file: "clips/1.mp3".to_owned(), cues: vec![cue], ..Made::default() };
        let answer = Answer { file: "1.mp3".to_owned(), matches: vec![told] };
        let text = list(&[made], &[answer]);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "missed\tclips/1.mp3\ta\t1.00\t9.00\t0.00\tbackground\t-10\t\tb",
                "false\tclips/1.mp3\tb\t2.00\t9.50\t\t\t\t0.500\ta",
            ]
        );
    }
}
