//! A report of 3 GB, imported and previewed where no more than 512 MiB of memory may be had.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Wish;
use super::data::Programs;
use super::measure::cost;
use crate::shop::Shop;

/// More than 3,000,000,000 bytes.
const LINES: u64 = 29_300_000;
const LIMIT: u64 = 512 << 20;

/// How memory is kept down.
enum Limit {
    /// A control group of the system: all memory counts, the cache of files included.
    Group {
        folder: PathBuf,
        /// The file that holds the most memory that was used.
        peak: &'static str,
    },
    /// The address space of the process, which is more than what it uses.
    AddressSpace,
}

pub(super) fn run(shop: &Shop, binary: &Path, wish: &Wish) -> Result<()> {
    let programs = Programs::build(shop, binary)?;
    let lines = match wish.lines.first() {
        Some(lines) => *lines,
        None if wish.quick => 1_000_000,
        None => LINES,
    };
    let data = programs.data(lines, false)?;
    let limit = Limit::find();
    println!("\n### {lines} lines, {} MB, under {}\n", data.bytes / 1_000_000, limit.words());
    println!("| step | CPU s | wall s | peak resident MiB | peak of the group MiB |");
    println!("|---|--:|--:|--:|--:|");
    let out = data.folder.join("amounts.csv");
    let commands =
        [("import", data.import(binary)?), ("preview", data.preview(binary, false, &out))];
    for (name, command) in commands {
        limit.reset();
        match cost(&mut limit.around(&command)) {
            Ok(it) => println!(
                "| {name} | {:.2} | {:.2} | {} | {} |",
                it.cpu_s,
                it.wall_s,
                it.peak_mib,
                limit.peak_mib().map_or("-".to_owned(), |it| it.to_string())
            ),
            Err(error) => println!("| {name} | failed: {error:#} | | | |"),
        }
    }
    println!();
    limit.remove();
    let home = data.folder.join("home");
    if home.exists() {
        fs::remove_dir_all(home).context("the home of the bench")?;
    }
    Ok(())
}

impl Limit {
    /// A control group where we may make one, of either version; else the address space.
    fn find() -> Self {
        let root = Path::new("/sys/fs/cgroup");
        let name = "leitmotif-bench";
        let kinds = [
            (root.join("memory").join(name), "memory.limit_in_bytes", "memory.max_usage_in_bytes"),
            (root.join(name), "memory.max", "memory.peak"),
        ];
        for (folder, most, peak) in kinds {
            let made = folder.parent().is_some_and(Path::is_dir) && fs::create_dir(&folder).is_ok();
            if made || folder.join(most).is_file() {
                if folder.join(most).is_file()
                    && fs::write(folder.join(most), LIMIT.to_string()).is_ok()
                {
                    return Self::Group { folder, peak };
                }
                drop(fs::remove_dir(&folder));
            }
        }
        Self::AddressSpace
    }

    fn words(&self) -> &'static str {
        match self {
            Self::Group { .. } => "a control group's limit of 512 MiB",
            Self::AddressSpace => "a limit of 512 MiB of address space (no control group here)",
        }
    }

    /// The command, started by a shell that limits itself first.
    fn around(&self, command: &Command) -> Command {
        let mut shell = Command::new("sh");
        match self {
            Self::Group { folder, .. } => {
                shell.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]);
                shell.arg(folder.join("cgroup.procs"));
            }
            Self::AddressSpace => {
                shell.args(["-c", "ulimit -v \"$0\" && exec \"$@\""]);
                shell.arg((LIMIT >> 10).to_string());
            }
        }
        shell.arg(command.get_program()).args(command.get_args());
        shell
    }

    /// Forgets the peak, where the system can.
    fn reset(&self) {
        if let Self::Group { folder, peak } = self {
            drop(fs::write(folder.join(peak), "0"));
        }
    }

    fn peak_mib(&self) -> Option<u64> {
        let Self::Group { folder, peak } = self else { return None };
        let text = fs::read_to_string(folder.join(peak)).ok()?;
        text.trim().parse::<u64>().ok().map(|bytes| bytes >> 20)
    }

    fn remove(&self) {
        if let Self::Group { folder, .. } = self {
            drop(fs::remove_dir(folder));
        }
    }
}
