//! After a crash: make the folder agree with the manifest.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::layout::{STAGING, USAGE, below, is_month_folder, is_report_file, is_sender_folder};
use crate::place::{exists, matches_entry, move_file, remove_tree, sync_folder};
use crate::{FileEntry, Lake, LakeError};

/// What [`Lake::sweep`] did, as relative paths in order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Swept {
    /// Files and staging folders removed.
    pub removed: Vec<String>,
    /// Files of the manifest that were still staged and are in place now.
    pub restored: Vec<String>,
    /// Files of the manifest that are nowhere.
    pub missing: Vec<String>,
}

impl Lake {
    /// Removes staged leftovers and files of usage lines that no manifest names.
    ///
    /// `known` is every file entry ever recorded and not withdrawn. Call it when the lake is
    /// opened, while no report is being written. Files and folders whose names are not those of
    /// the lake are left alone.
    ///
    /// # Errors
    /// [`LakeError::Path`] when an entry points outside the lake, [`LakeError::Io`] when the file
    /// system refuses; the sweep may be repeated.
    pub fn sweep(&self, known: &[FileEntry]) -> Result<Swept, LakeError> {
        let mut swept = Swept::default();
        let mut names = BTreeSet::new();
        for entry in known {
            let target = below(self.root(), &entry.path)?;
            names.insert(entry.path.as_str());
            if !exists(&target)? {
                self.restore(entry, &target, &mut swept)?;
            }
        }
        let staging = self.root().join(STAGING);
        for (name, folder) in children(&staging)? {
            if folder.is_dir() && crate::layout::check_report(&name).is_ok() {
                remove_tree(&folder)?;
                swept.removed.push(format!("{STAGING}/{name}"));
            }
        }
        self.remove_unknown(&names, &mut swept)?;
        swept.removed.sort();
        swept.restored.sort();
        swept.missing.sort();
        Ok(swept)
    }

    fn restore(
        &self,
        entry: &FileEntry,
        target: &Path,
        swept: &mut Swept,
    ) -> Result<(), LakeError> {
        crate::layout::check_report(&entry.report)?;
        let staged = below(&self.staging(&entry.report), &entry.path)?;
        if exists(&staged)? && matches_entry(&staged, entry)? {
            move_file(&staged, target)?;
            for folder in target.ancestors().skip(1).take_while(|folder| *folder != self.root()) {
                sync_folder(folder)?;
            }
            swept.restored.push(entry.path.clone());
        } else {
            swept.missing.push(entry.path.clone());
        }
        Ok(())
    }

    fn remove_unknown(&self, names: &BTreeSet<&str>, swept: &mut Swept) -> Result<(), LakeError> {
        let usage = self.root().join(USAGE);
        for (month, month_folder) in folders(&usage, is_month_folder)? {
            for (sender, sender_folder) in folders(&month_folder, is_sender_folder)? {
                for (file, path) in children(&sender_folder)? {
                    let relative = format!("{USAGE}/{month}/{sender}/{file}");
                    let ours = is_report_file(&file) && is_plain_file(&path)?;
                    if ours && !names.contains(relative.as_str()) {
                        fs::remove_file(&path).map_err(LakeError::io("remove", &path))?;
                        swept.removed.push(relative);
                    }
                }
                remove_if_empty(&sender_folder)?;
            }
            remove_if_empty(&month_folder)?;
        }
        Ok(())
    }
}

/// Names and paths in a folder, in name order; names that are not Unicode are not the lake's.
fn children(folder: &Path) -> Result<Vec<(String, PathBuf)>, LakeError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(LakeError::io("list", folder))? {
        let entry = entry.map_err(LakeError::io("list", folder))?;
        if let Ok(name) = entry.file_name().into_string() {
            found.push((name, entry.path()));
        }
    }
    found.sort();
    Ok(found)
}

/// Real folders (not links to folders) whose name is one of the lake's.
fn folders(
    folder: &Path,
    fits: impl Fn(&str) -> bool,
) -> Result<Vec<(String, PathBuf)>, LakeError> {
    let mut found = children(folder)?;
    found.retain(|(name, path)| fits(name) && !path.is_symlink() && path.is_dir());
    Ok(found)
}

fn is_plain_file(path: &Path) -> Result<bool, LakeError> {
    let metadata = fs::symlink_metadata(path).map_err(LakeError::io("read", path))?;
    Ok(metadata.is_file())
}

fn remove_if_empty(folder: &Path) -> Result<(), LakeError> {
    if children(folder)?.is_empty() {
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != std::io::ErrorKind::DirectoryNotEmpty => {
                return Err(LakeError::io("remove", folder)(error));
            }
            _ => {}
        }
    }
    Ok(())
}
