//! `leitmotif identify`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use app::sound::{Answer, CONFIDENCE, FALSE_ALARMS, Listener, Match, Options, Speed};
use clap::ValueEnum;
use serde_json::{Value, json};

use super::identify_watch::{Watching, watch};
use crate::exit;
use crate::shell::Shell;
use crate::evidence::{self, Made};
use crate::sound_words::{changes, clock, fine_clock, recorded_end};

/// Says which recordings sound in files: which part, from when to when, how fast and how high.
///
/// What is listened for, `leitmotif audio add` says. An answer has a confidence: of those said 0.9, nine
/// in ten are right. "No match" is an answer, too. With --json each file is one line of JSON.
/// Exit code 3: a file cannot be heard.
///
/// Examples: leitmotif identify upload.mp4
///           leitmotif identify clips/ --json
///           leitmotif identify upload.mp4 --evidence case-17
///           leitmotif identify --watch incoming > answers.jsonl
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files and folders.
    #[arg(required_unless_present = "watch")]
    files: Vec<PathBuf>,
    /// Hear what comes into this folder until Ctrl-C; each file is a line of JSON, once.
    ///
    /// A file is heard when it has stopped growing. What was heard is remembered in the home; a broken
    /// file is told, and the next one comes.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["files", "evidence"])]
    watch: Option<PathBuf>,
    /// Seconds between two looks into the folder.
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, requires = "watch")]
    every: f64,
    /// End when all that is in the folder was heard.
    #[arg(long, requires = "watch")]
    once: bool,
    /// Write a pack for each file into this folder: hashes and times, pictures, and the annex of a letter.
    #[arg(long, value_name = "FOLDER")]
    evidence: Option<PathBuf>,
    /// How sure an answer has to be to be told, 0 to 1.
    #[arg(long, default_value_t = CONFIDENCE)]
    confidence: f32,
    /// Which changes of speed and pitch are looked for.
    #[arg(long, value_enum, default_value_t = Reach::Any)]
    reach: Reach,
    #[command(flatten)]
    search: SearchArgs,
}

/// How is searched.
#[derive(Debug, clap::Args)]
pub(crate) struct SearchArgs {
    /// How many threads listen and search; all cores if not said.
    #[arg(long)]
    pub(crate) threads: Option<usize>,
}

/// Which changes of speed and pitch are looked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Reach {
    /// As recorded only.
    Plain,
    /// As recorded, and what happens between film and television: 23.976, 24 and 25 frames a second.
    Broadcast,
    /// Up to a quarter faster or slower and five semitones higher or lower, each for itself or both.
    Any,
}

impl Reach {
    pub(crate) const fn speed(self) -> Speed {
        match self {
            Self::Plain => Speed::Recorded,
            Self::Broadcast => Speed::Broadcast,
            Self::Any => Speed::Any,
        }
    }
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let options = Options {
        threads: args.search.threads,
        confidence: args.confidence,
        speed: args.reach.speed(),
    };
    if let Some(folder) = &args.watch {
        let every = Duration::try_from_secs_f64(args.every.max(0.1));
        let every = every.context("--every is not a number of seconds")?;
        return watch(folder, Watching { every, once: args.once }, &options, shell);
    }
    let listener = Listener::open(&shell.home()?)?;
    let mut progress = shell.progress();
    let mut code = 0;
    listener.hear(&args.files, &options, &mut progress, |answer| {
        if answer.failure.is_some() {
            code = exit::DATA;
        }
        match shell.wants_json() {
            true => shell.json_line(&answer_as_json(&answer))?,
            false => show(&answer, shell)?,
        }
        if let (Some(folder), None) = (&args.evidence, &answer.failure) {
            let made = Made { at: shell.now() };
            let folder = evidence::write(folder, &listener, &answer, &made)?;
            shell.talk(format!("evidence in {}", folder.display()));
        }
        Ok::<(), anyhow::Error>(())
    })?;
    drop(progress);
    Ok(code)
}

fn show(answer: &Answer, shell: &mut Shell) -> anyhow::Result<()> {
    let name = answer.path.display();
    if let Some(failure) = &answer.failure {
        shell.line(format!("{name}: {failure}"))?;
        return Ok(());
    }
    let length = clock(answer.duration_ms);
    match answer.matches.len() {
        0 => shell.line(format!("{name}, {length}: no match. {FALSE_ALARMS}"))?,
        1 => shell.line(format!("{name}, {length}: one recording"))?,
        count => shell.line(format!("{name}, {length}: {count} matches"))?,
    }
    for it in &answer.matches {
        shell.line(words(it))?;
    }
    for it in &answer.findings {
        shell.line(format!("  {it}"))?;
    }
    Ok(())
}

/// A match in words.
fn words(it: &Match) -> String {
    let mut title = it.recording.clone();
    if !it.title.is_empty() {
        title += &format!(", {}", it.title);
    }
    if !it.artist.is_empty() {
        title += &format!(" ({})", it.artist);
    }
    let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
    let (start, end) = (signed(it.start_ms), signed(it.end_ms));
    let mut parts = vec![format!(
        "{} to {} is its {} to {} of {}",
        fine_clock(start),
        fine_clock(end),
        fine_clock(it.in_ms),
        fine_clock(recorded_end(it)),
        clock(it.recording_ms)
    )];
    parts.extend(changes(it.tempo, it.pitch_cents));
    parts.push(format!("confidence {:.2}", it.confidence));
    if !it.alternatives.is_empty() {
        let others = it.alternatives.iter().map(|(name, share)| format!("{name} ({share:.2})"));
        parts.push(format!("it may as well be {}", others.collect::<Vec<_>>().join(", ")));
    }
    format!("  {title}\n    {}", parts.join("; "))
}

/// An answer as JSON: times in milliseconds, tempo as played over as recorded.
pub(crate) fn answer_as_json(answer: &Answer) -> Value {
    let findings: Vec<_> = answer.findings.iter().map(ToString::to_string).collect();
    let mut value = json!({
        "file": answer.path, "sha256": answer.sha256,
        "seconds": rounded(seconds(answer.duration_ms), 3),
        "matches": answer.matches.iter().map(match_as_json).collect::<Vec<_>>(),
        "findings": findings,
    });
    if let (Some(failure), Some(fields)) = (&answer.failure, value.as_object_mut()) {
        fields.insert("error".to_owned(), json!(failure));
    }
    value
}

fn match_as_json(it: &Match) -> Value {
    let other = |(name, share): &(String, f32)| {
        json!({ "recording": name, "confidence": rounded(f64::from(*share), 3) })
    };
    json!({
        "recording": it.recording, "title": it.title, "artist": it.artist, "isrc": it.isrc,
        "sound": it.sound, "start_ms": it.start_ms, "end_ms": it.end_ms, "in_ms": it.in_ms,
        "tempo": rounded(it.tempo, 5), "pitch_cents": it.pitch_cents, "level_db": it.level_db.map(|it| rounded(f64::from(it), 1)),
        "confidence": rounded(f64::from(it.confidence), 4), "z": rounded(f64::from(it.z), 2),
        "alternatives": it.alternatives.iter().map(other).collect::<Vec<_>>(),
    })
}

fn seconds(ms: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a length of sound in milliseconds")]
    let ms = ms as f64;
    ms / 1000.0
}

/// A number for people to read: so many digits behind the point.
fn rounded(it: f64, digits: i32) -> f64 {
    let scale = 10_f64.powi(digits);
    (it * scale).round() / scale
}
