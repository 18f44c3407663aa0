//! The lake: beginning a report and putting its files in place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::digest::digest_file;
use crate::layout::{STAGING, USAGE, below, check_report};
use crate::{FileEntry, LakeError, ReportWriter, StagedReport};

/// A folder of usage lines.
///
/// One process at a time may write to it; the caller sees to that.
#[derive(Clone, Debug)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// Opens the lake at `root`, creating its folders where they are missing.
    ///
    /// # Errors
    /// [`LakeError::Io`] when a folder cannot be created.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, LakeError> {
        let root = root.into();
        for name in [USAGE, STAGING] {
            let folder = root.join(name);
            fs::create_dir_all(&folder).map_err(LakeError::io("create", &folder))?;
        }
        Ok(Self { root })
    }

    /// The folder the lake lives in.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Begins to write a report, dropping what an earlier attempt left staged.
    ///
    /// # Errors
    /// [`LakeError::ReportId`] when `report` could not be a file name, [`LakeError::Io`] when the
    /// staging folder cannot be made.
    pub fn begin(&self, report: &str) -> Result<ReportWriter, LakeError> {
        check_report(report)?;
        let staging = self.staging(report);
        remove_tree(&staging)?;
        fs::create_dir_all(&staging).map_err(LakeError::io("create", &staging))?;
        Ok(ReportWriter::new(staging, report.to_owned()))
    }

    /// Moves a staged report into place and forces the move to disk.
    ///
    /// It may be called again after it failed or succeeded. Only after it returned may the
    /// manifest be recorded; a crash in between leaves files that [`Lake::sweep`] removes.
    ///
    /// # Errors
    /// [`LakeError::NotStaged`] when a file is nowhere, [`LakeError::Occupied`] when another file
    /// is in its place, [`LakeError::Io`] when the file system refuses.
    pub fn commit(&self, staged: &StagedReport) -> Result<(), LakeError> {
        check_report(&staged.report)?;
        let staging = self.staging(&staged.report);
        let mut folders = BTreeSet::new();
        for entry in &staged.files {
            let target = below(&self.root, &entry.path)?;
            self.put_in_place(entry, &below(&staging, &entry.path)?, &target)?;
            let inside = target.ancestors().skip(1).take_while(|folder| *folder != self.root);
            folders.extend(inside.map(Path::to_owned));
        }
        for folder in folders.iter().rev() {
            sync_folder(folder)?;
        }
        remove_tree(&staging)
    }

    pub(crate) fn staging(&self, report: &str) -> PathBuf {
        self.root.join(STAGING).join(report)
    }

    fn put_in_place(
        &self,
        entry: &FileEntry,
        staged: &Path,
        target: &Path,
    ) -> Result<(), LakeError> {
        if exists(target)? {
            if matches_entry(target, entry)? {
                return Ok(());
            }
            return Err(LakeError::Occupied { path: entry.path.clone() });
        }
        if !exists(staged)? {
            return Err(LakeError::NotStaged { path: entry.path.clone() });
        }
        move_file(staged, target)
    }
}

/// Whether the file is byte for byte the one the entry describes.
pub(crate) fn matches_entry(path: &Path, entry: &FileEntry) -> Result<bool, LakeError> {
    let length = fs::metadata(path).map_err(LakeError::io("read", path))?.len();
    if length != entry.bytes {
        return Ok(false);
    }
    let (_, sha256) = digest_file(path).map_err(LakeError::io("read", path))?;
    Ok(sha256 == entry.sha256)
}

pub(crate) fn exists(path: &Path) -> Result<bool, LakeError> {
    path.try_exists().map_err(LakeError::io("read", path))
}

pub(crate) fn move_file(from: &Path, to: &Path) -> Result<(), LakeError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(LakeError::io("create", folder))?;
    }
    fs::rename(from, to).map_err(LakeError::io("move", from))
}

/// Forces the names in a folder to disk, on systems that know how.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), LakeError> {
    if cfg!(unix) {
        let opened = File::open(folder).map_err(LakeError::io("open", folder))?;
        opened.sync_all().map_err(LakeError::io("sync", folder))?;
    }
    Ok(())
}

pub(crate) fn remove_tree(folder: &Path) -> Result<(), LakeError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(LakeError::io("remove", folder)(error))
        }
        _ => Ok(()),
    }
}
