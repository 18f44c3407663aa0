//! `leitmotif audio`.

use std::path::PathBuf;

use app::sound::{
    AddRequest, Added, Addition, Duplicate, Sameness, Standing, add, duplicates, remove, replace,
    standing, the_one,
};
use clap::Subcommand;
use serde_json::{Value, json};
use store::SoundFile;

use crate::exit;
use crate::shell::Shell;
use crate::sound_words::clock;
use crate::table::table;

/// What can be done with the sounds that are listened for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Listen to recordings, so that they are found in other files from now on.
    ///
    /// Files stay where they are; kept is a print of each, about 2 MB an hour. A sound is tied to the
    /// recording that --recording names, or whose ISRC the file's tag or name says; otherwise it goes
    /// by the file's name. A file that was added before is left as it is, so a call that was cut off
    /// can be made again. WAV, AIFF, FLAC, MP3, AAC, ALAC, Vorbis and Opus are read, also out of MP4,
    /// MKV and OGG.
    /// Exit code 3: a file was not added.
    ///
    /// Examples: leitmotif audio add masters/
    ///           leitmotif audio add rain-master.wav --recording moon-river-rain
    Add {
        /// Files and folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The recording of the catalogue that all of it is of: its id or an ISRC.
        #[arg(long)]
        recording: Option<String>,
        /// How many threads listen; all cores if not said.
        #[arg(long)]
        threads: Option<usize>,
    },
    /// List what is listened for.
    ///
    /// Example: leitmotif audio list --json
    List,
    /// Show a sound: its recording, the files that hold it, their hashes and tags.
    ///
    /// Example: leitmotif audio show moon-river-rain
    Show {
        /// The recording, or the beginning of the sound's id.
        sound: String,
    },
    /// Put the sound of a file in the place of one that was added before.
    ///
    /// Example: leitmotif audio replace moon-river-rain remastered.flac
    Replace {
        /// The recording, or the beginning of the sound's id.
        sound: String,
        /// The file.
        file: PathBuf,
    },
    /// Listen no more for a sound; its files stay where they are.
    ///
    /// Example: leitmotif audio remove moon-river-rain
    Remove {
        /// The recording, or the beginning of the sound's id.
        sound: String,
    },
    /// Find what is listened for more than once: the same file, the same sound, versions that share music.
    ///
    /// Each sound is searched for in all others, which takes a while in a large catalogue.
    ///
    /// Example: leitmotif audio duplicates
    Duplicates {
        /// Only what shares at least this part of the shorter one, in per cent.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
        least: u8,
        /// How many threads search; all cores if not said.
        #[arg(long)]
        threads: Option<usize>,
    },
}

pub(crate) fn run(command: Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Add { paths, recording, threads } => {
            let now = shell.now();
            let request = AddRequest { paths, recording, threads };
            let outcomes = add(&mut shell.home()?, &request, &now, &mut shell.progress())?;
            show_added(&outcomes, shell)
        }
        Command::List => {
            list(&standing(&shell.home()?)?, shell)?;
            Ok(0)
        }
        Command::Show { sound } => {
            let all = standing(&shell.home()?)?;
            show(the_one(&all, &sound)?, shell)?;
            Ok(0)
        }
        Command::Replace { sound, file } => {
            let now = shell.now();
            let outcome = replace(&mut shell.home()?, &sound, &file, &now)?;
            show_added(&[outcome], shell)
        }
        Command::Remove { sound } => {
            let it = remove(&mut shell.home()?, &sound)?;
            if shell.wants_json() {
                shell.json(&json!({ "removed": it.sound.id, "recording": it.sound.recording }))?;
            } else {
                let (id, recording) = (&it.sound.id, &it.sound.recording);
                shell.line(format!("{id} of {recording} is not listened for any more"))?;
            }
            Ok(0)
        }
        Command::Duplicates { least, threads } => {
            let found = duplicates(&shell.home()?, threads, &mut shell.progress())?;
            let least = f32::from(least) / 100.0;
            let found: Vec<_> = found.into_iter().filter(|it| it.part() >= least).collect();
            show_duplicates(&found, shell)?;
            Ok(0)
        }
    }
}

fn show_added(outcomes: &[Added], shell: &mut Shell) -> anyhow::Result<u8> {
    let refused = |it: &&Added| matches!(it.what, Addition::Refused(_));
    let code = if outcomes.iter().any(|it| refused(&it)) { exit::DATA } else { 0 };
    if shell.wants_json() {
        shell.json(&outcomes.iter().map(added_as_json).collect())?;
        return Ok(code);
    }
    let (mut counts, mut new_ms) = ([0_usize; 5], 0);
    for it in outcomes {
        let name = it.path.display();
        match &it.what {
            Addition::New(sound) => {
                let tie = sound.tie.as_str();
                let length = clock(sound.duration_ms);
                shell.line(format!(
                    "{name}: {}, {length}, by {}",
                    sound.recording,
                    tie_words(tie)
                ))?;
                counts[0] += 1;
                new_ms += sound.duration_ms;
            }
            Addition::Known(_) => counts[1] += 1,
            Addition::Same(sound) => {
                shell.line(format!("{name}: the same sound as {}", sound.recording))?;
                counts[2] += 1;
            }
            Addition::NoSound => counts[3] += 1,
            Addition::Renewed(_) => counts[4] += 1,
            Addition::Refused(reason) => shell.line(format!("{name}: not added: {reason}"))?,
        }
        for finding in &it.findings {
            shell.line(format!("  {finding}"))?;
        }
    }
    let [new, known, same, none, renewed] = counts;
    let mut words = vec![format!("{new} added, {}", clock(new_ms))];
    let mut more = |count: usize, text: &str| {
        if count > 0 {
            words.push(format!("{count} {text}"));
        }
    };
    more(renewed, "added by an earlier version, printed anew");
    more(known, "added before, left as they are");
    more(same, "the same sound as another");
    more(none, "without sound, left out");
    more(outcomes.iter().filter(refused).count(), "not added");
    shell.line(words.join("; "))?;
    Ok(code)
}

fn tie_words(tie: &str) -> &str {
    match tie {
        "said" => "--recording",
        "isrc" => "its ISRC",
        _ => "its name",
    }
}

fn added_as_json(it: &Added) -> Value {
    let (what, sound, reason) = match &it.what {
        Addition::New(sound) => ("new", Some(sound), None),
        Addition::Known(sound) => ("known", Some(sound), None),
        Addition::Renewed(sound) => ("renewed", Some(sound), None),
        Addition::Same(sound) => ("same", Some(sound), None),
        Addition::NoSound => ("no-sound", None, None),
        Addition::Refused(reason) => ("refused", None, Some(reason)),
    };
    let findings: Vec<_> = it.findings.iter().map(ToString::to_string).collect();
    json!({
        "file": it.path, "outcome": what, "sound": sound.map(|it| &it.id),
        "recording": sound.map(|it| &it.recording), "tie": sound.map(|it| it.tie.as_str()),
        "seconds": sound.map(|it| seconds(it.duration_ms)), "reason": reason, "findings": findings,
    })
}

fn seconds(ms: u64) -> Value {
    let text = format!("{}.{:03}", ms / 1000, ms % 1000);
    text.parse::<f64>().map_or(Value::Null, Value::from)
}

fn list(all: &[Standing], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        shell.json(&all.iter().map(as_json).collect())?;
        return Ok(());
    }
    let rows = all.iter().map(|it| {
        [
            it.sound.recording.clone(),
            it.title().to_owned(),
            it.artist().to_owned(),
            clock(it.sound.duration_ms),
            tie_words(it.sound.tie.as_str()).to_owned(),
            it.sound.id.clone(),
        ]
    });
    shell.line(table(
        ["recording", "title", "artist", "length", "tied by", "sound"],
        &[3],
        rows,
    ))?;
    let sum: u64 = all.iter().map(|it| it.sound.duration_ms).sum();
    shell.line(format!("{} sounds, {}", all.len(), clock(sum)))?;
    Ok(())
}

fn as_json(it: &Standing) -> Value {
    let file = |it: &SoundFile| {
        json!({
            "path": it.path, "sha256": it.sha256, "bytes": it.size_bytes, "codec": it.codec,
            "rate_hz": it.rate_hz, "channels": it.channels, "added_at": it.added_at,
        })
    };
    json!({
        "sound": it.sound.id, "recording": it.sound.recording, "in_catalogue": it.recording.is_some(),
        "title": it.title(), "artist": it.artist(), "isrc": it.isrc(),
        "tie": it.sound.tie.as_str(), "seconds": seconds(it.sound.duration_ms),
        "print_sha256": it.sound.print, "added_at": it.sound.added_at,
        "files": it.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn show(it: &Standing, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        shell.json(&as_json(it))?;
        return Ok(());
    }
    let place = if it.recording.is_some() { "" } else { " (not in the catalogue)" };
    shell.line(format!("sound      {}", it.sound.id))?;
    shell.line(format!("recording  {}{place}", it.sound.recording))?;
    for (word, text) in [("title", it.title()), ("artist", it.artist()), ("ISRC", it.isrc())] {
        if !text.is_empty() {
            shell.line(format!("{word:<10} {text}"))?;
        }
    }
    shell.line(format!("length     {}", clock(it.sound.duration_ms)))?;
    shell.line(format!("tied by    {}", tie_words(it.sound.tie.as_str())))?;
    shell.line(format!("added      {}", it.sound.added_at))?;
    for file in &it.files {
        shell.line(format!("file       {}", file.path))?;
        shell.line(format!(
            "           {}, {} Hz, {} channels, {} bytes",
            file.codec, file.rate_hz, file.channels, file.size_bytes
        ))?;
        shell.line(format!("           SHA-256 {}", file.sha256))?;
    }
    Ok(())
}

fn show_duplicates(found: &[Duplicate], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        let row = |it: &Duplicate| {
            json!({
                "sameness": it.sameness.as_str(), "sounds": [it.one.0, it.other.0],
                "recordings": [it.one.1, it.other.1], "files": it.files,
                "shared_seconds": seconds(it.shared_ms),
                "part": f64::from((it.part() * 1000.0).round()) / 1000.0,
            })
        };
        shell.json(&found.iter().map(row).collect())?;
        return Ok(());
    }
    for it in found {
        let (one, other) = (&it.one.1, &it.other.1);
        let part = (it.part() * 100.0).round();
        shell.line(match it.sameness {
            Sameness::Files => format!("{one}: the same sound in {}", it.files.join(", ")),
            Sameness::Sound => format!("{one} and {other}: the same sound, {part} % of it alike"),
            Sameness::Versions => {
                let shared = clock(it.shared_ms);
                format!("{one} and {other}: versions; {shared} shared, {part} % of the shorter one")
            }
        })?;
    }
    if found.is_empty() {
        shell.line("nothing is listened for more than once")?;
    }
    Ok(())
}
