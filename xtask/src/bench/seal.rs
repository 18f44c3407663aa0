//! Sealing a settlement of many lines, a receipt's size and check, and appending to the log.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use super::Wish;
use crate::shop::Shop;

/// Payees of the made-up settlement: the depth of their tree is 17.
const PAYEES: &str = "131072";

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let lines = match (wish.lines.first(), wish.quick) {
        (Some(lines), _) => *lines,
        (None, true) => 1_000_000,
        (None, false) => 10_000_000,
    };
    println!("\n== seal: {lines} allocation lines of {PAYEES} payees, one of them with 10,000 ==");
    let lines = lines.to_string();
    let mut seal = Command::new(binary.with_file_name("seal-lines"));
    println!("{}", told(seal.args([&lines, PAYEES]))?);
    let folder = std::env::temp_dir().join(format!("leitmotif-append-{}", std::process::id()));
    let entries = if wish.quick { "512" } else { "4096" };
    println!("\n== log: {entries} entries, synced to disk ==");
    let path = folder.display().to_string();
    let example = ["run", "--quiet", "--locked", "--release", "-p", "store", "--example"];
    let words = [&example[..], &["append_log", "--", &path, entries]].concat();
    let appended = told(&mut shop.cargo(&words));
    std::fs::remove_dir_all(&folder).with_context(|| format!("{} stays", folder.display()))?;
    println!("{}", appended?);
    Ok(())
}

fn told(command: &mut Command) -> Result<String> {
    let done = command.output().context("failed to start the bench")?;
    ensure!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Ok(String::from_utf8(done.stdout)?.trim_end().to_owned())
}
