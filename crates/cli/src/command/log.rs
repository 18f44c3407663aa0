//! `leitmotif log`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::publish::verify_log_folder;
use clap::Subcommand;
use serde_json::json;
use tlog::VerifierKey;

use crate::command::publish::{cosigned_as_json, cosigned_words};
use crate::exit;
use crate::shell::Shell;

/// What can be done with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the log's key, which payees need to check receipts.
    Key,
    /// Ask the witnesses of the policy to cosign the newest checkpoint, again.
    ///
    /// `leitmotif.toml` names the policy file. Receipts that are published afterwards carry what they signed;
    /// `leitmotif publish SETTLEMENT` writes those of a settlement again. Exit code 16: too few signed.
    /// Example: leitmotif log cosign
    Cosign,
    /// Build every seal again from books, statements and keys, and compare it with the log, byte for byte.
    ///
    /// An auditor with a copy of the home does the same: whoever has its keys can open everything.
    /// Example: leitmotif log audit
    Audit,
    /// Sign the log with a new key from now on; the old one is kept, and signs nothing any more.
    ///
    /// The entry that says so is in a checkpoint that both keys sign. Tell payees and witnesses the new key.
    /// Example: leitmotif log change-key --yes
    ChangeKey {
        /// Do it; this cannot be undone.
        #[arg(long)]
        yes: bool,
    },
    /// Check every byte of the log's static files against its signed checkpoint, and that every seal closes.
    ///
    /// Exit code 14: a file or a seal does not hold.
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
        /// The key that signed the older checkpoint, if it was another one.
        #[arg(long, requires = "since")]
        since_key: Option<String>,
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
        Command::Cosign => {
            let Some(cosigned) = app::cosign::cosign(&mut shell.home()?)? else {
                bail!(
                    "no witness to ask: `policy` in {} names no policy file, or the log is empty",
                    shell.folder().join("leitmotif.toml").display()
                );
            };
            if shell.wants_json() {
                shell.json(&cosigned_as_json(&cosigned))?;
            } else {
                shell.line(cosigned_words(&cosigned))?;
            }
            Ok(if cosigned.quorum.met { 0 } else { statement::NOT_WITNESSED })
        }
        Command::Audit => {
            let sealed = app::seal::audit(&mut shell.home()?, &mut shell.progress())?;
            if shell.wants_json() {
                let row =
                    |(id, seals): &(String, usize)| json!({ "settlement": id, "seals": seals });
                shell.json(&sealed.iter().map(row).collect())?;
            } else {
                for (id, seals) in &sealed {
                    shell.line(format!("{id}: {seals} seals, the same byte for byte"))?;
                }
                if sealed.is_empty() {
                    shell.line("nothing is published yet")?;
                }
            }
            Ok(0)
        }
        Command::ChangeKey { yes } => {
            if !yes {
                bail!("receipts of before are signed by the old key; say --yes to change it");
            }
            let now = shell.now();
            let [from, to] = app::log::change_key(&mut shell.home()?, &now)?;
            if shell.wants_json() {
                shell.json(&json!({ "from": from.to_string(), "to": to.to_string() }))?;
            } else {
                shell.line(format!("the log was signed by {from}\nand is signed by  {to}"))?;
            }
            Ok(0)
        }
        Command::Verify { folder, key, since, since_key } => {
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
            let since_key = match since_key {
                Some(text) => {
                    VerifierKey::parse(text.trim()).context("--since-key is not a key of a log")?
                }
                None => key.clone(),
            };
            let since = since.as_deref().map(|it| (it, &since_key));
            match verify_log_folder(&folder, &key, since) {
                Ok((it, seals)) if shell.wants_json() => {
                    let value = json!({
                        "holds": true, "origin": it.origin, "size": it.size, "root": it.root,
                        "files": it.files, "seals": seals,
                    });
                    shell.json(&value)?;
                    Ok(0)
                }
                Ok((it, seals)) => {
                    shell.line(format!(
                        "holds: {}, {} entries in {} files, root {}; {seals} seals close and continue each \
                         other",
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
