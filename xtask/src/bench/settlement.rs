//! A million usage lines from file to receipt: time, memory, and the same bytes every time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::measure::{Cost, cost};

const LINES: u64 = 1_000_000;
const REPORTS: u64 = 10;

/// The least that a script would do with the same files: read every line, sum the money exactly.
const PEER: &str = "
import decimal, glob, sys
decimal.getcontext().prec = 60
sums = {}
for name in sorted(glob.glob(sys.argv[1] + '/*/*.tsv')):
    for line in open(name, encoding='utf-8'):
        if line.startswith('SR08'):
            cells = line.rstrip('\\n').split('\\t')
            key = cells[13]
            sums[key] = sums.get(key, 0) + decimal.Decimal(cells[46])
print(len(sums), sum(sums.values()))
";

pub(crate) fn run(binary: &Path) -> Result<()> {
    let folder = binary.parent().context("a folder")?.join("bench-settlement");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let writer = binary.with_file_name(format!("write-reports{}", std::env::consts::EXE_SUFFIX));
    let write = |to: &Path, more: &[&str]| -> Result<()> {
        let (lines, reports) = (LINES.to_string(), REPORTS.to_string());
        let words = [&[lines.as_str(), &reports, "7"], more].concat();
        cost(Command::new(&writer).arg(to).args(words)).map(|_| ())
    };
    write(&folder.join("input"), &[])?;
    write(&folder.join("shuffled"), &["shuffled"])?;
    let reports = files(&folder.join("input/reports"))?;
    let bytes: u64 = reports.iter().map(|it| fs::metadata(it).map_or(0, |it| it.len())).sum();
    println!("{LINES} usage lines in {} reports, {} MB", reports.len(), bytes / 1_000_000);

    let first = way(binary, &folder.join("first"), &folder.join("input"), false, true)?;
    let second = way(binary, &folder.join("second"), &folder.join("input"), true, false)?;
    let shuffled = way(binary, &folder.join("third"), &folder.join("shuffled"), true, false)?;
    let same = first == second;
    println!(
        "statements: {}; second run, reports in reverse order: {}",
        first.len(),
        verdict(same)
    );
    let masked = |it: &BTreeMap<String, Vec<u8>>| -> Result<BTreeMap<String, Vec<String>>> {
        it.iter().map(|(name, bytes)| Ok((name.clone(), mask(bytes)?))).collect()
    };
    let same_but_for_places = masked(&first)? == masked(&shuffled)?;
    println!(
        "lines shuffled within each report, but for report hashes and line numbers: {}",
        verdict(same_but_for_places)
    );
    ensure!(same && same_but_for_places, "the statements differ");
    peer(&folder.join("input/reports"))
}

fn verdict(same: bool) -> &'static str {
    if same { "the same bytes" } else { "OTHER BYTES" }
}

/// Goes the whole way in a new home and returns the statements' bytes by file name.
fn way(
    binary: &Path,
    home: &Path,
    input: &Path,
    reversed: bool,
    told: bool,
) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut reports = files(&input.join("reports"))?;
    if reversed {
        reports.reverse();
    }
    let call = |words: &[&str], paths: &[PathBuf]| -> Result<Cost> {
        cost(Command::new(binary).arg("--home").arg(home).args(words).args(paths))
    };
    let mut rows = Vec::new();
    rows.push(("catalog import", call(&["catalog", "import"], &[input.join("catalogue")])?));
    if told {
        rows.push(("report check", call(&["report", "check"], &reports)?));
    }
    // One call a report, so that their order is the order of arrival.
    let mut import = Cost::default();
    for report in &reports {
        let one = call(&["report", "import"], std::slice::from_ref(report))?;
        import.wall_s += one.wall_s;
        import.cpu_s += one.cpu_s;
        import.peak_mib = import.peak_mib.max(one.peak_mib);
    }
    rows.push(("report import", import));
    rows.push(("settle", call(&["settle", "2021-06"], &[])?));
    rows.push(("publish", call(&["publish"], &[])?));
    rows.push(("log verify", call(&["log", "verify"], &[])?));
    if told {
        println!("{:<16}{:>9}{:>9}{:>11}{:>14}", "step", "wall s", "CPU s", "peak MiB", "lines/s");
        for (name, it) in rows {
            println!(
                "{name:<16}{:>9.2}{:>9.2}{:>11}{:>14.0}",
                it.wall_s,
                it.cpu_s,
                it.peak_mib,
                1_000_000.0 / it.wall_s
            );
        }
    }
    let folder = home.join("statements/2021-06");
    let mut statements = BTreeMap::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|it| it == "json") {
            let name = path.file_name().context("a name")?.to_string_lossy().into_owned();
            statements.insert(name, fs::read(&path)?);
        }
    }
    Ok(statements)
}

/// Cuts a statement to what shuffled lines must not change: everything but the reports' hashes and
/// ids and the first and last line of a cell; in sorted order, since reports are listed by id.
fn mask(bytes: &[u8]) -> Result<Vec<String>> {
    let text = std::str::from_utf8(bytes)?;
    let (head, rest) = text.split_once("\"lines\":[").context("no lines")?;
    let (lines, tail) = rest.split_once("]],").unwrap_or(("", rest));
    let (before, sources) = tail.split_once("\"sources\":[").context("no sources")?;
    let (_, after) = sources.split_once("]").context("no end of sources")?;
    let mut out: Vec<String> = lines
        .split("],[")
        .map(|line| {
            let cells: Vec<&str> = line.trim_start_matches('[').split(',').collect();
            let keep = |at: &usize| !matches!(at, 0..=3 | 5 | 6);
            (0..cells.len()).filter(keep).map(|at| cells[at]).collect::<Vec<_>>().join(",")
        })
        .collect();
    out.sort();
    let balance = head.split_once("\"balance\":").map_or(head, |it| it.1);
    let balance = balance.split_once('}').map_or(balance, |it| it.0);
    out.push(balance.to_owned());
    let mut notes: Vec<&str> = [before, after].into_iter().flat_map(|it| it.split("},{")).collect();
    notes.iter_mut().for_each(|it| *it = it.trim_matches(['[', ']', '{', '}', ',']));
    out.push(notes.len().to_string());
    Ok(out)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        for file in fs::read_dir(entry?.path())? {
            files.push(file?.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Runs the peer on the same files, where Python is there.
fn peer(reports: &Path) -> Result<()> {
    let mut python = Command::new("python3");
    python.args(["-c", PEER]).arg(reports);
    match cost(&mut python) {
        Ok(it) => println!(
            "peer: Python's decimal, reading and summing by ISRC only: {:.2} s wall, {:.2} s CPU, {} MiB",
            it.wall_s, it.cpu_s, it.peak_mib
        ),
        Err(error) => println!("skipped: the peer needs python3 ({error:#})"),
    }
    Ok(())
}
