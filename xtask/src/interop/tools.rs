//! Getting other people's programs through the ordinary package clients, and running them.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::shop::{Profile, Shop};

/// How long a program may take until it listens.
const START_MAX: Duration = Duration::from_secs(30);

/// Installs Debian packages if `there` says that they are missing; why not, if it cannot.
pub(crate) fn debian(packages: &[&str], there: impl Fn() -> bool) -> Option<String> {
    if there() {
        return None;
    }
    println!("fetching {} with apt-get", packages.join(", "));
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
    };
    let install = [&["install", "--yes", "--no-install-recommends", "-qq"], packages].concat();
    let _ = apt(&install) || (apt(&["update", "-qq"]) && apt(&install));
    let missing =
        format!("needs the Debian packages {}, which cannot be fetched", packages.join(", "));
    (!there()).then_some(missing)
}

/// Where parts keep what they fetch and make.
pub(crate) fn folder(shop: &Shop, part: &str) -> Result<PathBuf> {
    let folder = shop.target()?.join("interop").join(part);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("failed to make {}", folder.display()))?;
    Ok(folder)
}

/// A Python environment with these packages, kept between runs: its `bin`, or why there is none.
///
/// What the packages say about the interpreter's version is not held against them: the part that
/// asks for them knows which it was tried with.
pub(crate) fn python(
    shop: &Shop,
    name: &str,
    packages: &[&str],
) -> Result<Result<PathBuf, String>> {
    let place = folder(shop, "python")?.join(name);
    let bin = place.join("bin");
    let stamp = place.join("packages");
    let wanted = packages.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|it| it == wanted) {
        return Ok(Ok(bin));
    }
    let make = || {
        let words = ["-m", "venv", "--clear"];
        let status = Command::new("python3").args(words).arg(&place).stdin(Stdio::null()).status();
        status.is_ok_and(|it| it.success()) && bin.join("pip").exists()
    };
    if !make() {
        // Debian keeps the module apart. Whether that helped, the second try says.
        debian(&["python3", "python3-venv"], || false);
        if !make() {
            let why = "needs python3 with the module venv, which cannot be fetched";
            return Ok(Err(why.to_owned()));
        }
    }
    println!("fetching {} with pip", packages.join(", "));
    let installed = Command::new(bin.join("pip"))
        .args(["install", "--quiet", "--disable-pip-version-check", "--ignore-requires-python"])
        .args(packages)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !installed.is_ok_and(|it| it.success()) {
        let packages = packages.join(", ");
        return Ok(Err(format!("needs the Python packages {packages}, which cannot be fetched")));
    }
    std::fs::write(&stamp, wanted).context("failed to note what was installed")?;
    Ok(Ok(bin))
}

/// Runs a command to its end and returns what it printed; it must succeed.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let shown = format!("{command:?}");
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("failed to start {shown}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{shown} ended with {}:\n{said}", output.status);
    String::from_utf8(output.stdout).with_context(|| format!("{shown} printed no text"))
}

/// A program that runs until this is dropped.
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a program and returns the first line that it prints.
pub(crate) fn start_and_read(command: &mut Command) -> Result<(Running, String)> {
    let shown = format!("{command:?}");
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut running = Running(child.with_context(|| format!("failed to start {shown}"))?);
    let out = running.0.stdout.take().context("the program has no output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).with_context(|| format!("{shown} printed no text"))?;
    ensure!(!line.is_empty(), "{shown} ended without a word");
    Ok((running, line.trim_end().to_owned()))
}

/// Starts a program that listens on a port of this machine, and waits until it does.
pub(crate) fn start_on(command: &mut Command, port: u16) -> Result<Running> {
    let shown = format!("{command:?}");
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.with_context(|| format!("failed to start {shown}"))?);
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = running.0.try_wait().context("failed to look after a program")?;
        ensure!(ended.is_none(), "{shown} ended before it listened");
        ensure!(start.elapsed() < START_MAX, "{shown} does not listen on port {port}");
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(running)
}

/// A port of this machine that was free a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("failed to find a free port")?;
    Ok(listener.local_addr().context("failed to find a free port")?.port())
}

/// A fresh home in which two months of a scenario were settled and published.
pub(crate) struct TwoMonths {
    /// The home.
    pub(crate) home: PathBuf,
    /// The checkpoint after the first month, while the log has that of the second.
    pub(crate) old_checkpoint: PathBuf,
}

/// Plays a scenario of two months with the built program.
pub(crate) fn two_months(shop: &Shop, part: &str) -> Result<TwoMonths> {
    let program = shop.leitmotif(Profile::Debug)?;
    let folder = folder(shop, part)?;
    let home = folder.join("home");
    if home.exists() {
        std::fs::remove_dir_all(&home).context("failed to remove the home of the last run")?;
    }
    let scenario = shop.root().join("scenarios/advance-recouped");
    let play = |words: &[&str], file: Option<&Path>| {
        output(Command::new(&program).arg("--home").arg(&home).args(words).args(file))
    };
    play(&["catalog", "import"], Some(&scenario.join("catalogue")))?;
    let old_checkpoint = folder.join("old-checkpoint");
    for (month, report) in [("2021-06", "report-06.tsv"), ("2021-07", "report-07.tsv")] {
        if month == "2021-07" {
            std::fs::copy(home.join("log/checkpoint"), &old_checkpoint)
                .context("the first month left no checkpoint")?;
        }
        play(&["report", "import"], Some(&scenario.join(report)))?;
        play(&["settle", month], None)?;
        play(&["publish"], None)?;
    }
    Ok(TwoMonths { home, old_checkpoint })
}
