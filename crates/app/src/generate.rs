//! Making sales reports up, to try things on.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use forge::{ForgeError, Order, Truth};

/// What to make, and where to.
#[derive(Clone, Debug)]
pub struct Generate {
    /// The report.
    pub order: Order,
    /// A file that ends in `.tsv` or `.tsv.gz`, or a folder; in a folder files have the names that
    /// the standard gives them.
    pub out: PathBuf,
    /// Whether files in a folder are compressed.
    pub gzip: bool,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Generated {
    /// Counts, sums and defects; files by the names they have on disk.
    pub truth: Truth,
    /// The files of the report.
    pub files: Vec<PathBuf>,
    /// The file with the truth.
    pub truth_file: PathBuf,
}

/// Why a report was not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The order cannot be made, or a file could not be written.
    #[error("the report was not made")]
    Forge(#[from] ForgeError),
    /// The truth could not be written.
    #[error("{}: write failed", .path.display())]
    Truth {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Something that needs a folder.
    #[error("{what} needs a folder to write to, not a file")]
    NeedsFolder {
        /// What needs it.
        what: &'static str,
    },
}

/// Writes a made-up report and its truth; files that are there are not overwritten.
///
/// # Errors
/// [`GenerateError`]: the order cannot be made, or a file could not be written.
pub fn generate(request: &Generate) -> Result<Generated, GenerateError> {
    let (order, out) = (&request.order, &request.out);
    let single = is_report(out);
    let needs_name = order.defects.iter().any(|(it, _)| it.rule == "dsr-file-name-parts");
    match single {
        true if order.files > 1 => {
            return Err(GenerateError::NeedsFolder { what: "a report of several files" });
        }
        true if needs_name => {
            return Err(GenerateError::NeedsFolder { what: "a name that says something else" });
        }
        _ => {}
    }
    let mut files = Vec::new();
    let mut truth = forge::write(order, &mut |name| {
        let path = if single {
            out.clone()
        } else {
            std::fs::create_dir_all(out)?;
            out.join(if request.gzip { format!("{name}.gz") } else { name.to_owned() })
        };
        let target = Target::create(&path);
        files.push(path);
        target
    })?;
    rename(&mut truth, &files);
    let first = files.first().unwrap_or(out);
    let truth_file = PathBuf::from(format!("{}.truth.json", first.display()));
    let text = format!("{:#}\n", truth.to_json());
    std::fs::write(&truth_file, text)
        .map_err(|source| GenerateError::Truth { path: truth_file.clone(), source })?;
    Ok(Generated { truth, files, truth_file })
}

fn is_report(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.ends_with(".tsv") || name.ends_with(".tsv.gz")
}

/// Gives the files in the truth the names that they have on disk.
fn rename(truth: &mut Truth, files: &[PathBuf]) {
    for (told, path) in truth.files.iter_mut().zip(files) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let old = std::mem::replace(&mut told.name, name.unwrap_or_default());
        for defect in truth.defects.iter_mut().filter(|it| it.file == old) {
            defect.file.clone_from(&told.name);
        }
    }
}

/// A file, compressed or not.
enum Target {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Target {
    fn create(path: &Path) -> io::Result<Self> {
        let named =
            |fault: io::Error| io::Error::new(fault.kind(), format!("{}: {fault}", path.display()));
        let file = BufWriter::with_capacity(1 << 18, File::create_new(path).map_err(named)?);
        Ok(if path.extension().is_some_and(|it| it == "gz") {
            Self::Gzip(Box::new(GzEncoder::new(file, Compression::fast())))
        } else {
            Self::Plain(file)
        })
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(out) => out.write(bytes),
            Self::Gzip(out) => out.write(bytes),
        }
    }

    /// A report is flushed once, at its end: that is where the last block is closed.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.flush(),
            Self::Gzip(out) => {
                out.try_finish()?;
                out.get_mut().flush()
            }
        }
    }
}
