//! `leitmotif bundle open`.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use app::bundle::open_bundle;
use app::publish::verify_receipt;
use envelope::{Identity, parse_identities};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::verify::{Trusted, as_json, read, show};
use crate::exit;
use crate::shell::Shell;

/// The longest file of identities, in bytes.
const IDENTITY_FILE_BYTES: usize = 64 * 1024;

/// Find the receipts in a bundle that are yours, write them out and check them.
///
/// Your identity is tried on each; what is somebody else's stays closed. What opens is written as
/// `<beginning of its SHA-256>.receipt` and checked as `leitmotif verify` does, with its exit codes. No
/// network is asked and no home is needed.
///
/// Example: leitmotif bundle open 2021-Q3.bundle --identity my.key --key "$(cat log-key.txt)"
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The bundle, as you fetched it.
    file: PathBuf,
    /// The file with your identity, as `leitmotif bundle new-identity` or `age-keygen` made it.
    #[arg(long)]
    identity: PathBuf,
    /// The folder to write what opens into.
    #[arg(long, default_value = ".")]
    to: PathBuf,
    #[command(flatten)]
    trusted: Trusted,
}

pub(super) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let trust = args.trusted.trust()?;
    let identities = identities(&args.identity)?;
    let opened = {
        let mut progress = shell.progress();
        open_bundle(&args.file, &identities, &args.to, &mut progress)?
    };
    if opened.receipts.is_empty() {
        let recipients: Vec<String> =
            identities.iter().map(|it| it.recipient().to_string()).collect();
        bail!(
            "none of the {} receipts in {} is sealed to {}: ask the operator whether that is your \
             receipt_key",
            opened.sealed,
            args.file.display(),
            recipients.join(" or ")
        );
    }
    let (mut values, mut refused, mut code) = (Vec::new(), 0, 0);
    let several = opened.receipts.len() > 1;
    for path in &opened.receipts {
        let name = path.display().to_string();
        match verify_receipt(&read(path)?, &trust) {
            Ok(verdict) => {
                code = code.max(verdict.exit_code());
                match shell.wants_json() {
                    true => values.push(as_json(&name, &verdict)),
                    false => show(&name, &verdict, several, shell)?,
                }
            }
            Err(refusal) => {
                refused = if refused == 0 { refusal.exit_code() } else { refused };
                values.push(json!({
                    "receipt": name, "holds": false, "exit_code": refusal.exit_code(),
                }));
                let error = anyhow::Error::new(refusal).context(format!("{name} is refused"));
                shell.talk(exit::said(&error));
            }
        }
    }
    if shell.wants_json() {
        shell.json(&json!({
            "settlement": opened.settlement, "sealed": opened.sealed,
            "receipts": Value::Array(values),
        }))?;
    } else {
        shell.line(format!(
            "{} of the {} receipts in {} are yours",
            opened.receipts.len(),
            opened.sealed,
            args.file.display()
        ))?;
    }
    Ok(if refused == 0 { code } else { refused })
}

fn identities(path: &Path) -> anyhow::Result<Vec<Identity>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // Large enough that it is never moved, which would leave a copy behind.
    let mut text = Zeroizing::new(String::with_capacity(2 * IDENTITY_FILE_BYTES));
    let read = file.take(IDENTITY_FILE_BYTES as u64 + 1).read_to_string(&mut text);
    read.with_context(|| format!("{} is no text that can be read", path.display()))?;
    if text.len() > IDENTITY_FILE_BYTES {
        bail!("{} has more than {IDENTITY_FILE_BYTES} bytes", path.display());
    }
    parse_identities(&text).with_context(|| format!("{} has no identity", path.display()))
}
