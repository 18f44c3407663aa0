//! Zip archives: which files are in them, and their bytes.

use std::fmt;
use std::io::{self, Read, Seek, Write};

use zip::ZipArchive;

use crate::{Limits, ReadError};

/// How a file is packed, by its first bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all: text.
    Plain,
    /// As a zip archive, which a workbook is too.
    Zip,
    /// As a workbook of before 2007, which is not read.
    OldWorkbook,
}

/// Looks at the first bytes of a file.
#[must_use]
pub fn packing(head: &[u8]) -> Packing {
    match head {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Packing::Zip,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Packing::OldWorkbook,
        _ => Packing::Plain,
    }
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, with folders.
    pub name: String,
    /// Its place in the archive.
    pub index: usize,
}

impl Member {
    /// Its name without folders.
    #[must_use]
    pub fn base(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default()
    }
}

/// A zip archive.
pub struct Archive<R> {
    file: String,
    zip: ZipArchive<R>,
    limits: Limits,
    /// Bytes that may still be unpacked.
    left: u64,
}

impl<R> fmt::Debug for Archive<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("file", &self.file).finish_non_exhaustive()
    }
}

impl<R: Read + Seek> Archive<R> {
    /// Opens an archive, which errors call `file`.
    ///
    /// # Errors
    /// [`ReadError::Archive`] when it is none.
    pub fn open(file: impl Into<String>, source: R, limits: Limits) -> Result<Self, ReadError> {
        let file = file.into();
        match ZipArchive::new(source) {
            Ok(zip) => Ok(Self { file, zip, left: limits.unpacked_bytes_max, limits }),
            Err(error) => Err(ReadError::Archive { file, reason: error.to_string() }),
        }
    }

    /// Whether it is a workbook.
    #[must_use]
    pub fn is_workbook(&self) -> bool {
        self.zip.index_for_name("xl/workbook.xml").is_some()
    }

    /// The files in it, in its order; folders are left out.
    ///
    /// # Errors
    /// [`ReadError::Archive`] when a name cannot be read.
    pub fn members(&mut self) -> Result<Vec<Member>, ReadError> {
        let mut members = Vec::new();
        for index in 0..self.zip.len() {
            let entry = self.zip.by_index_raw(index).map_err(|it| broken(&self.file, it))?;
            let name = entry.name().map_err(|it| broken(&self.file, it))?.into_owned();
            if !entry.is_dir() {
                members.push(Member { name, index });
            }
        }
        Ok(members)
    }

    /// Unpacks a file; returns the number of its bytes. All together may not break the limit.
    ///
    /// # Errors
    /// [`ReadError`] when it is broken, breaks the limit, or cannot be written.
    pub fn unpack(&mut self, member: &Member, to: &mut dyn Write) -> Result<u64, ReadError> {
        let entry = self.zip.by_index(member.index).map_err(|it| broken(&self.file, it))?;
        let most = self.left.saturating_add(1);
        let count = io::copy(&mut entry.take(most), to).map_err(|it| broken(&self.file, it))?;
        let limit = self.limits.unpacked_bytes_max;
        self.left = self
            .left
            .checked_sub(count)
            .ok_or_else(|| ReadError::TooLarge { file: self.file.clone(), limit })?;
        Ok(count)
    }
}

fn broken(file: &str, error: impl fmt::Display) -> ReadError {
    ReadError::Archive { file: file.to_owned(), reason: error.to_string() }
}
