//! Files that are there whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::ShelfError;

const MANIFEST: &str = "manifest";
const SEGMENT_END: &str = ".segment";
const NEW_END: &str = ".new";

pub(crate) fn manifest(folder: &Path) -> PathBuf {
    folder.join(MANIFEST)
}

pub(crate) fn segment(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:08}{SEGMENT_END}"))
}

/// Writes a file under another name, has it brought to the disk, and gives it its name.
pub(crate) fn write(
    path: &Path,
    fill: impl FnOnce(&mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()>,
) -> Result<(), ShelfError> {
    let mut new = path.as_os_str().to_owned();
    new.push(NEW_END);
    let new = PathBuf::from(new);
    let write = || {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(&new)?);
        fill(&mut |bytes| file.write_all(bytes))?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    write().map_err(ShelfError::file("written", &new))?;
    fs::rename(&new, path).map_err(ShelfError::file("written", path))?;
    sync_folder(path)
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), ShelfError> {
    let folder = path.parent().unwrap_or(path);
    let synced = File::open(folder).and_then(|it| it.sync_all());
    synced.map_err(ShelfError::file("brought to the disk", folder))
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), ShelfError> {
    Ok(())
}

/// Deletes segments that are not kept, and what was never finished; of files of other kinds it knows nothing.
pub(crate) fn sweep(folder: &Path, kept: impl Fn(u64) -> bool) -> Result<(), ShelfError> {
    let read = |source| ShelfError::File { act: "read", path: folder.to_owned(), source };
    for file in fs::read_dir(folder).map_err(read)? {
        let file = file.map_err(read)?;
        let name = file.file_name();
        let Some(name) = name.to_str() else { continue };
        let whole = name.strip_suffix(NEW_END).unwrap_or(name);
        let number = whole.strip_suffix(SEGMENT_END).and_then(|it| it.parse().ok());
        let unfinished = whole != name && (number.is_some() || whole == MANIFEST);
        if unfinished || number.is_some_and(|number| whole == name && !kept(number)) {
            let path = file.path();
            fs::remove_file(&path).map_err(ShelfError::file("deleted", &path))?;
        }
    }
    Ok(())
}
