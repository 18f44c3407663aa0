//! Sheets heard and shown.

use std::path::PathBuf;

use anyhow::Context as _;
use app::cues::{self, DetectRequest, Kept, Programme};
use app::sound::Options;
use clap::Args;
use cue::{Cue, Level};
use serde_json::{Value, json};

use crate::command::identify::{Reach, SearchArgs, answer_as_json};
use crate::shell::Shell;
use crate::sound_words::{changes, clock};
use crate::table::table;

/// Columns of a timeline in a terminal.
const TIMELINE_COLUMNS: usize = 100;

/// Listen to a programme and make its cue sheet: which recording sounds from when to when.
///
/// A sheet that is there is brought up to date: what somebody confirmed, changed, rejected or added
/// stays. With --json the answer is one line, as of `leitmotif identify`.
///
/// Examples: leitmotif cue detect goblin-104.mkv --episode goblin/1/4
///           leitmotif cue detect episode.wav --json
#[derive(Debug, Args)]
pub(crate) struct DetectArgs {
    /// The programme's file, sound or film.
    file: PathBuf,
    /// Which episode of the catalogue it is: PRODUCTION/SEASON/EPISODE or PRODUCTION/EPISODE.
    #[arg(long, value_parser = programme)]
    episode: Option<Programme>,
    /// The sheet's id; the episode, or the file's name, if not said.
    #[arg(long)]
    sheet: Option<String>,
    /// How sure a cue has to be to be claimed, 0 to 1.
    #[arg(long, default_value_t = 0.5)]
    confidence: f32,
    /// What is at least as sure as this is listed as doubtful.
    #[arg(long, default_value_t = 0.1)]
    doubtful: f32,
    /// Who listens, for the sheet's history.
    #[arg(long, default_value = "leitmotif")]
    by: String,
    /// Which changes of speed and pitch are looked for.
    #[arg(long, value_enum, default_value_t = Reach::Broadcast)]
    reach: Reach,
    #[command(flatten)]
    search: SearchArgs,
}

/// Show a cue sheet as it stands: a timeline, its cues, and what is doubtful.
///
/// Examples: leitmotif cue show goblin/1/4
///           leitmotif cue show goblin/1/4 --history
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The sheet.
    sheet: String,
    /// Show who did what, when and why, too.
    #[arg(long)]
    history: bool,
}

fn programme(text: &str) -> Result<Programme, String> {
    let wrong = || "write PRODUCTION/SEASON/EPISODE or PRODUCTION/EPISODE, with numbers".to_owned();
    let parts: Vec<&str> = text.split('/').collect();
    let number = |text: &str| text.parse::<u16>().map(Some).map_err(|_| wrong());
    let (production, season, episode) = match parts[..] {
        [production, season, episode] => (production, number(season)?, number(episode)?),
        [production, episode] => (production, None, number(episode)?),
        _ => return Err(wrong()),
    };
    Ok(Programme { production: production.to_owned(), season, episode })
}

pub(crate) fn detect(args: &DetectArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let options = Options {
        threads: args.search.threads,
        confidence: args.doubtful.min(args.confidence),
        speed: args.reach.speed(),
    };
    let request = DetectRequest {
        path: args.file.clone(),
        sheet: args.sheet.clone(),
        programme: args.episode.clone(),
        options,
        confidence_min: args.confidence,
    };
    let now = shell.now();
    let mut progress = shell.progress();
    let (kept, mut answer) =
        cues::detect(&mut shell.home()?, &request, &args.by, &now, &mut progress)?;
    drop(progress);
    if shell.wants_json() {
        answer.matches.retain(|it| it.confidence >= args.confidence);
        let mut value = answer_as_json(&answer);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("sheet".to_owned(), json!(kept.id));
        }
        shell.json_line(&value)?;
        return Ok(0);
    }
    for it in &answer.findings {
        shell.line(it.to_string())?;
    }
    show_sheet(&kept, shell)?;
    Ok(0)
}

pub(crate) fn list(shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let mut all = Vec::new();
    for id in cues::sheets(&home)? {
        all.push(cues::sheet(&home, &id)?);
    }
    if shell.wants_json() {
        let row = |it: &Kept| {
            let now = it.review.now();
            let confirmed = now.cues.iter().filter(|it| it.is_confirmed()).count();
            json!({
                "sheet": it.id, "programme": now.head.name(), "length_ms": now.head.length_ms,
                "cues": now.cues.len(), "confirmed": confirmed, "doubtful": now.doubtful.len(),
                "music_ms": now.music_ms(),
            })
        };
        shell.json(&all.iter().map(row).collect())?;
        return Ok(0);
    }
    let rows = all.iter().map(|it| {
        let now = it.review.now();
        let confirmed = now.cues.iter().filter(|it| it.is_confirmed()).count();
        [
            it.id.clone(),
            now.head.name(),
            clock(now.head.length_ms),
            clock(now.music_ms()),
            now.cues.len().to_string(),
            confirmed.to_string(),
            now.doubtful.len().to_string(),
        ]
    });
    let head = ["sheet", "programme", "length", "music", "cues", "confirmed", "doubtful"];
    shell.line(table(head, &[2, 3, 4, 5, 6], rows))?;
    Ok(0)
}

pub(crate) fn show(args: &ShowArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let kept = cues::sheet(&shell.home()?, &args.sheet)?;
    if shell.wants_json() {
        shell.json(&kept_as_json(&kept)?)?;
        return Ok(0);
    }
    show_sheet(&kept, shell)?;
    if args.history {
        let rows = kept.acts.iter().map(|it| {
            let about = it.file.clone();
            [it.at.clone(), it.who.clone(), it.act.clone(), about, it.because.clone()]
        });
        shell.line("")?;
        shell.line(table(["when", "who", "did", "file", "why"], &[], rows))?;
    }
    Ok(0)
}

fn kept_as_json(kept: &Kept) -> anyhow::Result<Value> {
    let act = |it: &store::CueAct| {
        json!({
            "number": it.number, "at": it.at, "who": it.who, "act": it.act, "because": it.because,
            "file": it.file, "sha256": it.sha256,
        })
    };
    let sheet = serde_json::to_value(kept.review.now()).context("a sheet is always JSON")?;
    Ok(json!({
        "sheet": kept.id, "now": sheet, "history": kept.acts.iter().map(act).collect::<Vec<_>>(),
    }))
}

/// Shows a sheet, for people; as JSON if that is wanted.
pub(crate) fn show_sheet(kept: &Kept, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        shell.json(&kept_as_json(kept)?)?;
        return Ok(());
    }
    let now = kept.review.now();
    let length = clock(now.head.length_ms);
    let music = clock(now.music_ms());
    shell.line(format!("{}: {}, {length}, {music} of it music", kept.id, now.head.name()))?;
    if now.cues.is_empty() && now.doubtful.is_empty() {
        shell.line("no cue: nothing that is listened for sounds in it")?;
        return Ok(());
    }
    shell.line(cue::timeline_text(&now, TIMELINE_COLUMNS))?;
    if !now.cues.is_empty() {
        shell.line(cues_table(&now.cues))?;
    }
    if !now.doubtful.is_empty() {
        shell.line("")?;
        shell.line("doubtful, and not claimed until somebody confirms it:")?;
        shell.line(cues_table(&now.doubtful))?;
    }
    Ok(())
}

fn cues_table(cues: &[Cue]) -> String {
    let rows = cues.iter().map(|it| {
        let time = |at: Option<u64>| at.map(clock).unwrap_or_default();
        let level = it.level.map(Level::as_str).unwrap_or_default();
        let code = it.code.map(|it| it.as_str().to_owned()).unwrap_or_default();
        let sure = it.confidence_permille.map(|it| format!("{:.2}", f64::from(it) / 1000.0));
        let tempo = f64::from(it.tempo_ppm) / 1e6;
        let mut remarks = changes(tempo, it.pitch_cents);
        let others = it.alternatives.iter().map(|it| format!("or {}", it.recording));
        remarks.extend(others.take(2));
        remarks.extend(Some(it.note.clone()).filter(|it| !it.is_empty()));
        [
            it.id.to_string(),
            time(it.start_ms),
            time(it.end_ms()),
            it.name().to_owned(),
            it.recording.clone(),
            code,
            level.to_owned(),
            sure.unwrap_or_default(),
            it.standing.as_str().to_owned(),
            remarks.join("; "),
        ]
    });
    let head = [
        "cue", "start", "end", "title", "recording", "code", "level", "sure", "standing", "remarks",
    ];
    table(head, &[0, 1, 2, 7], rows)
}
