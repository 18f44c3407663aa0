//! Sheets handed on, taken in and compared.

use std::path::PathBuf;

use anyhow::Context as _;
use app::cues::{self, Form, HandOn};
use clap::{Args, ValueEnum};
use cue::FrameRate;
use ident::Dpid;

use super::decide::time;
use super::look;
use crate::exit;
use crate::shell::Shell;

/// Columns of a comparison in a terminal.
const COLUMNS: usize = 100;

/// Write a cue sheet in a form that others read.
///
/// Examples: leitmotif cue export goblin/1/4 --form pro --out goblin-104.csv
///           leitmotif cue export goblin/1/4 --form edl --rate 29.97df
///           leitmotif cue export goblin/1/4 --form svg --out goblin-104.svg
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// The sheet.
    sheet: String,
    /// The form.
    #[arg(long, value_enum, default_value_t = FormWord::Csv)]
    form: FormWord,
    /// The file; without one it is printed.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Only cues that somebody confirmed.
    #[arg(long)]
    confirmed: bool,
    /// Frames a second, of an edit decision list: 23.976, 24, 25, 29.97, 29.97df or 30.
    #[arg(long, value_parser = rate, default_value = "29.97df")]
    rate: FrameRate,
    /// The timecode at which the programme begins, of an edit decision list.
    #[arg(long, value_parser = time, default_value = "1:00:00")]
    record_start: u64,
    /// Your party id (DPID), of cue records, whose report names its sender.
    #[arg(long, value_name = "DPID")]
    sender: Option<Dpid>,
}

/// The forms of a sheet.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormWord {
    /// Our own table, with everything; `cue import` reads it back without loss.
    Csv,
    /// The columns that societies of performing rights ask for, as a table.
    Pro,
    /// The same as a workbook.
    ProXlsx,
    /// Korean columns, as a table.
    Komca,
    /// The same as a workbook.
    KomcaXlsx,
    /// Cue records (CU01) of a digital sales report.
    Cu01,
    /// WebVTT: a subtitle that names what sounds.
    Vtt,
    /// An edit decision list (CMX 3600).
    Edl,
    /// A picture of the episode's timeline.
    Svg,
}

impl From<FormWord> for Form {
    fn from(word: FormWord) -> Self {
        match word {
            FormWord::Csv => Self::Csv,
            FormWord::Pro => Self::Pro,
            FormWord::ProXlsx => Self::ProWorkbook,
            FormWord::Komca => Self::Komca,
            FormWord::KomcaXlsx => Self::KomcaWorkbook,
            FormWord::Cu01 => Self::Cu01,
            FormWord::Vtt => Self::Vtt,
            FormWord::Edl => Self::Edl,
            FormWord::Svg => Self::Svg,
        }
    }
}

/// Take in a cue sheet that somebody delivered: CSV, a society's table or workbook, WebVTT, EDL, CU01.
///
/// The form is told by the file's content. A line that cannot be read is a finding, the rest goes on.
/// Exit code 3: at least one finding is an error.
///
/// Example: leitmotif cue import delivered.csv --sheet goblin/1/4/delivered --by Kim
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The file.
    file: PathBuf,
    /// The sheet's id; the file's name if not said.
    #[arg(long)]
    sheet: Option<String>,
    /// Frames a second, of an edit decision list, which does not say.
    #[arg(long, value_parser = rate, default_value = "29.97df")]
    rate: FrameRate,
    /// Who takes it in.
    #[arg(long)]
    by: String,
}

/// Compare two cue sheets: what was heard and is not told, what is told and was not heard, what differs.
///
/// Each is a sheet of the home or a file. Exit code 3: they differ.
///
/// Example: leitmotif cue compare goblin/1/4 delivered.csv
#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    /// What was found: a sheet or a file.
    found: String,
    /// What was delivered: a sheet or a file.
    delivered: String,
    /// Frames a second, of an edit decision list, which does not say.
    #[arg(long, value_parser = rate, default_value = "29.97df")]
    rate: FrameRate,
}

fn rate(text: &str) -> Result<FrameRate, String> {
    let words = || FrameRate::ALL.map(FrameRate::as_str).join(", ");
    FrameRate::parse(text).ok_or_else(|| format!("no rate that is known; there are {}", words()))
}

pub(crate) fn export(args: &ExportArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let now = shell.now();
    let how = HandOn {
        form: args.form.into(),
        rate: args.rate,
        record_start_ms: args.record_start,
        confirmed_only: args.confirmed,
        sender: args.sender,
        now: &now,
    };
    let bytes = cues::hand_on(&shell.home()?, &args.sheet, &how)?;
    match &args.out {
        None => shell.bytes(&bytes)?,
        Some(path) => {
            std::fs::write(path, &bytes)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            shell.talk(format!("wrote {}", path.display()));
        }
    }
    Ok(0)
}

pub(crate) fn import(args: &ImportArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let now = shell.now();
    let (kept, findings) = cues::import(
        &mut shell.home()?,
        &args.file,
        args.sheet.as_deref(),
        args.rate,
        &args.by,
        &now,
    )?;
    findings.iter().for_each(|it| shell.talk(it.to_string()));
    look::show_sheet(&kept, shell)?;
    let errors = findings.iter().any(|it| it.severity == finding::Severity::Error);
    Ok(if errors { exit::DATA } else { 0 })
}

pub(crate) fn compare(args: &CompareArgs, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let found = cues::sheet_or_file(&home, &args.found, args.rate)?;
    let delivered = cues::sheet_or_file(&home, &args.delivered, args.rate)?;
    for it in found.findings.iter().chain(&delivered.findings) {
        shell.talk(it.to_string());
    }
    let compared = cues::compare(&home, &found.sheet, &delivered.sheet)?;
    match shell.wants_json() {
        true => shell.line(compared.to_json())?,
        false => shell.line(compared.to_text(COLUMNS))?,
    }
    let agreed = compared.rows.iter().all(|it| it.verdict == cue::Verdict::Agreed);
    Ok(if agreed { 0 } else { exit::DATA })
}
