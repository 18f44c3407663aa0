//! Killed at any point and started again: nothing is lost, and nothing counts twice.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use testkit::report::{Form, Order, catalogue_files, file_name, write_report};

use crate::door::{files_below, leitmotif, program, receipts, well};

/// How often each command is killed at least.
const KILLS: u32 = 10;

/// Lines of the report; `LEITMOTIF_KILL_LINES` sets another number.
fn lines() -> u64 {
    let set = std::env::var("LEITMOTIF_KILL_LINES").ok().and_then(|it| it.parse().ok());
    set.unwrap_or(if cfg!(debug_assertions) { 1_000 } else { 150_000 })
}

struct Play {
    folder: TempDir,
    report: String,
}

fn prepared() -> Play {
    let folder = tempfile::tempdir().unwrap();
    let order = Order { recordings: 150, payees: 8, agreements: 30, ..Order::new(3, lines()) };
    let report = file_name(&order);
    let mut out = BufWriter::new(File::create(folder.path().join(&report)).unwrap());
    write_report(&mut out, Form::Financial, &order).unwrap();
    drop(out);
    let catalogue = folder.path().join("catalogue");
    fs::create_dir(&catalogue).unwrap();
    for (name, text) in catalogue_files(&order) {
        fs::write(catalogue.join(name), text).unwrap();
    }
    Play { folder, report }
}

/// Runs a command without killing it and returns how long it takes.
fn measured(at: &Path, words: &[&str]) -> Duration {
    let start = Instant::now();
    well(at, words);
    start.elapsed()
}

/// Starts a command again and again, each time killed a little later, until it ends by itself;
/// `is_done` says whether it ended well, or was killed after it had done all.
///
/// If that took too few kills, because the machine has got faster, the same begins anew from the
/// home as it was, in smaller steps.
fn killed(at: &Path, words: &[&str], takes: Duration, is_done: &dyn Fn(i32, &str) -> bool) -> u32 {
    let (home, before) = (at.join("rough"), at.join("before"));
    copy(&home, &before);
    let mut step = takes / (KILLS + 6);
    loop {
        let kills = killed_in_steps(at, words, step, is_done);
        if kills >= KILLS {
            fs::remove_dir_all(&before).unwrap();
            return kills;
        }
        fs::remove_dir_all(&home).unwrap();
        copy(&before, &home);
        step = step.mul_f64(f64::from(kills + 1) / f64::from(KILLS + 3));
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for it in fs::read_dir(from).unwrap() {
        let path = it.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, &to).unwrap()),
        }
    }
}

fn killed_in_steps(
    at: &Path,
    words: &[&str],
    step: Duration,
    is_done: &dyn Fn(i32, &str) -> bool,
) -> u32 {
    let mut delay = step;
    for kills in 0..200 {
        let mut child =
            program(at, words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let start = Instant::now();
        while start.elapsed() < delay && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(300));
        }
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
        }
        let output = child.wait_with_output().unwrap();
        if let Some(code) = output.status.code() {
            let err = String::from_utf8_lossy(&output.stderr);
            assert!(is_done(code, &err), "{words:?} after {kills} kills: {code} {err}");
            return kills;
        }
        delay += step;
    }
    panic!("{words:?} never ends");
}

fn json(at: &Path, words: &[&str]) -> Value {
    let line: Vec<&str> = words.iter().copied().chain(["--format", "json"]).collect();
    let mut value: Value = serde_json::from_str(&well(at, &line)).unwrap();
    forget_times(&mut value);
    value
}

/// The two homes were not made in the same second.
fn forget_times(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(forget_times),
        Value::Object(fields) => {
            fields.remove("posted_at");
            fields.values_mut().for_each(forget_times);
        }
        _ => {}
    }
}

/// What every payee gets, by file name: all but receipts, whose keys and salts are a home's own.
fn statements(home: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = home.join("statements");
    let published = files_below(&folder)
        .into_iter()
        .filter(|it| it.extension().is_some_and(|it| it == "json" || it == "csv" || it == "html"));
    published
        .map(|it| (it.strip_prefix(&folder).unwrap().to_owned(), fs::read(&it).unwrap()))
        .collect()
}

#[test]
fn a_home_that_was_killed_over_and_over_is_as_one_that_never_was() {
    let play = prepared();
    let at = play.folder.path();
    let [calm, rough] = ["calm", "rough"].map(|it| at.join(it));
    let import = |home| ["--home", home, "report", "import", &play.report];
    let settle = |home| ["--home", home, "settle", "2021-06"];
    let publish = |home| ["--home", home, "publish"];
    for home in ["calm", "rough"] {
        well(at, &["--home", home, "catalog", "import", "catalogue"]);
    }
    let takes = [
        measured(at, &import("calm")),
        measured(at, &settle("calm")),
        measured(at, &publish("calm")),
    ];

    let good = |code: i32, _: &str| code == 0;
    // Killed between the posting and the end, a settlement finds its period settled.
    let settled = |code: i32, err: &str| code == 0 || err.contains("is settled and closed");
    let kills = [
        killed(at, &import("rough"), takes[0], &good),
        killed(at, &settle("rough"), takes[1], &settled),
        killed(at, &publish("rough"), takes[2], &good),
    ];
    eprintln!("{} lines, {kills:?} kills, each takes {takes:?}", lines());
    well(at, &publish("rough"));

    for words in [
        &["report", "list"][..],
        &["settle"],
        &["statement", "list"],
        &["statement", "list", "2021-06"],
        &["suspense", "--most", "1000"],
    ] {
        let ask = |home| json(at, &[&["--home", home][..], words].concat());
        assert_eq!(ask("calm"), ask("rough"), "{words:?}");
    }
    let id = json(at, &["--home", "calm", "report", "list"])[0]["report"].clone();
    let show = |home| well(at, &["--home", home, "report", "show", id.as_str().unwrap()]);
    assert_eq!(show("calm"), show("rough"), "control totals");
    let (one, other) = (statements(&calm), statements(&rough));
    assert!(one.len() > 30);
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    assert!(one == other, "statements differ");
    let size = |home| json(at, &["--home", home, "log", "verify"])["size"].clone();
    assert_eq!(size("calm"), size("rough"));
    let key = well(at, &["--home", "rough", "log", "key"]);
    let receipts = receipts(&rough, "2021-06");
    let words = ["verify", "--key", &key].map(str::to_owned).into_iter();
    let words: Vec<String> =
        words.chain(receipts.iter().map(|it| it.display().to_string())).collect();
    well(at, &words.iter().map(String::as_str).collect::<Vec<_>>());
    no_remains(&rough);
    assert_eq!(leitmotif(at, &settle("rough")).code, 1);
}

/// Nothing half-written is left behind.
fn no_remains(home: &Path) {
    assert_eq!(fs::read_dir(home.join("lake/staging")).unwrap().count(), 0);
    let lake = |home: &Path| {
        let files = files_below(&home.join("lake"));
        files.iter().map(|it| fs::metadata(it).unwrap().len()).collect::<Vec<_>>()
    };
    assert_eq!(lake(home), lake(&home.with_file_name("calm")));
    let remains: Vec<_> = files_below(home)
        .into_iter()
        .filter(|it| {
            let name = it.file_name().unwrap().to_string_lossy().into_owned();
            name.ends_with(".staged") || name.ends_with(".new") || name.starts_with("incoming-")
        })
        .collect();
    for it in remains {
        eprintln!("fixme: left behind by a kill: {}", it.display());
    }
}
