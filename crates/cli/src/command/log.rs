//! `leitmotif log`.

use std::path::{Path, PathBuf};

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
        Command::Cosign => cosign(shell),
        Command::Audit => audit(shell),
        Command::ChangeKey { yes } => change_key(*yes, shell),
        Command::Verify { folder, key, since, since_key } => {
            let given = |text: &str, word: &str| {
                VerifierKey::parse(text.trim())
                    .with_context(|| format!("{word} is not a key of a log"))
            };
            let key = match key {
                Some(text) => given(text, "--key")?,
                None => own_key(shell)?,
            };
            let since_key = match since_key {
                Some(text) => given(text, "--since-key")?,
                None => key.clone(),
            };
            let folder = folder.clone().unwrap_or_else(|| shell.folder().join("log"));
            let read = |path: &PathBuf| {
                std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))
            };
            let since = since.as_ref().map(read).transpose()?;
            verify(&folder, &key, since.as_deref().map(|it| (it, &since_key)), shell)
        }
    }
}

fn cosign(shell: &mut Shell) -> anyhow::Result<u8> {
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

fn audit(shell: &mut Shell) -> anyhow::Result<u8> {
    let sealed = app::seal::audit(&mut shell.home()?, &mut shell.progress())?;
    if shell.wants_json() {
        let row = |(id, seals): &(String, usize)| json!({ "settlement": id, "seals": seals });
        shell.json(&sealed.iter().map(row).collect())?;
        return Ok(0);
    }
    for (id, seals) in &sealed {
        shell.line(format!("{id}: {seals} seals, the same byte for byte"))?;
    }
    if sealed.is_empty() {
        shell.line("nothing is published yet")?;
    }
    Ok(0)
}

fn change_key(yes: bool, shell: &mut Shell) -> anyhow::Result<u8> {
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

fn verify(
    folder: &Path,
    key: &VerifierKey,
    since: Option<(&[u8], &VerifierKey)>,
    shell: &mut Shell,
) -> anyhow::Result<u8> {
    let (it, seals) = match verify_log_folder(folder, key, since) {
        Ok(found) => found,
        Err(fault) => {
            let folder = folder.display();
            shell.talk(format!("error: the log in {folder} does not hold: {fault}"));
            return Ok(exit::LOG);
        }
    };
    if shell.wants_json() {
        shell.json(&json!({
            "holds": true, "origin": it.origin, "size": it.size, "root": it.root,
            "files": it.files, "seals": seals,
        }))?;
    } else {
        shell.line(format!(
            "holds: {}, {} entries in {} files, root {}; {seals} seals close and continue each other",
            it.origin, it.size, it.files, it.root
        ))?;
    }
    Ok(0)
}

/// Reads the home's key and leaves everything else as it lies.
fn own_key(shell: &Shell) -> anyhow::Result<VerifierKey> {
    store::Store::log_key(shell.folder())
        .context("no whole key of a log in this home; the first `leitmotif publish` makes it")
}
