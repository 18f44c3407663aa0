//! The programs, homes to run them on, and clusters.

use std::fs::{self, File};
use std::io::BufWriter;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use testkit::report::{Form, Order, catalogue_files, write_report};

/// The engine.
pub(crate) const ENGINE: &str = env!("CARGO_BIN_EXE_leitmotif-engine");

/// `leitmotif`, built beside the engine.
fn leitmotif() -> PathBuf {
    static BUILT: Once = Once::new();
    let program = Path::new(ENGINE).with_file_name("leitmotif");
    BUILT.call_once(|| {
        let target = program.ancestors().nth(2).unwrap();
        let status = Command::new(env!("CARGO"))
            .args(["build", "--locked", "--quiet", "--package", "leitmotif", "--target-dir"])
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
    let mut command = Command::new(leitmotif());
    command.current_dir(folder).args(words).stdin(Stdio::null());
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

/// A folder with a home of some reports, a month each from June 2021 on, not settled yet.
pub(crate) fn home(reports: u64, lines: u64) -> TempDir {
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
    well(at, &["catalog", "import", "catalogue"]);
    let paths: Vec<String> = (0..reports)
        .map(|number| {
            let path = format!("report-{number}.tsv");
            let mut file = BufWriter::new(File::create(at.join(&path)).unwrap());
            write_report(&mut file, Form::Financial, &order(number)).unwrap();
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

/// A scheduler and executors on this machine; they end with it.
pub(crate) struct Processes {
    pub(crate) url: String,
    scheduler: Child,
    pub(crate) executors: Vec<Child>,
    port: u16,
    _work: TempDir,
}

impl Processes {
    pub(crate) fn start(executors: usize) -> Self {
        let port = free_ports();
        let bind = format!("127.0.0.1:{port}");
        let scheduler = Command::new(ENGINE).args(["scheduler", "--bind", &bind]).spawn().unwrap();
        reachable(port);
        let work = tempfile::tempdir().unwrap();
        let mut processes = Self {
            url: format!("df://{bind}"),
            scheduler,
            executors: Vec::new(),
            port,
            _work: work,
        };
        for number in 0..executors {
            processes.add(number);
        }
        processes
    }

    fn add(&mut self, number: usize) {
        let port = free_ports();
        let executor = Command::new(ENGINE)
            .args(["executor", "--cores", "1", "--log", "error"])
            .args(["--scheduler", &format!("127.0.0.1:{}", self.port)])
            .args(["--bind", &format!("127.0.0.1:{port}")])
            .arg("--work-dir")
            .arg(self._work.path().join(number.to_string()))
            .spawn();
        self.executors.push(executor.unwrap());
        reachable(port);
    }

    /// Ends an executor as a power cut would.
    pub(crate) fn kill(&mut self, executor: usize) {
        self.executors[executor].kill().unwrap();
        self.executors[executor].wait().unwrap();
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        for child in self.executors.iter_mut().chain([&mut self.scheduler]) {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// A port that nobody listens on, nor on the one after it.
fn free_ports() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}

fn reachable(port: u16) {
    let end = Instant::now() + Duration::from_mins(1);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "nobody listens on port {port}");
        sleep(Duration::from_millis(50));
    }
}
