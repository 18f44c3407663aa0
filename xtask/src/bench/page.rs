//! A receipt of some 10,000 lines, verified by the program, by the library in node, and by the page
//! in Chromium.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Wish;
use super::measure::{Cost, cost};
use super::statement::settled;
use crate::interop::page::Bench;
use crate::shop::Shop;

/// Of so many usage lines, about 10,000 lines of one currency are left when they are summed to cells.
const LINES: u64 = 27_000;
const ROUNDS: usize = 5;

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let bench = match Bench::set_up(shop)? {
        Ok(bench) => bench,
        Err(why) => {
            println!("page: skipped: {why}");
            return Ok(());
        }
    };
    let lines = wish.lines.first().copied().unwrap_or(if wish.quick { 2_700 } else { LINES });
    let folder = binary.parent().context("a folder")?.join("bench-page");
    let home = settled(binary, &folder, lines)?;
    cost(Command::new(binary).arg("--home").arg(&home).args(["publish", "2021-06"]))?;
    let name = "statements/2021-06/payee-party-0001.KRW";
    let receipt = home.join(format!("{name}.receipt"));
    let counted = fs::read_to_string(home.join(format!("{name}.csv")))?.lines().count();

    let mut best: Option<Cost> = None;
    for _ in 0..ROUNDS {
        let one = cost(Command::new(binary).arg("verify").arg(&receipt))?;
        best = Some(best.map_or(one, |it| it.or(one)));
    }
    let native = best.context("a round")?;
    let page = &bench.page;
    let mut node = bench.node(shop, "time.mjs");
    let output = node.arg(&page.library).arg(&page.html).arg(&receipt).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    let (alone, shown) = said.trim().split_once(' ').context("two figures")?;

    let size = |path: &Path| fs::metadata(path).map(|it| it.len() as f64 / 1e6);
    println!("\n### A receipt of {} lines, {:.1} MB\n", counted - 1, size(&receipt)?);
    println!("| verifier | size MB | ms |");
    println!("|---|--:|--:|");
    let program = size(binary)?;
    println!(
        "| the program, from start to end, best of {ROUNDS} | {program:.2} | {:.0} |",
        native.wall_s * 1e3
    );
    println!("| the library in node, median | {:.2} | {alone} |", size(&page.library)?);
    println!(
        "| the page in Chromium, from question to verdict, median | {:.2} | {shown} |",
        size(&page.html)?
    );
    println!();
    Ok(())
}
