//! The scores of several systems beside each other, as Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::score::segments::ratio;
use super::score::times::quantile;
use super::score::{Group, Level, Score};
use super::truth::Cost;

/// A system's name and its score.
pub(super) type Named = (String, Score);

/// The tables of a kind of file: one a class, a row a system.
pub(super) fn classes(what: &str, scores: &[Named]) -> String {
    let mut text = String::new();
    let all = scores.iter().flat_map(|(_, score)| score.classes.keys());
    for class in all.collect::<BTreeSet<_>>() {
        let rows: Vec<(&str, &Group)> = scores
            .iter()
            .filter_map(|(name, score)| Some((name.as_str(), score.classes.get(class)?)))
            .collect();
        if rows.iter().all(|(_, group)| group.segments.cues == 0) {
            empty(&mut text, what, class, &rows);
            continue;
        }
        found(&mut text, what, class, &rows);
        exact(&mut text, what, class, &rows);
        kinds(&mut text, what, class, &rows);
    }
    for (name, score) in scores.iter().filter(|(_, it)| it.answered < it.files) {
        let (answered, files) = (score.answered, score.files);
        let _ =
            writeln!(text, "{name} answered {answered} of {files} files; the others do not count.");
    }
    text
}

/// Precision, recall, seconds, and F1 by level.
fn found(text: &mut String, what: &str, class: &str, rows: &[(&str, &Group)]) {
    let levels: BTreeSet<Level> =
        rows.iter().flat_map(|(_, it)| it.levels.keys().copied()).collect();
    // More levels than a recipe has are no recipe's.
    let levels: Vec<Level> = levels.into_iter().filter(|_| what == "clips").collect();
    let files = rows.iter().map(|(_, it)| it.files).max().unwrap_or(0);
    let cues = rows.iter().map(|(_, it)| it.segments.cues).max().unwrap_or(0);
    let _ = writeln!(text, "\n**{what}, {class}** ({files} files, {cues} cues)\n");
    let mut head =
        "| System | P (match) | recall (cues) | or offered | ratio | P (s) | R (s) | **F1 (s)** |"
            .to_owned();
    for level in &levels {
        let _ = write!(head, " recall / F1 at {level} |");
    }
    head += " false alarms/h | royalty error, s a file (of true) |";
    heading(text, &head);
    for (name, group) in rows {
        let it = group.segments;
        let _ = write!(text, "| {name} | {} | {} |", share(it.precision()), share(it.recall()));
        let offered = share(ratio(group.cues_offered, group.kinds.values().map(|it| it.1).sum()));
        let _ = write!(text, " {offered} | {} |", number(it.match_ratio(), 1));
        let _ = write!(text, " {} | {} |", share(it.precision_s()), share(it.recall_s()));
        let _ = write!(text, " **{}** |", share(it.f1_s()));
        for level in &levels {
            let at = group.levels.get(level).copied().unwrap_or_default();
            let _ = write!(text, " {} / {} |", share(at.recall()), share(at.f1_s()));
        }
        let error: f64 = group.royalty_error_s.iter().sum();
        let mean = error / group.files.max(1) as f64;
        let part = error / group.true_seconds.max(1.0);
        let alarms = number(group.alarms_per_hour(), 2);
        let _ = writeln!(text, " {alarms} | {mean:.1} ({:.0} %) |", part * 100.0);
    }
}

/// Errors of start, end, place and speed.
fn exact(text: &mut String, what: &str, class: &str, rows: &[(&str, &Group)]) {
    let _ = writeln!(text, "\n{what}, {class}: how exact, median / 90 %\n");
    heading(text, "| System | start, s | end, s | place in the recording, ms | speed, % |");
    for (name, group) in rows {
        let both = |values: &[f64], unit: f64, digits: usize| {
            let at = |part| number(quantile(values, part).map(|it| it / unit), digits);
            format!("{} / {}", at(0.5), at(0.9))
        };
        let times = &group.times;
        let (start, end) = (both(&times.start_ms, 1000.0, 2), both(&times.end_ms, 1000.0, 2));
        let (place, speed) = (both(&times.in_ms, 1.0, 0), both(&times.tempo, 0.01, 2));
        let _ = writeln!(text, "| {name} | {start} | {end} | {place} | {speed} |");
    }
}

/// Found cues by kind, where there is more than one.
fn kinds(text: &mut String, what: &str, class: &str, rows: &[(&str, &Group)]) {
    let kinds: BTreeSet<&String> = rows.iter().flat_map(|(_, it)| it.kinds.keys()).collect();
    if kinds.len() < 2 {
        return;
    }
    let _ = writeln!(text, "\n{what}, {class}: cues found, by kind\n");
    let names: Vec<&str> = kinds.iter().map(|it| it.as_str()).collect();
    heading(text, &format!("| System | {} |", names.join(" | ")));
    for (name, group) in rows {
        let _ = write!(text, "| {name} |");
        for kind in &kinds {
            let (found, all) = group.kinds.get(*kind).copied().unwrap_or_default();
            let _ = write!(text, " {found}/{all} |");
        }
        text.push('\n');
    }
}

/// Files without music of the catalogue.
fn empty(text: &mut String, what: &str, class: &str, rows: &[(&str, &Group)]) {
    let hours = rows.iter().map(|(_, it)| it.empty_seconds).fold(0.0, f64::max) / 3600.0;
    let _ = writeln!(text, "\n**{what}, {class}**: {hours:.2} h without music of the catalogue\n");
    heading(text, "| System | false alarms | an hour |");
    for (name, group) in rows {
        let alarms = number(group.alarms_per_hour(), 2);
        let _ = writeln!(text, "| {name} | {} | {alarms} |", group.empty_matches);
    }
}

/// Uploads: a row an alteration, a column a system.
pub(super) fn uploads(order: &[String], scores: &[Named]) -> String {
    let mut text = String::new();
    if scores.iter().all(|(_, score)| score.uploads.all().all == 0) {
        return text;
    }
    text += "\n**uploads**: first answer right and placed within 1 s (right at any place)\n\n";
    let names: Vec<&str> = scores.iter().map(|(name, _)| name.as_str()).collect();
    heading(&mut text, &format!("| Alteration | {} |", names.join(" | ")));
    let mut row = |name: &str, cell: &dyn Fn(&Score) -> String| {
        let _ = write!(text, "| {name} |");
        for (_, score) in scores {
            let _ = write!(text, " {} |", cell(score));
        }
        text.push('\n');
    };
    let cell = |it: super::score::uploads::Count| {
        format!("{} ({})", share(ratio(it.placed, it.all)), share(ratio(it.named, it.all)))
    };
    for name in order {
        row(name, &|score| {
            score.uploads.alterations.get(name).map_or_else(|| "–".to_owned(), |it| cell(*it))
        });
    }
    row("**all**", &|score| cell(score.uploads.all()));
    row("wrong recording", &|score| score.uploads.all().wrong.to_string());
    row("negatives with a match", &|score| {
        format!("{} of {}", score.uploads.negatives_matched, score.uploads.negatives)
    });
    text
}

/// How often a confidence is right, for systems that tell one.
pub(super) fn confidence(what: &str, scores: &[Named]) -> String {
    let mut text = String::new();
    for (name, score) in scores {
        let Some(error) = score.reliability.error() else { continue };
        let _ = writeln!(text, "\n{name}, {what}: confidence told and kept (error {error:.3})\n");
        heading(&mut text, "| told | matches | right |");
        for it in score.reliability.deciles.iter().filter(|it| it.count > 0) {
            let told = it.claimed / it.count as f64;
            let right = share(ratio(it.right, it.count));
            let _ = writeln!(text, "| {told:.2} | {} | {right} |", it.count);
        }
    }
    text
}

/// What the systems used.
pub(super) fn costs(costs: &[(String, Cost)]) -> String {
    let mut text = String::new();
    if costs.is_empty() {
        return text;
    }
    text += "\n**costs**\n\n";
    heading(
        &mut text,
        "| System | index, CPU s an hour | × real time | index, MB an hour | search, CPU s an hour | × real time | memory, MiB |",
    );
    for (name, it) in costs {
        let per = |of: f64, hours: f64| (hours > 0.0).then_some(of / hours);
        let times = |of: f64, hours: f64| (of > 0.0).then_some(hours * 3600.0 / of);
        let index = number(per(it.index_cpu_s, it.index_audio_h), 1);
        let index_times = number(times(it.index_cpu_s, it.index_audio_h), 0);
        let bytes = number(per(it.index_bytes as f64 / 1e6, it.index_audio_h), 2);
        let query = number(per(it.query_cpu_s, it.query_audio_h), 1);
        let query_times = number(times(it.query_cpu_s, it.query_audio_h), 0);
        let memory = it.peak_rss_mib;
        let _ = writeln!(
            text,
            "| {name} | {index} | {index_times} | {bytes} | {query} | {query_times} | {memory:.0} |"
        );
    }
    text
}

fn heading(text: &mut String, head: &str) {
    let columns = head.matches('|').count() - 1;
    let _ = writeln!(text, "{head}\n|---|{}", "--:|".repeat(columns - 1));
}

/// A part of one, with two digits.
fn share(of: Option<f64>) -> String {
    number(of, 2)
}

fn number(of: Option<f64>, digits: usize) -> String {
    of.map_or_else(|| "–".to_owned(), |it| format!("{it:.digits$}"))
}

#[cfg(test)]
mod tests {
    use super::{Named, classes, costs, uploads};
    use crate::eval::score::score;
    use crate::eval::truth::{Answer, Cost, Cue, Made, Match};

    fn scores() -> Vec<Named> {
        let cue = |recording: &str| Cue {
            recording: recording.to_owned(),
            start_ms: 10_000,
            end_ms: 30_000,
            tempo: 1.0,
            ..Cue::default()
        };
        let clip = Made {
            file: "clips/a.mp3".to_owned(),
            seconds: 60.0,
            class: "hard".to_owned(),
            alteration: "mp3 32".to_owned(),
            cues: vec![cue("a")],
        };
        let found = Match {
            recording: "a".to_owned(),
            start_ms: 11_000,
            end_ms: 30_000,
            in_ms: Some(1_020),
            ..Match::default()
        };
        let answer = Answer { file: "a.mp3".to_owned(), matches: vec![found] };
        let silent = Answer { matches: Vec::new(), ..answer.clone() };
        let made = [clip];
        vec![
            ("ours".to_owned(), score(&made, &[answer], &|_| None)),
            ("peer".to_owned(), score(&made, &[silent], &|_| None)),
        ]
    }

    #[test]
    fn systems_stand_beside_each_other() {
        let text = classes("clips", &scores());
        let row = "| ours | 1.00 | 1.00 | 1.00 | 1.0 | 1.00 | 0.95 | **0.97** | 1.00 / 0.97 | – | 1.0 (5 %) |";
        assert!(text.contains(row), "{text}");
        assert!(text.contains("| peer | – | 0.00 | 0.00 | – | – | 0.00 | **0.00** |"), "{text}");
        assert!(text.contains("| ours | 1.00 / 1.00 | 0.00 / 0.00 | 20 / 20 | – / – |"), "{text}");
    }

    #[test]
    fn uploads_have_a_column_a_system() {
        let text = uploads(&["mp3 32".to_owned()], &scores());
        assert!(text.contains("| mp3 32 | 1.00 (1.00) | 0.00 (0.00) |"), "{text}");
    }

    #[test]
    fn costs_are_an_hour() {
        let cost = Cost {
            index_cpu_s: 20.0,
            index_audio_h: 2.0,
            index_bytes: 8_000_000,
            ..Cost::default()
        };
        let text = costs(&[("ours".to_owned(), cost)]);
        assert!(text.contains("| ours | 10.0 | 360 | 4.00 | – | – | 0 |"), "{text}");
    }
}
