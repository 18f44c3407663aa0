//! `leitmotif replay`.

use app::settle::replay;
use serde_json::json;

use crate::exit;
use crate::shell::Shell;

/// Decide settled periods once more, from what was known then, and compare every byte.
///
/// Usage lines, catalogue, decisions and book are taken as they were when the period was closed. Every
/// posting and every byte of every statement has to come out as it was posted; nothing is written.
/// Exit code 3 if something is other than it was: a file was changed, the operator is called
/// otherwise, or another build computes otherwise.
///
/// Examples: leitmotif replay
///           leitmotif replay 2026-05
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The settlement, e.g. 2026-05; all of them if none is named.
    settlement: Option<String>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let replayed = replay(&home, args.settlement.as_deref(), &mut shell.progress())?;
    let is_same = replayed.iter().all(|it| it.differences.is_empty());
    if shell.wants_json() {
        let row = |it: &app::settle::Replayed| {
            json!({
                "settlement": it.settlement,
                "entries": it.entries,
                "statements": it.statements,
                "differences": it.differences,
            })
        };
        shell.json(&replayed.iter().map(row).collect())?;
    } else {
        for it in &replayed {
            shell.line(format!(
                "{}: {} entries and {} statements, {}",
                it.settlement,
                it.entries,
                it.statements,
                match it.differences.len() {
                    0 => "all as they were posted".to_owned(),
                    count => format!("{count} other than they were posted:"),
                }
            ))?;
            for it in &it.differences {
                shell.line(format!("  {it}"))?;
            }
        }
        if replayed.is_empty() {
            shell.line("nothing is settled yet")?;
        }
    }
    Ok(if is_same { 0 } else { exit::DATA })
}
