//! Files in place against what the manifest says.

use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;

use usage::{CELL_COLUMNS, Columns};

use crate::digest::digest_file;
use crate::layout::below;
use crate::manifest::Tally;
use crate::place::exists;
use crate::read::{Filter, scan, selected};
use crate::{FileEntry, Lake, LakeError};

/// A file that is not what its entry says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    /// Path relative to the root of the lake.
    pub path: String,
    /// What differs.
    pub difference: Difference,
}

/// How a file differs from its entry.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Difference {
    /// The file is not there.
    Missing,
    /// The file has another length.
    Length {
        /// Bytes by the manifest.
        expected: u64,
        /// Bytes found.
        found: u64,
    },
    /// The file has the right length and another SHA-256.
    Digest,
    /// The bytes are right, yet they are no usage lines, or their number differs.
    Unreadable {
        /// Why.
        message: String,
    },
    /// The bytes are right, yet the sum of the usages differs.
    Usages,
    /// The bytes are right, yet the sums of the amounts differ.
    Amounts,
    /// The bytes are right, yet a line belongs to another report, month or sender.
    Place {
        /// Line number.
        line: u64,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.difference {
            Difference::Missing => f.write_str("missing"),
            Difference::Length { expected, found } => {
                write!(f, "{found} bytes instead of {expected}")
            }
            Difference::Digest => f.write_str("other bytes than were written"),
            Difference::Unreadable { message } => write!(f, "unreadable: {message}"),
            Difference::Usages => f.write_str("other sum of usages"),
            Difference::Amounts => f.write_str("other sums of amounts"),
            Difference::Place { line } => {
                write!(f, "line {line} belongs to another report, month or sender")
            }
        }
    }
}

impl Lake {
    /// Reads every file again and compares bytes, counts and sums with its entry.
    ///
    /// The result is in path order and has at most one mismatch a file; none means that all is
    /// well. Sums are only looked at when the bytes are right: then it is the entry that differs.
    ///
    /// # Errors
    /// [`LakeError::Path`] when an entry points outside the lake, [`LakeError::Io`] when a file
    /// that is there cannot be read.
    pub fn verify(&self, manifest: &[FileEntry]) -> Result<Vec<Mismatch>, LakeError> {
        let mut mismatches = Vec::new();
        for entry in selected(manifest, &Filter::all()) {
            let path = below(self.root(), &entry.path)?;
            if let Some(difference) = compare(entry, &path)? {
                mismatches.push(Mismatch { path: entry.path.clone(), difference });
            }
        }
        Ok(mismatches)
    }
}

impl Lake {
    /// Compares only the bytes of every file with its entry, as [`Lake::verify`] does, and leaves
    /// counts and sums to whoever adds the lines up.
    ///
    /// # Errors
    /// As [`Lake::verify`].
    pub fn verify_bytes(&self, manifest: &[FileEntry]) -> Result<Vec<Mismatch>, LakeError> {
        let mut mismatches = Vec::new();
        for entry in selected(manifest, &Filter::all()) {
            let path = below(self.root(), &entry.path)?;
            if let Some(difference) = compare_bytes(entry, &path)? {
                mismatches.push(Mismatch { path: entry.path.clone(), difference });
            }
        }
        Ok(mismatches)
    }
}

fn compare(entry: &FileEntry, path: &Path) -> Result<Option<Difference>, LakeError> {
    if let Some(difference) = compare_bytes(entry, path)? {
        return Ok(Some(difference));
    }
    match compare_lines(entry, path) {
        Err(error @ LakeError::Io { .. }) => Err(error),
        Err(error) => Ok(Some(Difference::Unreadable { message: error.to_string() })),
        Ok(difference) => Ok(difference),
    }
}

fn compare_bytes(entry: &FileEntry, path: &Path) -> Result<Option<Difference>, LakeError> {
    if !exists(path)? {
        return Ok(Some(Difference::Missing));
    }
    let (found, sha256) = digest_file(path).map_err(LakeError::io("read", path))?;
    if found != entry.bytes {
        return Ok(Some(Difference::Length { expected: entry.bytes, found }));
    }
    Ok((sha256 != entry.sha256).then_some(Difference::Digest))
}

fn compare_lines(entry: &FileEntry, path: &Path) -> Result<Option<Difference>, LakeError> {
    let mut tally = Tally::default();
    let mut misplaced = None;
    scan(entry, path, Some(&CELL_COLUMNS), &mut |batch| {
        let columns = Columns::try_new(batch).map_err(LakeError::batch(path))?;
        for row in 0..columns.len() {
            let in_place = columns.report.text(row) == entry.report
                && columns.sender.text(row) == entry.sender
                && columns.month(row) == entry.month;
            if !in_place {
                misplaced = Some(columns.line(row));
                return Ok(ControlFlow::Break(()));
            }
            tally.add(
                columns.usages(row),
                columns.basis(row),
                columns.currency(row),
                columns.amount(row),
            );
        }
        Ok(ControlFlow::Continue(()))
    })?;
    if let Some(line) = misplaced {
        return Ok(Some(Difference::Place { line }));
    }
    if tally.usages(&entry.path)? != entry.usages {
        return Ok(Some(Difference::Usages));
    }
    if tally.amounts(&entry.path)? != entry.amounts {
        return Ok(Some(Difference::Amounts));
    }
    Ok(None)
}
