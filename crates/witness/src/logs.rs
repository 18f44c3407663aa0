//! The logs that a witness knows: a file of `log <vkey> [<url>]` lines, as in a policy.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use tlog::VerifierKey;
use tlog::policy::{LogLine, Policy};

use crate::disk::{Disk, Folder, read, replace};
use crate::error::WitnessError;
use crate::place::lock;

const FILE: &str = "logs";

/// The SHA-256 of a log's origin in lower-case hex: how a witness names the log in paths.
#[must_use]
pub fn origin_hash(origin: &str) -> String {
    hex(&Sha256::digest(origin))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The logs, read anew each time: a line added while the witness serves counts at once.
pub(crate) fn known(disk: &dyn Disk) -> Result<Vec<LogLine>, WitnessError> {
    let bytes = read(disk, FILE)?.unwrap_or_default();
    Ok(Policy::parse([bytes.as_slice(), b"quorum none\n"].concat())?.logs().to_vec())
}

/// The logs that the witness in a folder knows, in the order of its file.
///
/// # Errors
/// [`WitnessError`] if the file cannot be read or is no list of logs.
pub fn known_logs(folder: &Path) -> Result<Vec<LogLine>, WitnessError> {
    known(&Folder(folder.to_owned()))
}

/// Adds a log's key; its name is the log's origin. Says whether it was new.
///
/// A second key under one name is a second key of one log: both may sign, as when a key is replaced.
///
/// # Errors
/// [`WitnessError`] if the folder holds no witness or the file cannot be written.
pub fn add_log(folder: &Path, key: &VerifierKey) -> Result<bool, WitnessError> {
    let disk = Folder(folder.to_owned());
    crate::place::public_key(&disk)?;
    let _lock = lock(folder, "logs.lock")?;
    let known = known(&disk)?;
    if known.iter().any(|it| it.key == *key) {
        return Ok(false);
    }
    let mut text = read(&disk, FILE)?.unwrap_or_default();
    text.extend_from_slice(format!("log {key}\n").as_bytes());
    Policy::parse([text.as_slice(), b"quorum none\n"].concat())?;
    replace(&disk, FILE, &text)?;
    Ok(true)
}
