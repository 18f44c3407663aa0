//! `leitmotif attest`.

use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::attest::{attest, text_to_attest};
use clap::Subcommand;
use serde_json::json;
use tlog::{Note, SigningKey, VerifierKey};

use crate::shell::Shell;

/// The longest text that is signed, in bytes.
const TEXT_BYTES_MAX: u64 = 4096;

/// Attestations of sales reports by who sent them.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print what the sender of a report has to sign: what the log has of it.
    ///
    /// The control totals that it commits to are told beside it: the sender compares them with its own.
    /// Example: leitmotif attest text 5d41402abc4b2a76 > to-sign.txt
    Text {
        /// The report, by its id.
        report: String,
    },
    /// Sign a text, as the sender of a report; the key is made if the file is not there.
    ///
    /// Needs no home. Any program that writes C2SP signed notes does the same.
    /// Example: leitmotif attest sign to-sign.txt --name reports.service.example --seed my.seed > signed.txt
    Sign {
        /// The text.
        text: PathBuf,
        /// The name of the key: a host that is yours.
        #[arg(long)]
        name: String,
        /// The file with the secret seed of 32 bytes.
        #[arg(long)]
        seed: PathBuf,
    },
    /// Put a signed text into the log.
    ///
    /// Example: leitmotif attest add 5d41402abc4b2a76 signed.txt --key "reports.service.example+…"
    Add {
        /// The report, by its id.
        report: String,
        /// The signed text.
        note: PathBuf,
        /// The sender's key, as you know it from the sender.
        #[arg(long)]
        key: String,
    },
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Text { report } => {
            let asked = text_to_attest(&shell.home()?, report)?;
            if shell.wants_json() {
                shell.json(&json!({
                    "report": asked.report, "text": asked.text,
                    "control_totals": asked.control_totals,
                }))?;
            } else {
                shell.talk(format!("control totals that it commits to:\n{}", asked.control_totals));
                shell.bytes(asked.text.as_bytes())?;
            }
        }
        Command::Sign { text, name, seed } => {
            let text = read(text)?;
            let text = String::from_utf8(text).context("the text is not UTF-8")?;
            if !text.starts_with("leitmotif-attestation/v1\n") {
                bail!("that is no text of an attestation; `leitmotif attest text` prints one");
            }
            let key = SigningKey::from_seed(name, seed_of(seed)?.into())?;
            shell.talk(format!("signed with {}", key.verifier_key()));
            shell.bytes(Note::sign(&text, &[&key])?.to_string().as_bytes())?;
        }
        Command::Add { report, note, key } => {
            let key = VerifierKey::parse(key.trim()).context("--key is not a key")?;
            let (note, now) = (read(note)?, shell.now());
            let entry = attest(&mut shell.home()?, report, &note, &key, &now)?;
            if shell.wants_json() {
                shell.json(&json!({ "report": report, "entry": entry, "key": key.to_string() }))?;
            } else {
                shell.line(format!(
                    "report {report} is attested by {key}: entry {entry} of the log"
                ))?;
            }
        }
    }
    Ok(0)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let context = || format!("{} cannot be read", path.display());
    let file = std::fs::File::open(path).with_context(context)?;
    let mut bytes = Vec::new();
    file.take(TEXT_BYTES_MAX + 1).read_to_end(&mut bytes).with_context(context)?;
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        bail!("{} has more than {TEXT_BYTES_MAX} bytes", path.display());
    }
    Ok(bytes)
}

/// Reads a seed, or makes it, readable by its owner only.
fn seed_of(path: &Path) -> anyhow::Result<[u8; 32]> {
    if !path.exists() {
        let seed = app::attest::new_seed()?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let context = || format!("{} cannot be written", path.display());
        options.open(path).and_then(|mut it| it.write_all(&seed)).with_context(context)?;
    }
    let bytes = read(path)?;
    bytes.try_into().map_err(|_| anyhow::anyhow!("{} is not a seed of 32 bytes", path.display()))
}
