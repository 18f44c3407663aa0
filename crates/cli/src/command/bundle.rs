//! `leitmotif bundle`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use app::bundle::{BundleOutcome, make_bundle, new_identity};
use clap::Subcommand;
use serde_json::json;

use super::bundle_open;
use crate::shell::Shell;

/// Put every receipt of a settlement into one file, each encrypted to its payee.
///
/// The file is for everybody: all payees fetch the whole, so that nobody learns who checks what. Each
/// receipt is sealed to the `receipt_key` that its party has in the catalogue, in the age format
/// (age-encryption.org/v1). Without a file it is `receipts.bundle` beside the receipts.
///
/// Examples: leitmotif bundle 2021-Q3
///           leitmotif bundle 2021-Q3 --to /srv/www/receipts/2021-Q3.bundle
///           leitmotif bundle new-identity my.key
///           leitmotif bundle open 2021-Q3.bundle --identity my.key --to my-receipts
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    /// The settlement.
    #[arg(required = true)]
    settlement: Option<String>,
    /// The file to write.
    #[arg(long)]
    to: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What a payee does; needs no home.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Open(bundle_open::Args),
    /// Make an identity of age, and print its recipient, which the operator has to know.
    ///
    /// The file is readable by you only, and is never overwritten. Who has it reads all your receipts; if
    /// it is lost, nothing that was sealed to it opens again. `age-keygen -o FILE` makes the same.
    /// Example: leitmotif bundle new-identity my.key
    NewIdentity {
        /// The file to write.
        file: PathBuf,
    },
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    match (&args.command, &args.settlement) {
        (Some(Command::Open(args)), _) => bundle_open::run(args, shell),
        (Some(Command::NewIdentity { file }), _) => make_identity(file, shell),
        (None, settlement) => {
            let settlement = settlement.as_deref().unwrap_or_default();
            let home = shell.home()?;
            let made = {
                let mut progress = shell.progress();
                make_bundle(&home, settlement, args.to.as_deref(), &mut progress)?
            };
            show(&made, shell)
        }
    }
}

fn show(made: &BundleOutcome, shell: &mut Shell) -> anyhow::Result<u8> {
    let missing = made.without_key.len();
    if missing > 0 {
        let (payees, have) = match missing {
            1 => ("payee", "has"),
            _ => ("payees", "have"),
        };
        shell.talk(format!(
            "note: {missing} {payees} {have} no receipt_key, so what is theirs is not in the bundle. A payee \
             makes a key with `leitmotif bundle new-identity FILE` or `age-keygen`; write the line `age1…` into \
             parties.toml as receipt_key = \"age1…\", and import the catalogue. `--format json` names them"
        ));
    }
    if shell.wants_json() {
        shell.json(&json!({
            "settlement": made.settlement, "bundle": made.path, "receipts": made.receipts,
            "bytes": made.bytes, "without_key": made.without_key, "erased": made.erased,
        }))?;
    } else {
        shell.line(format!(
            "{}: {} receipts, each sealed to its payee, in {} ({} bytes)",
            made.settlement,
            made.receipts,
            made.path.display(),
            made.bytes
        ))?;
    }
    Ok(0)
}

fn make_identity(path: &Path, shell: &mut Shell) -> anyhow::Result<u8> {
    let identity = new_identity()?;
    let recipient = identity.recipient();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let context = || format!("{} cannot be made; a file that is there stays", path.display());
    let mut file = options.open(path).with_context(context)?;
    let head = format!("# created: {}\n# public key: {recipient}\n", shell.now());
    let secret = identity.to_text();
    let parts = [head.as_bytes(), secret.as_bytes(), b"\n"];
    parts.iter().try_for_each(|it| file.write_all(it)).with_context(context)?;
    file.sync_all().with_context(context)?;
    if shell.wants_json() {
        shell.json(&json!({ "identity": path, "recipient": recipient.to_string() }))?;
    } else {
        shell.talk(format!(
            "{} is your identity: keep it, and a copy; give the operator the line below",
            path.display()
        ));
        shell.line(recipient.to_string())?;
    }
    Ok(0)
}
