//! One job, several engines: read a report, tie its lines to recordings, divide its revenue by right
//! shares exactly, by payee and territory, and say what share a repertoire has.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Wish;
use super::amounts::Amounts;
use super::data::{Data, Programs};
use super::measure::{Cost, cost, cost_into};
use super::peers::{PEERS, Peers, Set};
use crate::shop::Shop;

const SIZES: [u64; 2] = [5_000_000, 20_000_000];
const SCAN: &str = "bare scan, mapped, 1 thread";
const PREVIEW: &str = "leitmotif report preview .tsv";
const PACKED: &str = "leitmotif report preview .tsv.gz";
const IMPORT: &str = "leitmotif report import .tsv";
const UNPACK: [&str; 3] = ["unpack only: gzip -dc", "unpack only: zlib-rs", "unpack only: ISA-L"];

/// What a program cost, and what its answer is worth.
#[derive(Clone, Debug, Default)]
struct Row {
    cost: Cost,
    answer: String,
}

/// One size of report, measured.
struct Race<'a> {
    binary: &'a Path,
    programs: &'a Programs,
    peers: Option<&'a Peers>,
    data: Data,
    rows: Vec<(&'static str, Row)>,
    scanned: Option<Amounts>,
    totals: BTreeMap<String, String>,
}

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let programs = Programs::build(shop, binary)?;
    let target = binary.ancestors().nth(2).context("a target folder")?;
    let peers = match Peers::install(shop, target, Set::Engines) {
        Ok(peers) => Some(peers),
        Err(error) => {
            println!("skipped: the peers need python3 with venv and pip ({error:#})");
            None
        }
    };
    let sizes = match (wish.lines.as_slice(), wish.quick) {
        ([], true) => &[1_000_000][..],
        ([], false) => &SIZES[..],
        (named, _) => named,
    };
    for lines in sizes {
        let rounds = match (wish.quick, *lines) {
            (true, _) => 1,
            (false, ..=5_000_000) => 3,
            (false, _) => 2,
        };
        let data = programs.data(*lines, true)?;
        let mut race = Race {
            binary,
            programs: &programs,
            peers: peers.as_ref(),
            data,
            rows: Vec::new(),
            scanned: None,
            totals: BTreeMap::new(),
        };
        for round in 1..=rounds {
            println!("{lines} lines, round {round} of {rounds} ...");
            race.round()?;
        }
        race.show(rounds);
    }
    Ok(())
}

impl Race<'_> {
    /// Every program once.
    fn round(&mut self) -> Result<()> {
        let out = self.data.folder.join("amounts.csv");
        let scan = self.programs.command("bench-scan");
        self.job(SCAN, scan, &out)?;
        for (name, packed) in [(PREVIEW, false), (PACKED, true)] {
            let command = self.data.preview(self.binary, packed, &out);
            self.answer(name, command, &out)?;
        }
        if let Some(peers) = self.peers {
            for (name, script) in PEERS {
                self.job(name, peers.command(script), &out)?;
            }
        }
        self.import()?;
        self.unpack()
    }

    /// A program that takes report, tables and answer as its words.
    fn job(&mut self, name: &'static str, mut command: Command, out: &Path) -> Result<()> {
        command.args(self.data.words(out));
        self.answer(name, command, out)
    }

    /// Runs a program and looks at its answer.
    fn answer(&mut self, name: &'static str, mut command: Command, out: &Path) -> Result<()> {
        match out.is_dir() {
            true => fs::remove_dir_all(out)?,
            false if out.exists() => fs::remove_file(out)?,
            false => {}
        }
        let said = self.data.folder.join("said");
        let cost = match cost_into(&mut command, Stdio::from(File::create(&said)?)) {
            Ok(cost) => cost,
            Err(error) => {
                self.note(name, Cost::default(), format!("failed: {error:#}"));
                return Ok(());
            }
        };
        let amounts = Amounts::read(out)?;
        let text = fs::read_to_string(&said)?;
        let mut verdict = match &self.scanned {
            None => format!("exact: {} amounts", amounts.len()),
            Some(scanned) => scanned.verdict(&amounts),
        };
        if name == SCAN {
            let totals = text.lines().filter_map(|line| line.split_once(','));
            self.totals = totals.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            ensure!(self.totals.len() == 4, "the scan did not say its control totals");
            self.scanned = Some(amounts);
        } else if let Some(missing) = self.totals.iter().find(|it| !says(&text, it.1)) {
            verdict = format!("{verdict}; its {} is not {}", missing.0, missing.1);
        }
        self.note(name, cost, verdict);
        Ok(())
    }

    fn import(&mut self) -> Result<()> {
        let mut command = self.data.import(self.binary)?;
        match cost(&mut command) {
            Ok(cost) => self.note(IMPORT, cost, "checked, kept, Parquet".to_owned()),
            Err(error) => self.note(IMPORT, Cost::default(), format!("failed: {error:#}")),
        }
        fs::remove_dir_all(self.data.folder.join("home"))?;
        Ok(())
    }

    fn unpack(&mut self) -> Result<()> {
        let mut gzip = Command::new("gzip");
        gzip.arg("-dc");
        let isal = self.peers.map(|peers| peers.command("isal_unpack.py"));
        let unpack = self.programs.command("bench-unpack");
        for (name, command) in UNPACK.into_iter().zip([Some(gzip), Some(unpack), isal]) {
            let Some(mut command) = command else { continue };
            match cost(command.arg(&self.data.packed)) {
                Ok(cost) => self.note(name, cost, String::new()),
                Err(error) => self.note(name, Cost::default(), format!("skipped: {error:#}")),
            }
        }
        Ok(())
    }

    fn note(&mut self, name: &'static str, cost: Cost, answer: String) {
        match self.rows.iter_mut().find(|it| it.0 == name) {
            Some((_, row)) => *row = Row { cost: row.cost.or(cost), answer },
            None => self.rows.push((name, Row { cost, answer })),
        }
    }

    fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|it| it.0 == name && it.1.cost.wall_s > 0.0).map(|it| &it.1)
    }

    /// Prints the table in Markdown, and how far the goals are.
    fn show(&self, rounds: u32) {
        let megabytes = self.data.bytes / 1_000_000;
        println!("\n### {} lines, {megabytes} MB, minimum of {rounds}\n", self.data.lines);
        if let Some(peers) = self.peers {
            println!("{}\n", peers.versions);
        }
        println!("| program | CPU s | wall s | peak MiB | x scan | x DuckDB | answer |");
        println!("|---|--:|--:|--:|--:|--:|---|");
        let of = |name: &str| self.row(name).map(|it| it.cost.cpu_s);
        let (scan, duckdb) = (of(SCAN), of(PEERS[0].0));
        let ratio = |cpu: f64, by: Option<f64>| by.map_or("-".to_owned(), |by| times(cpu / by));
        for (name, Row { cost: it, answer }) in &self.rows {
            println!(
                "| {name} | {:.2} | {:.2} | {} | {} | {} | {answer} |",
                it.cpu_s,
                it.wall_s,
                it.peak_mib,
                ratio(it.cpu_s, scan),
                ratio(it.cpu_s, duckdb)
            );
        }
        println!();
        self.goal("preview, CPU to the scan's", of(PREVIEW), scan, 1.5);
        self.goal("preview, CPU to DuckDB's", of(PREVIEW), duckdb, 0.35);
        let wall = |name: &str| self.row(name).map(|it| it.cost.wall_s);
        let fastest = UNPACK.iter().filter_map(|name| wall(name)).reduce(f64::min);
        self.goal("preview of .gz, wall to the fastest unpacking", wall(PACKED), fastest, 1.5);
        self.goal("import, CPU to the scan's", of(IMPORT), scan, 3.0);
        let peak = |name: &str| self.row(name).map(|it| it.cost.peak_mib).unwrap_or_default();
        let peak = peak(PREVIEW).max(peak(PACKED)).max(peak(IMPORT));
        println!("goal: peak memory below 512 MiB: {peak} MiB, {}", met(peak < 512));
        for (name, value) in &self.totals {
            println!("control total: {name} {value}");
        }
        println!();
    }

    fn goal(&self, what: &str, value: Option<f64>, by: Option<f64>, most: f64) {
        if let (Some(value), Some(by)) = (value, by) {
            let is = value / by;
            println!("goal: {what}, at most {most}: {is:.2}, {}", met(is <= most));
        }
    }
}

fn times(ratio: f64) -> String {
    format!("{ratio:.2}")
}

fn met(is: bool) -> &'static str {
    if is { "met" } else { "NOT met" }
}

/// Whether a text says a number, and not only as a part of another one.
fn says(text: &str, number: &str) -> bool {
    let digit = |it: char| it.is_ascii_digit() || it == '.';
    text.match_indices(number).any(|(at, _)| {
        !text[..at].ends_with(digit) && !text[at + number.len()..].starts_with(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_number_is_said_whole() {
        assert!(says("\"revenue\": \"12.50\",", "12.50"));
        assert!(!says("112.50", "12.50"));
        assert!(!says("12.501", "12.50"));
    }
}
