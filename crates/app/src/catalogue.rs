//! The catalogue: in from plain files, out to plain files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use catalog::{Catalog, Change};
use finding::{Finding, Severity};
use store::StoreError;

use crate::Home;

/// What an import of plain files did, or would do.
#[derive(Clone, Debug)]
pub struct CatalogueOutcome {
    /// What changes.
    pub changes: Vec<Change>,
    /// What is wrong or doubtful in the files.
    pub findings: Vec<Finding>,
    /// The catalogue afterwards.
    pub catalogue: Catalog,
    /// Whether it was written.
    pub written: bool,
}

/// Why plain files cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder refused.
    #[error("{path} cannot be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder holds none of the catalogue's files.
    #[error("{path} holds none of the catalogue's files ({expected})")]
    Empty {
        /// The folder.
        path: PathBuf,
        /// The names that are looked for.
        expected: String,
    },
}

/// Reads a folder's plain files over the present catalogue; with `dry`, only says what would
/// change. Entries with errors are left out and named in the findings.
///
/// # Errors
/// [`CatalogueError`].
pub fn import(
    home: &mut Home,
    folder: &Path,
    dry: bool,
    now: &str,
) -> Result<CatalogueOutcome, CatalogueError> {
    import_files(home, read_folder(folder)?, dry, now)
}

/// As [`import`], from texts by file name.
///
/// # Errors
/// [`CatalogueError`].
pub fn import_files(
    home: &mut Home,
    files: BTreeMap<String, String>,
    dry: bool,
    now: &str,
) -> Result<CatalogueOutcome, CatalogueError> {
    let old = home.store.catalogue()?;
    // The old entries come first, so that the files may refer to them and replace them.
    let (new, mut findings) = catalog::read_files_over(&old, &files);
    let changes = catalog::diff(&old, &new);
    findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
    let written = !dry && !changes.is_empty();
    if written {
        home.store.replace_catalogue(&new, &changes, now)?;
    }
    Ok(CatalogueOutcome { changes, findings, catalogue: new, written })
}

/// Writes the catalogue to a folder as plain files; returns their names.
///
/// # Errors
/// [`CatalogueError`].
pub fn export(home: &Home, folder: &Path) -> Result<Vec<String>, CatalogueError> {
    let file = |path: &Path| {
        let path = path.to_owned();
        |source| CatalogueError::File { path, source }
    };
    std::fs::create_dir_all(folder).map_err(file(folder))?;
    let files = catalog::write_files(&home.store.catalogue()?);
    for (name, text) in &files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(file(&path))?;
    }
    Ok(files.into_keys().collect())
}

/// Says whether findings hold an error.
#[must_use]
pub fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|it| it.severity == Severity::Error)
}

pub(crate) fn read_folder(folder: &Path) -> Result<BTreeMap<String, String>, CatalogueError> {
    let mut files = BTreeMap::new();
    for (name, _) in catalog::FILES {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                files.insert(name.to_owned(), text);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(CatalogueError::File { path, source }),
        }
    }
    match files.is_empty() {
        true => Err(CatalogueError::Empty {
            path: folder.to_owned(),
            expected: catalog::FILES.map(|(name, _)| name).join(", "),
        }),
        false => Ok(files),
    }
}
