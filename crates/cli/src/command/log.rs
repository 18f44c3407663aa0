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
        /// An older checkpoint of the log: the log has to continue it.
        #[arg(long)]
        since: Option<PathBuf>,
    },
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Key => {
            let key = own_key(shell)?.to_string();
            if shell.wants_json() {
                shell.json(&json!({ "key": key }))?;
            } else {
                shell.line(key)?;
            }
            Ok(0)
        }
        Command::Verify { folder, key, since } => {
            let key = match key {
                Some(text) => {
                    VerifierKey::parse(text.trim()).context("--key is not a key of a log")?
                }
                None => own_key(shell)?,
            };
            let folder = folder.clone().unwrap_or_else(|| shell.folder().join("log"));
            let since = since
                .as_ref()
                .map(|path| {
                    std::fs::read(path)
                        .with_context(|| format!("{} cannot be read", path.display()))
                })
                .transpose()?;
            match verify_log_folder(&folder, &key, since.as_deref()) {
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

/// Reads the home's key and leaves everything else as it lies.
fn own_key(shell: &Shell) -> anyhow::Result<VerifierKey> {
    store::Store::log_key(shell.folder())
        .context("no whole key of a log in this home; the first `leitmotif publish` makes it")
}
