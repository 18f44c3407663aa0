//! The programs, and homes to run them on.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use tempfile::TempDir;
use testkit::report::{Form, Order, catalogue_files, write_report};

/// The engine.
pub(crate) const ENGINE: &str = env!("CARGO_BIN_EXE_leitmotif-engine");

/// `leitmotif`, built beside the engine.
fn leitmotif() -> PathBuf {
    static BUILT: Once = Once::new();
    let program = Path::new(ENGINE).with_file_name("leitmotif");
    BUILT.call_once(|| {
        // target/<profile>/leitmotif
        let profile = program.parent().unwrap();
        let target = profile.parent().unwrap();
        let profile = match profile.file_name().unwrap().to_str().unwrap() {
            "debug" => "dev",
            other => other,
        };
        // The words of `cargo xtask`: what its other tests have built is not built again.
        let status = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--quiet", "--workspace", "--exclude", "engine"])
            .args(["--bin", "leitmotif", "--profile", profile, "--target-dir"])
            .arg(target)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(status.unwrap().success());
    });
    program
}

/// What a program answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) bytes: Vec<u8>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs `leitmotif` in a folder.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Answer {
    run_beside(Path::new(ENGINE), folder, words)
}

/// Runs `leitmotif` in a folder with a program in place of the engine.
pub(crate) fn run_beside(engine: &Path, folder: &Path, words: &[&str]) -> Answer {
    let mut command = Command::new(leitmotif());
    command.current_dir(folder).args(words).env("LEITMOTIF_ENGINE", engine).stdin(Stdio::null());
    let output = command.output().unwrap();
    let answer = Answer {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        bytes: output.stdout,
        err: String::from_utf8(output.stderr).unwrap(),
    };
    assert!(!answer.err.contains("panicked"), "{words:?}: {answer:?}");
    answer
}

/// As [`run`], and it has to end well.
pub(crate) fn well(folder: &Path, words: &[&str]) -> Answer {
    let answer = run(folder, words);
    assert_eq!(answer.code, 0, "{words:?}: {}", answer.err);
    answer
}

const REPERTOIRE: &str = r#"
[[repertoire]]
id = "two-dramas"
title = "Two dramas"
productions = ["drama-000", "drama-003"]
"#;

/// A folder with a home of some reports, a month each from June 2021 on, not settled yet.
pub(crate) fn home(reports: u64, lines: u64) -> TempDir {
    home_of(Form::Financial, reports, lines)
}

/// As [`home`], of reports of a form. The catalogue has a repertoire, `two-dramas`.
pub(crate) fn home_of(form: Form, reports: u64, lines: u64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let order = |number| {
        let mut usual = Order::new(7, lines + number);
        for _ in 0..number {
            usual.month = usual.month.next();
        }
        Order { recordings: 300, payees: 40, agreements: 30, ..usual }
    };
    fs::create_dir(at.join("catalogue")).unwrap();
    for (name, text) in catalogue_files(&order(0)) {
        fs::write(at.join("catalogue").join(name), text).unwrap();
    }
    fs::write(at.join("catalogue/repertoires.toml"), REPERTOIRE).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    let paths: Vec<String> = (0..reports)
        .map(|number| {
            let path = format!("report-{number}.tsv");
            let mut file = BufWriter::new(File::create(at.join(&path)).unwrap());
            write_report(&mut file, form, &order(number)).unwrap();
            path
        })
        .collect();
    let mut words = vec!["report", "import"];
    words.extend(paths.iter().map(String::as_str));
    well(at, &words);
    folder
}

/// A copy of a folder.
pub(crate) fn copy(from: &Path) -> TempDir {
    fn all(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for it in fs::read_dir(from).unwrap() {
            let path = it.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() {
                all(&path, &target);
            } else {
                fs::copy(&path, &target).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    all(from, folder.path());
    folder
}
