//! The annex of a letter: the facts, in plain text.

use app::sound::{Answer, FALSE_ALARMS, Listener, Match, Spectra};

use super::{Made, program};
use crate::shell::harmless;
use crate::sound_words::{changes, clock, fine_clock, recorded_end};

/// Writes the annex: what was compared, what was found, how sure that is, and how to check it.
pub(super) fn letter(
    answer: &Answer,
    exhibits: &[(&Match, Spectra)],
    made: &Made,
    listener: &Listener,
) -> String {
    let name = answer.path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let mut out = String::from("ANNEX: WHAT SOUNDS IN A FILE\n\n");
    let mut line = |text: String| {
        out.push_str(&harmless(&text));
        out.push('\n');
    };
    line(format!("Made at   {}", made.at));
    line(format!("Made by   {}", program()));
    line(format!("File      {name}"));
    line(format!("          SHA-256 {}", answer.sha256));
    line(format!("          {} long", clock(answer.duration_ms)));
    if let Some(facts) = &answer.facts {
        let (codec, container, rate_hz) = (&facts.codec, &facts.container, facts.rate_hz);
        line(format!("          {codec} in {container}, {rate_hz} Hz, {} channels", facts.channels));
    }
    line(String::new());
    if exhibits.is_empty() {
        line("No recording that is listened for was found in it.".to_owned());
    }
    for (number, (it, both)) in (1..).zip(exhibits) {
        exhibit(number, it, both, &mut line);
    }
    line("How this was found".to_owned());
    line(format!(
        "  The sound of the file was compared with {} recordings, {:.1} hours, at every place, by",
        listener.standing().len(),
        listener.hours()
    ));
    line("  the lines that partials draw in the spectrum. Loudness, equalisation, compression and talk".to_owned());
    line("  over the music do not count. Evidence is told in standard deviations above chance.".to_owned());
    line(format!("  {FALSE_ALARMS}"));
    line(String::new());
    line("How to check it".to_owned());
    line("  1. Compute SHA-256 of both files, and compare it with what stands above.".to_owned());
    line("  2. Listen to both at the times above, and look at the pictures: the recording above, the".to_owned());
    line("     file below, the same moment under each other.".to_owned());
    line(String::new());
    line("This annex states what was measured. It says nothing about rights, licences or exceptions.".to_owned());
    out
}

fn exhibit(number: usize, it: &Match, both: &Spectra, line: &mut impl FnMut(String)) {
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    line(format!("Match {number}"));
    line(format!("  Recording   {}", it.recording));
    for (word, text) in [("Title", &it.title), ("Artist", &it.artist), ("ISRC", &it.isrc)] {
        if !text.is_empty() {
            line(format!("  {word:<11} {text}"));
        }
    }
    let own = both.recording_path.file_name().map(|it| it.to_string_lossy().into_owned());
    line(format!("  Its file    {}", own.unwrap_or_default()));
    line(format!("              SHA-256 {}", both.recording_sha256));
    if both.recording.is_none() {
        line("              (not there any more, so it is not in the picture)".to_owned());
    }
    let (start, end) = (fine_clock(signed(it.start_ms)), fine_clock(signed(it.end_ms)));
    line(format!("  In the file {start} to {end}"));
    let (start, end) = (fine_clock(it.in_ms), fine_clock(recorded_end(it)));
    line(format!("  In it       {start} to {end} of {}", clock(it.recording_ms)));
    let changes = changes(it.tempo, it.pitch_cents);
    let changed = if changes.is_empty() { "nothing in speed or pitch".to_owned() } else { changes.join("; ") };
    line(format!("  Changed     {changed}"));
    line(format!("  Confidence  {:.2} ({:.1} standard deviations above chance)", it.confidence, it.z));
    for (other, share) in &it.alternatives {
        line(format!("  Or          {other} ({share:.2}): the sound alone does not tell them apart"));
    }
    line(format!("  Picture     match-{number}.svg, match-{number}.png"));
    line(String::new());
}
