//! What people decide about a sheet.

use anyhow::{Context as _, bail};
use app::cues;
use clap::Args;
use cue::{Act, Cue, CueId, UsageCode};

use super::look;
use crate::shell::Shell;

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct Reason {
    /// Who decides.
    #[arg(long)]
    by: String,
    /// Why.
    #[arg(long, default_value = "")]
    because: String,
}

/// Say that cues are right as they stand; a doubtful one is one from then on.
///
/// Examples: leitmotif cue confirm goblin/1/4 3 --by Kim
///           leitmotif cue confirm goblin/1/4 --all --by Kim --because "heard through"
#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// The sheet.
    sheet: String,
    /// The cues' numbers.
    #[arg(required_unless_present = "all")]
    cues: Vec<CueId>,
    /// All cues that are not doubtful.
    #[arg(long, conflicts_with = "cues")]
    all: bool,
    #[command(flatten)]
    reason: Reason,
}

/// Set a cue's times, recording or usage code; it counts as confirmed by that.
///
/// Codes: BI, BV (background, instrumental and vocal), VI, VV (visual), FI, FV (featured), MT (main title),
/// ET (end title), T (theme), LO (logo).
///
/// Examples: leitmotif cue change goblin/1/4 3 --code VV --by Kim --because "she sings it in the scene"
///           leitmotif cue change goblin/1/4 3 --start 12:03.5 --end 13:40 --by Kim
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    /// The sheet.
    sheet: String,
    /// The cue's number.
    cue: CueId,
    /// How the music is used.
    #[arg(long, value_parser = code)]
    code: Option<UsageCode>,
    /// Where it begins.
    #[arg(long, value_parser = time, requires = "end")]
    start: Option<u64>,
    /// Where it ends.
    #[arg(long, value_parser = time, requires = "start")]
    end: Option<u64>,
    /// Which recording it is: an ISRC, an id of the catalogue, or a label.
    #[arg(long)]
    recording: Option<String>,
    #[command(flatten)]
    reason: Reason,
}

/// Say that cues are not there; a later detection does not bring them back.
///
/// Example: leitmotif cue reject goblin/1/4 5 --by Kim --because "a ringtone, not our recording"
#[derive(Debug, Args)]
pub(crate) struct RejectArgs {
    /// The sheet.
    sheet: String,
    /// The cues' numbers.
    #[arg(required = true)]
    cues: Vec<CueId>,
    #[command(flatten)]
    reason: Reason,
}

/// Add a cue that was not heard.
///
/// Example: leitmotif cue add goblin/1/4 moon-river-rain --start 41:10 --end 42:05 --code BV --by Kim
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The sheet.
    sheet: String,
    /// The recording: an ISRC, an id of the catalogue, or a label.
    recording: String,
    /// Where it begins.
    #[arg(long, value_parser = time)]
    start: u64,
    /// Where it ends.
    #[arg(long, value_parser = time)]
    end: u64,
    /// How the music is used.
    #[arg(long, value_parser = code)]
    code: Option<UsageCode>,
    #[command(flatten)]
    reason: Reason,
}

/// Take back the last decision that still holds.
///
/// Example: leitmotif cue undo goblin/1/4 --by Kim --because "the wrong cue"
#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The sheet.
    sheet: String,
    #[command(flatten)]
    reason: Reason,
}

pub(crate) fn code(text: &str) -> Result<UsageCode, String> {
    let codes = || UsageCode::ALL.map(|it| it.as_str()).join(", ");
    UsageCode::parse(text).ok_or_else(|| format!("no usage code; there are {}", codes()))
}

pub(crate) fn time(text: &str) -> Result<u64, String> {
    cue::parse_clock(text).ok_or_else(|| "no time; write 1:02:03.5, 2:03 or 90.5".to_owned())
}

pub(crate) fn confirm(args: &ConfirmArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut cues = args.cues.clone();
    if args.all {
        let now = cues::sheet(&shell.home()?, &args.sheet)?.review.now();
        cues = now.cues.iter().filter(|it| !it.is_confirmed()).map(|it| it.id).collect();
    }
    if cues.is_empty() {
        shell.line("all cues are confirmed already")?;
        return Ok(0);
    }
    decide(&args.sheet, cues.into_iter().map(Act::Confirm).collect(), &args.reason, shell)
}

pub(crate) fn change(args: &ChangeArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut acts = Vec::new();
    if let (Some(start), Some(end)) = (args.start, args.end) {
        acts.push(Act::Move(args.cue, start, end));
    }
    if let Some(recording) = &args.recording {
        acts.push(Act::Recording(args.cue, recording.clone()));
    }
    if let Some(code) = args.code {
        acts.push(Act::Code(args.cue, code));
    }
    if acts.is_empty() {
        bail!("nothing to change; say --code, --start and --end, or --recording");
    }
    decide(&args.sheet, acts, &args.reason, shell)
}

pub(crate) fn reject(args: &RejectArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    decide(&args.sheet, args.cues.iter().copied().map(Act::Reject).collect(), &args.reason, shell)
}

pub(crate) fn add(args: &AddArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let length_ms = args.end.checked_sub(args.start).filter(|it| *it > 0);
    let length_ms = length_ms.context("a cue ends after it begins; look at --start and --end")?;
    let cue = Cue {
        start_ms: Some(args.start),
        length_ms,
        recording: args.recording.clone(),
        code: args.code,
        ..Cue::default()
    };
    decide(&args.sheet, vec![Act::Add(Box::new(cue))], &args.reason, shell)
}

pub(crate) fn undo(args: &UndoArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    decide(&args.sheet, vec![Act::Undo], &args.reason, shell)
}

fn decide(sheet: &str, acts: Vec<Act>, reason: &Reason, shell: &mut Shell) -> anyhow::Result<u8> {
    let now = shell.now();
    let mut home = shell.home()?;
    for act in acts {
        cues::decide(&mut home, sheet, act, &reason.by, &reason.because, &now)?;
    }
    look::show_sheet(&cues::sheet(&home, sheet)?, shell)?;
    Ok(0)
}
