//! A publisher's statement beside django-music-publisher: the same totals, or why not.
//!
//! Its own statement of 200,000 rows is taken out of the installed package and is never kept. Its own
//! test works become our catalogue. A second, small statement of ours holds what the two disagree on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Wish;
use super::measure::{Cost, cost, cost_into};
use super::peers::{Peers, Set};
use crate::shop::Shop;

const MODES: [&str; 2] = ["fee", "share"];
const PERIOD: &str = "2024-06";
const THEIRS: &str = "dmp_job.py";
const BESIDE: &str = "publisher_ours.py";

struct Bench<'a> {
    binary: &'a Path,
    peers: Peers,
    /// Where everything is put.
    folder: PathBuf,
    /// The rows that the two disagree on, and their works.
    cases: PathBuf,
}

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let target = binary.ancestors().nth(2).context("a target folder")?;
    let peers = match Peers::install(shop, target, Set::Publisher) {
        Ok(peers) => peers,
        Err(error) => {
            println!("skipped: the peer needs python3 with venv and pip ({error:#})");
            return Ok(());
        }
    };
    let folder = target.join("bench-publisher-data");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let cases = shop.root().join("bench/publisher");
    println!("{}\n", peers.versions);
    let bench = Bench { binary, peers, folder, cases };
    cost(bench.peers.command(THEIRS).arg("statement").arg(bench.path("statement.csv")))?;
    cost(bench.peers.command(THEIRS).arg("works").arg(bench.path("works.csv")))?;
    for mode in MODES {
        bench.race(mode, if wish.quick { 1 } else { 3 })?;
    }
    MODES.into_iter().try_for_each(|mode| bench.cases(mode))
}

impl Bench<'_> {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Both on the large statement: what it costs, and whether every row and every total agree.
    fn race(&self, mode: &str, rounds: u32) -> Result<()> {
        let (statement, works) = (self.path("statement.csv"), self.path("works.csv"));
        let theirs = self.path(&format!("theirs-{mode}.csv"));
        let said = self.path("said");
        let mut rows: Vec<(&str, Cost)> = Vec::new();
        let mut note = |name, cost: Cost| match rows.iter_mut().find(|it| it.0 == name) {
            Some(row) => row.1 = row.1.or(cost),
            None => rows.push((name, cost)),
        };
        for _ in 0..rounds {
            let mut command = self.peers.command(THEIRS);
            command.args(["divide", mode]).args([&statement, &theirs]);
            let whole = cost_into(&mut command, Stdio::from(File::create(&said)?))?;
            note("django-music-publisher, the whole process", whole);
            note("of that, the calculation alone", calculation(&said, whole)?);
            let [imported, settled] = self.ours(mode, &statement, &works)?;
            note("`leitmotif report import`", imported);
            note("`leitmotif settle`", settled);
        }
        println!("### {mode}: minimum of {rounds}\n");
        println!("| program | CPU s | wall s | peak MiB |\n|---|--:|--:|--:|");
        for (name, it) in &rows {
            println!("| {name} | {:.2} | {:.2} | {} |", it.cpu_s, it.wall_s, it.peak_mib);
        }
        println!();
        let same = self.beside("compare", mode, [&statement, &theirs]).status()?;
        println!();
        ensure!(same.success(), "rows or totals differ: see above");
        Ok(())
    }

    /// What both make of the rows that they disagree on.
    fn cases(&self, mode: &str) -> Result<()> {
        let (statement, works) = (self.cases.join("statement.csv"), self.cases.join("works.csv"));
        let theirs = self.path(&format!("cases-{mode}.json"));
        let mut command = self.peers.command(THEIRS);
        cost(command.args(["cases", mode]).args([&statement, &works, &theirs]))?;
        self.ours(mode, &statement, &works)?;
        let told = self.beside("cases", mode, [&statement, &theirs]).status()?;
        ensure!(told.success(), "the cases cannot be shown: see above");
        println!();
        Ok(())
    }

    /// Imports and settles a statement in a new home; what both steps cost.
    fn ours(&self, mode: &str, statement: &Path, works: &Path) -> Result<[Cost; 2]> {
        let (home, catalogue) = (self.path("home"), self.path("catalogue"));
        for folder in [&home, &catalogue] {
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
        }
        let mut command = self.peers.command(BESIDE);
        cost(command.args(["catalogue", mode]).arg(works).arg(&catalogue))?;
        let ours = |words: &[&str], path: Option<&Path>| {
            let mut command = Command::new(self.binary);
            command.arg("--home").arg(&home).args(words).args(path);
            command
        };
        cost(&mut ours(&["catalog", "import"], Some(&catalogue)))?;
        // The small statement has rows that cannot be read: an exit code of its own.
        let mut import = ours(&["report", "import", "--period", PERIOD], Some(statement));
        let imported = match statement.starts_with(&self.cases) {
            true => import.stdout(Stdio::null()).status().map(|_| Cost::default())?,
            false => cost(&mut import)?,
        };
        Ok([imported, cost(&mut ours(&["settle", PERIOD], None))?])
    }

    fn beside(&self, what: &str, mode: &str, paths: [&Path; 2]) -> Command {
        let mut command = self.peers.command(BESIDE);
        command.args([what, mode]).args(paths).arg(self.binary).arg(self.path("home"));
        command.stdin(Stdio::null());
        command
    }
}

/// What the peer says of its calculation, without its start and its database.
fn calculation(said: &Path, whole: Cost) -> Result<Cost> {
    let text = fs::read_to_string(said)?;
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let mut number = || numbers.next().context("the peer said no cost")?.context("no number");
    Ok(Cost { wall_s: number()?, cpu_s: number()?, ..whole })
}
