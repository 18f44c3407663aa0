//! The few things a witness asks of a disk, each of which can fail.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::WitnessError;

/// Longest file that is read, in bytes: no file of a witness comes near it.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// A folder, by steps that tests can let fail one by one.
pub(crate) trait Disk: Send + Sync {
    /// The path of a name, for messages.
    fn path(&self, name: &str) -> PathBuf;
    /// The bytes of a file; `None` if there is none.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;
    /// The names of the files in a folder, in order; none if there is no folder.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
    /// Makes a folder, and those above it; none of it is at rest yet.
    fn make_folder(&self, folder: &str) -> io::Result<()>;
    /// Writes a file that only its keeper can read, over any that is there; it is not at rest yet.
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()>;
    /// Brings a file's bytes to rest.
    fn sync(&self, name: &str) -> io::Result<()>;
    /// Gives a file another name, over any that has it; not at rest yet.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Brings the names in a folder to rest.
    fn sync_folder(&self, folder: &str) -> io::Result<()>;
}

/// Writes a file so that it is at rest whole, or the old one is still there.
pub(crate) fn replace(disk: &dyn Disk, name: &str, bytes: &[u8]) -> Result<(), WitnessError> {
    let path = disk.path(name);
    let staged = format!("{name}.new");
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    disk.write(&staged, bytes)
        .and_then(|()| disk.sync(&staged))
        .and_then(|()| disk.rename(&staged, name))
        .and_then(|()| disk.sync_folder(folder))
        .map_err(WitnessError::file(&path))
}

/// Makes a folder that is at rest, in one that is.
pub(crate) fn make_folder(disk: &dyn Disk, folder: &str) -> Result<(), WitnessError> {
    let above = folder.rsplit_once('/').map_or("", |(above, _)| above);
    disk.make_folder(folder)
        .and_then(|()| disk.sync_folder(above))
        .map_err(WitnessError::file(&disk.path(folder)))
}

/// Reads a file; `None` if there is none.
pub(crate) fn read(disk: &dyn Disk, name: &str) -> Result<Option<Vec<u8>>, WitnessError> {
    disk.read(name).map_err(WitnessError::file(&disk.path(name)))
}

/// Reads a file of text; `None` if there is none.
pub(crate) fn read_text(disk: &dyn Disk, name: &str) -> Result<Option<String>, WitnessError> {
    let Some(bytes) = read(disk, name)? else { return Ok(None) };
    let text = String::from_utf8(bytes);
    text.map(Some)
        .map_err(|error| WitnessError::corrupt(disk.path(name).display().to_string(), error))
}

/// A folder of the file system.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Disk for Folder {
    fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.0.clone() } else { self.0.join(name) }
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        let read = file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if read as u64 > FILE_BYTES_MAX {
            return Err(io::Error::other("the file is longer than any that a witness writes"));
        }
        Ok(Some(bytes))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.path(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.extend(entry?.file_name().into_string().ok());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn make_folder(&self, folder: &str) -> io::Result<()> {
        make_private(&self.path(folder))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(self.path(name))?.write_all(bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        File::open(self.path(name))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from), self.path(to))
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        File::open(self.path(folder))?.sync_all()
    }
}

/// Makes a folder if it is not there; only its keeper can look into it.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
