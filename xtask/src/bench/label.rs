//! A large label: a hundred thousand agreements on a million recordings, settled, beside the bare
//! aggregation of the same usage lines.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::Wish;
use super::data::Programs;
use super::measure::{Cost, cost};
use super::peers::{Peers, Set};
use crate::shop::Shop;

/// Lines, recordings, agreements.
const WHOLE: [u64; 3] = [20_000_000, 1_000_000, 100_000];
const QUICK: [u64; 3] = [200_000, 10_000, 1_000];

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let programs = Programs::build(shop, binary)?;
    let [lines, recordings, agreements] = if wish.quick { QUICK } else { WHOLE };
    let target = binary.parent().and_then(Path::parent).context("a folder")?;
    let folder = target.join("bench-label");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let words = [lines, recordings].map(|it| it.to_string());
    cost(programs.command("bench-data").arg(&folder).args(&words))?;
    let catalogue = folder.join("catalogue");
    let words = [recordings, agreements].map(|it| it.to_string());
    cost(programs.command("bench-label").arg(&catalogue).args(&words))?;
    let mut reports = fs::read_dir(&folder)?.flatten().map(|it| it.path());
    let report = reports.find(|it| it.extension().is_some_and(|it| it == "tsv"));
    let report = report.context("no report was written")?;
    let home = folder.join("home");
    let call = |words: &[&str], path: Option<&Path>| -> Result<Cost> {
        cost(Command::new(binary).arg("--home").arg(&home).args(words).args(path))
    };
    println!("{lines} lines, {recordings} recordings, {agreements} agreements");
    let rows = [
        ("catalog import", call(&["catalog", "import"], Some(&catalogue))?),
        ("report import", call(&["report", "import"], Some(&report))?),
    ];
    let peers = Peers::install(shop, target, Set::Engines)?;
    let peer = cost(peers.command("duckdb_cells.py").arg(home.join("lake")))?;
    // Everything that a settlement has to do before the first agreement is looked at.
    let bare = call(&["suspense"], None)?;
    let preview = call(&["settle", "2026-05", "--preview"], None)?;
    let posted = call(&["settle", "2026-05"], None)?;
    println!("\n| step | CPU s | wall s | peak MiB | times the bare aggregation |");
    println!("|---|--:|--:|--:|--:|");
    let line = |name: &str, it: Cost, ratio: String| {
        println!("| {name} | {:.1} | {:.1} | {} | {ratio} |", it.cpu_s, it.wall_s, it.peak_mib);
    };
    for (name, it) in rows {
        line(name, it, String::new());
    }
    let ratio = |it: Cost| format!("{:.2}", it.cpu_s / bare.cpu_s);
    line("DuckDB: lines to sums, no catalogue", peer, ratio(peer));
    line("`suspense`: lines to sums, each tied to a recording", bare, ratio(bare));
    line("`settle --preview`", preview, ratio(preview));
    line("`settle`, all statements written", posted, ratio(posted));
    println!();
    fs::remove_dir_all(&folder)?;
    Ok(())
}
