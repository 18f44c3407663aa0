//! `leitmotif log`.

use std::path::PathBuf;

use anyhow::Context as _;
use app::publish::verify_log_folder;
use clap::Subcommand;
use serde_json::json;
use tlog::VerifierKey;

use crate::exit;
use crate::shell::Shell;

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the log's key, which payees need to check receipts.
    Key,
    /// Check every byte of the log's static files against its signed checkpoint.
    ///
    /// Exit code 14: a file does not hold.
    /// Example: leitmotif log verify mirror --key "$(cat log-key.txt)"
    Verify {
        /// The folder with the checkpoint; the home's own if none is named.
        folder: Option<PathBuf>,
        /// The log's key; the home's own if none is given.
        #[arg(long)]
        key: Option<String>,
    },
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Key => {
            let key = own_key(shell)?;
            shell.line(key.to_string())?;
            Ok(0)
        }
        Command::Verify { folder, key } => {
            let key = match key {
                Some(text) => {
                    VerifierKey::parse(text.trim()).context("--key is not a key of a log")?
                }
                None => own_key(shell)?,
            };
            let folder = folder.clone().unwrap_or_else(|| shell.folder().join("log"));
            match verify_log_folder(&folder, &key) {
                Ok(it) if shell.wants_json() => {
                    let value = json!({
                        "holds": true, "origin": it.origin, "size": it.size, "root": it.root,
                        "files": it.files,
                    });
                    shell.json(&value)?;
                    Ok(0)
                }
                Ok(it) => {
                    shell.line(format!(
                        "holds: {}, {} entries in {} files, root {}",
                        it.origin, it.size, it.files, it.root
                    ))?;
                    Ok(0)
                }
                Err(fault) => {
                    shell.talk(format!(
                        "error: the log in {} does not hold: {fault}",
                        folder.display()
                    ));
                    Ok(exit::LOG)
                }
            }
        }
    }
}

fn own_key(shell: &Shell) -> anyhow::Result<VerifierKey> {
    let home = shell.home()?;
    Ok(home.store.keys(&home.config.origin)?.log.verifier_key())
}
