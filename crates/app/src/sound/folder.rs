//! Which files are meant by files and folders.

use std::fs;
use std::path::{Path, PathBuf};

use super::SoundError;

/// Files that are taken of one call at most.
const FILES_MAX: usize = 1_000_000;
/// How deep folders are looked into.
const DEPTH_MAX: usize = 32;

/// A file, and whether somebody named it or it lay in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    /// It was found in a folder: if it holds no sound, that is no fault.
    pub(crate) found: bool,
    pub(crate) size_bytes: u64,
}

/// The files of paths, those of a folder in the order of their names; hidden ones are left out.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Vec<Named>, SoundError> {
    let mut out = Vec::new();
    for path in paths {
        let facts = fs::metadata(path).map_err(SoundError::file(path))?;
        match facts.is_dir() {
            true => below(path, DEPTH_MAX, &mut out)?,
            false => out.push(Named { path: path.clone(), found: false, size_bytes: facts.len() }),
        }
    }
    Ok(out)
}

fn below(folder: &Path, depth: usize, out: &mut Vec<Named>) -> Result<(), SoundError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(SoundError::file(folder))? {
        let entry = entry.map_err(SoundError::file(folder))?;
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !hidden {
            names.push(entry.path());
        }
    }
    names.sort();
    for path in names {
        let own = fs::symlink_metadata(&path).map_err(SoundError::file(&path))?;
        // A link to a folder may lead round in a circle; one to a file is the file.
        if own.is_dir() {
            if depth > 0 {
                below(&path, depth - 1, out)?;
            }
        } else if let Ok(facts) = fs::metadata(&path)
            && facts.is_file()
        {
            if out.len() == FILES_MAX {
                return Err(SoundError::TooManyFiles { most: FILES_MAX });
            }
            out.push(Named { path, found: true, size_bytes: facts.len() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_in_order_and_hidden_files_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::create_dir(at.join("b")).unwrap();
        for name in ["c.wav", "a.wav", ".x.wav", "b/d.wav"] {
            fs::write(at.join(name), "x").unwrap();
        }
        let found = files(&[at.to_owned(), at.join("c.wav")]).unwrap();
        let told: Vec<(String, bool)> = found
            .iter()
            .map(|it| (it.path.strip_prefix(at).unwrap().display().to_string(), it.found))
            .collect();
        let want = [("a.wav", true), ("b/d.wav", true), ("c.wav", true), ("c.wav", false)];
        assert_eq!(told, want.map(|(name, found)| (name.to_owned(), found)));
        assert!(matches!(files(&[at.join("none")]), Err(SoundError::File { .. })));
    }
}
