//! Refused checkpoints that the log signed: kept, since they may show that it has two histories.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use tlog::witness::Evidence;
use tlog::{AddCheckpoint, Note};

use crate::disk::{Disk, Folder, make_folder, read, replace};
use crate::error::WitnessError;
use crate::logs::{hex, origin_hash};

/// Most forks that are kept of a log, and most doubts: one fork convicts, and anybody can send a
/// good checkpoint with a wrong proof.
pub const KEPT_MAX: usize = 64;

/// A refused checkpoint and what it is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exhibit {
    /// Its name among the log's exhibits.
    pub name: String,
    /// Whether the log signed two histories, or may have.
    pub evidence: Evidence,
    /// The request as it came: proof and checkpoint, signed by the log.
    pub refused: AddCheckpoint,
    /// What was cosigned last, signed by the log too; `None` if nothing was.
    pub cosigned: Option<Note>,
}

/// What became of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It was written down, or had been before.
    Yes,
    /// There are [`KEPT_MAX`] of its kind already.
    Full,
}

/// Keeps a refused request beside the latest cosigned note.
pub(crate) fn keep(
    disk: &dyn Disk,
    evidence: Evidence,
    request: &AddCheckpoint,
    cosigned: Option<&Note>,
) -> Result<Kept, WitnessError> {
    let folder = folder_of(request.origin());
    let prefix = prefix(evidence);
    let digest = Sha256::digest(request.note().text());
    let name = format!("{prefix}{}", hex(digest.get(..16).unwrap_or_default()));
    let names = disk.list(&folder).map_err(WitnessError::file(&disk.path(&folder)))?;
    let refused = format!("{name}.refused");
    if names.contains(&refused) {
        return Ok(Kept::Yes);
    }
    let of_kind = |it: &&String| it.starts_with(prefix) && it.ends_with(".refused");
    if names.iter().filter(of_kind).count() >= KEPT_MAX {
        return Ok(Kept::Full);
    }
    make_folder(disk, "evidence")?;
    make_folder(disk, &folder)?;
    if let Some(cosigned) = cosigned {
        let name = format!("{folder}/{name}.cosigned");
        replace(disk, &name, cosigned.to_string().as_bytes())?;
    }
    // The last file: with it the exhibit is whole.
    replace(disk, &format!("{folder}/{refused}"), request.to_string().as_bytes())?;
    Ok(Kept::Yes)
}

/// What is kept against a log, forks behind doubts, by name.
///
/// # Errors
/// [`WitnessError`] if a file cannot be read back.
pub fn exhibits(folder: &Path, origin: &str) -> Result<Vec<Exhibit>, WitnessError> {
    let disk = Folder(folder.to_owned());
    let folder = folder_of(origin);
    let names = disk.list(&folder).map_err(WitnessError::file(&disk.path(&folder)))?;
    let mut found = Vec::new();
    for name in names.iter().filter_map(|it| it.strip_suffix(".refused")) {
        let evidence = [Evidence::Doubt, Evidence::Fork];
        let Some(evidence) = evidence.into_iter().find(|it| name.starts_with(prefix(*it))) else {
            continue;
        };
        let file = format!("{folder}/{name}.refused");
        let bytes = read(&disk, &file)?.unwrap_or_default();
        let refused = AddCheckpoint::parse(bytes).map_err(|it| WitnessError::corrupt(file, it))?;
        let file = format!("{folder}/{name}.cosigned");
        let cosigned = match read(&disk, &file)? {
            Some(bytes) => Some(Note::parse(bytes).map_err(|it| WitnessError::corrupt(file, it))?),
            None => None,
        };
        found.push(Exhibit { name: name.to_owned(), evidence, refused, cosigned });
    }
    Ok(found)
}

fn folder_of(origin: &str) -> String {
    format!("evidence/{}", origin_hash(origin))
}

const fn prefix(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Fork => "fork-",
        Evidence::Doubt => "doubt-",
    }
}
