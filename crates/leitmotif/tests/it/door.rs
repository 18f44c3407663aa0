//! The program, started, and homes to start it on.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_leitmotif");

/// What the program answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program with these words, in a folder, not started yet.
pub(crate) fn program(folder: &Path, words: impl IntoIterator<Item: AsRef<OsStr>>) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(words).stdin(Stdio::null());
    command
}

/// Starts the program in a folder; it must end with an exit code, and never with a panic.
pub(crate) fn leitmotif(folder: &Path, words: &[&str]) -> Answer {
    let output = program(folder, words).output().unwrap();
    let answer = Answer {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!answer.err.contains("panicked") && answer.code != 101, "{words:?}: {answer:?}");
    answer
}

/// As [`leitmotif`], and it has to end well.
pub(crate) fn well(folder: &Path, words: &[&str]) -> String {
    let answer = leitmotif(folder, words);
    assert_eq!(answer.code, 0, "{words:?}: {answer:?}");
    answer.out
}

pub(crate) fn scenario(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}

/// A folder with a home `leitmotif-data` in which a scenario was played to its end, its `catalogue`
/// and its `report.tsv`.
pub(crate) fn played(name: &str) -> TempDir {
    let folder = prepared(name);
    well(folder.path(), &["catalog", "import", "catalogue"]);
    well(folder.path(), &["report", "import", "report.tsv"]);
    well(folder.path(), &["settle", "2021-06"]);
    well(folder.path(), &["publish"]);
    folder
}

/// A folder with the `catalogue` and the `report.tsv` of a scenario, and no home yet.
pub(crate) fn prepared(name: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = scenario(name);
    fs::copy(from.join("report.tsv"), folder.path().join("report.tsv")).unwrap();
    let catalogue = folder.path().join("catalogue");
    fs::create_dir(&catalogue).unwrap();
    for it in fs::read_dir(from.join("catalogue")).unwrap() {
        let path = it.unwrap().path();
        fs::copy(&path, catalogue.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

/// The receipts of a settlement, in the order of their names.
pub(crate) fn receipts(home: &Path, settlement: &str) -> Vec<PathBuf> {
    let folder = home.join("statements").join(settlement);
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.retain(|it| it.extension().is_some_and(|it| it == "receipt"));
    paths.sort();
    paths
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for it in fs::read_dir(folder).unwrap() {
        let path = it.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_below(&path)),
            false => files.push(path),
        }
    }
    files.sort();
    files
}
