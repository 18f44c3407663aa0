//! Sources: whose statements can be read, and how a file is told to be one of theirs.

mod pieces;
mod raw;
mod trial;

use std::path::{Path, PathBuf};

use ingest::{IngestError, SHIPPED, SourceSpec, SpecError};
use store::StoreError;

pub use self::pieces::{Look, look};
pub(crate) use self::pieces::{Piece, pieces, reader};
pub use self::raw::{RawLine, raw_line};
pub use self::trial::{Trial, TrialPiece, try_file};

/// A source spec with its text.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it comes from: `shipped`, or the file.
    pub from: String,
    /// Its text.
    pub text: String,
    /// What it says.
    pub spec: SourceSpec,
}

/// The source specs that are known here.
#[derive(Clone, Debug)]
pub struct Sources {
    all: Vec<Known>,
}

/// Why a file is not read as a statement.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// A spec cannot be used.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder cannot be read or written.
    #[error("{path} could not be read or written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No spec is called so.
    #[error(
        "no source is called {name:?}; `leitmotif report sources` lists them, and a spec of your own \
         may lie in the home's folder `sources` or be named as FILE.toml"
    )]
    NoSource {
        /// The name as given.
        name: String,
    },
    /// No spec knows the header.
    #[error(
        "{file} has the header of no source that is known{}; see `leitmotif report try {file}`, and \
         docs/guide/statements.md for how to write a spec",
        asked.as_ref().map_or_else(String::new, |it| format!(" as {it:?}"))
    )]
    Unknown {
        /// The file.
        file: String,
        /// The source that was asked for.
        asked: Option<String>,
    },
    /// Several specs know the header.
    #[error("{file} could be of {}; say which with --source, or see `leitmotif report try`", ids.join(" or "))]
    Ambiguous {
        /// The file.
        file: String,
        /// Names and editions.
        ids: Vec<String>,
    },
    /// The file does not say when the usage was.
    #[error("statements of {id} do not say when the usage was; give --period, such as 2024-Q2")]
    NoPeriod {
        /// Name and edition of the source.
        id: String,
    },
    /// A workbook of an old form.
    #[error("{file} is a workbook of before 2007 (.xls); save it as .xlsx or as CSV")]
    OldWorkbook {
        /// The file.
        file: String,
    },
    /// The file cannot be read.
    #[error("{file} cannot be read")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: IngestError,
    },
    /// The line is not in the file.
    #[error("{file} has no line {line}")]
    NoLine {
        /// The file.
        file: String,
        /// The line.
        line: u64,
    },
}

impl Sources {
    /// The sources that are shipped, and those in the home's folder `sources`, which stand before
    /// shipped ones of the same name and edition.
    ///
    /// # Errors
    /// [`SourceError`] if a file of the folder cannot be read or is no spec.
    pub fn of(home: &Path) -> Result<Self, SourceError> {
        let mut all = Vec::new();
        for (file, text) in SHIPPED {
            let spec = SourceSpec::parse(file, text)?;
            all.push(Known { from: "shipped".to_owned(), text: (*text).to_owned(), spec });
        }
        let mut sources = Self { all };
        let folder = home.join("sources");
        let mut files: Vec<PathBuf> = match std::fs::read_dir(&folder) {
            Ok(entries) => entries.filter_map(|it| it.ok().map(|it| it.path())).collect(),
            Err(_) => Vec::new(),
        };
        files.retain(|it| it.extension().is_some_and(|it| it == "toml"));
        files.sort();
        for file in files {
            sources.add(&file)?;
        }
        Ok(sources)
    }

    /// Adds the spec of a file, in place of one of the same name and edition.
    fn add(&mut self, path: &Path) -> Result<(), SourceError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| SourceError::File { path: path.to_owned(), source })?;
        let from = path.display().to_string();
        let spec = SourceSpec::parse(&from, &text)?;
        self.all.retain(|it| it.spec.id() != spec.id());
        self.all.push(Known { from, text, spec });
        Ok(())
    }

    /// Every source, by name and edition.
    #[must_use]
    pub fn list(&self) -> Vec<&Known> {
        let mut all: Vec<&Known> = self.all.iter().collect();
        all.sort_by_key(|it| it.spec.id());
        all
    }

    /// The sources that `asked` can mean: a name, a name and edition, or the file of a spec; all if
    /// nothing is asked.
    ///
    /// # Errors
    /// [`SourceError`] if there is none.
    pub fn asked(&self, asked: Option<&str>) -> Result<Self, SourceError> {
        let Some(name) = asked else { return Ok(self.clone()) };
        if name.ends_with(".toml") {
            let mut one = Self { all: Vec::new() };
            one.add(Path::new(name))?;
            return Ok(one);
        }
        let all: Vec<Known> =
            self.all.iter().filter(|it| it.spec.is_called(name)).cloned().collect();
        match all.is_empty() {
            true => Err(SourceError::NoSource { name: name.to_owned() }),
            false => Ok(Self { all }),
        }
    }

    pub(crate) fn specs(&self) -> impl Iterator<Item = &SourceSpec> {
        self.all.iter().map(|it| &it.spec)
    }

    pub(crate) fn known(&self, id: &str) -> Option<&Known> {
        self.all.iter().find(|it| it.spec.id() == id)
    }
}
