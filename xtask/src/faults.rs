//! Faults at every write: the built program is stopped, or told that a write failed, at each system call
//! that changes a file while it imports, settles and publishes; then it is started again.
//!
//! ```text
//! for each command, each kind of call, each call of that kind:
//!   failed    the call is not made and answers with an error         (strace -e inject=CALL:error=EIO)
//!   killed    the process dies just before it, all earlier calls done (strace -e inject=CALL:signal=KILL)
//! afterwards: whatever checkpoint can be seen holds; the command called again succeeds; the log continues every
//! checkpoint that was seen before; every receipt holds
//! ```
//!
//! A call that was made although the program was told that it failed is among them: an `fsync` that fails
//! comes after the bytes were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

use crate::shop::{Profile, Shop};
use crate::test::Outcome;

/// The calls that change files, or make a change last.
const CALLS: &[&str] = &[
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "renameat2",
    "ftruncate",
    "unlink",
    "mkdir",
];

/// As a step among others, every so many of the calls are tried; as a chore of its own, all of them.
const STEP_EVERY: usize = 8;

/// The step of `cargo xtask test`.
pub(crate) fn step(shop: &Shop) -> Result<Outcome> {
    try_calls(shop, STEP_EVERY)
}

/// The chore: every call.
pub(crate) fn chore(shop: &Shop) -> Result<ExitCode> {
    match try_calls(shop, 1)? {
        Outcome::Passed => Ok(ExitCode::SUCCESS),
        Outcome::Skipped(why) | Outcome::Failed(why) => bail!(why),
    }
}

fn try_calls(shop: &Shop, every: usize) -> Result<Outcome> {
    let answers = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    if !answers.is_ok_and(|it| it.success()) {
        let installed = Command::new("apt-get")
            .args(["install", "-y", "-q", "strace"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !installed.is_ok_and(|it| it.success()) {
            return Ok(Outcome::Skipped("`strace` is not installed".to_owned()));
        }
    }
    let program = shop.leitmotif(Profile::Debug)?;
    let stage = program.with_file_name("faults");
    let told = run(&program, &shop.root().join("scenarios"), &stage, every)?;
    println!("{told}");
    Ok(Outcome::Passed)
}

/// The commands that write the log, in the order in which they are called.
const COMMANDS: &[&[&str]] = &[
    &["report", "import", "report.tsv"],
    &["settle", "2021-06"],
    &["publish"],
    &["log", "change-key", "--yes"],
];

fn run(program: &Path, scenarios: &Path, stage: &Path, every: usize) -> Result<String> {
    if stage.exists() {
        fs::remove_dir_all(stage)?;
    }
    let before = stage.join("before");
    fs::create_dir_all(&before)?;
    let scenario = scenarios.join("thirds");
    let settings = "operator = \"Faults\"\norigin = \"log.example/royalties\"\n";
    fs::write(before.join("leitmotif.toml"), settings)?;
    fs::copy(scenario.join("report.tsv"), before.join("report.tsv"))?;
    let catalogue = scenario.join("catalogue").display().to_string();
    well(program, &before, &["catalog", "import", &catalogue])?;
    // The key that signs before anything is changed; what it signed has to be continued.
    well(program, &before, &["publish"])?;
    let key = well(program, &before, &["log", "key"])?;
    let (mut failed, mut killed, mut seen) = (0, 0, 0);
    for words in COMMANDS {
        for (call, count) in calls(program, &before, &stage.join("counted"), words)? {
            for at in (1..=count).step_by(every) {
                for fault in ["error=EIO", "signal=KILL"] {
                    let home = stage.join("home");
                    copy_anew(&before, &home)?;
                    let inject = format!("inject={call}:{fault}:when={at}");
                    let trace = format!("trace={call}");
                    let quiet = ["-f", "-o", "/dev/null", "-e", &trace, "-e", &inject];
                    Command::new("strace")
                        .args(quiet)
                        .arg(program)
                        .args(words_of(&home, words))
                        .stdout(Stdio::null())
                        .stderr(Stdio::null())
                        .status()
                        .context("failed to start strace")?;
                    if fault == "signal=KILL" {
                        killed += 1;
                    } else {
                        failed += 1;
                    }
                    seen += recovers(program, &home, words, key.trim())
                        .with_context(|| format!("`{}` with {inject}", words.join(" ")))?;
                }
            }
        }
        well(program, &before, words)?;
    }
    fs::remove_dir_all(stage)?;
    Ok(format!(
        "{failed} writes failed, {killed} times killed at a write: the log held each time, {seen} checkpoints \
         that could be seen were continued"
    ))
}

/// How often each call is made by a command; those before the home is looked at are not worth a try.
fn calls(
    program: &Path,
    before: &Path,
    home: &Path,
    words: &[&str],
) -> Result<BTreeMap<&'static str, usize>> {
    copy_anew(before, home)?;
    let trace = home.with_extension("trace");
    let done = Command::new("strace")
        .args(["-f", "-o"])
        .arg(&trace)
        .args(["-e", &format!("trace={}", CALLS.join(","))])
        .arg(program)
        .args(words_of(home, words))
        .output()
        .context("failed to start strace")?;
    ensure!(done.status.success(), "`{}` fails without a fault", words.join(" "));
    let text = fs::read_to_string(&trace)?;
    let mut counts = BTreeMap::new();
    for call in CALLS {
        let begin = format!(" {call}(");
        let count = text.lines().filter(|line| line.contains(&begin)).count();
        counts.insert(*call, count);
    }
    Ok(counts)
}

/// Whatever can be seen of the log holds; the command succeeds when it is called again, and what could be
/// seen is continued. Returns how many checkpoints could be seen.
fn recovers(program: &Path, home: &Path, words: &[&str], key: &str) -> Result<usize> {
    let mut seen = Vec::new();
    for name in ["log/checkpoint", "keys/last-checkpoint"] {
        if let Ok(text) = fs::read(home.join(name)) {
            let path = home.join(format!("seen-{}", seen.len()));
            fs::write(&path, text)?;
            seen.push(path);
        }
    }
    // Who fetches the files at this moment sees a log that holds.
    if home.join("log/checkpoint").exists() {
        well(program, home, &["log", "verify", "--key", key])?;
    }
    let again = start(program, home, words)?;
    // What was done to the end before the fault says so when it is asked for again.
    let is_done = String::from_utf8_lossy(&again.stderr).contains("is settled and closed");
    if !again.status.success() && !is_done {
        bail!("called again it fails: {}", String::from_utf8_lossy(&again.stderr));
    }
    well(program, home, &["publish"])?;
    for path in &seen {
        let note = fs::read_to_string(path)?;
        ensure!(note.starts_with("log.example/royalties\n"), "a checkpoint is cut short");
        let shown = path.display().to_string();
        well(program, home, &["log", "verify", "--since", &shown, "--since-key", key])?;
    }
    for receipt in receipts(&home.join("statements"))? {
        let receipt = receipt.display().to_string();
        well(program, home, &["verify", &receipt])?;
    }
    Ok(seen.len())
}

fn words_of<'a>(home: &Path, words: &'a [&'a str]) -> Vec<String> {
    // A report is named by its path, which is that of the home.
    let word = |it: &&str| match it.ends_with(".tsv") {
        true => home.join(it).display().to_string(),
        false => (*it).to_owned(),
    };
    let home = home.display().to_string();
    ["--home".to_owned(), home].into_iter().chain(words.iter().map(word)).collect()
}

fn start(program: &Path, home: &Path, words: &[&str]) -> Result<Output> {
    Command::new(program).args(words_of(home, words)).output().context("failed to start leitmotif")
}

/// Runs a command that has to succeed; returns what it prints.
fn well(program: &Path, home: &Path, words: &[&str]) -> Result<String> {
    let done = start(program, home, words)?;
    let told = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "`{}` fails: {told}", words.join(" "));
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn receipts(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    // Nothing is published before something is settled.
    for settlement in fs::read_dir(folder).into_iter().flatten() {
        for it in fs::read_dir(settlement?.path())? {
            let path = it?.path();
            if path.extension().is_some_and(|it| it == "receipt") {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn copy_anew(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    copy(from, to)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for it in fs::read_dir(from)? {
        let path = it?.path();
        let into = to.join(path.file_name().context("a file without a name")?);
        match path.is_dir() {
            true => copy(&path, &into)?,
            false => drop(fs::copy(&path, &into)?),
        }
    }
    Ok(())
}
