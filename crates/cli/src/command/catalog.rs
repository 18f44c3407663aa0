//! `leitmotif catalog`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use app::catalogue::{CatalogueOutcome, export, has_error, import};
use clap::Subcommand;
use serde_json::json;

use crate::exit;
use crate::shell::Shell;

/// What can be done with the catalogue.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read a folder of plain files over the catalogue; entries replace those of the same id.
    ///
    /// Example: leitmotif catalog import my-catalogue --dry-run
    Import {
        /// The folder with parties.toml, recordings.toml, agreements.toml and so on.
        folder: PathBuf,
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the whole catalogue to a folder as plain files.
    ///
    /// Example: leitmotif catalog export my-catalogue
    Export {
        /// The folder; files of the same names are replaced.
        folder: PathBuf,
    },
}

pub(crate) fn run(command: Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Import { folder, dry_run } => {
            let now = shell.now();
            let outcome = import(&mut shell.home()?, &folder, dry_run, &now)?;
            show(&outcome, shell)?;
            Ok(if has_error(&outcome.findings) { exit::DATA } else { 0 })
        }
        Command::Export { folder } => {
            let files = export(&shell.home()?, &folder)?;
            if shell.wants_json() {
                shell.json(&json!({ "folder": folder, "files": files }))?;
            } else {
                shell.line(format!("{}: {}", folder.display(), files.join(", ")))?;
            }
            Ok(0)
        }
    }
}

fn show(outcome: &CatalogueOutcome, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        let changes: Vec<_> = outcome.changes.iter().map(ToString::to_string).collect();
        let findings: Vec<_> = outcome.findings.iter().map(ToString::to_string).collect();
        let value = json!({
            "written": outcome.written, "changes": changes, "findings": findings,
        });
        shell.json(&value)?;
        return Ok(());
    }
    for it in &outcome.findings {
        shell.line(it.to_string())?;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for it in &outcome.changes {
        *counts
            .entry(format!("{:?} {}", it.kind, it.entry.as_str()).to_lowercase())
            .or_default() += 1;
    }
    for (what, count) in &counts {
        shell.line(format!("{count:>6} {what}"))?;
    }
    shell.line(match (outcome.changes.is_empty(), outcome.written) {
        (true, _) => "nothing changes",
        (false, true) => "written",
        (false, false) => "nothing written (dry run)",
    })?;
    Ok(())
}
