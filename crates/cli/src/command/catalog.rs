//! `leitmotif catalog`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::catalogue::{CatalogueOutcome, export, has_error, import};
use app::templates::{TEMPLATES, Template};
use clap::Subcommand;
use serde_json::json;

use crate::command::catalog_rates;
use crate::exit;
use crate::shell::Shell;
use crate::table::table;

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
    Rates(catalog_rates::Args),
    /// List agreements to start from, or write one to a folder as plain files.
    ///
    /// Example: leitmotif catalog template kr-ost --to my-catalogue
    Template {
        /// Its name; all are listed if none is named.
        name: Option<String>,
        /// The folder to write it to; without one it is printed.
        #[arg(long)]
        to: Option<PathBuf>,
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
        Command::Rates(args) => catalog_rates::run(&args, shell),
        Command::Template { name, to } => template(name.as_deref(), to.as_deref(), shell),
    }
}

fn template(name: Option<&str>, to: Option<&Path>, shell: &mut Shell) -> anyhow::Result<u8> {
    let Some(name) = name else {
        if shell.wants_json() {
            let row = |it: &Template| json!({ "name": it.name, "about": it.about });
            shell.json(&TEMPLATES.iter().map(row).collect())?;
        } else {
            let rows = TEMPLATES.iter().map(|it| [it.name.to_owned(), it.about.to_owned()]);
            shell.line(table(["template", "what it is"], &[], rows))?;
        }
        return Ok(0);
    };
    let found = TEMPLATES.iter().find(|it| it.name == name);
    let found = found.with_context(|| {
        format!("there is no template {name}; `leitmotif catalog template` lists them")
    })?;
    for (file, text) in found.files {
        match to {
            None => {
                shell.line(format!("# {file}"))?;
                shell.line(text)?;
            }
            Some(folder) => {
                let path = folder.join(file);
                if path.exists() {
                    bail!("{} is there already; name another folder", path.display());
                }
                std::fs::create_dir_all(folder)?;
                std::fs::write(&path, text)?;
                shell.line(path.display().to_string())?;
            }
        }
    }
    Ok(0)
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
